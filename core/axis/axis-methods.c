/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "axis/axis-search.h"
#include "axis/pool.h"
#include "axis/slice-search.h"

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
