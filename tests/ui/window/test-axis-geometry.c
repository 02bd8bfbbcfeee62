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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/axis-geometry/matches", test_matches);
  g_test_add_func ("/axis-geometry/middle", test_middle);

  return g_test_run ();
}
