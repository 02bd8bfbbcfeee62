/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "view-fixture.h"

/* Every test compares three pictures: the screen, the other renderer's, and where that is simple, what the values
 * must become. Run again with GDK_DEBUG=gl-disable, when the screen shows the other renderer's. */

#define WIDTH 160
#define HEIGHT 120

static guint32
to_colour (ViewFixture *fixture,
           double       value)
{
  const ReconScene *scene = recon_canvas_get_scene (fixture->canvas);
  double t = (value - scene->levels.low) / (scene->levels.high - scene->levels.low);

  return 0xff000000u | recon_colour_map_get_table (scene->colour_map)[(int) (CLAMP (t, 0, 1) * 255 + 0.5)];
}

static void
check_renderers (ViewFixture *fixture)
{
  int width, height;
  g_autofree guint32 *screen = view_fixture_grab (fixture, &width, &height);
  g_autofree guint32 *painted = view_fixture_paint (fixture);

  g_assert_cmpint (recon_canvas_get_has_gl (fixture->canvas), ==, !view_fixture_is_no_gl ());
  assert_pixels_near (screen, painted, (gsize) width * (gsize) height, 2);
}

static void
set_view (ViewFixture *fixture,
          double       zoom,
          double       x,
          double       y)
{
  ReconViewport *viewport = &recon_canvas_get_scene (fixture->canvas)->viewport;

  recon_viewport_set_zoom (viewport, zoom);
  recon_viewport_pan (viewport, (viewport->x - x) * viewport->zoom, (viewport->y - y) * viewport->zoom);
  recon_canvas_redraw (fixture->canvas);
}

static void
test_nearest (void)
{
  g_autoptr (ReconImage) image = test_image_new (50, 40, 11);
  const float *values = recon_image_get_pixels (image);
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_object_set (fixture.view, "low", -100.0, "high", 700.0, NULL);
  set_view (&fixture, 4.0, 3.0, 5.0);
  screen = view_fixture_grab (&fixture, &width, &height);

  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      {
        double value = (double) values[(5 + j / 4) * 50 + 3 + i / 4];

        assert_pixels_near (&screen[j * width + i], &(guint32) { to_colour (&fixture, value) }, 1, 2);
      }
  check_renderers (&fixture);
  view_fixture_clear (&fixture);
}

/* At 1:1 every pixel is itself, and round the image is the ground. */
static void
test_one_to_one (void)
{
  g_autoptr (ReconImage) image = test_image_new (100, 80, 12);
  const float *values = recon_image_get_pixels (image);
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  set_view (&fixture, 1.0, -30.0, -20.0);
  screen = view_fixture_grab (&fixture, &width, &height);

  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      {
        gboolean inside = i >= 30 && j >= 20 && i < 130 && j < 100;
        guint32 expected = inside ? to_colour (&fixture, (double) values[(j - 20) * 100 + i - 30]) :
                           0xff000000u | RECON_COLOUR_GROUND;

        assert_pixels_near (&screen[j * width + i], &expected, 1, inside ? 2 : 0);
      }
  view_fixture_clear (&fixture);
}

/* Seen from afar, four pixels become their mean. */
static void
test_mean (void)
{
  g_autoptr (ReconImage) image = test_image_new (320, 240, 13);
  const float *values = recon_image_get_pixels (image);
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_assert_cmpfloat (recon_canvas_get_scene (fixture.canvas)->viewport.zoom, ==, 0.5);
  screen = view_fixture_grab (&fixture, &width, &height);

  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      {
        const float *corner = values + 2 * j * 320 + 2 * i;
        double mean = ((double) corner[0] + (double) corner[1] + (double) corner[320] + (double) corner[321]) / 4.0;

        assert_pixels_near (&screen[j * width + i], &(guint32) { to_colour (&fixture, mean) }, 1, 2);
      }
  view_fixture_clear (&fixture);
}

