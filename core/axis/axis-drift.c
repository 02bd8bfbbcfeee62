/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "axis/axis-search.h"
#include "axis/slice-search.h"
#include "axis/statistics.h"

/* What parts of the scan say of the axis that all of it has: sample or detector may have moved. Of a full turn, pairs
 * of opposite projections tell the axis of each part; a straight line through the parts is the drift, and what they
 * leave it by is what else has moved. Of half a turn only the ends are opposite: there the centre of mass tells a
 * little. */

#define PART_FLOOR 0.02    /* pixels of one row, which the estimate of a part doesn't know of */
#define USUAL_DRIFT 1.0    /* pixels, what is to be expected before anything is known */
#define KNOWN 2.0          /* parts that would agree: so few of them may do so by chance */
#define CERTAIN 3.0        /* standard deviations of a drift that there is */
#define HARMLESS 0.8       /* pixels of drift, in which one axis stands for all of the scan */
#define HARMFUL 1.0       /* pixels of drift, in which it does for none of its parts */
#define ONE_AXIS 0.1       /* uncertainty of the one axis then, of the drift: that of the mean of three parts */

typedef struct
{
  guint  n;
  double places[RECON_AXIS_PARTS]; /* from the middle of the scan: -0.5 … 0.5 */
  double off[RECON_AXIS_PARTS];    /* from the axis of all of the scan */
  double unsure[RECON_AXIS_PARTS];
} Parts;

/* The parts of all rows together. A row in which a part is far off the others has lost its way there. */
static void
collect (const ReconAxisSearch *self,
         Parts                 *parts)
{
  g_autofree double *off = g_new (double, self->n);
  g_autofree double *unsure = g_new (double, self->n);

  *parts = (Parts) { 0 };
  for (guint p = 0; p < RECON_AXIS_PARTS; p++)
    {
      gsize n = 0;

      for (guint i = 0; i < self->n; i++)
        {
          const ReconRowSearch *row = self->rows[i];

          if (!row->used || row->n_parts == 0 || isnan (row->parts[p].axis))
            continue;
          parts->places[parts->n] = row->parts[p].place - 0.5;
          off[n] = row->parts[p].axis - row->estimates[RECON_AXIS_FULL_TURN].axis;
          unsure[n++] = hypot (row->parts[p].uncertainty, PART_FLOOR);
        }
      if (n == 0)
        continue;
      recon_axis_pool (off, unsure, n, 1, &parts->off[parts->n], &parts->unsure[parts->n]);
      parts->n++;
    }
}

/* A straight line through the parts: where the axis is in the middle of the scan, and the drift. */
static void
fit (ReconAxisSearch *self,
     const Parts     *parts)
{
  double w = 0, x = 0, y = 0, xx = 1 / (USUAL_DRIFT * USUAL_DRIFT), xy = 0, det, middle, chi = KNOWN, most = 0;

  for (guint p = 0; p < parts->n; p++)
    {
      const double weight = 1 / (parts->unsure[p] * parts->unsure[p]);

      w += weight;
      x += weight * parts->places[p];
      y += weight * parts->off[p];
      xx += weight * parts->places[p] * parts->places[p];
      xy += weight * parts->places[p] * parts->off[p];
    }
  det = w * xx - x * x;
  middle = (xx * y - x * xy) / det;
  self->drift = (w * xy - x * y) / det;

  for (guint p = 0; p < parts->n; p++)
    {
      const double off = parts->off[p] - middle - self->drift * parts->places[p];

      chi += off * off / (parts->unsure[p] * parts->unsure[p]);
      most = MAX (most, fabs (off));
    }
  chi = MAX (chi / (KNOWN + MAX (parts->n, 2) - 2), 1);

  self->drift_uncertainty = sqrt (chi * w / det);
  self->unsteady = chi > 1 ? most : 0;
  self->line.axis += middle;
  /* What the rows' own uncertainties hold already is taken from that of the middle. */
  self->line.uncertainty = hypot (self->line.uncertainty, sqrt (MAX (chi * xx / det - 1 / w, 0)));
}

static void
weigh_masses (ReconAxisSearch *self)
{
  g_autofree double *drifts = g_new (double, self->n);
  g_autofree double *unsure = g_new (double, self->n);
  gsize n = 0;

  for (guint i = 0; i < self->n; i++)
    if (self->rows[i]->used && !isnan (self->rows[i]->drift.axis))
      {
        drifts[n] = self->rows[i]->drift.axis;
        unsure[n++] = self->rows[i]->drift.uncertainty;
      }
  if (n == 0)
    return;

  recon_axis_pool (drifts, unsure, n, 1, &self->drift, &self->drift_uncertainty);
}

