/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-doubt.h"
#include "axis/axis-search.h"

#include <math.h>
#include <string.h>

/* Whether the uncertainty of an axis is one, and what is said where parts of a scan disagree. With --all the scans that
 * the benchmark counts. */

#define SEED 1
#define FEW 12          /* scans; the benchmark has all of them */
#define WIDTH 96
#define ROWS 3

static gboolean all;

static ReconAxisResult *
search (ReconAxisRows *rows)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ReconAxisResult *result = recon_axis_search (rows, &settings, NULL, &error);

  g_assert_no_error (error);
  text = recon_axis_result_say (result);
  g_test_message ("%s: %s", text, result->reason);

  return result;
}

static void
test_coverage (void)
{
  const guint n = all ? AXIS_DOUBT_SCANS : FEW;
  g_auto (AxisDoubtTally) tally = { 0 };

  axis_doubt_tally_init (&tally, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ReconAxisRows) rows = NULL;
      g_autoptr (ReconAxisResult) result = NULL;
      g_autofree char *what = NULL;
      AxisDoubt doubt;

      axis_doubt_get (&doubt, SEED, i);
      rows = axis_scan_rows (&doubt.scan);
      result = search (rows);
      what = axis_doubt_describe (&doubt);
      g_test_message ("%s: err %+.3f sig %.3f", what, result->axis - doubt.scan.axis, result->uncertainty);
      axis_doubt_tally_add (&tally, &doubt, result);
    }

  g_test_message ("%u scans, %u without an axis, %.1f %% within two deviations, median of the ratios %.2f", tally.n,
                  tally.n_none, 100 * axis_doubt_tally_covers (&tally), axis_doubt_tally_median (&tally));
  g_assert_cmpfloat (axis_doubt_tally_covers (&tally), >=, AXIS_DOUBT_COVERED);
  /* Few scans have a median of their own. */
  g_assert_cmpfloat (axis_doubt_tally_median (&tally), >=, all ? AXIS_DOUBT_LEAST : AXIS_DOUBT_LEAST / 2);
  g_assert_cmpfloat (axis_doubt_tally_median (&tally), <=, AXIS_DOUBT_MOST);
  g_assert_cmpuint (tally.n_high, >, 0);
}

/* A full turn tells the drift, wherever it began and whichever way it went. */
static void
test_drift (void)
{
  static const double drifts[] = { 0, 1, -1, 3 };

  for (guint view = 0; view <= AXIS_VIEW_CUT; view++)
    for (gsize i = 0; i < G_N_ELEMENTS (drifts); i++)
      for (guint way = 0; way < 3; way++)
        {
          const AxisCase axis_case = { (AxisView) view, AXIS_OBJECT_FOAM, TRUE, 0.45, TRUE };
          g_autoptr (ReconAxisRows) rows = NULL;
          g_autoptr (ReconAxisResult) result = NULL;
          g_autofree char *text = NULL;
          AxisScan scan;

          if ((way > 0 && i != 1) || (view == AXIS_VIEW_WHOLE && i == 3))
            continue;
          axis_scan_init (&scan, &axis_case, WIDTH, ROWS, 1e4);
          scan.drift = drifts[i];
          scan.start = way == 1 ? -G_PI / 2 : 0;
          scan.range *= way == 2 ? -1 : 1;
          rows = axis_scan_rows (&scan);
          result = search (rows);
          text = recon_axis_result_say (result);

          g_assert_cmpfloat_with_epsilon (result->drift, drifts[i], 0.15 + 0.05 * fabs (drifts[i]));
          g_assert_cmpfloat (fabs (result->drift - drifts[i]), <=, 3.5 * result->drift_uncertainty);
          g_assert_cmpfloat (fabs (result->axis - scan.axis), <=, 2 * result->uncertainty + 0.01);
          g_assert_cmpint (recon_axis_result_drifts (result), ==, i > 0);
          g_assert_cmpint (strstr (text, "px during the scan") != NULL, ==, i > 0);
          if (i == 0)
            g_assert_cmpint (result->confidence, ==, RECON_AXIS_CONFIDENCE_HIGH);
          else
            {
              g_assert_cmpint (result->confidence, <, RECON_AXIS_CONFIDENCE_HIGH);
              g_assert_nonnull (strstr (result->reason, "drifted"));
              g_assert_cmpfloat (result->uncertainty, >=, 0.08);
            }
        }
}

