/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Filtering of sinograms' rows for the filtered backprojection, on GPUs: what is around the Fourier transforms.
 *
 * Sinograms are angles × n_padded × width; the result has slices innermost in groups of LANES,
 * angles × n_padded / LANES × width × LANES, in the same place. A unit is a pair of projections (2k, 2k + 1) of one
 * group; unit = k · groups + group. A unit's slices are `slots` rows of complex numbers, real part from the first
 * projection and imaginary part from the second: the frequency response is real and even, so that it acts on both
 * alike. A slice is paired with nothing but itself, so its result doesn't depend on the slices beside it.
 *
 *   load:     units from `first` on → rows, length M each, continued beyond the detector
 *   multiply: spectra of the rows · response
 *   store:    columns of the rows → units
 *
 * All units of a launch are loaded before the first is stored, and no other launch touches them. */

#pragma OPENCL FP_CONTRACT OFF

/* Sizes of work groups, and columns that one of them turns round; must agree with core/steps/filter-gpu.c. */
#define GROUP 128
#define TILE  32

/* What continues a row; must agree with #ReconPadding. */
#define PAD_ZERO   0
#define PAD_EDGE   1
#define PAD_MIRROR 2

/* A row's word: parts with a value that isn't finite, and from these bits on the exponents that were taken from each
 * part, or 0. */
#define BROKEN_REAL      1
#define BROKEN_IMAGINARY 2
#define REAL_EXPONENT      8
#define IMAGINARY_EXPONENT 16

/* The bits of infinity; those of NaN are more. */
#define INFINITY_BITS 0x7f800000u

/* Parts of a row whose exponents differ by more are scaled, and such as are beyond 2^100. Must agree with
 * kernels/filter-cpu.cl. */
#define MOST_UNEVEN   10
#define MOST_EXPONENT (127 + 100)

/* Padded index → where its value is from: a column, or one of these. */
#define FROM_NOWHERE     -1
#define FROM_LEFT_MEAN   -2
#define FROM_RIGHT_MEAN  -3

inline int
find_source (const uint index,
             const uint width,
             const uint padded_width,
             const uint padding,
             const uint border)
{
  const uint n_right = (padded_width - width + 1) / 2;
  const bool is_right = index < width + n_right;
  const uint distance = is_right ? index - width : padded_width - 1 - index;

  if (index < width)
    return (int) index;

  if (padding == PAD_EDGE)
    return is_right ? (int) width - 1 : 0;

  if (padding == PAD_MIRROR && distance < border)
    return is_right ? (int) (width - 1 - distance) : (int) distance;

  if (padding == PAD_MIRROR)
    return is_right ? FROM_RIGHT_MEAN : FROM_LEFT_MEAN;

  return FROM_NOWHERE;
}

/* Means of the outermost `border` columns: left and right of the first row, left and right of the second. The sums
 * are taken in one order whatever the device. */
inline float4
get_border_means (__global const float *real,
                  __global const float *imaginary,
                  const uint            width,
                  const uint            border,
                  __local float4       *sums)
{
  const uint item = get_local_id (0);
  float4 sum = 0.0f;

  for (uint i = item; i < border; i += GROUP)
    sum += (float4) (real[i], real[width - border + i], imaginary[i], imaginary[width - border + i]);
  sums[item] = sum;
  barrier (CLK_LOCAL_MEM_FENCE);

  for (uint n = GROUP / 2; n > 0; n /= 2)
    {
      if (item < n)
        sums[item] += sums[item + n];
      barrier (CLK_LOCAL_MEM_FENCE);
    }

  return sums[0] / (float) border;
}

/* The word of a row whose parts have these largest magnitudes, as bits. A part that is so large that its rounding would
 * show in the other, or would overflow, is scaled by a power of two, and the other as well. */
inline uint
get_word (const uint real,
          const uint imaginary)
{
  const uint broken =
      (real >= INFINITY_BITS ? BROKEN_REAL : 0) | (imaginary >= INFINITY_BITS ? BROKEN_IMAGINARY : 0);
  const int  e_real = (int) (real >> 23);
  const int  e_imaginary = (int) (imaginary >> 23);
  const bool both = broken == 0 && real > 0 && imaginary > 0;

  if (!(both && abs (e_real - e_imaginary) > MOST_UNEVEN) &&
      !(e_real > MOST_EXPONENT && !(broken & BROKEN_REAL)) &&
      !(e_imaginary > MOST_EXPONENT && !(broken & BROKEN_IMAGINARY)))
    return broken;

  return broken | (uint) clamp (e_real, 1, 253) << REAL_EXPONENT |
         (uint) clamp (e_imaginary, 1, 253) << IMAGINARY_EXPONENT;
}

/* A value with the parts that a word says, scaled by 2^(127 - e), or back. */
inline float2
scale (const float2 value,
       const uint   word,
       const bool   back)
{
  const uint real = word >> REAL_EXPONENT & 0xff;
  const uint imaginary = word >> IMAGINARY_EXPONENT & 0xff;

  if (real == 0)
    return value;

  return value * (float2) (as_float ((back ? real : 254 - real) << 23),
                           as_float ((back ? imaginary : 254 - imaginary) << 23));
}

/* One work group per row. `filters` is 0 where rows are only to be reordered: then M is the width, and a value that
 * isn't finite is one among others. Rows of which there are no slices, or units, are zero. */
