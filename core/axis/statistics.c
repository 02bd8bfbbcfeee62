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