/* Near the edge of a view that the object reaches beyond, half a turn shows hardly anything from opposite sides. */
static void
test_edge (void)
{
  static const double places[] = { 0.15, 0.45, 0.85 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const AxisCase axis_case = { AXIS_VIEW_CUT, AXIS_OBJECT_FOAM, FALSE, places[i], FALSE };
      g_autoptr (ReconAxisRows) rows = NULL;
      g_autoptr (ReconAxisResult) result = NULL;
      AxisScan scan;

      axis_scan_init (&scan, &axis_case, WIDTH, ROWS, 1e5);
      rows = axis_scan_rows (&scan);
      result = search (rows);
      g_test_message ("%s", result->reason);
      g_assert_cmpint (strstr (result->reason, "seen from opposite sides") != NULL, ==, i != 1);
      if (i != 1)
        g_assert_cmpint (result->confidence, ==, RECON_AXIS_CONFIDENCE_LOW);
    }
}

/* Half a turn of an object wholly in view tells a drift by its centre of mass, and never one that there is not. */
static void
test_drift_of_half_a_turn (void)
{
  for (guint i = 0; i < 2; i++)
    {
      const AxisCase axis_case = { AXIS_VIEW_WHOLE, (AxisObject) AXIS_OBJECT_DISCS, FALSE, 0.45, FALSE };
      g_autoptr (ReconAxisRows) rows = NULL;
      g_autoptr (ReconAxisResult) result = NULL;
      AxisScan scan;

      axis_scan_init (&scan, &axis_case, 96, 7, 1e5);
      scan.drift = i;
      rows = axis_scan_rows (&scan);
      result = search (rows);
      g_assert_cmpint (recon_axis_result_drifts (result), ==, i > 0);
      g_assert_cmpfloat_with_epsilon (result->drift, i, 0.4);
      g_assert_cmpfloat_with_epsilon (result->axis, scan.axis, 0.1);
    }
}

/* Something moved in between and back: nothing of that is a drift. */
static void
test_jump (void)
{
  const AxisCase axis_case = { AXIS_VIEW_CUT, AXIS_OBJECT_FOAM, TRUE, 0.45, FALSE };
  g_autoptr (ReconAxisRows) rows = NULL, moved = NULL;
  g_autoptr (ReconAxisResult) result = NULL;
  AxisScan scan;

  axis_scan_init (&scan, &axis_case, WIDTH, ROWS, 1e4);
  rows = axis_scan_rows (&scan);
  scan.axis += 2;
  moved = axis_scan_rows (&scan);
  for (guint i = 0; i < rows->n; i++)
    memcpy (rows->sinograms[i] + (gsize) rows->geometry->n_angles / 6 * rows->width,
            moved->sinograms[i] + (gsize) rows->geometry->n_angles / 6 * rows->width,
            (gsize) rows->geometry->n_angles / 6 * rows->width * sizeof (float));
  result = search (rows);
  g_assert_cmpint (result->confidence, <, RECON_AXIS_CONFIDENCE_HIGH);
  g_assert_cmpfloat (result->uncertainty, >, 0.1);
}

/* A full turn of which the angles say that it is half a one. */
static void
test_same_ends (void)
{
  guint n = 0, n_said = 0;

  for (guint number = 0; number < axis_cases_get_n (); number++)
    for (guint lie = 0; lie < 2; lie++)
      {
        g_autoptr (ReconAxisRows) rows = NULL;
        g_autoptr (ReconAxisResult) result = NULL;
        AxisCase axis_case;
        AxisScan scan;
        gboolean said;

        axis_cases_get (number, &axis_case);
        if (axis_case.full != (lie == 1) || number % 6 != 0)
          continue;
        axis_scan_init (&scan, &axis_case, WIDTH, 3, 1e4);
        rows = axis_scan_rows (&scan);
        for (guint i = 0; lie == 1 && i < rows->geometry->n_angles; i++)
          rows->geometry->angles[i] *= 0.5;
        result = search (rows);
        said = strstr (result->reason, "look the same") != NULL;
        g_assert_false (said && lie == 0);
        g_assert_false (said && result->confidence > RECON_AXIS_CONFIDENCE_LOW);
        n += lie;
        n_said += said;
      }
  g_test_message ("said of %u of %u", n_said, n);
  g_assert_cmpuint (n_said, >=, n * 7 / 8);
}

int
main (int    argc,
      char **argv)
{
  if (argc > 1 && g_str_equal (argv[argc - 1], "--all"))
    {
      all = TRUE;
      argc--;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis-doubt/coverage", test_coverage);
  g_test_add_func ("/axis-doubt/drift", test_drift);
  g_test_add_func ("/axis-doubt/drift-of-half-a-turn", test_drift_of_half_a_turn);
  g_test_add_func ("/axis-doubt/edge", test_edge);
  g_test_add_func ("/axis-doubt/jump", test_jump);
  g_test_add_func ("/axis-doubt/same-ends", test_same_ends);

  return g_test_run ();
}
