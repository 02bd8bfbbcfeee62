/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "viewer/colour-maps.h"
#include "viewer/scale-bar.h"
#include "viewer/histogram.h"
#include "viewer/levels.h"
#include "viewer/ticks.h"

static guint
to_index (double low,
          double high,
          float  value)
{
  ReconLevels levels;
  float a, scale;

  recon_levels_set (&levels, low, high);
  recon_levels_to_floats (&levels, &a, &scale);

  return recon_levels_index (a, scale, value);
}

static void
test_levels (void)
{
  g_assert_cmpuint (to_index (0, 255, 0.0f), ==, 0);
  g_assert_cmpuint (to_index (0, 255, 17.0f), ==, 17);
  g_assert_cmpuint (to_index (0, 255, 17.4f), ==, 17);
  g_assert_cmpuint (to_index (0, 255, 17.6f), ==, 18);
  g_assert_cmpuint (to_index (0, 255, 255.0f), ==, 255);
  g_assert_cmpuint (to_index (0, 255, 1e30f), ==, 255);
  g_assert_cmpuint (to_index (0, 255, -1e30f), ==, 0);
  g_assert_cmpuint (to_index (0, 255, INFINITY), ==, 255);
  g_assert_cmpuint (to_index (0, 255, -INFINITY), ==, 0);
}

static void
test_levels_odd (void)
{
  ReconLevels levels;

  recon_levels_set (&levels, 3, -2);
  g_assert_cmpfloat (levels.low, ==, -2);
  g_assert_cmpfloat (levels.high, ==, 3);

  recon_levels_set (&levels, 5, 5);
  g_assert_cmpfloat (levels.low, <, 5);
  g_assert_cmpfloat (levels.high, >, 5);
  recon_levels_set (&levels, 0, 0);
  g_assert_cmpfloat (levels.low, <, levels.high);

  recon_levels_set (&levels, NAN, INFINITY);
  g_assert_cmpfloat (levels.low, ==, 0);
  g_assert_cmpfloat (levels.high, ==, 1);

  /* The widest range that there is. */
  recon_levels_set (&levels, (double) -FLT_MAX, (double) FLT_MAX);
  g_assert_cmpuint (to_index ((double) -FLT_MAX, (double) FLT_MAX, 0.0f), ==, 128);
}

static void
test_levels_drag (void)
{
  ReconLevels levels = { 10, 20 };

  recon_levels_drag (&levels, 1.0, 0.0);
  g_assert_cmpfloat_with_epsilon (levels.low, 5, 1e-9);
  g_assert_cmpfloat_with_epsilon (levels.high, 25, 1e-9);

  /* Brighter: the same value comes later in the range. */
  recon_levels_drag (&levels, 0.0, 0.5);
  g_assert_cmpfloat_with_epsilon (levels.low, -5, 1e-9);
  g_assert_cmpfloat_with_epsilon (levels.high, 15, 1e-9);

  recon_levels_drag (&levels, -1e6, 0.0);
  g_assert_cmpfloat (levels.low, <, levels.high);
}

static int
compare (const void *a,
         const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Percentiles are those of the sorted values, to the last bit. */
static void
test_percentiles (void)
{
  const gsize n = 10007;
  g_autofree float *values = g_new (float, n);
  ReconHistogram histogram;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) ((g_rand_double (random) - 0.3) * exp (g_rand_double_range (random, -20, 20)));

  g_assert_true (recon_histogram_compute (&histogram, values, n));
  qsort (values, n, sizeof (float), compare);
  g_assert_cmpfloat (histogram.minimum, ==, (double) values[0]);
  g_assert_cmpfloat (histogram.maximum, ==, (double) values[n - 1]);
  g_assert_cmpfloat (histogram.percentile_1, ==, (double) values[100]);
  g_assert_cmpfloat (histogram.percentile_99, ==, (double) values[9906]);
}

static void
test_histogram (void)
{
  float values[256 * 4];
  ReconHistogram histogram;
  guint64 sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = (float) (i % 256) + 0.5f;

  g_assert_true (recon_histogram_compute (&histogram, values, G_N_ELEMENTS (values)));
  g_assert_cmpfloat (histogram.low, ==, 0.5);
  g_assert_cmpfloat (histogram.high, ==, 255.5);
  for (guint i = 0; i < RECON_HISTOGRAM_BINS; i++)
    {
      g_assert_cmpuint (histogram.bins[i], ==, 4);
      g_assert_cmpfloat (recon_histogram_get_height (&histogram, i, FALSE), ==, 1.0);
      sum += histogram.bins[i];
    }
  g_assert_cmpuint (sum, ==, G_N_ELEMENTS (values));
  g_assert_cmpuint (recon_histogram_find_bin (&histogram, -1e9), ==, 0);
  g_assert_cmpuint (recon_histogram_find_bin (&histogram, 1e9), ==, 255);
}

