/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "scan-files.h"
#include "tasks/dead-pixels.h"
#include "tasks/transmissions.h"

/* Which pixels can't be used, what takes their place, and what is said of it. */

#define WIDTH 100

typedef struct
{
  float  dark[WIDTH];
  float  flat[WIDTH];
  guint8 states[WIDTH];
} Row;

static Row *
row_new (void)
{
  Row *row = g_new0 (Row, 1);

  for (guint c = 0; c < WIDTH; c++)
    {
      row->dark[c] = 100;
      row->flat[c] = 1100 + 20 * (float) (c * 7 % 13);
    }

  return row;
}

static guint
mark (Row *row)
{
  memset (row->states, RECON_PIXEL_USABLE, WIDTH);

  return recon_dead_pixels_mark_flats (row->dark, row->flat, 1, WIDTH, row->states);
}

static void
test_flats (void)
{
  g_autofree Row *row = row_new ();
  const guint dead[] = { 0, 7, 8, 50, 51, 52, 70, 99 };

  g_assert_cmpuint (mark (row), ==, 0);

  row->flat[0] = 100;
  row->flat[7] = NAN;
  row->dark[8] = -INFINITY;
  row->flat[50] = -30000;
  row->flat[51] = 104;
  row->flat[52] = 149;
  row->flat[70] = 6000;
  row->dark[99] = 65535;
  g_assert_cmpuint (mark (row), ==, G_N_ELEMENTS (dead));
  for (guint i = 0; i < G_N_ELEMENTS (dead); i++)
    g_assert_cmpint (row->states[dead[i]], ==, RECON_PIXEL_NO_FLAT);

  /* Of half the dark the pixel that sees a little is far enough away. */
  memset (row->states, RECON_PIXEL_USABLE, WIDTH);
  g_assert_cmpuint (recon_dead_pixels_mark_flats (row->dark, row->flat, 0.5, WIDTH, row->states), ==, 7);
}

/* Light that differs between neighbours, ends at an edge, falls off or is nowhere is no defect. */
static void
test_uneven (void)
{
  g_autofree Row *row = row_new ();

  for (guint c = 0; c < WIDTH; c++)
    row->flat[c] = c % 2 == 0 ? 500 : 1100;
  g_assert_cmpuint (mark (row), ==, 0);

  for (guint c = 0; c < WIDTH; c++)
    row->flat[c] = c < 40 ? 101 : 20000;
  g_assert_cmpuint (mark (row), ==, 0);

  for (guint c = 0; c < WIDTH; c++)
    row->flat[c] = 100 + 20000 * expf (-(float) ((c - 50.0) * (c - 50.0)) / 300);
  g_assert_cmpuint (mark (row), ==, 0);

  for (guint c = 0; c < WIDTH; c++)
    row->flat[c] = 100;
  g_assert_cmpuint (mark (row), ==, WIDTH);
}

static void
test_data (void)
{
  guint n_low[WIDTH] = { 0 }, n_odd[WIDTH] = { 0 };
  guint8 states[WIDTH] = { 0 };

  n_low[0] = 100;
  n_low[20] = 50;
  n_odd[20] = 48;
  n_low[21] = 97;
  for (guint c = 30; c < 38; c++)
    n_odd[c] = 100;
  for (guint c = 40; c < 49; c++)
    n_low[c] = 100; /* as wide as a sample that lets nothing pass */
  n_low[WIDTH - 1] = 100;
  states[60] = RECON_PIXEL_NO_FLAT;

  g_assert_cmpuint (recon_dead_pixels_mark_data (n_low, n_odd, 100, WIDTH, states), ==, 12);
  g_assert_cmpint (states[0], ==, RECON_PIXEL_NO_DATA);
  g_assert_cmpint (states[20], ==, RECON_PIXEL_NO_DATA);
  g_assert_cmpint (states[21], ==, RECON_PIXEL_USABLE);
  g_assert_cmpint (states[37], ==, RECON_PIXEL_NO_DATA);
  g_assert_cmpint (states[44], ==, RECON_PIXEL_USABLE);
  g_assert_cmpint (states[60], ==, RECON_PIXEL_NO_FLAT);
  g_assert_cmpint (states[WIDTH - 1], ==, RECON_PIXEL_NO_DATA);

  /* A few projections prove nothing. */
  memset (states, 0, sizeof states);
  g_assert_cmpuint (recon_dead_pixels_mark_data (n_low, n_odd, 7, WIDTH, states), ==, 0);
}

