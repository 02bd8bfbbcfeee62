/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/row-search.h"

#include <math.h>

#include "axis/centroid.h"
#include "axis/axis-fft.h"
#include "axis/pairs.h"
#include "axis/slice-search.h"
#include "axis/statistics.h"
#include "axis/wedge.h"

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

/* Returns whether its first and its last line look as if they followed each other. */
static gboolean
has_same_ends (const ReconAxisSinogram *sinogram)
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

/* Standard deviations that an estimate doesn't know of, in pixels: detectors that are not quite what the models say.
 * Measured on phantoms with rings. */
#define FLOOR 0.02
#define TURN_FLOOR 0.005    /* of a full turn, which sees every column from both sides */
#define PAIR_SURE 2.0    /* times the deviation that a single pair believes in */
#define WEDGE_SURE 0.75  /* likewise */
#define CENTROID_FLOOR 0.08
#define SLICE_COLUMNS 256
#define SLICE_FLOOR 0.05 /* pixels of the slice */
#define CUT_SLICES 3.0   /* times: slices of what is cut follow more than the axis */
#define NOISY 0.07       /* pixels, one standard deviation: what noise leaves so little of is less sure than it knows */
#define MOST_NOISY 2.0   /* times */
#define TURNING 1.6      /* times what noise alone would have: there is an object */
#define FAR 3.5          /* standard deviations between estimates that contradict each other */


static gboolean
has_object (const ReconAxisSinogram *sinogram)
{
  return sinogram->signal > 0 && isfinite (sinogram->signal) &&
         sinogram->turning > TURNING * sinogram->turning_noise && sinogram->turning > 1e-6 * sinogram->signal;
}

/**
 * recon_row_search_new:
 * @row: its number
 * @data: absorptivity, n_angles × width
 * @angles: radians
 * @n_angles: number of angles
 * @width: columns
 *
 * Prepares a row and compares its opposite lines about all axes.
 *
 * Returns: (transfer full): the row
 */
ReconRowSearch *
recon_row_search_new (double        row,
                      const float  *data,
                      const double *angles,
                      guint         n_angles,
                      guint         width)
{
  ReconRowSearch *self = g_new0 (ReconRowSearch, 1);

  self->row = row;
  self->coarse = NAN;
  self->drift = RECON_AXIS_NO_ESTIMATE;
  for (guint i = 0; i < RECON_AXIS_N_METHODS; i++)
    self->estimates[i] = RECON_AXIS_NO_ESTIMATE;

  self->sinogram = recon_axis_sinogram_new (data, angles, n_angles, width);
  if (self->sinogram == NULL || !has_object (self->sinogram))
    {
      g_clear_pointer (&self->sinogram, recon_axis_sinogram_free);
      return self;
    }

  self->pairs = self->sinogram->full ? recon_axis_full_turn_find (self->sinogram)
                                     : recon_axis_pair_find (self->sinogram);
  self->same_ends = has_same_ends (self->sinogram);
  self->mirror = recon_axis_mirror_new (self->pairs);
  self->evidence = recon_axis_mirror_evidence (self->mirror);

  return self;
}

void
recon_row_search_free (ReconRowSearch *self)
{
  g_clear_pointer (&self->sinogram, recon_axis_sinogram_free);
  g_clear_pointer (&self->pairs, recon_axis_pairs_free);
  g_clear_pointer (&self->mirror, recon_axis_mirror_free);
  g_free (self->evidence);
  g_free (self);
}

static void
add_floor (ReconAxisEstimate *estimate,
           double             floor)
{
  if (!isnan (estimate->axis))
    estimate->uncertainty = hypot (estimate->uncertainty, floor);
}

/* What noise has in common by chance is taken for what the lines have in common. */
static void
doubt_noise (ReconAxisEstimate *estimate)
{
  if (!isnan (estimate->axis))
    estimate->uncertainty *= MIN (hypot (1, estimate->uncertainty / NOISY), MOST_NOISY);
}

static void
refine_pair (ReconRowSearch *self)
{
  ReconAxisEstimate *estimate = &self->estimates[RECON_AXIS_PAIR];
  g_autoptr (ReconAxisPairs) pairs = recon_axis_pair_find (self->sinogram);

  *estimate = recon_axis_pairs_refine (pairs, self->coarse);
  estimate->uncertainty *= PAIR_SURE;
  doubt_noise (estimate);
  add_floor (estimate, FLOOR + recon_axis_pair_get_bias (self->sinogram));
}

