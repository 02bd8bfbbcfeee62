/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Flat-field correction and absorptivity, in place.
 *
 *   f = (1 - a) f0 + a f1        flat at the time of the projection, a = its position between the flats
 *   t = (p - s d) / (f - s d)    transmission; p itself if it is corrected already
 *   v = -log (max (t, clip))     absorptivity (Beer-Lambert), or v = t
 *
 * p: counts, d: dark, s: dark scale, f0, f1: flats before and after. A pixel whose flat is
 * not above the dark is dead and has no t. Where t is not finite v becomes 0 if that is asked for; otherwise it stays
 * not finite. Which values of other pixels can't be is counted for each of them, if that is asked for: t below clip, and
 * t that is not finite or more than 10. Sums of integers don't depend on the order.
 *
 * Data are angles × n_padded × width, the references slices × width. A work item goes along a row, VECTOR samples at
 * a time: 16 on processors, where one takes the whole row, 1 on GPUs, where each takes its share. */

#pragma OPENCL FP_CONTRACT OFF

/* Must agree with core/steps/flat-field.c. */
#define CORRECT      1
#define HAS_DARK     2
#define HAS_AFTER    4
#define ABSORPTIVITY 8
#define FIX_NAN_INF  16
#define COUNT        32

/* Noise and bright edges stay below this transmission. Must agree with core/steps/dead-pixels.h. */
#define MOST 10.0f

#if VECTOR == 16
typedef float16 samples;
typedef int16 flags_of_samples;
#define LOAD(p)     vload16 (0, p)
#define STORE(v, p) vstore16 (v, 0, p)
#define TRUTH(test) (test)
#else
typedef float samples;
typedef int flags_of_samples;
#define LOAD(p)     (*(p))
#define STORE(v, p) (*(p) = (v))
#define TRUTH(test) (-(test)) /* as vectors have it */
#endif

static inline samples
choose (const samples no, const samples yes, const flags_of_samples test)
{
#if VECTOR == 16
  return select (no, yes, test);
#else
  return test ? yes : no;
#endif
}

/* The samples at p, of which n are in the row: others are 1. */
static inline samples
load (__global const float *p,
      const uint            n)
{
  if (n >= VECTOR)
    return LOAD (p);

  float part[VECTOR];

  for (uint i = 0; i < VECTOR; i++)
    part[i] = i < n ? p[i] : 1.0f;

  return LOAD (part);
}

static inline void
store (const samples   value,
       __global float *p,
       const uint      n)
{
  if (n >= VECTOR)
    {
      STORE (value, p);
      return;
    }

  float part[VECTOR];

  STORE (value, part);
  for (uint i = 0; i < n; i++)
    p[i] = part[i];
}

/* Adds to the counters of those of n pixels that are meant. */
static inline void
count (const flags_of_samples  which,
       volatile __global uint *counters,
       const uint              n)
{
#if VECTOR == 16
  int part[VECTOR];

  if (!any (which))
    return;

  vstore16 (which, 0, part);
  for (uint i = 0; i < min (n, (uint) VECTOR); i++)
    if (part[i])
      atomic_inc (counters + i);
#else
  if (which)
    atomic_inc (counters);
#endif
}

__kernel void
flat_field (__global float       *data,
            __global const float *dark,
            __global const float *flat,
            __global const float *flat_after,
            __global const float *positions,
            volatile __global uint *counters, /* slices × width of t below clip, then as many of other t */
            const uint            flags,
            const float           dark_scale,
            const float           clip_minimum,
            const uint            width,
            const uint            n_padded,
            const uint            first_angle)
{
  const uint slice = get_global_id (1);
  const size_t others = (size_t) get_global_size (1) * width;
  const uint angle = first_angle + get_global_id (2);
  __global float *row = data + ((size_t) angle * n_padded + slice) * width;
  const size_t reference = (size_t) slice * width;
  const float a = positions[angle];

  for (uint c = get_global_id (0) * VECTOR; c < width; c += get_global_size (0) * VECTOR)
    {
      const uint n = width - c;
      samples value = load (row + c, n);
      flags_of_samples usable = -1;

      if (flags & CORRECT)
        {
          const samples d = (flags & HAS_DARK) ? dark_scale * load (dark + reference + c, n) : 0.0f;
          samples f = load (flat + reference + c, n);

          if (flags & HAS_AFTER)
            f = fma ((samples) a, load (flat_after + reference + c, n), fma ((samples) -a, f, f));
          f -= d;
          usable = TRUTH (f > 0.0f);
          value = choose ((samples) NAN, (value - d) / f, usable);
        }

      const flags_of_samples finite = TRUTH (isfinite (value));

      if (flags & COUNT)
        {
          count (usable & finite & TRUTH (value < clip_minimum), counters + reference + c, n);
          count (usable & (~finite | TRUTH (value > MOST)), counters + others + reference + c, n);
        }

      if (flags & ABSORPTIVITY)
        value = -log (choose (value, fmax (value, (samples) clip_minimum), finite));

      store (flags & FIX_NAN_INF ? choose ((samples) 0.0f, value, finite) : value, row + c, n);
    }
}

/* Must agree with core/steps/dead-pixels.h. */
typedef struct
{
  uint  slice;
  uint  column;
  uint  left;
  uint  right;
  float weight;
} bridge_of_pixel;

/* Pixels that can't be used get the values of a line between the nearest usable ones in their row. */
__kernel void
bridge (__global float                 *data,
        __global const bridge_of_pixel *bridges,
        const uint                      n_bridges,
        const uint                      width,
        const uint                      n_padded,
        const uint                      first_angle)
{
  const uint angle = first_angle + get_global_id (1);

  for (uint i = get_global_id (0); i < n_bridges; i += get_global_size (0))
    {
      const bridge_of_pixel b = bridges[i];
      __global float *row = data + ((size_t) angle * n_padded + b.slice) * width;
      const float left = row[b.left];

      row[b.column] = left + b.weight * (row[b.right] - left);
    }
}
