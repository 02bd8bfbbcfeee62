/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Flat-field correction and absorptivity, in place.
 *
 *   f = (1 - a) f0 + a f1        flat at the time of the projection, a = its position between the flats
 *   t = (p - s d) / (f - s d)    transmission; p itself if it is corrected already
 *   v = -log (max (t, clip))     absorptivity (Beer-Lambert), or v = t
 *
 * p: counts, d: dark, s: dark scale, f0, f1: flats before and after. A pixel whose flat is
 * not above the dark is dead and has no t. Where t is not finite v becomes 0 if that is asked for; otherwise it stays
 * not finite.
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

__kernel void
flat_field (__global float       *data,
            __global const float *dark,
            __global const float *flat,
            __global const float *flat_after,
            __global const float *positions,
            const uint            flags,
            const float           dark_scale,
            const float           clip_minimum,
            const uint            width,
            const uint            n_padded,
            const uint            first_angle)
{
  const uint slice = get_global_id (1);
  const uint angle = first_angle + get_global_id (2);
  __global float *row = data + ((size_t) angle * n_padded + slice) * width;
  const size_t reference = (size_t) slice * width;
  const float a = positions[angle];

  for (uint c = get_global_id (0) * VECTOR; c < width; c += get_global_size (0) * VECTOR)
    {
      const uint n = width - c;
      samples value = load (row + c, n);

      if (flags & CORRECT)
        {
          const samples d = (flags & HAS_DARK) ? dark_scale * load (dark + reference + c, n) : 0.0f;
          samples f = load (flat + reference + c, n);

          if (flags & HAS_AFTER)
            f = fma ((samples) a, load (flat_after + reference + c, n), fma ((samples) -a, f, f));
          f -= d;
          value = choose ((samples) NAN, (value - d) / f, TRUTH (f > 0.0f));
        }

      const flags_of_samples finite = TRUTH (isfinite (value));

      if (flags & ABSORPTIVITY)
        value = -log (choose (value, fmax (value, (samples) clip_minimum), finite));

      store (flags & FIX_NAN_INF ? choose ((samples) 0.0f, value, finite) : value, row + c, n);
    }
}
