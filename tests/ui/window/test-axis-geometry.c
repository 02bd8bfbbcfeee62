/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-geometry.h"

#define EXACT 1e-12

/* A point that two projections half a turn apart see stands at the same column of both, once the mirrored one is
 * shifted as the axis says. */
static void
test_matches (void)
{
  static const double axes[] = { 31.5, 20.25, 47.9, -3, 70 };
  static const struct
  {
    const char *crop_left, *bin;
  } cases[] = { { "0", "1" }, { "5", "1" }, { "0", "2" }, { "8", "4" } };
  const guint width_as_read = 64;
  const double s = 7.125;

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (ReconConfig) config = recon_config_new ();
      double crop = g_ascii_strtod (cases[k].crop_left, NULL), bin = g_ascii_strtod (cases[k].bin, NULL);
      guint width = (guint) ((width_as_read - crop) / bin);
      ReconAxisGeometry geometry;

      g_assert_true (recon_config_parse (config, RECON_PARAM_CROP_LEFT, cases[k].crop_left, NULL));
      g_assert_true (recon_config_parse (config, RECON_PARAM_BIN, cases[k].bin, NULL));
      recon_axis_geometry_init (&geometry, config, width);

      for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
        {
          double shift = recon_axis_geometry_to_shift (&geometry, axes[i]);
          /* Columns as read, then of the image. */
          double first = (axes[i] + s - crop + 0.5) / bin - 0.5;
          double second = (axes[i] - s - crop + 0.5) / bin - 0.5;
          double mirrored = width - 1 - second;

          g_assert_cmpfloat_with_epsilon (mirrored + shift, first, EXACT * 100);
          g_assert_cmpfloat_with_epsilon (recon_axis_geometry_from_shift (&geometry, shift), axes[i], EXACT * 100);
        }
    }
}

static void
test_middle (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  ReconAxisGeometry geometry;

  recon_axis_geometry_init (&geometry, config, 64);
  g_assert_cmpfloat_with_epsilon (recon_axis_geometry_to_shift (&geometry, 31.5), 0, EXACT);
  g_assert_cmpfloat_with_epsilon (recon_axis_geometry_to_shift (&geometry, 32), 1, EXACT);
}

/* Slices are counted among the rows that are used, and a row that is not goes to its neighbour. */
static void
test_slices (void)
{
  static const struct
  {
    const char *start, *step, *bin;
    double      row;
    guint       slice;
  } cases[] = {
    { "0", "1", "1", 7, 7 },     { "5", "1", "1", 7, 2 },    { "5", "3", "1", 12, 2 },  { "5", "3", "1", 11, 2 },
    { "4", "1", "2", 4.5, 0 },   { "4", "1", "2", 8.5, 2 },  { "5", "1", "1", 0, 0 },   { "0", "1", "1", 1000, 19 },
    { "4", "2", "4", 21.5, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ReconConfig) config = recon_config_new ();

      g_assert_true (recon_config_parse (config, RECON_PARAM_Y_START, cases[i].start, NULL));
      g_assert_true (recon_config_parse (config, RECON_PARAM_Y_STEP, cases[i].step, NULL));
      g_assert_true (recon_config_parse (config, RECON_PARAM_BIN, cases[i].bin, NULL));
      g_assert_cmpuint (recon_axis_geometry_row_to_slice (config, cases[i].row, 20), ==, cases[i].slice);
      g_assert_cmpuint (recon_axis_geometry_row_to_slice (config, cases[i].row, 0), ==, 0);
    }
}

/* What the user says comes before what was found, and the middle is only a start. */
static void
test_axis (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GVariant) nothing = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));
  g_autoptr (GVariant) scan = g_variant_ref_sink (g_variant_new_parsed ("{'width-as-read': <uint32 64>}"));
  g_autoptr (GVariant) found =
      g_variant_ref_sink (g_variant_new_parsed ("{'axis': <40.25>, 'width-as-read': <uint32 64>}"));

  g_assert_true (recon_config_parse (config, RECON_PARAM_AXIS, "auto", NULL));
  g_assert_cmpfloat (recon_axis_geometry_get_axis (config, nothing), ==, 0);
  g_assert_cmpfloat (recon_axis_geometry_get_axis (config, scan), ==, 31.5);
  g_assert_cmpfloat (recon_axis_geometry_get_axis (config, found), ==, 40.25);
  g_assert_true (recon_config_parse (config, RECON_PARAM_AXIS, "20.5", NULL));
  g_assert_cmpfloat (recon_axis_geometry_get_axis (config, found), ==, 20.5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/axis-geometry/axis", test_axis);
  g_test_add_func ("/axis-geometry/matches", test_matches);
  g_test_add_func ("/axis-geometry/middle", test_middle);
  g_test_add_func ("/axis-geometry/slices", test_slices);

  return g_test_run ();
}
