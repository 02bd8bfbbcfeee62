/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "axis-doubt.h"
#include "axis-scan.h"
#include "axis/axis-search.h"
#include "bench-json.h"

/* Times the search for the rotation axis, counts its errors over a table of scans, and how often its uncertainty is
 * right, as JSON. */

#define ROWS 7
#define SEED 1 /* that of the test */

typedef struct
{
  int columns; /* of the scans that are timed */
  int table;   /* columns of those of the table; 0: none */
  int doubt;   /* scans of which the uncertainty is looked at; 0: none */
  int repeats;
} Options;

static gboolean
search (const AxisScan *scan,
        double         *seconds,
        double         *wrong,
        int            *confidence,
        GError        **error)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisRows) rows = axis_scan_rows (scan);
  g_autoptr (ReconAxisResult) result = recon_axis_search (rows, &settings, NULL, error);

  if (result == NULL)
    return FALSE;
  *seconds = result->seconds;
  *wrong = result->axis - scan->axis;
  *confidence = result->confidence;

  return TRUE;
}

static gboolean
put_times (JsonBuilder    *json,
           const Options  *options,
           GError        **error)
{
  static const AxisCase cases[] = {
    { AXIS_VIEW_WHOLE, AXIS_OBJECT_FOAM, FALSE, 0.4, TRUE },
    { AXIS_VIEW_CUT, AXIS_OBJECT_FOAM, FALSE, 0.4, TRUE },
    { AXIS_VIEW_CUT, AXIS_OBJECT_FOAM, TRUE, 0.4, TRUE },
    { AXIS_VIEW_HALF, AXIS_OBJECT_FOAM, TRUE, 0.12, TRUE },
  };
  g_autofree double *seconds = g_new (double, options->repeats);

  json_builder_set_member_name (json, "times");
  json_builder_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AxisScan scan;
      double wrong = 0;
      int confidence = 0;

      axis_scan_init (&scan, &cases[i], (guint) options->columns, ROWS, 1e4);
      for (int repeat = 0; repeat < options->repeats; repeat++)
        if (!search (&scan, &seconds[repeat], &wrong, &confidence, error))
          return FALSE;

      json_builder_begin_object (json);
      bench_put_text (json, "view", axis_view_get_name (cases[i].view));
      bench_put_count (json, "angles", scan.n_angles);
      bench_put_count (json, "degrees", cases[i].full ? 360 : 180);
      bench_put_statistics (json, "seconds", seconds, (guint) options->repeats);
      bench_put_number (json, "error", wrong);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);

  return TRUE;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double da = *(const double *) a, db = *(const double *) b;

  return (da > db) - (da < db);
}

/* What the search says of all scans of one view and range with the same counts. */
static gboolean
put_line (JsonBuilder  *json,
          guint         columns,
          AxisView      view,
          gboolean      full,
          double        photons,
          GError      **error)
{
  g_autofree double *errors = g_new (double, axis_cases_get_n ());
  guint n = 0, n_cases = 0, n_within = 0, n_high = 0, n_wrong = 0;

  for (guint i = 0; i < axis_cases_get_n (); i++)
    {
      AxisCase axis_case;
      AxisScan scan;
      double seconds, wrong;
      int confidence;

      axis_cases_get (i, &axis_case);
      if (axis_case.view != view || axis_case.full != full)
        continue;
      axis_scan_init (&scan, &axis_case, columns, ROWS, photons);
      if (!search (&scan, &seconds, &wrong, &confidence, error))
        return FALSE;
      n_cases++;
      n_high += confidence == RECON_AXIS_CONFIDENCE_HIGH;
      n_wrong += confidence == RECON_AXIS_CONFIDENCE_HIGH && fabs (wrong) > 0.5;
      if (confidence == RECON_AXIS_CONFIDENCE_NONE)
        continue;
      n_within += fabs (wrong) <= axis_view_get_bar (view);
      errors[n++] = fabs (wrong);
    }
  if (n_cases == 0)
    return TRUE;

  qsort (errors, n, sizeof *errors, compare_doubles);
  json_builder_begin_object (json);
  bench_put_text (json, "view", axis_view_get_name (view));
  bench_put_count (json, "degrees", full ? 360 : 180);
  bench_put_number (json, "photons", photons);
  bench_put_number (json, "bar", axis_view_get_bar (view));
  bench_put_count (json, "scans", n_cases);
  bench_put_count (json, "within", n_within);
  bench_put_count (json, "none", n_cases - n);
  bench_put_count (json, "high", n_high);
  bench_put_count (json, "wrong", n_wrong);
  if (n > 0)
    {
      bench_put_number (json, "median", errors[n / 2]);
      bench_put_number (json, "worst", errors[n - 1]);
    }
  json_builder_end_object (json);

  return TRUE;
}

