/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/quantile.h"

#include <math.h>
#include <stdlib.h>

#include "io/reduce.h"

static int
compare_doubles (const void *a,
                 const void *b)
{
  double da = *(const double *) a;
  double db = *(const double *) b;

  return (da > db) - (da < db);
}

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
  qsort (values, n, sizeof *values, compare_doubles);

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
