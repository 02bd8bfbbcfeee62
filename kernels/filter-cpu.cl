/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Filtering of sinograms' rows for the filtered backprojection, on processors: padded rows are transformed,
 * multiplied by the filter's frequency response and transformed back.
 *
 * A row block is `LANES` rows of one projection, one of each slice. Its rows are read as they lie (lanes × width),
 * and written lanes innermost (width × lanes) into the same place. Two projections are filtered at once, as the real
 * and the imaginary part of complex numbers: the response is real and even, so that it acts on both alike. The pair
 * is always the same two projections of one slice, so the result doesn't depend on the slices beside it. Where one is
 * far larger than the other, both are brought to the same size by powers of two, so that a damaged one spoils none.
 *
 * The transform is a decimation in frequency without reordering (Gentleman and Sande, AFIPS Proc. 29, 1966), the way
 * back a decimation in time that takes the frequencies as the first has left them; the response comes in that order.
 * Lengths are M = 2^a or 3·2^a: a stage of radix 2, one of radix 3 where M has it, then radix 4 and a last one of
 * radix 2. Blocks that fit the first-level cache go through all their stages at once.
 *
 * One work item filters pairs of row blocks until there are none left, and has scratch of M complex vectors. */

#include "lanes.clh"

/* Complex numbers of a block that is taken through all further stages at once. */
#define LEAF 192

/* What continues a row; must agree with core/steps/filter-cpu.c. */
#define PAD_ZERO   0
#define PAD_EDGE   1
#define PAD_MIRROR 2

#define AS_LANES_INT   JOIN (as_int, LANES)
#define AS_LANES_FLOAT JOIN (as_float, LANES)

/* The bits of infinity; those of NaN are more. */
#define INFINITY_BITS 0x7f800000

/* Parts of a pair whose exponents differ by more are scaled, and such as are beyond 2^100. Must agree with
 * kernels/filter-gpu.cl. */
#define MOST_UNEVEN   10
#define MOST_EXPONENT (127 + 100)

typedef __global lanes_float       *complex_pointer; /* real, imaginary, real … */
typedef __global const float2      *twiddles_pointer; /* exp (-2πi k / M), k = 0 … M-1 */

#define MULTIPLY_REAL(re, im, w) fma (re, (w).x, -(im) * (w).y)
#define MULTIPLY_IMAG(re, im, w) fma (re, (w).y, (im) * (w).x)
#define CONJUGATE(w)             ((float2) ((w).x, -(w).y))

/* Sub-block m of a block gets the frequencies ≡ m modulo the radix. */
static inline void
forward_4 (complex_pointer  block,
           const uint       n,
           const uint       stride, /* M / n */
           twiddles_pointer twiddles)
{
  const uint q = n / 4;

  for (uint j = 0; j < q; j++)
    {
      complex_pointer a = block + 2 * j;
      complex_pointer b = a + 2 * q;
      complex_pointer c = b + 2 * q;
      complex_pointer d = c + 2 * q;
      const float2 w1 = twiddles[j * stride];
      const float2 w2 = twiddles[2 * j * stride];
      const float2 w3 = twiddles[3 * j * stride];
      const lanes_float sum_re = a[0] + c[0], sum_im = a[1] + c[1];
      const lanes_float difference_re = a[0] - c[0], difference_im = a[1] - c[1];
      const lanes_float other_sum_re = b[0] + d[0], other_sum_im = b[1] + d[1];
      const lanes_float turned_re = b[1] - d[1], turned_im = d[0] - b[0]; /* -i (b - d) */
      lanes_float re, im;

      a[0] = sum_re + other_sum_re;
      a[1] = sum_im + other_sum_im;
      re = difference_re + turned_re;
      im = difference_im + turned_im;
      b[0] = MULTIPLY_REAL (re, im, w1);
      b[1] = MULTIPLY_IMAG (re, im, w1);
      re = sum_re - other_sum_re;
      im = sum_im - other_sum_im;
      c[0] = MULTIPLY_REAL (re, im, w2);
      c[1] = MULTIPLY_IMAG (re, im, w2);
      re = difference_re - turned_re;
      im = difference_im - turned_im;
      d[0] = MULTIPLY_REAL (re, im, w3);
      d[1] = MULTIPLY_IMAG (re, im, w3);
    }
}

