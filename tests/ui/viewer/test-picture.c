/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "test-images.h"
#include "viewer/profile.h"

static void
test_halve (void)
{
  const float values[] = { 1, 2, 3, 5, 6, 7, 9, 10, 20 };
  const float expected[] = { 3.5f, 5.0f, 9.5f, 20.0f };
  g_autoptr (ReconImage) image = test_image_take (3, 3, g_memdup2 (values, sizeof values));
  g_autoptr (ReconImage) half = recon_image_halve (image);

  g_assert_cmpuint (recon_image_get_width (half), ==, 2);
  g_assert_cmpuint (recon_image_get_height (half), ==, 2);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon ((double) recon_image_get_pixels (half)[i], (double) expected[i], 1e-6);
}

static void
test_levels_of_picture (void)
{
  g_autoptr (ReconImage) image = test_image_new (1100, 600, 0);
  g_autoptr (ReconPicture) picture = test_picture_new (image, NULL, RECON_OVERLAY_NONE);
  guint n = recon_picture_get_n_levels (picture);

  g_assert_cmpuint (n, ==, 4);
  g_assert_true (recon_picture_get_level (picture, 0, 0) == image);
  g_assert_cmpuint (recon_image_get_width (recon_picture_get_level (picture, 0, n - 1)), ==, 138);
  g_assert_cmpuint (recon_image_get_height (recon_picture_get_level (picture, 0, n - 1)), ==, 75);
  g_assert_null (recon_picture_get_level (picture, 1, 0));
}

/* What another picture has of the same images is not made again. */
static void
test_reuse (void)
{
  g_autoptr (ReconImage) first = test_image_new (600, 600, 1);
  g_autoptr (ReconImage) second = test_image_new (600, 600, 2);
  g_autoptr (ReconPicture) picture = test_picture_new (first, second, RECON_OVERLAY_SUM);
  const ReconPictureRequest request = {
    .first = second,
    .full_width = 600,
    .full_height = 600,
  };
  g_autoptr (ReconPicture) next = recon_picture_new (&request, picture);

  g_assert_true (recon_picture_get_level (next, 0, 1) == recon_picture_get_level (picture, 1, 1));
  g_assert_cmpuint (recon_picture_get_histogram (next)->n_values, ==, 360000);
}

/* Column c of the first meets column width − 1 − c + shift of the second. */
static void
check_overlay (ReconOverlay overlay,
               double       shift)
{
  const int width = 13, height = 4;
  g_autoptr (ReconImage) first = test_image_new ((guint) width, (guint) height, 3);
  g_autoptr (ReconImage) second = test_image_new ((guint) width, (guint) height, 4);
  g_autoptr (ReconPicture) picture = test_picture_new (first, second, overlay);
  const float *a = recon_image_get_pixels (first), *b = recon_image_get_pixels (second);
  ReconLayer layer;

  recon_layer_init (&layer, picture, 0, overlay, shift, FALSE);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double position = width - 1 - x + shift;
        double left = floor (position), part = position - left;
        gboolean covered = left >= 0 && left + (part > 0) < width;
        double other = 0, expected;
        float value = 0;

        g_assert_cmpint (recon_layer_get (&layer, x, y, &value) == RECON_TEXEL_VALUE, ==, covered);
        if (!covered)
          continue;

        other = (double) b[y * width + (int) left];
        if (part > 0)
          other += part * ((double) b[y * width + (int) left + 1] - other);
        expected = (double) a[y * width + x] + (overlay == RECON_OVERLAY_SUM ? other : -other);
        g_assert_cmpfloat_with_epsilon ((double) value, expected, 1e-3);
      }
}

static void
test_overlay (void)
{
  static const double shifts[] = { 0, 1, -3, 2.5, -0.25, 12, 13, -40 };

  for (gsize i = 0; i < G_N_ELEMENTS (shifts); i++)
    {
      check_overlay (RECON_OVERLAY_DIFFERENCE, shifts[i]);
      check_overlay (RECON_OVERLAY_SUM, shifts[i]);
    }
}

/* A point that lies where its mirror image is shifted to vanishes from the difference. */
static void
test_overlay_matches (void)
{
  const guint width = 64;
  float *a = g_new0 (float, width), *b = g_new0 (float, width);
  g_autoptr (ReconImage) first = NULL, second = NULL;
  g_autoptr (ReconPicture) picture = NULL;
  g_autoptr (ReconImage) flat = NULL;
  ReconLayer layer;

  a[40] = 1.0f;
  b[33] = 1.0f;
  first = test_image_take (width, 1, a);
  second = test_image_take (width, 1, b);
  picture = test_picture_new (first, second, RECON_OVERLAY_DIFFERENCE);

  /* Mirrored, column 33 comes to 30; ten to the right is 40. */
  recon_layer_init (&layer, picture, 0, RECON_OVERLAY_DIFFERENCE, 10.0, FALSE);
  flat = recon_layer_flatten (&layer);
  for (guint x = 10; x < width; x++)
    g_assert_cmpfloat ((double) recon_image_get_pixels (flat)[x], ==, 0.0);
  for (guint x = 0; x < 10; x++)
    g_assert_true (isnan (recon_image_get_pixels (flat)[x]));
}

