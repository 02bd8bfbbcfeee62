/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Flat-field correction and absorptivity, in place.
 *
 *   f = (1 - a) f0 + a f1            flat at the time of the projection, a = its position between the flats
 *   t = (p - s d) / (f - s d)        transmission; p itself if it is corrected already
 *   v = -log (max (t, clip))         absorptivity (Beer-Lambert), or v = t
 *
 * p: counts, d: dark, s: dark scale, f0, f1: flats before and after. Where t is not finite (a dead pixel, f = s d)
 * v becomes 0 if that is asked for; otherwise it stays not finite.
 *
 * Data are slices × angles × width, the references slices × width. One work item per sample. */

#pragma OPENCL FP_CONTRACT OFF

/* Must agree with core/steps/flat-field.c. */
#define CORRECT      1
#define HAS_DARK     2
#define HAS_AFTER    4
#define ABSORPTIVITY 8
#define FIX_NAN_INF  16

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
            const uint            n_angles,
            const uint            first_slice)
{
  const uint column = get_global_id (0);
  const uint angle = get_global_id (1);
  const uint slice = first_slice + get_global_id (2);

  if (column >= width)
    return;

  const size_t index = ((size_t) slice * n_angles + angle) * width + column;
  float value = data[index];

  if (flags & CORRECT)
    {
      const size_t reference = (size_t) slice * width + column;
      const float d = (flags & HAS_DARK) ? dark_scale * dark[reference] : 0.0f;
      float f = flat[reference];

      if (flags & HAS_AFTER)
        {
          const float a = positions[angle];

          f = fma (a, flat_after[reference], fma (-a, f, f));
        }
      value = (value - d) / (f - d);
    }

  const bool is_finite = isfinite (value);

  if (flags & ABSORPTIVITY)
    value = -log (is_finite ? fmax (value, clip_minimum) : value);

  data[index] = (flags & FIX_NAN_INF) && !is_finite ? 0.0f : value;
}
