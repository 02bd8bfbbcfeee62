/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Removal of stripes in sinograms, which become rings in slices, by sorting; in place.
 *
 *   Vo, Atwood, Drakopoulos: Superior techniques for eliminating ring artifacts in X-ray micro-tomography,
 *   Optics Express 26 (2018) 28396, algorithm 3.
 *
 * The values of every column of a sinogram are sorted: a stripe is an offset of its column at all ranks, while what the
 * sample does to neighbouring columns is alike. A median over neighbouring columns at the same rank takes the offset
 * away; then the values return to the angles that they came from. Beyond its ends a sinogram is mirrored.
 *
 * Data are angles × n_padded × width. One row of the detector is worked on at a time: keys and angles are n_angles ×
 * width each. Values are compared as integers that have the same order, with those that are no number last; equal ones
 * keep the order of their angles, so that there is one result. */

#pragma OPENCL FP_CONTRACT OFF

#ifndef HALF
#define HALF 10 /* columns of the window on either side */
#endif

/* Processors take a column at a time, GPUs neighbouring columns at once. */
#ifdef COLUMNS_APART
#define PLACE(rank, column) ((column) * (size_t) n_angles + (rank))
#define STEP                1
#else
#define PLACE(rank, column) ((rank) * (size_t) width + (column))
#define STEP                width
#endif

static inline uint
key_of (const float value)
{
  const uint bits = as_uint (value);

  if (isnan (value))
    return 0xffffffffu;

  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static inline float
value_of (const uint key)
{
  if (key == 0xffffffffu)
    return NAN;

  return as_float (key & 0x80000000u ? key & 0x7fffffffu : ~key);
}

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
      keys[a * (size_t) STEP] = key_of (data[((size_t) a * n_padded + row) * width + column]);
      angles[a * (size_t) STEP] = a;
    }
  for (uint i = n_angles / 2; i-- > 0;)
    sink (keys, angles, i, n_angles, STEP);
  for (uint n = n_angles; n-- > 1;)
    {
      const uint key = keys[0], angle = angles[0];

      keys[0] = keys[n * (size_t) STEP];
      angles[0] = angles[n * (size_t) STEP];
      keys[n * (size_t) STEP] = key;
      angles[n * (size_t) STEP] = angle;
      sink (keys, angles, 0, n, STEP);
    }
}

/* The column that stands for one beyond the ends: the row mirrored, its end columns twice. */
static inline uint
mirror (const int  column,
        const uint width)
{
  const int period = 2 * (int) width;
  const int place = ((column % period) + period) % period;

  return (uint) (place < (int) width ? place : period - 1 - place);
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
