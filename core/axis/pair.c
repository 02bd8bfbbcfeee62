/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/pair.h"

#include <math.h>
#include <string.h>

/* The first projection of a half turn and the one that would follow the last: the mirror images that every scan has.
 * The last one is missing by one step in most scans. Then both ends of the scan are continued to the angle in the
 * middle of the gap, by straight lines through three samples each: what these miss is the same on both sides. */

#define PAIRS 16        /* of more than half a turn */
#define LINES 3         /* that are continued */
#define LARGEST_GAP 2.5 /* steps */
#define CONTINUED 1.5   /* variance of a continued line, of that of a measured one, half a step away */

/* Returns: the angle between the last line and the opposite of the first; 0 where there is one */
static double
get_gap (const ReconAxisSinogram *sinogram)
{
  return MAX (G_PI - sinogram->angles[sinogram->n - 1], 0);
}

/* Straight lines through three samples at gap / 2, gap / 2 + step, …, at 0. */
static void
continue_lines (const ReconAxisSinogram *sinogram,
                gboolean                 at_end,
                double                   gap,
                float                   *line)
{
  double x[LINES], middle = 0, spread = 0;

  memset (line, 0, sinogram->width * sizeof *line);
  for (guint j = 0; j < LINES; j++)
    {
      guint i = at_end ? sinogram->n - 1 - j : j;

      x[j] = gap / 2 + fabs (sinogram->angles[i] - sinogram->angles[at_end ? sinogram->n - 1 : 0]);
      middle += x[j] / LINES;
    }
  for (guint j = 0; j < LINES; j++)
    spread += (x[j] - middle) * (x[j] - middle);

  for (guint j = 0; j < LINES; j++)
    {
      const float *from = recon_axis_sinogram_line (sinogram, at_end ? sinogram->n - 1 - j : j);
      float weight = (float) (1.0 / LINES - (spread > 0 ? middle * (x[j] - middle) / spread : 0));

      for (guint c = 0; c < sinogram->width; c++)
        line[c] += weight * from[c];
    }
}

/* How far an estimate may be off because the lines of the pair are not exactly opposite. */
double
recon_axis_pair_get_bias (const ReconAxisSinogram *sinogram)
{
  const double gap = get_gap (sinogram);
  const double moves = gap * sinogram->width / 2; /* of the object's rim, in pixels */

  return gap > LARGEST_GAP * sinogram->step ? 0.25 * moves : 0.02 * moves;
}

/**
 * recon_axis_pair_find:
 * @sinogram: a sinogram of about half a turn or more
 *
 * Returns: (transfer full): pairs of lines that are mirror images: the one that closes half a turn, or several where
 *   the scan goes on
 */
ReconAxisPairs *
recon_axis_pair_find (const ReconAxisSinogram *sinogram)
{
  const double end = sinogram->angles[sinogram->n - 1] + 0.02 * sinogram->step;
  const double gap = get_gap (sinogram);
  ReconAxisPairs *pairs = recon_axis_pairs_new (sinogram->width, PAIRS);
  const gsize bytes = sinogram->width * sizeof (float);
  guint n = 0, stride;

  while (n < sinogram->n && sinogram->angles[n] + G_PI <= end)
    n++;
  stride = MAX ((n + PAIRS - 1) / PAIRS, 1);

  for (guint i = 0; i < n; i += stride)
    {
      memcpy (pairs->a + (gsize) pairs->n * sinogram->width, recon_axis_sinogram_line (sinogram, i), bytes);
      recon_axis_sinogram_sample (sinogram, sinogram->angles[i] + G_PI,
                                  pairs->b + (gsize) pairs->n * sinogram->width);
      recon_axis_pairs_take (pairs, 0.5 * (sinogram->places[i] +
                                           recon_axis_sinogram_get_place (sinogram, sinogram->angles[i] + G_PI)));
    }

  if (n == 0 && gap <= LARGEST_GAP * sinogram->step && sinogram->n >= LINES)
    {
      continue_lines (sinogram, FALSE, gap, pairs->a);
      continue_lines (sinogram, TRUE, gap, pairs->b);
      pairs->noise = CONTINUED;
      recon_axis_pairs_take (pairs, 0.5);
    }
  else if (n == 0)
    {
      memcpy (pairs->a, recon_axis_sinogram_line (sinogram, 0), bytes);
      memcpy (pairs->b, recon_axis_sinogram_line (sinogram, sinogram->n - 1), bytes);
      recon_axis_pairs_take (pairs, 0.5);
    }

  return pairs;
}

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