static inline void
backward_4 (complex_pointer  block,
            const uint       n,
            const uint       stride,
            twiddles_pointer twiddles)
{
  const uint q = n / 4;

  for (uint j = 0; j < q; j++)
    {
      complex_pointer a = block + 2 * j;
      complex_pointer b = a + 2 * q;
      complex_pointer c = b + 2 * q;
      complex_pointer d = c + 2 * q;
      const float2 w1 = CONJUGATE (twiddles[j * stride]);
      const float2 w2 = CONJUGATE (twiddles[2 * j * stride]);
      const float2 w3 = CONJUGATE (twiddles[3 * j * stride]);
      const lanes_float b_re = MULTIPLY_REAL (b[0], b[1], w1), b_im = MULTIPLY_IMAG (b[0], b[1], w1);
      const lanes_float c_re = MULTIPLY_REAL (c[0], c[1], w2), c_im = MULTIPLY_IMAG (c[0], c[1], w2);
      const lanes_float d_re = MULTIPLY_REAL (d[0], d[1], w3), d_im = MULTIPLY_IMAG (d[0], d[1], w3);
      const lanes_float sum_re = a[0] + c_re, sum_im = a[1] + c_im;
      const lanes_float difference_re = a[0] - c_re, difference_im = a[1] - c_im;
      const lanes_float other_sum_re = b_re + d_re, other_sum_im = b_im + d_im;
      const lanes_float turned_re = d_im - b_im, turned_im = b_re - d_re; /* i (b - d) */

      a[0] = sum_re + other_sum_re;
      a[1] = sum_im + other_sum_im;
      b[0] = difference_re + turned_re;
      b[1] = difference_im + turned_im;
      c[0] = sum_re - other_sum_re;
      c[1] = sum_im - other_sum_im;
      d[0] = difference_re - turned_re;
      d[1] = difference_im - turned_im;
    }
}

#define HALF_SQRT_3 0.86602540378443864676f

static inline void
forward_3 (complex_pointer  block,
           const uint       n,
           const uint       stride,
           twiddles_pointer twiddles)
{
  const uint q = n / 3;

  for (uint j = 0; j < q; j++)
    {
      complex_pointer a = block + 2 * j;
      complex_pointer b = a + 2 * q;
      complex_pointer c = b + 2 * q;
      const float2 w1 = twiddles[j * stride];
      const float2 w2 = twiddles[2 * j * stride];
      const lanes_float sum_re = b[0] + c[0], sum_im = b[1] + c[1];
      const lanes_float turned_re = HALF_SQRT_3 * (b[1] - c[1]), turned_im = HALF_SQRT_3 * (c[0] - b[0]);
      const lanes_float rest_re = fma (sum_re, -0.5f, a[0]), rest_im = fma (sum_im, -0.5f, a[1]);
      lanes_float re, im;

      a[0] += sum_re;
      a[1] += sum_im;
      re = rest_re + turned_re;
      im = rest_im + turned_im;
      b[0] = MULTIPLY_REAL (re, im, w1);
      b[1] = MULTIPLY_IMAG (re, im, w1);
      re = rest_re - turned_re;
      im = rest_im - turned_im;
      c[0] = MULTIPLY_REAL (re, im, w2);
      c[1] = MULTIPLY_IMAG (re, im, w2);
    }
}

static inline void
backward_3 (complex_pointer  block,
            const uint       n,
            const uint       stride,
            twiddles_pointer twiddles)
{
  const uint q = n / 3;

  for (uint j = 0; j < q; j++)
    {
      complex_pointer a = block + 2 * j;
      complex_pointer b = a + 2 * q;
      complex_pointer c = b + 2 * q;
      const float2 w1 = CONJUGATE (twiddles[j * stride]);
      const float2 w2 = CONJUGATE (twiddles[2 * j * stride]);
      const lanes_float b_re = MULTIPLY_REAL (b[0], b[1], w1), b_im = MULTIPLY_IMAG (b[0], b[1], w1);
      const lanes_float c_re = MULTIPLY_REAL (c[0], c[1], w2), c_im = MULTIPLY_IMAG (c[0], c[1], w2);
      const lanes_float sum_re = b_re + c_re, sum_im = b_im + c_im;
      const lanes_float turned_re = HALF_SQRT_3 * (c_im - b_im), turned_im = HALF_SQRT_3 * (b_re - c_re);
      const lanes_float rest_re = fma (sum_re, -0.5f, a[0]), rest_im = fma (sum_im, -0.5f, a[1]);

      a[0] += sum_re;
      a[1] += sum_im;
      b[0] = rest_re + turned_re;
      b[1] = rest_im + turned_im;
      c[0] = rest_re - turned_re;
      c[1] = rest_im - turned_im;
    }
}