/* Returns: whether the axis is known to move */
gboolean
recon_axis_search_drifts (const ReconAxisSearch *self)
{
  return fabs (self->drift) > CERTAIN * self->drift_uncertainty;
}

/**
 * recon_axis_compare_parts:
 * @self: (inout): a search whose line is known; gets its drift, and a line whose uncertainty covers what parts say
 *
 * Compares parts of the scan.
 */
void
recon_axis_compare_parts (ReconAxisSearch *self)
{
  Parts parts;

  self->drift = NAN;
  self->drift_uncertainty = G_MAXDOUBLE;
  if (self->line.n_used == 0)
    return;

  collect (self, &parts);
  if (parts.n == 0)
    {
      weigh_masses (self);
      return;
    }

  fit (self, &parts);
  if (recon_axis_search_drifts (self))
    {
      const double drift = fabs (self->drift), harm = CLAMP ((drift - HARMLESS) / (HARMFUL - HARMLESS), 0, 1);

      self->line.uncertainty = hypot (self->line.uncertainty, ONE_AXIS * drift * harm);
    }
}

/* What methods say of the line. What each is wrong by for all rows alike, which show the same object, does not become
 * less with their number; and where methods disagree beyond that, the line may be as far off. */

#define CUT 4.0            /* times: slices of what is cut follow more than the axis */
#define SLICE_COLUMNS 256
#define CHANCE 1.5         /* times what they believe: so few methods may disagree so far by chance */

/* Standard deviations that rows have in common, pixels. */
static const double common[RECON_AXIS_N_METHODS] = {
  [RECON_AXIS_PAIR] = 0.025,      [RECON_AXIS_WEDGE] = 0.025,  [RECON_AXIS_FULL_TURN] = 0.002,
  [RECON_AXIS_CENTROID] = 0.03,   [RECON_AXIS_ENTROPY] = 0.03, [RECON_AXIS_NEGATIVITY] = 0.03,
  [RECON_AXIS_SHARPNESS] = 0.03,
};

static double
get_common (const ReconAxisSearch *self,
            guint                  method)
{
  const ReconRowSearch *middle = recon_axis_search_get_middle_row (self);

  if (method < RECON_AXIS_ENTROPY)
    return common[method];

  return common[method] * MAX (self->width / (double) SLICE_COLUMNS, 1) *
         (middle != NULL && recon_axis_sinogram_is_cut (middle->sinogram) ? CUT : 1);
}

/* Returns: what one method weighs in the rows that are used; where it has the line */
static double
weigh (const ReconAxisSearch *self,
       guint                  method,
       double                *off,
       double                *uncertainty)
{
  g_autofree double *values = g_new (double, self->n);
  g_autofree double *unsure = g_new (double, self->n);
  double weight = 0;
  gsize n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      const ReconAxisEstimate *estimate = &self->rows[i]->estimates[method];

      if (!self->rows[i]->used || isnan (estimate->axis))
        continue;
      weight += 1 / (estimate->uncertainty * estimate->uncertainty);
      values[n] = estimate->axis - recon_axis_search_get_column (self, self->rows[i]->row);
      unsure[n++] = estimate->uncertainty;
    }
  recon_axis_pool (values, unsure, n, 1, off, uncertainty);

  return weight;
}

/**
 * recon_axis_compare_methods:
 * @self: (inout): a search whose line is known; its uncertainty comes to cover what methods say
 *
 * Compares the methods that all rows together were looked at with.
 */
void
recon_axis_compare_methods (ReconAxisSearch *self)
{
  double off[RECON_AXIS_N_METHODS], unsure[RECON_AXIS_N_METHODS], weights[RECON_AXIS_N_METHODS];
  double total = 0, shares = 0, wrong = 0, apart, mean, uncertainty;
  guint n = 0;

  for (guint m = RECON_AXIS_AUTO + 1; m < RECON_AXIS_N_METHODS; m++)
    {
      const double method_common = get_common (self, m);

      weights[n] = weigh (self, m, &off[n], &unsure[n]);
      if (!(weights[n] > 0))
        continue;
      wrong += weights[n] * weights[n] * method_common * method_common;
      shares += weights[n] * weights[n];
      total += weights[n];
      unsure[n] = CHANCE * hypot (unsure[n], method_common);
      n++;
    }
  if (n == 0)
    return;

  apart = recon_axis_pool (off, unsure, n, 1, &mean, &uncertainty);
  self->line.uncertainty = sqrt (self->line.uncertainty * self->line.uncertainty +
                                 (wrong + apart * apart * shares) / (total * total));
}
