/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "viewer/viewport.h"

static void
viewport_new (ReconViewport *viewport,
              double         view_width,
              double         view_height,
              double         image_width,
              double         image_height)
{
  recon_viewport_init (viewport);
  recon_viewport_set_view_size (viewport, view_width, view_height);
  recon_viewport_set_image_size (viewport, image_width, image_height);
}

static void
test_fit (void)
{
  ReconViewport viewport;
  double x, y;

  viewport_new (&viewport, 800, 600, 1000, 500);
  g_assert_true (viewport.fit);
  g_assert_cmpfloat_with_epsilon (viewport.zoom, 0.8, 1e-12);

  /* The middle lies in the middle, within half a pixel of the screen. */
  recon_viewport_to_view (&viewport, 500, 250, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 400, 0.51);
  g_assert_cmpfloat_with_epsilon (y, 300, 0.51);
}

static void
test_fit_survives_sizes (void)
{
  ReconViewport viewport;

  viewport_new (&viewport, 800, 600, 1000, 500);
  recon_viewport_set_view_size (&viewport, 500, 1000);
  g_assert_cmpfloat_with_epsilon (viewport.zoom, 0.5, 1e-12);
  recon_viewport_set_image_size (&viewport, 100, 4000);
  g_assert_cmpfloat_with_epsilon (viewport.zoom, 0.25, 1e-12);
  g_assert_true (viewport.fit);

  recon_viewport_set_zoom (&viewport, 2.0);
  g_assert_false (viewport.fit);
  recon_viewport_set_view_size (&viewport, 300, 300);
  g_assert_cmpfloat (viewport.zoom, ==, 2.0);

  recon_viewport_set_fit (&viewport, TRUE);
  g_assert_cmpfloat_with_epsilon (viewport.zoom, 300.0 / 4000.0, 1e-12);
}

