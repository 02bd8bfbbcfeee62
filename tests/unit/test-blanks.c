/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "tasks/blanks.h"

#define N_ANGLES 40
#define N_SLICES 6
#define WIDTH    30
#define LANES    4 /* room for slices that are not there */

typedef struct
{
  float values[N_SLICES][N_ANGLES][LANES][WIDTH];
} Scan;

/* Counts that differ everywhere. */
static Scan *
scan_new (void)
{
  Scan *scan = g_new (Scan, 1);

  for (guint s = 0; s < N_SLICES; s++)
    for (guint a = 0; a < N_ANGLES; a++)
      for (guint k = 0; k < LANES; k++)
        for (guint c = 0; c < WIDTH; c++)
          scan->values[s][a][k][c] = k == 0 ? 1000.f + (float) ((a * 7 + c * 13 + s) % 31) : NAN;

  return scan;
}

static void
look (const Scan        *scan,
      gboolean           is_raw,
      ReconBlankSummary *summary)
{
  g_autoptr (ReconBlanks) blanks = recon_blanks_new (N_ANGLES, WIDTH, is_raw);

  for (guint s = 0; s < N_SLICES; s++)
    recon_blanks_add (blanks, &scan->values[s][0][0][0], LANES * WIDTH);
  recon_blanks_summarise (blanks, summary);
}

static void
set_row (Scan  *scan,
         guint  slice,
         guint  angle,
         float  value)
{
  for (guint c = 0; c < WIDTH; c++)
    scan->values[slice][angle][0][c] = value;
}

static void
set_column (Scan  *scan,
            guint  n_slices,
            guint  column,
            float  value)
{
  for (guint s = 0; s < n_slices; s++)
    for (guint a = 0; a < N_ANGLES; a++)
      scan->values[s][a][0][column] = value;
}

static void
assert_parts (const ReconBlankParts *parts,
              guint                  n,
              guint                  first)
{
  g_assert_cmpuint (parts->n, ==, n);
  if (n > 0)
    g_assert_cmpuint (parts->first, ==, first);
}

static void
test_sound (void)
{
  g_autofree Scan *scan = scan_new ();
  ReconBlankSummary summary;

  /* Single values that are no numbers are no defect of a projection or column. */
  scan->values[1][3][0][5] = NAN;
  look (scan, TRUE, &summary);
  assert_parts (&summary.projections, 0, 0);
  assert_parts (&summary.columns, 0, 0);
  g_assert_false (summary.everything);
}

static void
test_projections (void)
{
  g_autofree Scan *scan = scan_new ();
  ReconBlankSummary summary;

  set_row (scan, 0, 7, NAN);
  set_row (scan, 3, 7, NAN);
  set_row (scan, 4, 39, 0);
  set_row (scan, 5, 12, 65535);
  look (scan, TRUE, &summary);
  assert_parts (&summary.projections, 3, 7);
  assert_parts (&summary.columns, 0, 0);
}

/* The last value of a row and the last projection count as the others do. */
static void
test_nearly (void)
{
  g_autofree Scan *scan = scan_new ();
  ReconBlankSummary summary;

  set_row (scan, 0, 7, 5);
  scan->values[0][7][0][WIDTH - 1] = 6;
  set_column (scan, N_SLICES, 11, 5);
  for (guint s = 0; s < N_SLICES; s++)
    scan->values[s][N_ANGLES - 1][0][11] = 6;
  look (scan, TRUE, &summary);
  assert_parts (&summary.projections, 0, 0);
  assert_parts (&summary.columns, 0, 0);
}

/* Beside a blank projection the columns are still found. */
static void
test_columns (void)
{
  g_autofree Scan *scan = scan_new ();
  ReconBlankSummary summary;

  set_column (scan, N_SLICES, 11, 123);
  set_column (scan, N_SLICES, 12, NAN);
  set_column (scan, 4, 20, 0);
  set_column (scan, 3, 22, 0); /* a dead pixel, not a column */
  for (guint s = 0; s < N_SLICES; s++)
    set_row (scan, s, 0, 0);
  look (scan, TRUE, &summary);
  assert_parts (&summary.projections, 1, 0);
  assert_parts (&summary.columns, 3, 11);
}

/* At the margins constant counts are what a beam without noise gives beside the sample; none are a dead detector. */
static void
test_margins (void)
{
  g_autofree Scan *scan = scan_new ();
  ReconBlankSummary summary;

  set_column (scan, N_SLICES, 0, 800);
  set_column (scan, N_SLICES, 1, 801);
  set_column (scan, N_SLICES, 28, 0);
  set_column (scan, N_SLICES, WIDTH - 1, 802);
  look (scan, FALSE, &summary);
  assert_parts (&summary.columns, 0, 0);
  look (scan, TRUE, &summary);
  assert_parts (&summary.columns, 1, 28);

  set_column (scan, N_SLICES, 0, NAN);
  look (scan, FALSE, &summary);
  assert_parts (&summary.columns, 1, 0);
}

/* All frames the same, and slices beside the sample. */
static void
test_static (void)
{
  g_autofree Scan *scan = scan_new ();
  ReconBlankSummary summary;

  for (guint c = 0; c < WIDTH; c++)
    set_column (scan, N_SLICES, c, 900.f + (float) c);
  look (scan, TRUE, &summary);
  assert_parts (&summary.projections, 0, 0);
  assert_parts (&summary.columns, 0, 0);

  for (guint s = 0; s < N_SLICES - 1; s++)
    for (guint a = 0; a < N_ANGLES; a++)
      set_row (scan, s, a, 0);
  look (scan, FALSE, &summary);
  assert_parts (&summary.projections, 0, 0);
  g_assert_false (summary.everything);

  for (guint a = 0; a < N_ANGLES; a++)
    set_row (scan, N_SLICES - 1, a, NAN);
  look (scan, FALSE, &summary);
  g_assert_true (summary.everything);
}

/* A few equal values are chance. */
static void
test_small (void)
{
  const float values[3 * 2] = { 0 };
  g_autoptr (ReconBlanks) blanks = recon_blanks_new (3, 2, TRUE);
  ReconBlankSummary summary;

  recon_blanks_add (blanks, values, 2);
  recon_blanks_summarise (blanks, &summary);
  assert_parts (&summary.projections, 0, 0);
  assert_parts (&summary.columns, 0, 0);
  g_assert_false (summary.everything);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blanks/sound", test_sound);
  g_test_add_func ("/blanks/projections", test_projections);
  g_test_add_func ("/blanks/nearly", test_nearly);
  g_test_add_func ("/blanks/columns", test_columns);
  g_test_add_func ("/blanks/margins", test_margins);
  g_test_add_func ("/blanks/static", test_static);
  g_test_add_func ("/blanks/small", test_small);

  return g_test_run ();
}