/* All stages of a block of n = 4^k or 2·4^k, the response between them. */
static inline void
filter_leaf (complex_pointer       block,
             __global const float *response,
             const uint            n,
             const uint            m,
             twiddles_pointer      twiddles)
{
  uint part = n;

  for (; part >= 4; part /= 4)
    for (uint first = 0; first < n; first += part)
      forward_4 (block + 2 * first, part, m / part, twiddles);

  if (part == 2)
    for (uint k = 0; k < n; k += 2)
      {
        complex_pointer a = block + 2 * k;
        const float sum_factor = response[k];
        const float difference_factor = response[k + 1];
        const lanes_float sum_re = sum_factor * (a[0] + a[2]), sum_im = sum_factor * (a[1] + a[3]);
        const lanes_float difference_re = difference_factor * (a[0] - a[2]);
        const lanes_float difference_im = difference_factor * (a[1] - a[3]);

        a[0] = sum_re + difference_re;
        a[1] = sum_im + difference_im;
        a[2] = sum_re - difference_re;
        a[3] = sum_im - difference_im;
      }
  else
    for (uint k = 0; k < n; k++)
      {
        block[2 * k] *= response[k];
        block[2 * k + 1] *= response[k];
      }

  for (part *= 4; part <= n; part *= 4)
    for (uint first = 0; first < n; first += part)
      backward_4 (block + 2 * first, part, m / part, twiddles);
}

/* All stages but the first of one half of the padded row: n = M / 2 is 2^a or 3·2^a. */
static inline void
filter_part (complex_pointer       part,
             __global const float *response,
             const uint            n,
             const uint            m,
             twiddles_pointer      twiddles)
{
  const bool has_three = n % 3 == 0;
  const uint length = has_three ? n / 3 : n; /* a power of two */
  uint leaf = length;

  if (has_three)
    forward_3 (part, n, m / n, twiddles);

  for (; leaf > LEAF; leaf /= 4)
    for (uint first = 0; first < n; first += leaf)
      forward_4 (part + 2 * first, leaf, m / leaf, twiddles);

  for (uint first = 0; first < n; first += leaf)
    filter_leaf (part + 2 * first, response + first, leaf, m, twiddles);

  for (leaf *= 4; leaf <= length; leaf *= 4)
    for (uint first = 0; first < n; first += leaf)
      backward_4 (part + 2 * first, leaf, m / leaf, twiddles);

  if (has_three)
    backward_3 (part, n, m / n, twiddles);
}

/* Copies a row block into one part (0: real, 1: imaginary) of the scratch, lanes innermost, and zeros for slices that
 * there are none of. Rows that hold a value that isn't finite become zero, which keeps the other part clean.
 *
 * Returns: the largest magnitude of each row, as bits: of rows that weren't finite at least INFINITY_BITS */
static inline lanes_int
load_rows (__global const float *rows, /* lanes × width */
           const uint            width,
           const uint            n_lanes,
           complex_pointer       scratch,
           const uint            part)
{
  lanes_int most = 0;

  bring_lanes_inside (rows, width, n_lanes, scratch + part, 2);

  /* Without their sign, floats have the order of their bits. */
  for (uint c = 0; c < width; c++)
    most = max (most, AS_LANES_INT (scratch[2 * c + part]) & 0x7fffffff);

  if (any (most >= INFINITY_BITS))
    for (uint c = 0; c < width; c++)
      scratch[2 * c + part] = select (scratch[2 * c + part], (lanes_float) 0.0f, most >= INFINITY_BITS);

  return most;
}

/* Finds the lanes in which a part is so large that its rounding would show in the other, or would overflow: there each
 * part is scaled by a power of two. Exponents are those of the bits.
 *
 * Returns: true in such lanes; a part that is zero, or became so, needs nothing */
