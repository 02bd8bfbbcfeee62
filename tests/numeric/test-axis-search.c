/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-scan.h"
#include "axis/axis-search.h"
#include "base/error.h"

#include <string.h>

/* The search beyond its table of errors: tilt, ranges, methods, and scans that tell nothing. */

#define WIDTH 128
#define ROWS 5

static const AxisCase whole = { AXIS_VIEW_WHOLE, AXIS_OBJECT_FOAM, FALSE, 0.4, FALSE };
static const AxisCase turn = { AXIS_VIEW_CUT, AXIS_OBJECT_FOAM, TRUE, 0.4, FALSE };

static ReconAxisResult *
search (ReconAxisRows           *rows,
        const ReconAxisSettings *settings)
{
  g_autoptr (GError) error = NULL;
  ReconAxisResult *result = recon_axis_search (rows, settings, NULL, &error);

  g_assert_no_error (error);
  g_test_message ("%s axis %.2f ± %.2f: %s", recon_axis_confidence_get_name (result->confidence), result->axis,
                  result->uncertainty, result->reason);

  return result;
}

static void
test_tilt (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;
  AxisScan scan;
  double distance;

  axis_scan_init (&scan, &turn, WIDTH, ROWS, 1e5);
  scan.tilt = 0.25;
  rows = axis_scan_rows (&scan);
  distance = rows->rows[1] - rows->rows[0];
  result = search (rows, &settings);

  g_assert_cmpint (result->confidence, ==, RECON_AXIS_CONFIDENCE_HIGH);
  g_assert_cmpfloat_with_epsilon (result->tilt, atan (0.25 / distance) * 180 / G_PI, 0.3);
  g_assert_cmpfloat (fabs (result->tilt - atan (0.25 / distance) * 180 / G_PI), <=, 3 * result->tilt_uncertainty);
  for (guint i = 0; i < result->n_rows; i++)
    {
      double at = result->axis + (result->rows[i].row - result->middle_row) * tan (result->tilt * G_PI / 180);

      g_assert_true (result->rows[i].used);
      g_assert_cmpfloat_with_epsilon (result->rows[i].axis, axis_scan_axis (&scan, i), 0.15);
      g_assert_cmpfloat_with_epsilon (at, axis_scan_axis (&scan, i), 0.2);
    }
}

static void
test_crop_and_bin (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;
  AxisScan scan;

  axis_scan_init (&scan, &turn, WIDTH, 3, 1e5);
  rows = axis_scan_rows (&scan);
  /* Columns of 2, of which the first begins at 10. */
  rows->geometry->first_column = 10;
  rows->geometry->bin = 2;
  rows->width_as_read = 2 * WIDTH + 30;
  result = search (rows, &settings);

  g_assert_cmpfloat_with_epsilon (result->axis, 10.5 + 2 * scan.axis, 0.3);
  g_assert_cmpfloat (result->middle, ==, (2 * WIDTH + 29) / 2.0);
}

static void
test_range (void)
{
  ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  AxisScan scan;
  const struct
  {
    double low, high;
    const char *message;
  } wrong[] = {
    { 60, 60, "holds no columns" },
    { 70, 60, "holds no columns" },
    { NAN, 60, "holds no columns" },
    { WIDTH + 3, WIDTH + 9, "outside the detector" },
    { -9, -3, "outside the detector" },
  };

  axis_scan_init (&scan, &turn, WIDTH, 2, 1e5);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (ReconAxisRows) rows = axis_scan_rows (&scan);
      g_autoptr (ReconAxisResult) result = NULL;
      g_autoptr (GError) error = NULL;

      settings.low = wrong[i].low;
      settings.high = wrong[i].high;
      result = recon_axis_search (rows, &settings, NULL, &error);
      g_assert_null (result);
      g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, wrong[i].message));
    }

  /* Inside, and beside the axis: not a number that lies elsewhere. */
  for (int side = 0; side < 2; side++)
    {
      g_autoptr (ReconAxisRows) rows = axis_scan_rows (&scan);
      g_autoptr (ReconAxisResult) result = NULL;

      settings.low = side == 0 ? floor (scan.axis) - 5 : 80;
      settings.high = side == 0 ? floor (scan.axis) + 6 : 100;
      result = search (rows, &settings);
      if (side == 0)
        g_assert_cmpfloat_with_epsilon (result->axis, scan.axis, 0.1);
      else
        g_assert_true (isnan (result->axis) || (result->axis >= 79.5 && result->axis <= 100.5));
      g_assert_true (side == 0 || result->confidence < RECON_AXIS_CONFIDENCE_HIGH);
    }
}

