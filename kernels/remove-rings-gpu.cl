/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The removal of stripes of remove-rings.clh for GPUs, which take neighbouring columns at once: keys and angles are
 * n_angles × width each. */

#include "remove-rings.clh"

#define PLACE(rank, column) ((rank) * (size_t) width + (column))

static inline int
comes_after (const uint key,
             const uint angle,
             const uint other_key,
             const uint other_angle)
{
  return key > other_key || (key == other_key && angle > other_angle);
}

/* Lets an entry of a column sink to its place in the heap of the first n. @step: from one entry to the next */
static void
sink (__global uint *keys,
      __global uint *angles,
      uint            place,
      const uint      n,
      const size_t    step)
{
  const uint key = keys[place * step], angle = angles[place * step];

  for (;;)
    {
      uint child = 2 * place + 1;

      if (child >= n)
        break;
      if (child + 1 < n && comes_after (keys[(child + 1) * step], angles[(child + 1) * step], keys[child * step],
                                        angles[child * step]))
        child++;
      if (!comes_after (keys[child * step], angles[child * step], key, angle))
        break;
      keys[place * step] = keys[child * step];
      angles[place * step] = angles[child * step];
      place = child;
    }
  keys[place * step] = key;
  angles[place * step] = angle;
}

/* One work item for each column. */
__kernel void
sort_columns (__global const float *data,
              __global uint        *keys,
              __global uint        *angles,
              const uint            n_angles,
              const uint            n_padded,
              const uint            width,
              const uint            row)
{
  const uint column = get_global_id (0);

  if (column >= width)
    return;

  keys += PLACE (0, column);
  angles += PLACE (0, column);
  for (uint a = 0; a < n_angles; a++)
    {
      keys[a * (size_t) width] = key_of (data[((size_t) a * n_padded + row) * width + column]);
      angles[a * (size_t) width] = a;
    }
  for (uint i = n_angles / 2; i-- > 0;)
    sink (keys, angles, i, n_angles, width);
  for (uint n = n_angles; n-- > 1;)
    {
      const uint key = keys[0], angle = angles[0];

      keys[0] = keys[n * (size_t) width];
      angles[0] = angles[n * (size_t) width];
      keys[n * (size_t) width] = key;
      angles[n * (size_t) width] = angle;
      sink (keys, angles, 0, n, width);
    }
}

/* One work item for each rank: the median slides along its columns. */
__kernel void
smooth_ranks (__global float      *data,
              __global const uint *keys,
              __global const uint *angles,
              const uint           n_angles,
              const uint           n_padded,
              const uint           width,
              const uint           row)
{
  const uint rank = get_global_id (0);
  uint window[2 * HALF + 1]; /* sorted */

  if (rank >= n_angles)
    return;

  for (int i = 0; i < 2 * HALF + 1; i++)
    {
      const uint key = keys[PLACE (rank, mirror (i - HALF, width))];
      int k = i;

      for (; k > 0 && window[k - 1] > key; k--)
        window[k] = window[k - 1];
      window[k] = key;
    }

  for (int column = 0;; column++)
    {
      const uint angle = angles[PLACE (rank, column)];
      uint gone, come;
      int k = 0;

      data[((size_t) angle * n_padded + row) * width + column] = value_of (window[HALF]);
      if (column + 1 == (int) width)
        break;

      gone = keys[PLACE (rank, mirror (column - HALF, width))];
      come = keys[PLACE (rank, mirror (column + 1 + HALF, width))];
      while (window[k] != gone)
        k++;
      for (; k < 2 * HALF && window[k + 1] < come; k++)
        window[k] = window[k + 1];
      for (; k > 0 && window[k - 1] > come; k--)
        window[k] = window[k - 1];
      window[k] = come;
    }
}