static inline lanes_int
find_uneven (const lanes_int re,
             const lanes_int im)
{
  const lanes_int e_re = re >> 23, e_im = im >> 23;
  const lanes_int both = re > 0 && im > 0 && re < INFINITY_BITS && im < INFINITY_BITS;

  return (both && (e_re - e_im > MOST_UNEVEN || e_im - e_re > MOST_UNEVEN)) ||
         (e_re > MOST_EXPONENT && re < INFINITY_BITS) || (e_im > MOST_EXPONENT && im < INFINITY_BITS);
}

/* Multiplies a row of vectors by a power of two in some lanes: by that which takes the largest magnitude to between 1
 * and 2 (or 4, at the end of the range), or back. */
static inline void
scale (__global lanes_float *row,
       const uint            step,
       const uint            width,
       const lanes_int       most,
       const lanes_int       is_scaled,
       const bool            back)
{
  const lanes_int exponent = clamp (most >> 23, 1, 253);
  const lanes_int bits = (back ? exponent : 254 - exponent) << 23;
  const lanes_float factor = select ((lanes_float) 1.0f, AS_LANES_FLOAT (bits), is_scaled);

  for (uint c = 0; c < width; c++)
    row[c * step] *= factor;
}

/* Continues the rows of both parts: n_right columns behind the last one, n_left, which the transform takes for those
 * before column 0, at the end of the scratch. Mirrored are only the outermost n_border columns; they go on as their
 * mean. */
static inline void
pad_rows (complex_pointer scratch,
          const uint      width,
          const uint      m,
          const uint      padding,
          const uint      n_border)
{
  const uint n_right = (m - width + 1) / 2;
  const uint n_left = m - width - n_right;

  for (uint part = 0; part < 2; part++)
    {
      complex_pointer x = scratch + part;
      lanes_float right = x[2 * (width - 1)];
      lanes_float left = x[0];
      uint n_mirrored = 0;

      if (padding == PAD_MIRROR)
        {
          n_mirrored = n_border;
          right = left = 0.0f;
          for (uint i = 0; i < n_border; i++)
            {
              right += x[2 * (width - 1 - i)];
              left += x[2 * i];
            }
          right /= (float) n_border;
          left /= (float) n_border;
        }

      for (uint i = 0; i < n_right; i++)
        x[2 * (width + i)] = i < n_mirrored ? x[2 * (width - 1 - i)] : right;
      for (uint i = 0; i < n_left; i++)
        x[2 * (m - 1 - i)] = i < n_mirrored ? x[2 * i] : left;
    }
}

/* The first stage. With zeros beyond the row, which is not longer than M / 2, the second half of the input is zero. */
static inline void
split (complex_pointer  scratch,
       const uint       width,
       const uint       m,
       const uint       padding,
       twiddles_pointer twiddles)
{
  const uint middle = m / 2;

  if (padding == PAD_ZERO)
    {
      for (uint j = 0; j < width; j++)
        {
          const float2 w = twiddles[j];
          const lanes_float re = scratch[2 * j], im = scratch[2 * j + 1];

          scratch[2 * (middle + j)] = MULTIPLY_REAL (re, im, w);
          scratch[2 * (middle + j) + 1] = MULTIPLY_IMAG (re, im, w);
        }
      for (uint j = width; j < middle; j++)
        scratch[2 * j] = scratch[2 * j + 1] = scratch[2 * (middle + j)] = scratch[2 * (middle + j) + 1] = 0.0f;
      return;
    }

  for (uint j = 0; j < middle; j++)
    {
      const float2 w = twiddles[j];
      const lanes_float re = scratch[2 * j] - scratch[2 * (middle + j)];
      const lanes_float im = scratch[2 * j + 1] - scratch[2 * (middle + j) + 1];

      scratch[2 * j] += scratch[2 * (middle + j)];
      scratch[2 * j + 1] += scratch[2 * (middle + j) + 1];
      scratch[2 * (middle + j)] = MULTIPLY_REAL (re, im, w);
      scratch[2 * (middle + j) + 1] = MULTIPLY_IMAG (re, im, w);
    }
}

