/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "axis/axis-search.h"
#include "axis/slice-search.h"

/* From a search to its result, in columns as read. */

#define CANDIDATES 48
#define CANDIDATE_COLUMNS 192
#define CANDIDATE_STEP 0.25 /* pixels of these slices */

/* A little more than what the search looked at, so that the valley shows. */
static void
add_candidates (const ReconAxisSearch *self,
                const ReconAxisRows   *rows,
                ReconAxisResult       *result)
{
  const ReconRowSearch *row = recon_axis_search_get_middle_row (self);
  const double pixel = MAX (self->width / (double) CANDIDATE_COLUMNS, 1);
  double axis, least = G_MAXDOUBLE, most = -G_MAXDOUBLE;

  if (row == NULL)
    return;

  axis = recon_axis_search_get_column (self, row->row);
  result->n_candidates = CANDIDATES;
  result->candidates = g_new (double, CANDIDATES);
  result->scores = g_new (double, CANDIDATES);
  for (guint i = 0; i < CANDIDATES; i++)
    result->candidates[i] = axis + ((double) i - CANDIDATES / 2) * CANDIDATE_STEP * pixel;
  recon_axis_slice_curve (row->sinogram, RECON_AXIS_METRIC_ENTROPY, result->candidates[0], CANDIDATE_STEP * pixel,
                          result->scores, CANDIDATES, CANDIDATE_COLUMNS);
  for (guint i = 0; i < CANDIDATES; i++)
    {
      least = MIN (least, result->scores[i]);
      most = MAX (most, result->scores[i]);
    }
  for (guint i = 0; i < CANDIDATES; i++)
    {
      result->scores[i] = most > least ? (most - result->scores[i]) / (most - least) : 0;
      /* The candidates are for the row in the middle; the result is for the middle of the rows. */
      result->candidates[i] = recon_axis_rows_column_as_read (rows, result->candidates[i] - axis + self->line.axis);
    }
}

static void
add_rows (const ReconAxisSearch *self,
          const ReconAxisRows   *rows,
          ReconAxisResult       *result)
{
  result->n_rows = self->n;
  result->rows = g_new (ReconAxisRow, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      const ReconAxisEstimate *all = &self->rows[i]->estimates[RECON_AXIS_AUTO];
      gboolean found = !isnan (all->axis) && result->confidence != RECON_AXIS_CONFIDENCE_NONE;

      result->rows[i] = (ReconAxisRow) {
        .row = self->rows[i]->row,
        .axis = found ? recon_axis_rows_column_as_read (rows, all->axis) : (double) NAN,
        .uncertainty = found ? all->uncertainty * rows->bin : (double) NAN,
        .score = found ? all->score : 0,
        .used = found && self->rows[i]->used,
      };
    }
}

/* Returns: the method whose estimates weigh most */
static ReconAxisMethod
get_method (const ReconAxisSearch *self)
{
  double weights[RECON_AXIS_N_METHODS] = { 0 };
  guint best = RECON_AXIS_AUTO;

  for (guint i = 0; i < self->n; i++)
    for (guint m = RECON_AXIS_AUTO + 1; m < RECON_AXIS_N_METHODS; m++)
      {
        const ReconAxisEstimate *estimate = &self->rows[i]->estimates[m];

        if (self->rows[i]->used && !isnan (estimate->axis))
          weights[m] += 1 / (estimate->uncertainty * estimate->uncertainty);
        if (weights[m] > weights[best])
          best = m;
      }

  return (ReconAxisMethod) best;
}

/**
 * recon_axis_answer:
 * @self: a search that has come to its end
 * @rows: what it was made with
 *
 * Returns: (transfer full): its result
 */
ReconAxisResult *
recon_axis_answer (const ReconAxisSearch *self,
                   const ReconAxisRows   *rows)
{
  ReconAxisResult *result = g_new0 (ReconAxisResult, 1);

  result->confidence = recon_axis_judge (self, &result->reason);
  result->middle = (rows->width_as_read - 1) / 2.0;
  result->method = get_method (self);
  result->axis = result->uncertainty = result->tilt = result->tilt_uncertainty = NAN;
  result->drift = result->drift_uncertainty = NAN;
  result->middle_row = self->line.row;
  if (result->confidence != RECON_AXIS_CONFIDENCE_NONE)
    {
      result->axis = recon_axis_rows_column_as_read (rows, self->line.axis);
      result->uncertainty = self->line.uncertainty * rows->bin;
      if (!isnan (self->drift))
        {
          result->drift = self->drift * rows->bin;
          result->drift_uncertainty = self->drift_uncertainty * rows->bin;
        }
      if (!isnan (self->line.slope))
        {
          result->tilt = atan (self->line.slope * rows->bin) * 180 / G_PI;
          result->tilt_uncertainty = self->line.slope_uncertainty * rows->bin * 180 / G_PI;
        }
      result->half = recon_axis_search_is_half (self);
      if (result->half)
        result->overlap = (2 * MIN (self->line.axis, self->width - 1 - self->line.axis) + 1) * rows->bin;
      add_candidates (self, rows, result);
    }
  add_rows (self, rows, result);

  return result;
}