/**
 * recon_row_search_refine:
 * @self: a row whose coarse axis is known
 * @method: one, or %RECON_AXIS_AUTO for all that suit it and are quick
 *
 * Looks closely about the coarse axis.
 */
void
recon_row_search_refine (ReconRowSearch  *self,
                         ReconAxisMethod  method)
{
  const gboolean all = method == RECON_AXIS_AUTO;
  ReconAxisEstimate *estimates = self->estimates;

  if (self->sinogram == NULL || isnan (self->coarse))
    return;

  if (method == RECON_AXIS_PAIR || (all && !self->sinogram->full))
    refine_pair (self);
  if (method == RECON_AXIS_FULL_TURN || (all && self->sinogram->full))
    {
      estimates[RECON_AXIS_FULL_TURN] = recon_axis_pairs_refine (self->pairs, self->coarse);
      if (!isnan (estimates[RECON_AXIS_FULL_TURN].axis))
        self->n_parts = recon_axis_pairs_measure_parts (self->pairs, estimates[RECON_AXIS_FULL_TURN].axis, self->parts);
      add_floor (&estimates[RECON_AXIS_FULL_TURN], TURN_FLOOR);
    }
  if (method == RECON_AXIS_WEDGE || (all && !self->sinogram->full))
    {
      estimates[RECON_AXIS_WEDGE] = recon_axis_wedge_refine (self->sinogram, self->coarse);
      estimates[RECON_AXIS_WEDGE].uncertainty *= WEDGE_SURE;
      doubt_noise (&estimates[RECON_AXIS_WEDGE]);
      add_floor (&estimates[RECON_AXIS_WEDGE], FLOOR);
    }
  if (method == RECON_AXIS_CENTROID || all)
    {
      estimates[RECON_AXIS_CENTROID] = recon_axis_centroid (self->sinogram, &self->drift);
      add_floor (&estimates[RECON_AXIS_CENTROID], CENTROID_FLOOR);
    }
}

/**
 * recon_row_search_examine:
 * @self: a row
 * @axis: near which
 * @reach: how near, pixels
 *
 * Looks at the entropy of slices.
 */
void
recon_row_search_examine (ReconRowSearch *self,
                          double          axis,
                          double          reach)
{
  ReconAxisEstimate *estimate = &self->estimates[RECON_AXIS_ENTROPY];

  if (self->sinogram == NULL || isnan (axis))
    return;

  *estimate = recon_axis_slice_refine (self->sinogram, RECON_AXIS_ENTROPY, axis, reach, SLICE_COLUMNS);
  add_floor (estimate, SLICE_FLOOR * MAX (self->sinogram->width / (double) SLICE_COLUMNS, 1));
  if (recon_axis_sinogram_is_cut (self->sinogram))
    estimate->uncertainty *= CUT_SLICES;
}

/**
 * recon_row_search_combine:
 * @self: a row with estimates
 *
 * Weighs the estimates of a row. One that contradicts the rest of them is left out; if two contradict each other, the
 * surer one counts, with the distance for its uncertainty.
 */
void
recon_row_search_combine (ReconRowSearch *self)
{
  ReconAxisEstimate *estimates = self->estimates, *total = &estimates[RECON_AXIS_AUTO];
  ReconAxisMethod surest = RECON_AXIS_AUTO;
  double weight = 0, sum = 0, score = 0;

  *total = RECON_AXIS_NO_ESTIMATE;
  for (guint i = RECON_AXIS_AUTO + 1; i < RECON_AXIS_N_METHODS; i++)
    if (!isnan (estimates[i].axis) &&
        (surest == RECON_AXIS_AUTO || estimates[i].uncertainty < estimates[surest].uncertainty))
      surest = (ReconAxisMethod) i;
  if (surest == RECON_AXIS_AUTO)
    return;

  for (guint i = RECON_AXIS_AUTO + 1; i < RECON_AXIS_N_METHODS; i++)
    {
      double both = hypot (estimates[i].uncertainty, estimates[surest].uncertainty), w;

      if (isnan (estimates[i].axis) || fabs (estimates[i].axis - estimates[surest].axis) > FAR * both)
        continue;
      w = 1 / (estimates[i].uncertainty * estimates[i].uncertainty);
      sum += w * estimates[i].axis;
      score += w * estimates[i].score;
      weight += w;
    }
  *total = (ReconAxisEstimate) { .axis = sum / weight, .uncertainty = 1 / sqrt (weight), .score = score / weight };
}
