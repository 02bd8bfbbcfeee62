/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <tiffio.h>

#include "base/error.h"
#include "support.h"
#include "view-fixture.h"

static void
count_files (const char *folder,
             guint       expected)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, expected);
}

static float *
read_tiff (const char *path,
           guint32    *width,
           guint32    *height)
{
  TIFF *tiff = TIFFOpen (path, "r");
  guint16 bits = 0, format = 0;
  float *values;
  const char *description;

  g_assert_nonnull (tiff);
  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFGetField (tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetField (tiff, TIFFTAG_SAMPLEFORMAT, &format);
  g_assert_cmpint (bits, ==, 32);
  g_assert_cmpint (format, ==, SAMPLEFORMAT_IEEEFP);
  /* Nobody knows the row of the detector here. */
  g_assert_false (TIFFGetField (tiff, TIFFTAG_IMAGEDESCRIPTION, &description));
  values = g_new (float, (gsize) *width * *height);
  for (guint32 y = 0; y < *height; y++)
    g_assert_cmpint (TIFFReadScanline (tiff, values + (gsize) y * *width, y, 0), ==, 1);
  TIFFClose (tiff);

  return values;
}

static void
test_tiff (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slice.tif", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ReconImage) image = test_image_new (300, 700, 9);
  g_autoptr (GError) error = NULL;
  g_autofree float *values = NULL;
  ViewFixture fixture;
  guint32 width, height;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  /* It need not be shown yet. */
  recon_image_view_set_image (fixture.view, image, 300, 700);
  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_true (recon_image_view_export_tiff (fixture.view, file, &error));
  g_assert_no_error (error);
  values = read_tiff (path, &width, &height);
  g_assert_cmpuint (width, ==, 300);
  g_assert_cmpuint (height, ==, 700);
  g_assert_cmpmem (values, sizeof (float) * 300 * 700, recon_image_get_pixels (image), sizeof (float) * 300 * 700);
  count_files (folder, 1);
  view_fixture_clear (&fixture);
  test_folder_remove (folder);
}

/* What is seen of an overlay: the difference, and nothing beside it. */
static void
test_tiff_overlay (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "overlay.tif", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ReconImage) first = test_image_new (30, 20, 1);
  g_autoptr (ReconImage) second = test_image_new (30, 20, 2);
  g_autofree float *values = NULL;
  ViewFixture fixture;
  guint32 width, height;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  recon_image_view_set_image (fixture.view, first, 30, 20);
  recon_image_view_set_overlay (fixture.view, second, RECON_OVERLAY_DIFFERENCE, 4.0);
  g_assert_true (recon_image_view_export_tiff (fixture.view, file, NULL));
  values = read_tiff (path, &width, &height);
  for (guint x = 0; x < 30; x++)
    {
      if (x < 4)
        g_assert_true (isnan (values[x]));
      else
        g_assert_cmpfloat_with_epsilon ((double) values[x],
                                        (double) recon_image_get_pixels (first)[x] -
                                        (double) recon_image_get_pixels (second)[29 - x + 4], 1e-4);
    }
  view_fixture_clear (&fixture);
  test_folder_remove (folder);
}

/* What was there stays, and nothing is left behind. */
static void
test_failure (void)
{
  char *folder = test_folder_new ();
  g_autofree char *occupied = g_build_filename (folder, "folder.tif", NULL);
  g_autoptr (GFile) target = g_file_new_for_path (occupied);
  g_autoptr (GFile) nowhere = g_file_new_build_filename (folder, "no", "such", "folder.tif", NULL);
  g_autoptr (ReconImage) image = test_image_new (30, 20, 1);
  ViewFixture fixture;

  g_assert_cmpint (g_mkdir (occupied, 0700), ==, 0);
  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  recon_image_view_set_image (fixture.view, image, 30, 20);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      GFile *file = i % 2 == 0 ? target : nowhere;
      gboolean saved = i < 2 ? recon_image_view_export_tiff (fixture.view, file, &error) :
                       recon_image_view_export_png (fixture.view, file, &error);

      g_assert_false (saved);
      g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
      g_assert_nonnull (strstr (error->message, g_file_peek_path (file)));
      g_assert_null (strstr (error->message, "resume"));
    }
  count_files (folder, 1);
  count_files (occupied, 0);
  view_fixture_clear (&fixture);
  test_folder_remove (folder);
}

/* The file has the colours of the screen at 1:1. */
static void
test_png (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slice.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ReconImage) image = test_image_new (160, 120, 9);
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint32 *screen = NULL;
  g_autofree guint32 *saved = g_new (guint32, 160 * 120);
  g_autoptr (GError) error = NULL;
  ViewFixture fixture;
  int width, height;

  view_fixture_init (&fixture, 160, 120, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_object_set (fixture.view, "colour-map", "viridis", NULL);
  screen = view_fixture_grab (&fixture, &width, &height);

  /* However near one looks, all of the image is saved. */
  g_object_set (fixture.view, "zoom", 20.0, NULL);
  g_assert_true (recon_image_view_export_png (fixture.view, file, &error));
  texture = gdk_texture_new_from_file (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 160);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 120);
  gdk_texture_download (texture, (guchar *) saved, 160 * 4);
  assert_pixels_near (saved, screen, 160 * 120, 2);
  count_files (folder, 1);
  view_fixture_clear (&fixture);
  test_folder_remove (folder);
}

static guint32 *
load (GFile *file,
      int    width,
      int    height)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_file (file, &error);
  guint32 *pixels = g_new (guint32, width * height);

  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, width);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, height);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);

  return pixels;
}

/* The view is what is seen: the part, as large, in these colours, with what lies upon it, and no ground beside it. */
static void
test_view (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "view.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ReconImage) image = test_image_new (40, 30, 9);
  g_autofree guint32 *screen = NULL;
  g_autofree guint32 *saved = NULL;
  g_autofree guint32 *beside = NULL;
  ReconViewport *viewport;
  ViewFixture fixture;
  int width, height;

  view_fixture_init (&fixture, 160, 120, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_object_set (fixture.view, "colour-map", "viridis", "zoom", 8.0, NULL);
  _recon_image_view_move_pin (fixture.view, 0, 0);
  screen = view_fixture_grab (&fixture, &width, &height);
  g_assert_true (recon_image_view_export_view (fixture.view, file, NULL));
  saved = load (file, 160, 120);
  assert_pixels_near (saved, screen, 160 * 120, 2);

  /* At 1:1 the image is smaller than the view. */
  recon_canvas_get_marks (fixture.canvas)->has_pin = FALSE;
  g_object_set (fixture.view, "zoom", 1.0, NULL);
  viewport = &recon_canvas_get_scene (fixture.canvas)->viewport;
  g_free (g_steal_pointer (&screen));
  screen = view_fixture_grab (&fixture, &width, &height);
  g_assert_true (recon_image_view_export_view (fixture.view, file, NULL));
  beside = load (file, 40, 30);
  for (int y = 0; y < 30; y++)
    assert_pixels_near (beside + y * 40, screen + (y - (int) viewport->y) * 160 - (int) viewport->x, 40, 2);
  count_files (folder, 1);
  view_fixture_clear (&fixture);
  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/export/tiff", test_tiff);
  g_test_add_func ("/export/tiff-overlay", test_tiff_overlay);
  g_test_add_func ("/export/failure", test_failure);
  g_test_add_func ("/export/png", test_png);
  g_test_add_func ("/export/view", test_view);

  return g_test_run ();
}