/* Between 1:1 and 2:1 a linear image stays linear. */
static void
test_bilinear (void)
{
  g_autoptr (ReconImage) image = test_image_new (200, 160, 0);
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  set_view (&fixture, 1.6, 20.0, 30.0);
  screen = view_fixture_grab (&fixture, &width, &height);

  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      {
        double value = 17.0 * (30.0 + (j + 0.5) / 1.6 - 0.5) + 20.0 + (i + 0.5) / 1.6 - 0.5;

        assert_pixels_near (&screen[j * width + i], &(guint32) { to_colour (&fixture, value) }, 1, 2);
      }
  check_renderers (&fixture);
  view_fixture_clear (&fixture);
}

/* Both renderers, at every kind of zoom, with every map. */
static void
check_zooms (ViewFixture *fixture)
{
  static const double zooms[] = { 0.11, 0.3, 0.77, 1.0, 1.3, 2.0, 5.5, 32.0 };

  for (gsize i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      g_object_set (fixture->view, "colour-map", recon_colour_map_get_id (i % RECON_N_COLOUR_MAPS), NULL);
      set_view (fixture, zooms[i], 37.3, 21.9);
      check_renderers (fixture);
    }
  g_object_set (fixture->view, "fit", TRUE, NULL);
  check_renderers (fixture);
}

static void
test_zooms (void)
{
  g_autoptr (ReconImage) image = test_image_new (701, 433, 0);
  ViewFixture fixture;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  check_zooms (&fixture);
  view_fixture_clear (&fixture);
}

static void
test_es (void)
{
  g_autoptr (ReconImage) image = test_image_new (701, 433, 0);
  ViewFixture fixture;

  view_fixture_init (&fixture, WIDTH, HEIGHT, TRUE, 0);
  view_fixture_set (&fixture, image);
  if (!view_fixture_is_no_gl ())
    {
      GtkGLArea *area = GTK_GL_AREA (gtk_widget_get_first_child (GTK_WIDGET (fixture.canvas)));

      g_assert_true (gdk_gl_context_get_use_es (gtk_gl_area_get_context (area)));
    }
  check_zooms (&fixture);
  view_fixture_clear (&fixture);
}

/* Tiles of 64 have seams inside the view, which must not be seen. */
static void
test_tiles (void)
{
  g_autoptr (ReconImage) image = test_image_new (701, 433, 0);
  ViewFixture fixture;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 64);
  view_fixture_set (&fixture, image);
  check_zooms (&fixture);
  view_fixture_clear (&fixture);
}

static void
test_overlays (void)
{
  static const double shifts[] = { 0.0, 21.0, -7.5, 5000.0 };
  g_autoptr (ReconImage) first = test_image_new (331, 200, 0);
  g_autoptr (ReconImage) second = test_image_new (331, 200, 0);

  for (guint largest = 0; largest <= 50; largest += 50)
    {
      ViewFixture fixture;

      view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, largest);
      view_fixture_set (&fixture, first);
      for (ReconOverlay overlay = RECON_OVERLAY_DIFFERENCE; overlay <= RECON_OVERLAY_SUM; overlay++)
        for (gsize i = 0; i < G_N_ELEMENTS (shifts); i++)
          {
            recon_image_view_set_overlay (fixture.view, second, overlay, shifts[i]);
            view_fixture_wait (&fixture);
            g_object_set (fixture.view, "fit", TRUE, NULL);
            check_renderers (&fixture);
            set_view (&fixture, 3.0, 10.0, 10.0);
            check_renderers (&fixture);
          }
      view_fixture_clear (&fixture);
    }
}

/* The difference of an image and its own mirror image is the middle of the map; the rest is empty. */
static void
test_overlay_values (void)
{
  float *ramp = g_new (float, 80 * 60), *mirrored = g_new (float, 80 * 60);
  g_autoptr (ReconImage) first = NULL, second = NULL;
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;
  guint32 middle = 0xff000000u | recon_colour_map_get_table (RECON_COLOUR_MAP_DIVERGING)[128];

  for (int i = 0; i < 80 * 60; i++)
    {
      ramp[i] = sinf ((float) (i % 80));
      mirrored[i] = sinf ((float) (79 - i % 80));
    }
  first = test_image_take (80, 60, ramp);
  second = test_image_take (80, 60, mirrored);

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, first);
  recon_image_view_set_overlay (fixture.view, second, RECON_OVERLAY_DIFFERENCE, 0.0);
  screen = view_fixture_grab (&fixture, &width, &height);
  for (int i = 0; i < width * height; i++)
    assert_pixels_near (&screen[i], &middle, 1, 2);

  /* Ten pixels of the image to the right are twenty of the screen. */
  g_clear_pointer (&screen, g_free);
  recon_image_view_set_overlay (fixture.view, second, RECON_OVERLAY_DIFFERENCE, 10.0);
  screen = view_fixture_grab (&fixture, &width, &height);
  for (int i = 0; i < width * height; i++)
    g_assert_cmpint (screen[i] == (0xff000000u | RECON_COLOUR_GROUND), ==, i % width < 20);
  view_fixture_clear (&fixture);
}