static void
test_methods (void)
{
  ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  AxisScan scan;

  for (guint method = RECON_AXIS_AUTO; method < RECON_AXIS_N_METHODS; method++)
    {
      const gboolean needs_turn = method == RECON_AXIS_FULL_TURN;
      g_autoptr (ReconAxisRows) rows = NULL;
      g_autoptr (ReconAxisResult) result = NULL;

      g_test_message ("%s", recon_axis_method_get_name ((ReconAxisMethod) method));
      axis_scan_init (&scan, needs_turn ? &turn : &whole, WIDTH, 3, 1e5);
      rows = axis_scan_rows (&scan);
      settings.method = (ReconAxisMethod) method;
      result = search (rows, &settings);
      g_assert_cmpfloat_with_epsilon (result->axis, scan.axis, 0.25);
      g_assert_cmpint (result->confidence, >=, RECON_AXIS_CONFIDENCE_LOW);
      if (method != RECON_AXIS_AUTO)
        {
          g_assert_cmpint (result->method, ==, method);
          g_assert_cmpint (result->confidence, <=, RECON_AXIS_CONFIDENCE_MEDIUM);
        }
    }
}

static void
test_angles (void)
{
  ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  const struct
  {
    double range;
    ReconAxisMethod method;
    const char *message;
  } wrong[] = {
    { 170 * G_PI / 180, RECON_AXIS_AUTO, "no two are half a turn apart" },
    { 0, RECON_AXIS_AUTO, "cover 0.0°" },
    { G_PI, RECON_AXIS_FULL_TURN, "more than 225°" },
  };
  AxisScan scan;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (ReconAxisRows) rows = NULL;
      g_autoptr (ReconAxisResult) result = NULL;
      g_autoptr (GError) error = NULL;

      axis_scan_init (&scan, &whole, WIDTH, 2, 1e5);
      scan.range = wrong[i].range;
      rows = axis_scan_rows (&scan);
      settings.method = wrong[i].method;
      result = recon_axis_search (rows, &settings, NULL, &error);
      g_assert_null (result);
      g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, wrong[i].message));
    }
}

/* A scan of a full turn whose angles are taken for half a turn, or the other way round: never a wrong axis that looks
 * sure. */
static void
test_wrong_angles (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  guint n_doubtful = 0, n = 0;

  for (guint number = 0; number < axis_cases_get_n (); number++)
    for (guint lie = 0; lie < 2; lie++)
      {
        g_autoptr (ReconAxisRows) rows = NULL;
        g_autoptr (ReconAxisResult) result = NULL;
        AxisCase axis_case;
        AxisScan scan;

        axis_cases_get (number, &axis_case);
        if (axis_case.full != (lie == 0) || axis_case.rings)
          continue;
        axis_scan_init (&scan, &axis_case, WIDTH, 3, 1e4);
        rows = axis_scan_rows (&scan);
        for (guint i = 0; i < rows->geometry->n_angles; i++)
          rows->geometry->angles[i] *= lie == 0 ? 0.5 : 2.0;
        result = search (rows, &settings);
        n++;
        if (result->confidence == RECON_AXIS_CONFIDENCE_HIGH)
          g_assert_cmpfloat_with_epsilon (result->axis, scan.axis, 0.5);
        else
          n_doubtful++;
      }
  g_assert_cmpuint (n, >, 30);
  g_assert_cmpuint (n_doubtful, >, n * 8 / 10);
}

/* Fills all rows by what a function says of a sample. */
static void
fill (ReconAxisRows *rows,
      float        (*value) (guint row, guint angle, guint column))
{
  for (guint i = 0; i < rows->n; i++)
    for (guint a = 0; a < rows->geometry->n_angles; a++)
      for (guint c = 0; c < rows->width; c++)
        rows->sinograms[i][(gsize) a * rows->width + c] = value (i, a, c);
}

static float
get_zero (guint row,
          guint angle,
          guint column)
{
  return 0;
}

static float
get_constant (guint row,
              guint angle,
              guint column)
{
  return 0.7f;
}

static float
get_nan (guint row,
         guint angle,
         guint column)
{
  return NAN;
}