__kernel __attribute__ ((reqd_work_group_size (GROUP, 1, 1))) void
load (__global const float *data,
      __global float2      *rows,
      __global uint        *broken,
      const uint            first,
      const uint            n_units,
      const uint            n_angles,
      const uint            n,
      const uint            n_padded,
      const uint            width,
      const uint            padded_width,
      const uint            slots,
      const uint            filters,
      const uint            padding,
      const uint            border)
{
  __local float4 sums[GROUP];
  __local uint   most[2]; /* the largest magnitude of each part, as bits */
  const uint     item = get_local_id (0);
  const size_t   row = get_group_id (0);
  const uint     place = (uint) row / slots; /* of the unit in the launch */
  const uint     unit = first + place;
  const uint     n_groups = n_padded / LANES;
  const uint     pair = unit / n_groups;
  const uint     slice = (unit - pair * n_groups) * LANES + (uint) row - place * slots;
  const uint     angle = 2 * pair;
  float4         means = 0.0f;
  uint2          own_most = 0;
  uint           word;

  rows += row * padded_width;

  if (place >= n_units || slice >= n)
    {
      for (uint i = item; i < padded_width; i += GROUP)
        rows[i] = 0.0f;
      if (item == 0)
        broken[row] = 0;
      return;
    }

  /* The partner of the last of an odd number of projections is that projection; it goes nowhere. */
  __global const float *real = data + ((size_t) angle * n_padded + slice) * width;
  __global const float *imaginary = data + ((size_t) min (angle + 1, n_angles - 1) * n_padded + slice) * width;

  if (item == 0)
    most[0] = most[1] = 0;
  if (padding == PAD_MIRROR)
    means = get_border_means (real, imaginary, width, border, sums);
  barrier (CLK_LOCAL_MEM_FENCE);

  for (uint i = item; i < padded_width; i += GROUP)
    {
      const int source = find_source (i, width, padded_width, padding, border);
      float2    value = 0.0f;

      if (source >= 0)
        value = (float2) (real[source], imaginary[source]);
      else if (source == FROM_LEFT_MEAN)
        value = means.xz;
      else if (source == FROM_RIGHT_MEAN)
        value = means.yw;

      /* Without their sign, floats have the order of their bits. */
      own_most = max (own_most, as_uint2 (value) & 0x7fffffffu);
      rows[i] = value;
    }

  if (filters)
    {
      atomic_max (&most[0], own_most.x);
      atomic_max (&most[1], own_most.y);
    }
  barrier (CLK_LOCAL_MEM_FENCE);

  /* What isn't finite, or far larger than the other part, would spoil that; each item mends what it has written. */
  word = get_word (most[0], most[1]);
  if (word != 0)
    for (uint i = item; i < padded_width; i += GROUP)
      {
        const float2 value = rows[i];

        rows[i] = scale ((float2) (word & BROKEN_REAL ? 0.0f : value.x, word & BROKEN_IMAGINARY ? 0.0f : value.y),
                         word, false);
      }

  if (item == 0)
    broken[row] = word;
}

/* One work item per frequency of a row: (frequency, row). */
__kernel void
multiply (__global float2      *spectra,
          __global const float *response, /* for the frequencies 0 … M/2 */
          const uint            padded_width)
{
  const uint   k = get_global_id (0);
  const size_t row = get_global_id (1);

  if (k < padded_width)
    spectra[row * padded_width + k] *= response[min (k, padded_width - k)];
}

/* One work group per TILE columns of a unit, which it turns round in local memory: (tile, unit). Lanes without a
 * slice become zero. */
__kernel __attribute__ ((reqd_work_group_size (GROUP, 1, 1))) void
store (__global float        *data,
       __global const float2 *rows,
       __global const uint   *broken,
       const uint             first,
       const uint             n_angles,
       const uint             n,
       const uint             n_padded,
       const uint             width,
       const uint             padded_width,
       const uint             slots)
{
  /* One column more than is used, so that the items that read a column don't meet in a bank. */
  __local float2 tile[LANES][TILE + 1];
  const uint     begin = get_group_id (0) * TILE;
  const uint     unit = first + get_group_id (1);
  const size_t   first_row = get_group_id (1) * slots;
  const uint     n_groups = n_padded / LANES;
  const uint     pair = unit / n_groups;
  const uint     group = unit - pair * n_groups;
  const uint     angle = 2 * pair;

  for (uint e = get_local_id (0); e < LANES * TILE; e += GROUP)
    {
      const uint lane = e / TILE;
      const uint column = begin + e % TILE;
      float2     value = 0.0f;

      if (lane < slots && group * LANES + lane < n && column < width)
        {
          const uint word = broken[first_row + lane];

          value = rows[(first_row + lane) * padded_width + column];
          if (word != 0)
            value = scale ((float2) (word & BROKEN_REAL ? NAN : value.x, word & BROKEN_IMAGINARY ? NAN : value.y),
                           word, true);
        }
      tile[lane][e % TILE] = value;
    }
  barrier (CLK_LOCAL_MEM_FENCE);

  __global float *real = data + ((size_t) angle * n_padded + group * LANES) * width;
  __global float *imaginary = real + (size_t) n_padded * width;

  for (uint e = get_local_id (0); e < LANES * TILE; e += GROUP)
    {
      const uint   column = begin + e / LANES;
      const size_t index = (size_t) column * LANES + e % LANES;

      if (column >= width)
        continue;

      const float2 value = tile[e % LANES][e / LANES];

      real[index] = value.x;
      if (angle + 1 < n_angles)
        imaginary[index] = value.y;
    }
}