/* One dead pixel must not press all others into one bin. */
static void
test_histogram_outlier (void)
{
  const gsize n = 5000;
  g_autofree float *values = g_new (float, n);
  ReconHistogram histogram;

  for (gsize i = 0; i < n; i++)
    values[i] = (float) (i % 100);
  values[17] = 1e20f;

  g_assert_true (recon_histogram_compute (&histogram, values, n));
  g_assert_cmpfloat (histogram.maximum, ==, (double) 1e20f);
  g_assert_cmpfloat (histogram.low, ==, 0);
  g_assert_cmpfloat (histogram.high, <, 200);
  g_assert_cmpuint (histogram.bins[255], ==, 1);
  g_assert_cmpfloat (recon_histogram_get_height (&histogram, 255, TRUE), >,
                     recon_histogram_get_height (&histogram, 255, FALSE));
}

static void
test_histogram_odd (void)
{
  const float mixed[] = { NAN, 1.0f, INFINITY, -INFINITY, 3.0f, NAN, 2.0f };
  const float nothing[] = { NAN, INFINITY };
  const float constant[] = { 7.0f, 7.0f, 7.0f };
  const float zeros[] = { -0.0f, 0.0f };
  ReconHistogram histogram;

  g_assert_true (recon_histogram_compute (&histogram, mixed, G_N_ELEMENTS (mixed)));
  g_assert_cmpuint (histogram.n_values, ==, 3);
  g_assert_cmpuint (histogram.n_nan, ==, 2);
  g_assert_cmpuint (histogram.n_infinite, ==, 2);
  g_assert_cmpfloat (histogram.minimum, ==, 1);
  g_assert_cmpfloat (histogram.maximum, ==, 3);
  g_assert_cmpfloat (histogram.percentile_1, ==, 1);
  g_assert_cmpfloat (histogram.percentile_99, ==, 3);

  g_assert_false (recon_histogram_compute (&histogram, nothing, G_N_ELEMENTS (nothing)));
  g_assert_cmpfloat (histogram.low, <, histogram.high);
  g_assert_cmpfloat (recon_histogram_get_height (&histogram, 0, FALSE), ==, 0);

  g_assert_true (recon_histogram_compute (&histogram, constant, G_N_ELEMENTS (constant)));
  g_assert_cmpfloat (histogram.low, <, 7);
  g_assert_cmpfloat (histogram.high, >, 7);
  g_assert_cmpfloat (histogram.percentile_99, ==, 7);

  g_assert_true (recon_histogram_compute (&histogram, zeros, G_N_ELEMENTS (zeros)));
  g_assert_cmpuint (histogram.n_values, ==, 2);
  g_assert_false (recon_histogram_compute (&histogram, NULL, 0));
}

static double
get_luminance (guint32 colour)
{
  return 0.2126 * (colour >> 16 & 0xff) + 0.7152 * (colour >> 8 & 0xff) + 0.0722 * (colour & 0xff);
}

static void
test_colour_maps (void)
{
  for (ReconColourMap map = 0; map < RECON_N_COLOUR_MAPS; map++)
    {
      const guint32 *table = recon_colour_map_get_table (map);
      ReconColourMap found;

      g_assert_true (recon_colour_map_from_id (recon_colour_map_get_id (map), &found));
      g_assert_cmpint (found, ==, map);
      g_assert_cmpstr (recon_colour_map_get_name (map), !=, "");

      /* What marks missing values is no colour of any map, by far. */
      for (guint i = 0; i < RECON_COLOUR_MAP_SIZE; i++)
        {
          int distance = 0;

          for (guint shift = 0; shift < 24; shift += 8)
            distance += abs ((int) (table[i] >> shift & 0xff) - (int) (RECON_COLOUR_NAN >> shift & 0xff));
          g_assert_cmpint (distance, >, 100);
        }
    }
}