static void
assert_bridge (GArray *bridges,
               guint   i,
               guint   column,
               guint   left,
               guint   right,
               float   weight)
{
  const ReconPixelBridge *bridge = &g_array_index (bridges, ReconPixelBridge, i);

  g_assert_cmpuint (bridge->slice, ==, 3);
  g_assert_cmpuint (bridge->column, ==, column);
  g_assert_cmpuint (bridge->left, ==, left);
  g_assert_cmpuint (bridge->right, ==, right);
  g_assert_cmpfloat (bridge->weight, ==, weight);
}

static void
test_bridges (void)
{
  const guint8 states[] = { 1, 1, 0, 0, 2, 1, 1, 0, 1 };
  const guint8 none[] = { 1, 1, 2 };
  g_autoptr (GArray) bridges = g_array_new (FALSE, FALSE, sizeof (ReconPixelBridge));

  g_assert_cmpuint (recon_dead_pixels_add_bridges (none, 3, 3, bridges), ==, 0);
  g_assert_cmpuint (recon_dead_pixels_add_bridges (states, 3, G_N_ELEMENTS (states), bridges), ==, 6);
  assert_bridge (bridges, 0, 0, 2, 2, 0);
  assert_bridge (bridges, 1, 1, 2, 2, 0);
  assert_bridge (bridges, 2, 4, 3, 7, 0.25f);
  assert_bridge (bridges, 3, 5, 3, 7, 0.5f);
  assert_bridge (bridges, 4, 6, 3, 7, 0.75f);
  assert_bridge (bridges, 5, 8, 7, 7, 0);
}

static void
add_row (ReconTransmissions *met,
         guint               slice,
         guint               dead,
         guint               clipped)
{
  guint8 states[SCAN_WIDTH] = { 0 };
  guint n_low[SCAN_WIDTH] = { 0 }, n_odd[SCAN_WIDTH] = { 0 };
  const ReconTransmissionsRow row = { slice, SCAN_PROJECTIONS, states, n_low, n_odd };

  states[4] = states[5] = RECON_PIXEL_NO_FLAT;
  n_low[4] = 10; /* of a dead pixel: no transmission */
  states[dead] = RECON_PIXEL_NO_DATA;
  n_low[clipped] = 2;
  n_odd[3] = slice == 2;
  recon_transmissions_add (met, &row);
}

/* Numbers are those of the detector, whatever comes first. */
static void
test_described (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (ReconScan) scan = scan_files_open_all (files, "input.crop-left", "2", "input.y-start", "3", NULL);
  const ReconGeometry *geometry = recon_scan_get_geometry (scan);
  g_autoptr (ReconTransmissions) met = recon_transmissions_new (SCAN_WIDTH - 2, 1e-3, TRUE);
  g_autofree char *pixels = NULL;
  g_autofree char *values = NULL;

  g_assert_null (recon_transmissions_describe_pixels (met, geometry));
  g_assert_null (recon_transmissions_describe_values (met, geometry));

  add_row (met, 2, 8, 12);
  add_row (met, 1, 9, 12);
  add_row (met, 0, 8, 7);
  pixels = recon_transmissions_describe_pixels (met, geometry);
  g_assert_cmpstr (pixels, ==, "9 of 57 detector pixels (15.8 %) can't be used, 6 for want of a flat and 3 for "
                               "impossible values in nearly all projections, and are bridged from their neighbours: "
                               "columns 6–7 in whole; others, the first at row 3, column 10");
  values = recon_transmissions_describe_values (met, geometry);
  g_assert_cmpstr (values, ==, "1.25 % of the transmissions (6 of 480) are below 0.001 and clipped, most of them in "
                               "column 14 (66.7 %); 0.208 % of the transmissions (1) are no numbers or above 10, "
                               "most of them in column 5 (100 %)");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dead-pixels/flats", test_flats);
  g_test_add_func ("/dead-pixels/uneven", test_uneven);
  g_test_add_func ("/dead-pixels/data", test_data);
  g_test_add_func ("/dead-pixels/bridges", test_bridges);
  g_test_add_func ("/dead-pixels/described", test_described);

  return g_test_run ();
}