static gboolean
put_table (JsonBuilder    *json,
           const Options  *options,
           GError        **error)
{
  static const double photons[] = { 1e2, 1e3, 1e5 };

  json_builder_set_member_name (json, "table");
  json_builder_begin_array (json);
  for (guint view = 0; options->table > 0 && view < AXIS_N_VIEWS; view++)
    for (guint full = 0; full < 2; full++)
      for (guint i = 0; i < G_N_ELEMENTS (photons); i++)
        if (!put_line (json, (guint) options->table, (AxisView) view, full == 1, photons[i], error))
          return FALSE;
  json_builder_end_array (json);

  return TRUE;
}

/* Errors and standard deviations of scans of one view and range; -1: of all. */
static gboolean
put_doubts (JsonBuilder    *json,
            const Options  *options,
            int             view,
            int             full,
            GError        **error)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_auto (AxisDoubtTally) tally = { 0 };

  axis_doubt_tally_init (&tally, (guint) options->doubt);
  for (guint i = 0; i < (guint) options->doubt; i++)
    {
      g_autoptr (ReconAxisRows) rows = NULL;
      g_autoptr (ReconAxisResult) result = NULL;
      AxisDoubt doubt;

      axis_doubt_get (&doubt, SEED, i);
      if ((view >= 0 && (int) doubt.axis_case.view != view) || (full >= 0 && doubt.axis_case.full != full))
        continue;
      rows = axis_scan_rows (&doubt.scan);
      result = recon_axis_search (rows, &settings, NULL, error);
      if (result == NULL)
        return FALSE;
      axis_doubt_tally_add (&tally, &doubt, result);
    }

  json_builder_begin_object (json);
  bench_put_text (json, "view", view >= 0 ? axis_view_get_name ((AxisView) view) : "all");
  bench_put_count (json, "degrees", full < 0 ? 0 : full > 0 ? 360 : 180);
  bench_put_count (json, "scans", tally.n);
  bench_put_count (json, "none", tally.n_none);
  bench_put_number (json, "covered", axis_doubt_tally_covers (&tally));
  bench_put_number (json, "median", axis_doubt_tally_median (&tally));
  bench_put_count (json, "high", tally.n_high);
  json_builder_end_object (json);

  return TRUE;
}

static gboolean
put_doubt (JsonBuilder    *json,
           const Options  *options,
           GError        **error)
{
  json_builder_set_member_name (json, "doubt");
  json_builder_begin_array (json);
  if (options->doubt > 0)
    {
      for (int view = AXIS_VIEW_WHOLE; view <= AXIS_VIEW_CUT; view++)
        for (int full = 0; full < 2; full++)
          if (!put_doubts (json, options, view, full, error))
            return FALSE;
      if (!put_doubts (json, options, -1, -1, error))
        return FALSE;
    }
  json_builder_end_array (json);

  return TRUE;
}

static gboolean
measure (const Options  *options,
         GError        **error)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  if (options->columns < 64 || options->columns > 4096 || options->repeats < 1 || options->table < 0 ||
      options->doubt < 0 ||
      options->table > 1024 || (options->table > 0 && options->table < 64))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--columns goes from 64 to 4096, --table from 64 to 1024 or 0, --doubt from 0, --repeats from 1");
      return FALSE;
    }

  json_builder_begin_object (json);
  bench_put_count (json, "columns", (guint) options->columns);
  bench_put_count (json, "rows", ROWS);
  bench_put_count (json, "table_columns", (guint) options->table);
  if (!put_times (json, options, error) || !put_table (json, options, error) ||
      !put_doubt (json, options, error))
    return FALSE;
  json_builder_end_object (json);
  bench_print (json);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  Options options = { .columns = 1024, .table = 256, .doubt = AXIS_DOUBT_SCANS, .repeats = 3 };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "columns", 0, 0, G_OPTION_ARG_INT, &options.columns, "Columns of the scans that are timed (1024)", "N" },
    { "table", 0, 0, G_OPTION_ARG_INT, &options.table, "Columns of those of the table of errors (256); 0: none", "N" },
    { "doubt", 0, 0, G_OPTION_ARG_INT, &options.doubt, "Scans of which the uncertainty is looked at (200); 0: none",
      "N" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &options.repeats, "Timed repeats (3)", "N" },
    { NULL },
  };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !measure (&options, &error))
    {
      g_printerr ("bench-axis: %s\n", error->message);
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}