/* Levels of a picture agree on where the second image lies. */
static void
test_overlay_levels (void)
{
  const guint width = 600;
  float *a = g_new (float, width * 8);
  g_autoptr (ReconImage) first = NULL;
  g_autoptr (ReconPicture) picture = NULL;
  ReconLayer layer;

  for (guint i = 0; i < width * 8; i++)
    a[i] = (float) (i % width);
  first = test_image_take (width, 8, a);
  picture = test_picture_new (first, first, RECON_OVERLAY_SUM);

  for (guint level = 0; level < 2; level++)
    {
      float value = 0;

      recon_layer_init (&layer, picture, level, RECON_OVERLAY_SUM, 20.0, FALSE);
      g_assert_cmpint (recon_layer_get (&layer, 200 >> level, 1, &value), ==, RECON_TEXEL_VALUE);
      /* A ramp and its mirror image add up to a constant. */
      g_assert_cmpfloat_with_epsilon ((double) value, width - 1 + 20.0, 1e-3);
    }
}

static void
test_interpolate (void)
{
  float *values = g_new (float, 12);
  g_autoptr (ReconImage) image = NULL;
  g_autoptr (ReconPicture) picture = NULL;
  ReconLayer layer;
  float value = 0;

  for (guint i = 0; i < 12; i++)
    values[i] = (float) i;
  values[11] = NAN;
  image = test_image_take (4, 3, values);
  picture = test_picture_new (image, NULL, RECON_OVERLAY_NONE);
  recon_layer_init (&layer, picture, 0, RECON_OVERLAY_NONE, 0, FALSE);

  g_assert_cmpint (recon_layer_interpolate (&layer, 1.5f, 1.5f, &value), ==, RECON_TEXEL_VALUE);
  g_assert_cmpfloat ((double) value, ==, 5.0);
  g_assert_cmpint (recon_layer_interpolate (&layer, 1.75f, 1.25f, &value), ==, RECON_TEXEL_VALUE);
  g_assert_cmpfloat_with_epsilon ((double) value, 5.25 - 1.0, 1e-5);
  g_assert_cmpint (recon_layer_interpolate (&layer, 0.1f, 0.1f, &value), ==, RECON_TEXEL_VALUE);
  g_assert_cmpfloat ((double) value, ==, 0.0);
  /* A NaN counts where it has a weight, and nowhere else. */
  g_assert_cmpint (recon_layer_interpolate (&layer, 3.2f, 2.2f, &value), ==, RECON_TEXEL_NAN);
  g_assert_cmpint (recon_layer_interpolate (&layer, 3.5f, 1.5f, &value), ==, RECON_TEXEL_VALUE);
  g_assert_cmpfloat ((double) value, ==, 7.0);
}

static void
test_average (void)
{
  g_autoptr (ReconImage) image = test_image_new (9, 7, 5);
  g_autoptr (ReconPicture) picture = test_picture_new (image, NULL, RECON_OVERLAY_NONE);
  const float *values = recon_image_get_pixels (image);
  ReconLayer layer;
  double sum = 0;
  float value = 0;

  recon_layer_init (&layer, picture, 0, RECON_OVERLAY_NONE, 0, FALSE);
  for (guint i = 0; i < 63; i++)
    sum += (double) values[i];
  g_assert_cmpint (recon_layer_average (&layer, -3.0f, -3.0f, 20.0f, 20.0f, &value), ==, RECON_TEXEL_VALUE);
  g_assert_cmpfloat_with_epsilon ((double) value, sum / 63, 1e-3);

  /* Half a column at either side. */
  g_assert_cmpint (recon_layer_average (&layer, 1.5f, 2.0f, 3.5f, 3.0f, &value), ==, RECON_TEXEL_VALUE);
  sum = 0.5 * (double) values[19] + (double) values[20] + 0.5 * (double) values[21];
  g_assert_cmpfloat_with_epsilon ((double) value, sum / 2.0, 1e-3);

  g_assert_cmpint (recon_layer_average (&layer, 12.0f, 2.0f, 13.0f, 3.0f, &value), ==, RECON_TEXEL_EMPTY);
}

