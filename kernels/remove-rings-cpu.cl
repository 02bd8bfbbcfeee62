/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The removal of stripes of remove-rings.clh for processors. A work item takes 16 neighbouring columns, which share the
 * cache's lines of the data, or as many ranks, of which a vector has one value each. Of keys and angles columns lie one
 * after the other, with room for whole vectors: width × PITCH. There is as much room at `work` for columns in whole
 * sixteens. */

#include "remove-rings.clh"

#define SIDE  16
#define PITCH (((size_t) n_angles + SIDE - 1) / SIDE * SIDE)

/* Sorts a column by its keys, one byte after the other from the last: each pass keeps the order of equal ones.
 * @entries, @others: room for a column each */
static void
sort_column (__global uint  *keys,
             __global uint  *angles,
             __global ulong *entries,
             __global ulong *others,
             const uint      n)
{
  uint places[4][256];

  for (uint byte = 0; byte < 4; byte++)
    for (uint i = 0; i < 256; i++)
      places[byte][i] = 0;
  for (uint angle = 0; angle < n; angle++)
    {
      const uint key = keys[angle];

      entries[angle] = (ulong) key << 32 | angle;
      for (uint byte = 0; byte < 4; byte++)
        places[byte][(key >> 8 * byte) & 255]++;
    }

  for (uint byte = 0; byte < 4; byte++)
    {
      __global ulong *sorted = others;
      uint sum = 0;

      /* Exponents are often the same. */
      if (places[byte][(keys[0] >> 8 * byte) & 255] == n)
        continue;

      for (uint i = 0; i < 256; i++)
        {
          const uint count = places[byte][i];

          places[byte][i] = sum;
          sum += count;
        }
      for (uint i = 0; i < n; i++)
        {
          const ulong entry = entries[i];

          sorted[places[byte][(entry >> (32 + 8 * byte)) & 255]++] = entry;
        }
      others = entries;
      entries = sorted;
    }

  for (uint rank = 0; rank < n; rank++)
    {
      keys[rank] = (uint) (entries[rank] >> 32);
      angles[rank] = (uint) entries[rank];
    }
}

/* One work item for 16 columns. */
__kernel void
sort_columns (__global const float *data,
              __global uint        *keys,
              __global uint        *angles,
              __global uint        *work,
              const uint            n_angles,
              const uint            n_padded,
              const uint            width,
              const uint            row)
{
  const uint first = get_global_id (0) * SIDE;
  const uint n = min (width - first, (uint) SIDE);
  __global ulong *entries = (__global ulong *) (work + first * PITCH);

  keys += first * PITCH;
  angles += first * PITCH;
  for (uint a = 0; a < n_angles; a++)
    for (uint c = 0; c < n; c++)
      keys[c * PITCH + a] = key_of (data[((size_t) a * n_padded + row) * width + first + c]);

  for (uint c = 0; c < n; c++)
    {
      sort_column (keys + c * PITCH, angles + c * PITCH, entries, entries + PITCH, n_angles);
      for (uint rank = n_angles; rank < PITCH; rank++)
        keys[c * PITCH + rank] = 0;
    }
}

/* One work item for 16 ranks: the median slides along their columns. */
__kernel void
smooth_ranks (__global const float *data,
              __global const uint  *keys,
              __global const uint  *angles,
              __global uint        *work,
              const uint            n_angles,
              const uint            n_padded,
              const uint            width,
              const uint            row)
{
  const uint rank = get_global_id (0) * SIDE;
  uint16 window[2 * HALF + 1]; /* sorted */

  /* All kernels have the same arguments. */
  (void) data;
  (void) angles;
  (void) n_padded;
  (void) row;

  for (int i = 0; i < 2 * HALF + 1; i++)
    {
      uint16 above = vload16 (0, keys + mirror (i - HALF, width) * PITCH + rank);

      for (int k = 0; k < i; k++)
        {
          const uint16 here = window[k];

          window[k] = min (here, above);
          above = max (here, above);
        }
      window[i] = above;
    }

  for (uint column = 0;; column++)
    {
      uint16 before = 0, gone, come;

      vstore16 (window[HALF], 0, work + column * PITCH + rank);
      if (column + 1 == width)
        break;

      /* Everything from the key that leaves moves down by one, and from the one that comes up again. */
      gone = vload16 (0, keys + mirror ((int) column - HALF, width) * PITCH + rank);
      come = vload16 (0, keys + mirror ((int) column + 1 + HALF, width) * PITCH + rank);
      for (int k = 0; k < 2 * HALF; k++)
        {
          const uint16 here = select (window[k], window[k + 1], window[k] >= gone);

          window[k] = min (max (before, come), here);
          before = here;
        }
      window[2 * HALF] = max (before, come);
    }
}

/* One work item for 16 columns: what has become of a value goes to its angle. */
__kernel void
return_values (__global float      *data,
               __global uint       *keys,
               __global const uint *angles,
               __global const uint *work,
               const uint           n_angles,
               const uint           n_padded,
               const uint           width,
               const uint           row)
{
  const uint first = get_global_id (0) * SIDE;
  const uint n = min (width - first, (uint) SIDE);

  keys += first * PITCH;
  for (uint c = 0; c < n; c++)
    for (uint rank = 0; rank < n_angles; rank++)
      keys[c * PITCH + angles[(first + c) * PITCH + rank]] = work[(first + c) * PITCH + rank];
  for (uint a = 0; a < n_angles; a++)
    for (uint c = 0; c < n; c++)
      data[((size_t) a * n_padded + row) * width + first + c] = value_of (keys[c * PITCH + a]);
}
