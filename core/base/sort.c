/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/sort.h"

#include <stdlib.h>

/**
 * recon_compare_doubles:
 * @a: a number
 * @b: another number
 *
 * For qsort() and g_array_sort().
 *
 * Returns: less than, equal to or greater than 0
 */
int
recon_compare_doubles (gconstpointer a,
                       gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  const float x = *(const float *) a;
  const float y = *(const float *) b;

  return (x > y) - (x < y);
}

/**
 * recon_sort_floats:
 * @values: (array length=n) (inout): numbers, none of them NaN
 * @n: how many
 *
 * Sorts by size, the smallest first.
 */
void
recon_sort_floats (float *values,
                   gsize  n)
{
  qsort (values, n, sizeof *values, compare_floats);
}