/* The same at all angles: a beam that the flats don't correct, with stripes. */
static float
get_profile (guint row,
             guint angle,
             guint column)
{
  float x = ((float) column - WIDTH / 2.0f) / WIDTH;

  return 1 - 2 * x * x + 0.1f * (float) (column * 7919 % 13) / 13;
}

static float
get_noise (guint row,
           guint angle,
           guint column)
{
  guint x = (row * 73856093u) ^ (angle * 19349663u) ^ (column * 83492791u);

  x ^= x >> 13;
  x *= 0x5bd1e995;
  x ^= x >> 15;

  return (float) (x % 10000) / 10000 - 0.5f;
}

/* A beam that flickers. */
static float
get_flicker (guint row,
             guint angle,
             guint column)
{
  return 0.3f * get_noise (0, angle, 0) + 0.05f * get_noise (row, angle, column);
}

static void
test_blank (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  float (*const values[]) (guint, guint, guint) = {
    get_zero, get_constant, get_nan, get_profile, get_noise, get_flicker,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint full = 0; full < 2; full++)
      {
        g_autoptr (ReconAxisRows) rows = NULL;
        g_autoptr (ReconAxisResult) result = NULL;
        AxisScan scan;

        axis_scan_init (&scan, full == 1 ? &turn : &whole, WIDTH, ROWS, 0);
        rows = axis_scan_rows (&scan);
        fill (rows, values[i]);
        result = search (rows, &settings);
        g_assert_cmpint (result->confidence, ==, RECON_AXIS_CONFIDENCE_NONE);
        g_assert_true (isnan (result->axis));
        g_assert_true (isnan (result->uncertainty));
        g_assert_cmpuint (result->n_candidates, ==, 0);
        for (guint row = 0; row < result->n_rows; row++)
          g_assert_true (isnan (result->rows[row].axis) && !result->rows[row].used);
      }
}

/* Some rows hold nothing: the others tell. */
static void
test_empty_rows (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;
  AxisScan scan;

  axis_scan_init (&scan, &turn, WIDTH, ROWS, 1e4);
  rows = axis_scan_rows (&scan);
  for (gsize i = 0; i < (gsize) rows->geometry->n_angles * rows->width; i++)
    {
      rows->sinograms[0][i] = NAN;
      rows->sinograms[3][i] = 0;
    }
  result = search (rows, &settings);
  g_assert_cmpfloat_with_epsilon (result->axis, scan.axis, 0.1);
  g_assert_false (result->rows[0].used);
  g_assert_false (result->rows[3].used);
  g_assert_true (result->rows[2].used);
}

static void
test_repeats (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisResult) first = NULL;
  AxisScan scan;

  axis_scan_init (&scan, &whole, WIDTH, ROWS, 1e3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ReconAxisRows) rows = axis_scan_rows (&scan);
      g_autoptr (ReconAxisResult) result = search (rows, &settings);
      g_autofree char *text = recon_axis_result_say (result);

      g_assert_true (g_str_has_prefix (text, "axis "));
      if (first == NULL)
        first = recon_axis_result_copy (result);
      g_assert_cmpfloat (result->axis, ==, first->axis);
      g_assert_cmpfloat (result->uncertainty, ==, first->uncertainty);
      g_assert_cmpmem (result->scores, result->n_candidates * sizeof (double), first->scores,
                       first->n_candidates * sizeof (double));
    }
}

static void
test_cancel (void)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AxisScan scan;

  axis_scan_init (&scan, &whole, WIDTH, 2, 1e3);
  rows = axis_scan_rows (&scan);
  g_cancellable_cancel (cancellable);
  result = recon_axis_search (rows, &settings, cancellable, &error);
  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis-search/tilt", test_tilt);
  g_test_add_func ("/axis-search/crop-and-bin", test_crop_and_bin);
  g_test_add_func ("/axis-search/range", test_range);
  g_test_add_func ("/axis-search/methods", test_methods);
  g_test_add_func ("/axis-search/angles", test_angles);
  g_test_add_func ("/axis-search/wrong-angles", test_wrong_angles);
  g_test_add_func ("/axis-search/blank", test_blank);
  g_test_add_func ("/axis-search/empty-rows", test_empty_rows);
  g_test_add_func ("/axis-search/repeats", test_repeats);
  g_test_add_func ("/axis-search/cancel", test_cancel);

  return g_test_run ();
}
