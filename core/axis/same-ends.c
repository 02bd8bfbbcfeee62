/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/same-ends.h"

#include "axis/line-bands.h"
#include "axis/quantile.h"

/* After a full turn the first projection comes again, after half a turn its mirror image. Angles that say half a turn
 * where the last line goes on as the first begins are wrong by a factor of two. */

#define OTHERS 16      /* lines that the first is compared with */
#define ALIKE 0.2      /* of what lines usually differ by, noise apart */
#define NEIGHBOURS 3.0 /* times what successive lines differ by: ends are no further from each other */
#define MIRRORED 0.5   /* times: an object may be its own mirror image, but not that well */

/* The mean square of what two lines differ by. */
static double
get_difference (const float *a,
                const float *b,
                guint        width)
{
  double sum = 0;

  for (guint c = 0; c < width; c++)
    sum += (double) (a[c] - b[c]) * (double) (a[c] - b[c]);

  return sum / width;
}

/* The mirror image about the axis that suits it best. Wherever the axis is, little of the line is beyond it. */
static double
get_mirrored_difference (const float *a,
                         const float *b,
                         guint        width)
{
  double least = G_MAXDOUBLE;

  for (guint t = width / 2; t < width + width / 2; t++)
    {
      const guint low = t < width ? 0 : t - width + 1, high = MIN (t, width - 1);
      double sum = 0;

      for (guint c = low; c <= high; c++)
        sum += (double) (a[c] - b[t - c]) * (double) (a[c] - b[t - c]);
      least = MIN (least, sum / (high - low + 1));
    }

  return least;
}

static void
load (const ReconAxisSinogram *sinogram,
      guint                    line,
      float                   *scratch,
      float                   *band)
{
  recon_axis_pass_band (recon_axis_sinogram_line (sinogram, line), sinogram->width, scratch, band);
}

/**
 * recon_axis_sinogram_has_same_ends:
 * @sinogram: a sinogram whose angles say half a turn
 *
 * Returns: whether its first and its last line look as if they followed each other
 */
gboolean
recon_axis_sinogram_has_same_ends (const ReconAxisSinogram *sinogram)
{
  const guint width = sinogram->width, n = sinogram->n;
  g_autofree float *bands = g_new (float, 4 * (gsize) width);
  float *first = bands, *last = bands + width, *other = bands + 2 * (gsize) width, *scratch = bands + 3 * (gsize) width;
  double usual[OTHERS], noise, near, ends;

  if (sinogram->full || n < 2 * OTHERS)
    return FALSE;

  load (sinogram, 0, scratch, first);
  load (sinogram, n - 1, scratch, last);
  ends = get_difference (first, last, width);

  load (sinogram, 1, scratch, other);
  near = get_difference (first, other, width);
  load (sinogram, n - 2, scratch, other);
  near = 0.5 * (near + get_difference (last, other, width));

  for (guint i = 0; i < OTHERS; i++)
    {
      load (sinogram, (i + 1) * n / (OTHERS + 2), scratch, other);
      usual[i] = get_difference (first, other, width);
    }
  noise = 2 * sinogram->noise * sinogram->noise * recon_axis_pass_band_get_gain (width);

  return ends - noise < ALIKE * (recon_axis_median (usual, OTHERS) - noise) && ends < NEIGHBOURS * near &&
         ends - noise < MIRRORED * (get_mirrored_difference (first, last, width) - noise);
}
