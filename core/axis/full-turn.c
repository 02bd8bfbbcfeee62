/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "axis/pair.h"

/* Every projection with its opposite. What is the same at all angles says little about the axis of an object that turns
 * but is all that stripes are made of, and the mean of a full turn is symmetric about the axis for every object: it is
 * taken away from both. An object that is the same from all sides leaves nothing but noise then; the pairs of some
 * projections, which keep it, do for that. */

/* Returns: (transfer full): all pairs of a sinogram of more than half a turn, possibly none */
ReconAxisPairs *
recon_axis_full_turn_find (const ReconAxisSinogram *sinogram)
{
  const double last = sinogram->angles[sinogram->n - 1];
  const gboolean whole = 2 * G_PI - last < 2.5 * sinogram->step;
  g_autofree double *mean = g_new0 (double, sinogram->width);
  ReconAxisPairs *pairs;
  guint n = 0;

  while (n < sinogram->n && sinogram->angles[n] + G_PI <= last + (whole ? 2.5 : 0.02) * sinogram->step &&
         sinogram->angles[n] < G_PI)
    n++;
  pairs = recon_axis_pairs_new (sinogram->width, MAX (n, 1));

  if (whole)
    for (guint i = 0; i < sinogram->n; i++)
      for (guint c = 0; c < sinogram->width; c++)
        mean[c] += (double) recon_axis_sinogram_line (sinogram, i)[c] / sinogram->n;

  for (guint i = 0; i < n; i++)
    {
      float *a = pairs->a + (gsize) i * sinogram->width;
      float *b = pairs->b + (gsize) i * sinogram->width;

      memcpy (a, recon_axis_sinogram_line (sinogram, i), sinogram->width * sizeof *a);
      recon_axis_sinogram_sample (sinogram, sinogram->angles[i] + G_PI, b);
      for (guint c = 0; c < sinogram->width; c++)
        {
          a[c] -= (float) mean[c];
          b[c] -= (float) mean[c];
        }
      recon_axis_pairs_take (pairs, 0.5 * (sinogram->places[i] +
                                           recon_axis_sinogram_get_place (sinogram, sinogram->angles[i] + G_PI)));
    }

  pairs->mean = g_new (float, sinogram->width);
  for (guint c = 0; c < sinogram->width; c++)
    pairs->mean[c] = (float) mean[c];

  return pairs;
}