/* A view that has no size yet, as before the first frame, must not break what comes. */
static void
test_no_size (void)
{
  ReconViewport viewport;

  recon_viewport_init (&viewport);
  recon_viewport_pan (&viewport, 10, 10);
  recon_viewport_set_fit (&viewport, TRUE);
  recon_viewport_set_image_size (&viewport, 64, 64);
  g_assert_true (isfinite (viewport.x) && isfinite (viewport.zoom));
  recon_viewport_set_view_size (&viewport, 128, 128);
  g_assert_cmpfloat_with_epsilon (viewport.zoom, 2.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (viewport.x, 0.0, 1e-12);
}

static void
test_zoom_about (void)
{
  ReconViewport viewport;
  double x, y, back_x, back_y;

  viewport_new (&viewport, 800, 600, 1000, 1000);
  recon_viewport_to_image (&viewport, 250, 330, &x, &y);

  for (double zoom = 0.4; zoom < 100; zoom *= 1.7)
    {
      recon_viewport_zoom_about (&viewport, zoom, 250, 330);
      g_assert_cmpfloat_with_epsilon (viewport.zoom, zoom, 1e-9);
      recon_viewport_to_view (&viewport, x, y, &back_x, &back_y);
      /* Each step may move it to the grid. */
      g_assert_cmpfloat_with_epsilon (back_x, 250, 0.51 + 0.51 * 1.7 / 0.7);
      g_assert_cmpfloat_with_epsilon (back_y, 330, 0.51 + 0.51 * 1.7 / 0.7);
      recon_viewport_to_image (&viewport, 250, 330, &x, &y);
    }
}

static void
test_limits (void)
{
  ReconViewport viewport;
  double smallest, largest;

  viewport_new (&viewport, 500, 500, 1000, 1000);
  recon_viewport_get_limits (&viewport, &smallest, &largest);
  g_assert_cmpfloat_with_epsilon (smallest, 0.25, 1e-12);
  recon_viewport_set_zoom (&viewport, 1e-9);
  g_assert_cmpfloat (viewport.zoom, ==, smallest);
  recon_viewport_set_zoom (&viewport, 1e9);
  g_assert_cmpfloat (viewport.zoom, ==, largest);

  recon_viewport_set_zoom (&viewport, NAN);
  g_assert_cmpfloat (viewport.zoom, ==, largest);

  /* The image cannot leave: its border may reach the middle. */
  recon_viewport_set_zoom (&viewport, 1.0);
  recon_viewport_pan (&viewport, 1e7, -1e7);
  g_assert_cmpfloat (viewport.x, ==, -250);
  g_assert_cmpfloat (viewport.y, ==, 750);
}

static void
test_pan (void)
{
  ReconViewport viewport;

  viewport_new (&viewport, 400, 400, 1000, 1000);
  recon_viewport_set_zoom (&viewport, 4.0);
  viewport.x = 100;
  viewport.y = 200;
  recon_viewport_pan (&viewport, 40, -20);
  g_assert_cmpfloat (viewport.x, ==, 90);
  g_assert_cmpfloat (viewport.y, ==, 205);
}

/* At 1:1 and above the corner of a pixel falls upon that of a pixel of the screen. */
static void
test_grid (void)
{
  static const double zooms[] = { 1, 2, 3, 8 };
  ReconViewport viewport;

  viewport_new (&viewport, 401, 333, 1000, 1000);
  for (gsize i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      double x, y;

      recon_viewport_zoom_about (&viewport, zooms[i], 123.4, 56.7);
      recon_viewport_pan (&viewport, 3.3, 1.7);
      recon_viewport_to_view (&viewport, 500, 500, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, round (x), 1e-9);
      g_assert_cmpfloat_with_epsilon (y, round (y), 1e-9);
    }
}

static void
test_steps (void)
{
  ReconViewport viewport;

  viewport_new (&viewport, 700, 700, 1000, 1000);
  g_assert_cmpfloat (recon_viewport_step_zoom (&viewport, 1), ==, 1.0);
  g_assert_cmpfloat_with_epsilon (recon_viewport_step_zoom (&viewport, -1), 2.0 / 3.0, 1e-12);
  recon_viewport_set_zoom (&viewport, 1.0);
  g_assert_cmpfloat (recon_viewport_step_zoom (&viewport, 1), ==, 1.5);

  /* A wheel stops at 1:1. */
  recon_viewport_set_zoom (&viewport, 0.9);
  g_assert_cmpfloat (recon_viewport_scale_zoom (&viewport, 1.25), ==, 1.0);
  recon_viewport_set_zoom (&viewport, 1.0);
  g_assert_cmpfloat (recon_viewport_scale_zoom (&viewport, 1.25), ==, 1.25);
  recon_viewport_set_zoom (&viewport, 1.1);
  g_assert_cmpfloat (recon_viewport_scale_zoom (&viewport, 0.8), ==, 1.0);
}

static void
test_round_trip (void)
{
  ReconViewport viewport;
  double x, y, view_x, view_y;

  viewport_new (&viewport, 640, 480, 77, 3001);
  recon_viewport_set_zoom (&viewport, 3.7);
  recon_viewport_to_image (&viewport, 12.5, 470.25, &x, &y);
  recon_viewport_to_view (&viewport, x, y, &view_x, &view_y);
  g_assert_cmpfloat_with_epsilon (view_x, 12.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (view_y, 470.25, 1e-9);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/viewport/fit", test_fit);
  g_test_add_func ("/viewport/fit-survives-sizes", test_fit_survives_sizes);
  g_test_add_func ("/viewport/no-size", test_no_size);
  g_test_add_func ("/viewport/zoom-about", test_zoom_about);
  g_test_add_func ("/viewport/limits", test_limits);
  g_test_add_func ("/viewport/pan", test_pan);
  g_test_add_func ("/viewport/grid", test_grid);
  g_test_add_func ("/viewport/steps", test_steps);
  g_test_add_func ("/viewport/round-trip", test_round_trip);

  return g_test_run ();
}