static void
test_colour_maps_known (void)
{
  static const struct
  {
    ReconColourMap map;
    guint          index;
    guint32        colour;
  } known[] = {
    { RECON_COLOUR_MAP_GREY, 0, 0x000000 },
    { RECON_COLOUR_MAP_GREY, 77, 0x4d4d4d },
    { RECON_COLOUR_MAP_GREY, 255, 0xffffff },
    { RECON_COLOUR_MAP_INVERTED, 77, 0xb2b2b2 },
    { RECON_COLOUR_MAP_VIRIDIS, 0, 0x440154 },
    { RECON_COLOUR_MAP_VIRIDIS, 100, 0x2a768e },
    { RECON_COLOUR_MAP_VIRIDIS, 255, 0xfde725 },
    { RECON_COLOUR_MAP_MAGMA, 0, 0x000004 },
    { RECON_COLOUR_MAP_MAGMA, 150, 0xd9466b },
    { RECON_COLOUR_MAP_MAGMA, 255, 0xfcfdbf },
    { RECON_COLOUR_MAP_DIVERGING, 0, 0x3b4cc0 },
    { RECON_COLOUR_MAP_DIVERGING, 255, 0xb40426 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmphex (recon_colour_map_get_table (known[i].map)[known[i].index], ==, known[i].colour);
}

/* Perceptual maps grow brighter all the way; a diverging one is brightest in its middle, and grey there. */
static void
test_colour_maps_order (void)
{
  const guint32 *diverging = recon_colour_map_get_table (RECON_COLOUR_MAP_DIVERGING);

  for (guint i = 1; i < RECON_COLOUR_MAP_SIZE; i++)
    {
      g_assert_cmpfloat (get_luminance (recon_colour_map_get_table (RECON_COLOUR_MAP_VIRIDIS)[i]), >=,
                         get_luminance (recon_colour_map_get_table (RECON_COLOUR_MAP_VIRIDIS)[i - 1]) - 0.5);
      g_assert_cmpfloat (get_luminance (recon_colour_map_get_table (RECON_COLOUR_MAP_MAGMA)[i]), >=,
                         get_luminance (recon_colour_map_get_table (RECON_COLOUR_MAP_MAGMA)[i - 1]) - 0.5);
    }
  for (guint i = 0; i < RECON_COLOUR_MAP_SIZE; i++)
    g_assert_cmpfloat (get_luminance (diverging[i]), <=, get_luminance (diverging[128]) + 1.0);
  g_assert_cmpint (abs ((int) (diverging[128] >> 16 & 0xff) - (int) (diverging[128] & 0xff)), <, 10);
}

static void
check_ticks (double      low,
             double      high,
             guint       most,
             const char *expected)
{
  GString *text = g_string_new (NULL);
  ReconTicks ticks;

  recon_ticks_choose (&ticks, low, high, most);
  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *number = recon_ticks_format (&ticks, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", number);
    }
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
}

static void
test_ticks (void)
{
  check_ticks (0, 10, 6, "0 2 4 6 8 10");
  check_ticks (-0.013, 0.021, 4, "-0.01 0.00 0.01 0.02");
  check_ticks (0, 256, 6, "0 50 100 150 200 250");
  check_ticks (3, 3, 6, "");
  check_ticks (0, NAN, 6, "");
  check_ticks (1e7, 3e7, 3, "1e+07 2e+07 3e+07");
}

static void
test_scale_bar (void)
{
  static const struct
  {
    double      pixel_size, room, pixels;
    const char *text;
  } cases[] = {
    { 0, 137, 100, "100 px" },   { 0, 5, 5, "5 px" },          { 0, 1.5, 1, "1 px" },
    { 6.5, 160, 1000 / 6.5, "1 mm" }, { 6.5, 150, 500 / 6.5, "500 µm" }, { 200, 160, 100, "20 mm" },
    { 0.5, 100, 100, "50 µm" },  { 0.02, 30, 25, "500 nm" },   { 1000, 0.3, 0.2, "200 µm" },
  };
  ReconScaleBar bar;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (recon_scale_bar_choose (&bar, cases[i].pixel_size, cases[i].room));
      g_assert_cmpfloat_with_epsilon (bar.pixels, cases[i].pixels, 1e-6 * cases[i].pixels);
      g_assert_cmpstr (bar.text, ==, cases[i].text);
    }

  /* A pixel that is wider than the room has no length that is known. */
  g_assert_false (recon_scale_bar_choose (&bar, 0, 0.9));
  g_assert_false (recon_scale_bar_choose (&bar, 5, 0));
  g_assert_false (recon_scale_bar_choose (&bar, 5, INFINITY));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/levels/map", test_levels);
  g_test_add_func ("/levels/odd", test_levels_odd);
  g_test_add_func ("/levels/drag", test_levels_drag);
  g_test_add_func ("/histogram/percentiles", test_percentiles);
  g_test_add_func ("/histogram/bins", test_histogram);
  g_test_add_func ("/histogram/outlier", test_histogram_outlier);
  g_test_add_func ("/histogram/odd", test_histogram_odd);
  g_test_add_func ("/colour-maps/ids", test_colour_maps);
  g_test_add_func ("/colour-maps/known", test_colour_maps_known);
  g_test_add_func ("/colour-maps/order", test_colour_maps_order);
  g_test_add_func ("/ticks", test_ticks);
  g_test_add_func ("/scale-bar", test_scale_bar);

  return g_test_run ();
}
