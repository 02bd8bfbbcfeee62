/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-scan.h"
#include "axis/axis-search.h"
#include "support.h"

/* The table of errors: scans of every kind, whose axis is known. */

#define WIDTH 160
#define ROWS 5
#define ENOUGH 0.95 /* of the errors are within the bar of their kind */
#define WORST 0.25  /* pixels, of objects wholly in view */
#define WRONG 0.5   /* pixels: never with high confidence */

typedef struct
{
  guint n;
  guint n_within;
  guint n_high;
} Tally;

static void
judge (const AxisCase        *axis_case,
       const ReconAxisResult *result,
       double                 error,
       double                 photons,
       Tally                 *tally)
{
  const gboolean found = result->confidence != RECON_AXIS_CONFIDENCE_NONE;

  g_test_message ("%-5s %s %4.2f %-10s %s: %s %6.3f ± %.3f px, %s; %s", axis_view_get_name (axis_case->view),
                  axis_case->full ? "360" : "180", axis_case->place, axis_object_get_name (axis_case->object),
                  axis_case->rings ? "rings" : "clean", recon_axis_confidence_get_name (result->confidence), error,
                  result->uncertainty, recon_axis_method_get_name (result->method), result->reason);

  tally->n++;
  tally->n_within += found && fabs (error) <= axis_view_get_bar (axis_case->view);
  tally->n_high += result->confidence == RECON_AXIS_CONFIDENCE_HIGH;
  g_assert_cmpint (found, ==, isfinite (error) != 0);
  if (result->confidence == RECON_AXIS_CONFIDENCE_HIGH)
    g_assert_cmpfloat (fabs (error), <=, WRONG);
  if (axis_case->view == AXIS_VIEW_WHOLE && photons >= 1e3)
    g_assert_cmpfloat (fabs (error), <=, WORST);
  if (axis_case->view == AXIS_VIEW_HALF && found)
    g_assert_true (result->half);
}

static void
run (const AxisCase *axis_case,
     double          photons,
     Tally          *tally)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AxisScan scan;

  axis_scan_init (&scan, axis_case, WIDTH, ROWS, photons);
  rows = axis_scan_rows (&scan);
  result = recon_axis_search (rows, &settings, NULL, &error);
  g_assert_no_error (error);
  judge (axis_case, result, result->axis - scan.axis, photons, tally);
}

/* The whole table takes minutes. */
static guint
get_stride (void)
{
  return test_is_exhaustive () && g_getenv ("ASAN_OPTIONS") == NULL ? 1 : 11;
}

static void
test_photons (gconstpointer data)
{
  const double photons = *(const double *) data;
  const guint stride = get_stride ();
  Tally tallies[AXIS_N_VIEWS] = { { 0 } };
  guint n_high = 0;

  for (guint i = 0; i < axis_cases_get_n (); i += stride)
    {
      AxisCase axis_case;

      axis_cases_get (i, &axis_case);
      run (&axis_case, photons, &tallies[axis_case.view]);
    }

  for (guint view = 0; view < AXIS_N_VIEWS; view++)
    {
      const Tally *tally = &tallies[view];

      g_test_message ("%s: %u of %u within %.2f px, %u of high confidence", axis_view_get_name ((AxisView) view),
                      tally->n_within, tally->n, axis_view_get_bar ((AxisView) view), tally->n_high);
      n_high += tally->n_high;
      if (photons >= 1e3)
        g_assert_cmpfloat (tally->n_within, >=, stride == 1 ? ENOUGH * tally->n : tally->n - 1);
    }
  /* A search that is never sure would pass the rest. */
  if (photons >= 1e3)
    g_assert_cmpuint (n_high, >, 0);
  if (photons >= 1e5 && stride == 1)
    g_assert_cmpuint (n_high, >, 9 * axis_cases_get_n () / 10);
}

int
main (int    argc,
      char **argv)
{
  static const double photons[] = { 1e2, 1e3, 1e5 };

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/axis-table/photons-1e2", &photons[0], test_photons);
  g_test_add_data_func ("/axis-table/photons-1e3", &photons[1], test_photons);
  g_test_add_data_func ("/axis-table/photons-1e5", &photons[2], test_photons);

  return g_test_run ();
}