static void
test_blink (void)
{
  g_autoptr (ReconImage) first = test_image_new (80, 60, 1);
  g_autoptr (ReconImage) second = test_image_new (80, 60, 2);
  ViewFixture fixture;
  ReconScene *scene;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, first);
  recon_image_view_set_overlay (fixture.view, second, RECON_OVERLAY_BLINK, 3.0);
  view_fixture_wait (&fixture);
  g_assert_cmpuint (fixture.view->blink_source, !=, 0);

  /* Both turns; the clock stands still meanwhile. */
  g_clear_handle_id (&fixture.view->blink_source, g_source_remove);
  scene = recon_canvas_get_scene (fixture.canvas);
  for (guint i = 0; i < 2; i++)
    {
      scene->blink = i == 1;
      recon_canvas_redraw (fixture.canvas);
      check_renderers (&fixture);
    }

  recon_image_view_set_overlay (fixture.view, NULL, RECON_OVERLAY_NONE, 0.0);
  view_fixture_wait (&fixture);
  g_assert_false (scene->blink);
  check_renderers (&fixture);
  view_fixture_clear (&fixture);
}

static void
test_odd_values (void)
{
  float *values = g_new0 (float, 16 * 12);
  g_autoptr (ReconImage) image = NULL;
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;

  values[0] = NAN;
  values[1] = INFINITY;
  values[2] = -INFINITY;
  values[3] = -NAN;
  values[4] = 1.0f;
  image = test_image_take (16, 12, values);

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_object_set (fixture.view, "low", 0.0, "high", 1.0, NULL);
  screen = view_fixture_grab (&fixture, &width, &height);
  g_assert_cmphex (screen[5], ==, 0xff000000u | RECON_COLOUR_NAN);
  g_assert_cmphex (screen[15], ==, 0xffffffffu);
  g_assert_cmphex (screen[25], ==, 0xff000000u);
  g_assert_cmphex (screen[35], ==, 0xff000000u | RECON_COLOUR_NAN);
  g_assert_cmphex (screen[45], ==, 0xffffffffu);
  g_assert_cmphex (screen[55], ==, 0xff000000u);
  check_renderers (&fixture);
  view_fixture_clear (&fixture);
}

/* A single NaN is seen from afar, too. */
static void
test_nan_from_afar (void)
{
  float *values = g_new0 (float, 1280 * 960);
  g_autoptr (ReconImage) image = NULL;
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *screen = NULL;
  guint n = 0;

  values[500 * 1280 + 700] = NAN;
  image = test_image_take (1280, 960, values);
  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  screen = view_fixture_grab (&fixture, &width, &height);
  for (int i = 0; i < width * height; i++)
    n += screen[i] == (0xff000000u | RECON_COLOUR_NAN);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmphex (screen[62 * width + 87], ==, 0xff000000u | RECON_COLOUR_NAN);
  check_renderers (&fixture);
  view_fixture_clear (&fixture);
}