/* The last stage, of the columns that are on the detector, into the row blocks of the two projections. */
static inline void
join (complex_pointer       scratch,
      const uint            width,
      const uint            m,
      twiddles_pointer      twiddles,
      const lanes_float     bad_re,
      const lanes_float     bad_im,
      __global lanes_float *first,
      __global lanes_float *second,
      const bool            has_second)
{
  const uint middle = m / 2;

  for (uint j = 0; j < width; j++)
    {
      const float2 w = CONJUGATE (twiddles[j]);
      const lanes_float re = scratch[2 * (middle + j)], im = scratch[2 * (middle + j) + 1];

      first[j] = scratch[2 * j] + MULTIPLY_REAL (re, im, w) + bad_re;
      if (has_second)
        second[j] = scratch[2 * j + 1] + MULTIPLY_IMAG (re, im, w) + bad_im;
    }
}

__kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
filter (__global float         *data,     /* angles × groups × (LANES × width) */
        __global lanes_float   *scratch,  /* one for each work item: 2 M */
        __global const float2  *twiddles, /* M */
        __global const float   *response, /* M, in the order of the forward transform */
        const uint              m,
        const uint              width,
        const uint              n_angles,
        const uint              n_groups,
        const uint              n_slices,
        const uint              padding,
        const uint              n_border,
        volatile __global uint *next,     /* pair of row blocks that is to be filtered next */
        const uint              end)
{
  complex_pointer work = scratch + (size_t) get_group_id (0) * 2 * m;
  const size_t block = (size_t) LANES * width;

  for (uint job = atomic_inc (next); job < end; job = atomic_inc (next))
    {
      /* Checkers of memory can't make anything of the operator % here. */
      const uint pair = job / n_groups;
      const uint group = job - pair * n_groups;
      const uint angle = 2 * pair;
      const uint n_lanes = min ((uint) LANES, n_slices - group * LANES);
      const bool has_second = angle + 1 < n_angles;
      __global float *first = data + ((size_t) angle * n_groups + group) * block;
      __global float *second = first + (has_second ? (size_t) n_groups * block : 0);
      const lanes_int most_re = load_rows (first, width, n_lanes, work, 0);
      const lanes_int most_im = load_rows (second, width, has_second ? n_lanes : 0, work, 1);
      const lanes_int uneven = find_uneven (most_re, most_im);
      const lanes_float bad_re = select ((lanes_float) 0.0f, (lanes_float) NAN, most_re >= INFINITY_BITS);
      const lanes_float bad_im = select ((lanes_float) 0.0f, (lanes_float) NAN, most_im >= INFINITY_BITS);

      if (any (uneven))
        {
          scale (work, 2, width, most_re, uneven, false);
          scale (work + 1, 2, width, most_im, uneven, false);
        }
      if (padding != PAD_ZERO)
        pad_rows (work, width, m, padding, n_border);
      split (work, width, m, padding, twiddles);
      filter_part (work, response, m / 2, m, twiddles);
      filter_part (work + m, response + m / 2, m / 2, m, twiddles);
      join (work, width, m, twiddles, bad_re, bad_im, (__global lanes_float *) first, (__global lanes_float *) second,
            has_second);
      if (any (uneven))
        {
          scale ((__global lanes_float *) first, 1, width, most_re, uneven, true);
          if (has_second)
            scale ((__global lanes_float *) second, 1, width, most_im, uneven, true);
        }
    }
}

/* Only brings the lanes inside: what is left of filtering without a filter. */
__kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
interleave (__global float         *data,
            __global lanes_float   *scratch, /* one for each work item: width */
            const uint              width,
            const uint              n_groups,
            const uint              n_slices,
            volatile __global uint *next,
            const uint              end)
{
  complex_pointer work = scratch + (size_t) get_group_id (0) * width;

  for (uint job = atomic_inc (next); job < end; job = atomic_inc (next))
    {
      const uint group = job - job / n_groups * n_groups;
      const uint n_lanes = min ((uint) LANES, n_slices - group * LANES);
      __global float *rows = data + (size_t) job * LANES * width;
      __global lanes_float *result = (__global lanes_float *) rows;

      bring_lanes_inside (rows, width, n_lanes, work, 1);
      for (uint c = 0; c < width; c++)
        result[c] = work[c];
    }
}
