/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-json.h"

#include <math.h>
#include <stdlib.h>

void
bench_put_text (JsonBuilder *json,
                const char  *name,
                const char  *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

void
bench_put_count (JsonBuilder *json,
                 const char  *name,
                 guint64      value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, (gint64) value);
}

/* JSON has no infinities and no NaN: they become null. */
void
bench_put_number (JsonBuilder *json,
                  const char  *name,
                  double       value)
{
  json_builder_set_member_name (json, name);
  if (isfinite (value))
    json_builder_add_double_value (json, value);
  else
    json_builder_add_null_value (json);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return (*x > *y) - (*x < *y);
}

/* Puts an object with the median, the least and the largest of @n values, one at least. Returns: the median */
double
bench_put_statistics (JsonBuilder  *json,
                      const char   *name,
                      const double *values,
                      guint         n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);
  double median;

  qsort (sorted, n, sizeof *sorted, compare_numbers);
  median = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);

  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  bench_put_number (json, "median", median);
  bench_put_number (json, "min", sorted[0]);
  bench_put_number (json, "max", sorted[n - 1]);
  json_builder_end_object (json);

  return median;
}

/* Prints what has been built to the standard output. */
void
bench_print (JsonBuilder *json)
{
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  g_autofree char *text = json_to_string (root, TRUE);

  g_print ("%s\n", text);
}
