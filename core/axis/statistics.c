/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"

/* Sorts the values, which are finite. */
double
recon_axis_quantile (float  *values,
                     gsize   n,
                     double  fraction)
{
  g_assert (n > 0);
  recon_sort_floats (values, n);

  return (double) values[(gsize) (fraction * (double) (n - 1) + 0.5)];
}

/* Sorts the values, which are finite. */
double
recon_axis_median (double *values,
                   gsize   n)
{
  g_assert (n > 0);
  qsort (values, n, sizeof *values, recon_compare_doubles);

  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* Returns: the standard deviation of normal values that have the same median distance from @middle */
double
recon_axis_deviation (const double *values,
                      gsize         n,
                      double        middle)
{
  g_autofree double *distances = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    distances[i] = fabs (values[i] - middle);

  return n > 0 ? recon_axis_median (distances, n) / 0.6745 : 0.0;
}

/* One value of several that may disagree by more than they know of (random effects: Paule and Mandel, J. Res. Natl.
 * Bur. Stand. 87, 1982): to the variance of each is added the one that makes their spread what it would be by chance.
 * Values that believe too much in themselves then count little more than the others. */

#define TURNS 40

/* Returns: the mean weighted with an excess variance; chi squared of the values about it */
static double
weigh (const double *values,
       const double *uncertainties,
       gsize         n,
       double        excess,
       double       *mean,
       double       *uncertainty)
{
  double weight = 0, sum = 0, chi = 0;

  for (gsize i = 0; i < n; i++)
    {
      double w = 1 / (uncertainties[i] * uncertainties[i] + excess);

      weight += w;
      sum += w * values[i];
    }
  *mean = sum / weight;
  *uncertainty = 1 / sqrt (weight);
  for (gsize i = 0; i < n; i++)
    chi += (values[i] - *mean) * (values[i] - *mean) / (uncertainties[i] * uncertainties[i] + excess);

  return chi;
}

/**
 * recon_axis_pool:
 * @values: (array length=n): of the same thing
 * @uncertainties: (array length=n): what each believes, one standard deviation, above 0
 * @n: number of values
 * @n_parameters: that have been taken from the values, the mean among them
 * @mean: (out): of all
 * @uncertainty: (out): its own, which covers the disagreement of the values
 *
 * Returns: by how much they disagree beyond what they believe: a standard deviation, 0 if they agree
 */
double
recon_axis_pool (const double *values,
                 const double *uncertainties,
                 gsize         n,
                 guint         n_parameters,
                 double       *mean,
                 double       *uncertainty)
{
  const double freedom = n > n_parameters ? (double) (n - n_parameters) : 0;
  double low = 0, high = 0;

  *mean = NAN;
  *uncertainty = G_MAXDOUBLE;
  if (n == 0 || weigh (values, uncertainties, n, 0, mean, uncertainty) <= freedom || freedom <= 0)
    return 0;

  for (gsize i = 0; i < n; i++)
    high += (values[i] - *mean) * (values[i] - *mean);
  for (high *= 2 / freedom; weigh (values, uncertainties, n, high, mean, uncertainty) > freedom;)
    high *= 2;
  for (guint turn = 0; turn < TURNS; turn++)
    {
      double excess = 0.5 * (low + high);

      if (weigh (values, uncertainties, n, excess, mean, uncertainty) > freedom)
        low = excess;
      else
        high = excess;
    }

  return sqrt (0.5 * (low + high));
}

/* A line through points of which some may be far off: the median of the slopes between any two (Theil and Sen), then,
 * with what is near that, weighted least squares. */

#define FAR 3.5   /* standard deviations: farther points are left out */
#define NEAR 0.2  /* pixels: nearer ones never are */
#define TILT (1.0 / 180 * G_PI) /* what axes are tilted by, usually: rows near each other don't show it */
#define MOST_TILT (5.0 / 180 * G_PI)
#define SUREST 0.003 /* pixels: no fit is surer than that */

static double
get_slope (const ReconAxisPoint *points,
           guint                 n)
{
  g_autofree double *slopes = g_new (double, (gsize) n * n / 2 + 1);
  gsize n_slopes = 0;
  double slope;

  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (!isnan (points[i].axis) && !isnan (points[j].axis) && points[i].row != points[j].row)
        slopes[n_slopes++] = (points[j].axis - points[i].axis) / (points[j].row - points[i].row);

  if (n_slopes < 3)
    return 0;
  slope = recon_axis_median (slopes, n_slopes);

  return fabs (slope) < MOST_TILT ? slope : 0;
}

/* The point that most others are near: a median that counts what each is worth. */
static double
get_level (const ReconAxisPoint *points,
           guint                 n,
           double                slope)
{
  double best = 0, level = 0;

  for (guint i = 0; i < n; i++)
    {
      double sum = 0, at = points[i].axis - slope * points[i].row;

      if (isnan (points[i].axis))
        continue;
      for (guint j = 0; j < n; j++)
        if (!isnan (points[j].axis))
          {
            double d = points[j].axis - slope * points[j].row - at;
            double u = MAX (points[j].uncertainty, NEAR);

            sum += 1 / (u * (1 + d * d / (u * u)));
          }
      if (sum > best)
        {
          best = sum;
          level = at;
        }
    }

  return level;
}

/* Weighted least squares through the points that are used. */
static void
fit (const ReconAxisPoint *points,
     guint                 n,
     ReconAxisLine        *line)
{
  g_autofree double *values = g_new (double, n);
  g_autofree double *unsure = g_new (double, n);
  double w = 0, x = 0, y = 0, xx = 0, xy = 0;
  gsize n_values = 0;

  line->n_used = 0;
  for (guint i = 0; i < n; i++)
    if (points[i].used)
      {
        double weight = 1 / (points[i].uncertainty * points[i].uncertainty);

        line->n_used++;
        w += weight;
        x += weight * points[i].row;
        y += weight * points[i].axis;
      }
  if (line->n_used == 0)
    return;
  line->row = x / w;
  line->axis = y / w;

  for (guint i = 0; i < n; i++)
    if (points[i].used)
      {
        double weight = 1 / (points[i].uncertainty * points[i].uncertainty);

        xx += weight * (points[i].row - line->row) * (points[i].row - line->row);
        xy += weight * (points[i].row - line->row) * (points[i].axis - line->axis);
      }
  line->slope = line->n_used >= 3 && xx > 0 ? xy / (xx + 1 / (TILT * TILT)) : (double) NAN;
  line->slope_uncertainty = 1 / sqrt (xx + 1 / (TILT * TILT));

  for (guint i = 0; i < n; i++)
    if (points[i].used)
      {
        values[n_values] = points[i].axis - (isnan (line->slope) ? 0 : line->slope) * (points[i].row - line->row);
        unsure[n_values++] = points[i].uncertainty;
      }
  recon_axis_pool (values, unsure, n_values, isnan (line->slope) ? 1 : 2, &line->axis, &line->uncertainty);
  line->uncertainty = hypot (line->uncertainty, SUREST);
}

/**
 * recon_axis_line_fit:
 * @points: (inout): what single rows have; on return, which of them the line uses
 * @n: number of points
 * @line: (out caller-allocates): the line
 *
 * Returns: %FALSE if there are no points
 */
gboolean
recon_axis_line_fit (ReconAxisPoint *points,
                     guint           n,
                     ReconAxisLine  *line)
{
  double slope = get_slope (points, n), level = get_level (points, n, slope);

  *line = (ReconAxisLine) { .axis = NAN, .slope = NAN };
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < n; i++)
        points[i].used = !isnan (points[i].axis) && fabs (points[i].axis - level - slope * points[i].row) <
                                                        MAX (FAR * points[i].uncertainty, NEAR);
      fit (points, n, line);
      if (line->n_used == 0)
        break;
      slope = isnan (line->slope) ? 0 : line->slope;
      level = line->axis - slope * line->row;
    }

  return line->n_used > 0;
}