/* A reduced image lies where the full one will. */
static void
test_reduced (void)
{
  float *full = g_new (float, 64 * 48), *reduced = g_new (float, 32 * 24);
  g_autoptr (ReconImage) full_image = NULL, reduced_image = NULL;
  ViewFixture fixture;
  int width, height;
  g_autofree guint32 *before = NULL, *after = NULL;

  for (int i = 0; i < 64 * 48; i++)
    full[i] = (float) (i % 64 / 2 + 10 * (i / 128));
  for (int i = 0; i < 32 * 24; i++)
    reduced[i] = (float) (i % 32 + 10 * (i / 32));
  full_image = test_image_take (64, 48, full);
  reduced_image = test_image_take (32, 24, reduced);

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  recon_image_view_set_image (fixture.view, reduced_image, 64, 48);
  view_fixture_wait (&fixture);
  g_object_set (fixture.view, "low", 0.0, "high", 200.0, NULL);
  set_view (&fixture, 4.0, 10.0, 6.0);
  before = view_fixture_grab (&fixture, &width, &height);
  check_renderers (&fixture);

  g_object_set (fixture.view, "lock-levels", TRUE, NULL);
  view_fixture_set (&fixture, full_image);
  after = view_fixture_grab (&fixture, &width, &height);
  assert_pixels_near (before, after, (gsize) width * (gsize) height, 0);
  view_fixture_clear (&fixture);
}

/* Taken out of its window and put back, a view draws as before. */
static void
test_realize_again (void)
{
  g_autoptr (ReconImage) image = test_image_new (100, 80, 5);
  ViewFixture fixture;

  view_fixture_init (&fixture, WIDTH, HEIGHT, FALSE, 0);
  view_fixture_set (&fixture, image);
  check_renderers (&fixture);

  g_object_ref (fixture.view);
  gtk_window_set_child (fixture.window, NULL);
  g_assert_false (recon_canvas_get_has_gl (fixture.canvas));
  gtk_window_set_child (fixture.window, GTK_WIDGET (fixture.view));
  g_object_unref (fixture.view);
  check_renderers (&fixture);
  view_fixture_clear (&fixture);
}

/* The longest run of white in a row. */
static guint
measure_white (const guint32 *row,
               int            width)
{
  guint longest = 0, n = 0;

  for (int i = 0; i < width; i++)
    {
      n = row[i] == 0xffffffffu ? n + 1 : 0;
      longest = MAX (longest, n);
    }

  return longest;
}

/* Whoever draws: a bar of the length that it tells lies in the corner, unless it is switched off. */
static void
test_scale_bar (void)
{
  g_autoptr (ReconImage) image = test_image_new (400, 300, 5);
  ViewFixture fixture;

  view_fixture_init (&fixture, 400, 300, FALSE, 0);
  view_fixture_set (&fixture, image);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree guint32 *screen = NULL;
      guint longest = 0;
      int width, height;

      /* 0.1 mm, then 50 px at twice the zoom: 100 pixels of the screen have room. */
      g_object_set (fixture.view, "low", 1e6, "high", 2e6, "scale-bar", i < 2, "pixel-size", i == 0 ? 1.0 : 0.0, NULL);
      set_view (&fixture, i == 0 ? 1.0 : 2.0, 0, 0);
      screen = view_fixture_grab (&fixture, &width, &height);
      for (int j = height - 60; j < height; j++)
        longest = MAX (longest, measure_white (screen + j * width, width / 2));
      g_assert_cmpuint (longest, ==, i < 2 ? 100 : 0);
    }
  view_fixture_clear (&fixture);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pixels/nearest", test_nearest);
  g_test_add_func ("/pixels/one-to-one", test_one_to_one);
  g_test_add_func ("/pixels/mean", test_mean);
  g_test_add_func ("/pixels/bilinear", test_bilinear);
  g_test_add_func ("/pixels/zooms", test_zooms);
  g_test_add_func ("/pixels/es", test_es);
  g_test_add_func ("/pixels/tiles", test_tiles);
  g_test_add_func ("/pixels/overlays", test_overlays);
  g_test_add_func ("/pixels/overlay-values", test_overlay_values);
  g_test_add_func ("/pixels/blink", test_blink);
  g_test_add_func ("/pixels/odd-values", test_odd_values);
  g_test_add_func ("/pixels/nan-from-afar", test_nan_from_afar);
  g_test_add_func ("/pixels/reduced", test_reduced);
  g_test_add_func ("/pixels/scale-bar", test_scale_bar);
  g_test_add_func ("/pixels/realize-again", test_realize_again);

  return g_test_run ();
}
