/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "axis/axis-search.h"
#include "axis/statistics.h"

/* The coarse axis: what all rows together have the most evidence for. The axis of a row may be a little beside that of
 * another one, if it is tilted: each row gives the best that it has nearby. */

#define NEARBY 0.01  /* of the width */
#define LEAST_NEARBY 2.0
#define APART 4.0    /* pixels, beyond what is nearby */
#define MISSED 0.5   /* of the rows: if so many are wholly in view, the axis is near where their mass turns about */
#define MASS_REACH 0.03 /* of the width */

static int
get_nearby (const ReconAxisSearch *self)
{
  return (int) ceil (2 * MAX (NEARBY * self->width, LEAST_NEARBY));
}

/* Adds the best within @nearby on either side. */
static void
add_dilated (const double *evidence,
             int           n,
             int           nearby,
             double       *sum)
{
  g_autofree int *queue = g_new (int, n);
  int head = 0, tail = 0, next = 0;

  for (int t = 0; t < n; t++)
    {
      for (; next < n && next <= t + nearby; next++)
        {
          while (tail > head && evidence[queue[tail - 1]] <= evidence[next])
            tail--;
          queue[tail++] = next;
        }
      while (queue[head] < t - nearby)
        head++;
      sum[t] += evidence[queue[head]];
    }
}

/* Where the mass of objects wholly in view turns about narrows the search. */
static ReconAxisRange
narrow (const ReconAxisSearch *self)
{
  g_autofree double *axes = g_new (double, MAX (self->n, 1));
  ReconAxisRange range = self->range;
  guint n = 0, n_rows = 0;

  for (guint i = 0; i < self->n; i++)
    {
      const ReconAxisEstimate *mass = &self->rows[i]->estimates[RECON_AXIS_CENTROID];

      n_rows += self->rows[i]->sinogram != NULL;
      if (!isnan (mass->axis) && mass->uncertainty < MASS_REACH * self->width / 3)
        axes[n++] = mass->axis;
    }
  if (n > MISSED * n_rows)
    {
      double middle = recon_axis_median (axes, n), reach = MAX (MASS_REACH * self->width, 4);

      if (middle - reach < range.high && middle + reach > range.low)
        {
          range.low = MAX (range.low, middle - reach);
          range.high = MIN (range.high, middle + reach);
        }
    }

  return range;
}

static void
set_coarse (ReconAxisSearch *self,
            int              t_best,
            int              nearby)
{
  const int n = 2 * (int) self->width - 1;

  for (guint i = 0; i < self->n; i++)
    {
      ReconRowSearch *row = self->rows[i];
      double best = 0;

      if (row->sinogram == NULL)
        continue;
      row->coarse = t_best / 2.0;
      for (int t = MAX (t_best - nearby, 0); t <= MIN (t_best + nearby, n - 1); t++)
        if (row->evidence[t] > best)
          {
            best = row->evidence[t];
            row->coarse = t / 2.0;
          }
      row->likeness = recon_axis_mirror_likeness (row->mirror, row->sinogram->variance, (guint) (2 * row->coarse));
    }
}

/**
 * recon_axis_consensus:
 * @self: a search with its rows
 *
 * Finds the axis to a few pixels, and for each row to half a pixel where it can.
 *
 * Returns: the axis, or NaN if nothing in the range looks like a mirror image
 */
double
recon_axis_consensus (ReconAxisSearch *self)
{
  const int n = 2 * (int) self->width - 1, nearby = get_nearby (self);
  const ReconAxisRange range = narrow (self);
  const int first = MAX ((int) ceil (2 * range.low), 0), last = MIN ((int) floor (2 * range.high), n - 1);
  g_autofree double *sum = g_new0 (double, n);
  double second = 0;
  int t_best = -1, left, right;

  for (guint i = 0; i < self->n; i++)
    if (self->rows[i]->sinogram != NULL)
      add_dilated (self->rows[i]->evidence, n, nearby, sum);
  for (int t = first; t <= last; t++)
    if (sum[t] > 0 && (t_best < 0 || sum[t] > sum[t_best]))
      t_best = t;
  if (t_best < 0)
    return NAN;

  /* The best is as good for some way: it is in the middle of that. */
  for (left = t_best; left > first && sum[left - 1] >= sum[t_best]; left--)
    continue;
  for (right = t_best; right < last && sum[right + 1] >= sum[t_best]; right++)
    continue;
  t_best = (left + right) / 2;

  self->rival = NAN;
  for (int t = first; t <= last; t++)
    if (abs (t - t_best) > 2 * nearby + 2 * APART && sum[t] > second)
      {
        second = sum[t];
        self->rival = t / 2.0;
      }
  self->evidence = sum[t_best];
  self->margin = sum[t_best] - second;
  set_coarse (self, t_best, nearby);

  return t_best / 2.0;
}