static void
test_sampling (void)
{
  g_autoptr (ReconImage) image = test_image_new (2048, 1024, 0);
  g_autoptr (ReconPicture) picture = test_picture_new (image, NULL, RECON_OVERLAY_NONE);
  static const struct
  {
    double      zoom;
    guint       level;
    ReconInterpolation filter;
    double      step;
  } cases[] = {
    { 8.0, 0, RECON_FILTER_NEAREST, 0.125 },
    { 2.0, 0, RECON_FILTER_NEAREST, 0.5 },
    { 1.5, 0, RECON_FILTER_BILINEAR, 1 / 1.5 },
    { 1.0, 0, RECON_FILTER_NEAREST, 1.0 },
    { 0.9, 0, RECON_FILTER_MEAN, 1 / 0.9 },
    { 0.25, 0, RECON_FILTER_MEAN, 4.0 },
    { 0.2, 1, RECON_FILTER_MEAN, 2.5 },
    { 0.06, 3, RECON_FILTER_MEAN, 1 / 0.48 },
  };
  ReconScene scene = { .picture = picture };

  recon_viewport_init (&scene.viewport);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ReconSampling sampling;

      scene.viewport.zoom = cases[i].zoom;
      scene.viewport.x = -10.25;
      scene.viewport.y = 100.0;
      g_assert_cmpuint (recon_sampling_choose_level (&scene), ==, cases[i].level);
      recon_sampling_init (&sampling, &scene, cases[i].level);
      g_assert_cmpint (sampling.filter, ==, cases[i].filter);
      g_assert_cmpfloat_with_epsilon ((double) sampling.step[0], cases[i].step, 1e-6);
      g_assert_cmpfloat_with_epsilon (sampling.base[0] + (double) sampling.part[0], -10.25 / (1 << cases[i].level),
                                      1e-6);
      g_assert_cmpfloat ((double) sampling.part[0], >=, 0.0);
    }
}

static void
test_profile (void)
{
  g_autoptr (ReconImage) image = test_image_new (100, 80, 0);
  g_autoptr (ReconPicture) picture = test_picture_new (image, NULL, RECON_OVERLAY_NONE);
  g_autoptr (ReconProfile) profile = recon_profile_new (picture, RECON_OVERLAY_NONE, 0, 10, 20, 40, 60);

  /* 3-4-5, times ten. */
  g_assert_cmpfloat_with_epsilon (recon_profile_get_length (profile), 50, 1e-9);
  g_assert_cmpuint (profile->n, ==, 51);
  for (guint i = 0; i < profile->n; i++)
    {
      double x, y;

      recon_profile_get_position (profile, i, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, 10 + 0.6 * i, 1e-9);
      g_assert_cmpfloat_with_epsilon (y, 20 + 0.8 * i, 1e-9);
      /* The image is linear, and so is what is between its pixels. */
      g_assert_cmpfloat_with_epsilon (profile->values[i], 17 * y + x, 1e-2);
    }
  g_assert_cmpfloat_with_epsilon (profile->minimum, 17 * 20 + 10, 1e-3);
  g_assert_cmpfloat_with_epsilon (profile->maximum, 17 * 60 + 40, 1e-3);
}

static void
test_profile_odd (void)
{
  g_autoptr (ReconImage) image = test_image_new (10, 10, 0);
  g_autoptr (ReconPicture) picture = test_picture_new (image, NULL, RECON_OVERLAY_NONE);
  g_autoptr (ReconProfile) point = recon_profile_new (picture, RECON_OVERLAY_NONE, 0, 3, 3, 3, 3);
  g_autoptr (ReconProfile) outside = recon_profile_new (picture, RECON_OVERLAY_NONE, 0, 50, 50, 60, 50);
  g_autofree char *text = recon_profile_to_csv (point);

  g_assert_cmpuint (point->n, ==, 2);
  g_assert_cmpstr (text, ==, "distance_px,x_px,y_px,value\n0,3,3,54\n0,3,3,54\n");
  g_assert_true (isnan (outside->minimum));
  g_assert_true (isnan (outside->values[4]));
}

/* A reduced image is read by the pixels of the full one. */
static void
test_profile_reduced (void)
{
  g_autoptr (ReconImage) image = test_image_new (64, 64, 0);
  const ReconPictureRequest request = { .first = image, .full_width = 256, .full_height = 256 };
  g_autoptr (ReconPicture) picture = recon_picture_new (&request, NULL);
  g_autoptr (ReconProfile) profile = recon_profile_new (picture, RECON_OVERLAY_NONE, 0, 41.5, 81.5, 141.5, 81.5);

  /* Full position 41.5 is 42 from the corner, pixel 10.5 of the reduced image from its corner: its centre 10. */
  g_assert_cmpfloat_with_epsilon (profile->values[0], 17 * 20 + 10, 1e-3);
  g_assert_cmpfloat_with_epsilon (profile->values[100], 17 * 20 + 35, 1e-3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture/halve", test_halve);
  g_test_add_func ("/picture/levels", test_levels_of_picture);
  g_test_add_func ("/picture/reuse", test_reuse);
  g_test_add_func ("/layer/overlay", test_overlay);
  g_test_add_func ("/layer/overlay-matches", test_overlay_matches);
  g_test_add_func ("/layer/overlay-levels", test_overlay_levels);
  g_test_add_func ("/layer/interpolate", test_interpolate);
  g_test_add_func ("/layer/average", test_average);
  g_test_add_func ("/scene/sampling", test_sampling);
  g_test_add_func ("/profile/line", test_profile);
  g_test_add_func ("/profile/odd", test_profile_odd);
  g_test_add_func ("/profile/reduced", test_profile_reduced);

  return g_test_run ();
}
