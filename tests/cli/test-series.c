/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "command.h"
#include "io/tiff-reader.h"
#include "support.h"

/* Scans with gaps and strays, and angles of several kinds, through the program as a whole: the small ones that are kept
 * with the real scans. Their axis is at 44.2, and a complete one is the measure. */

typedef struct
{
  char *folder;
  char *trials; /* (nullable) */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *real = test_data_folder ();

  fixture->folder = test_folder_new ();
  fixture->trials = real != NULL ? g_build_filename (real, "trials", NULL) : NULL;
  if (fixture->trials == NULL || !g_file_test (fixture->trials, G_FILE_TEST_IS_DIR))
    {
      g_clear_pointer (&fixture->trials, g_free);
      g_test_skip ("there are no trials in the folder of real scans");
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->trials);
  test_folder_remove (fixture->folder);
}

static void
unpack (Fixture    *fixture,
        const char *name)
{
  g_autofree char *archive = g_build_filename (fixture->trials, name, NULL);
  const char *arguments[] = { "tar", "xzf", archive, "-C", fixture->folder, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* The first slice of an output folder. */
static float *
read_slice (Fixture    *fixture,
            const char *output,
            guint      *n)
{
  g_autofree char *path = g_build_filename (fixture->folder, output, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
  float *pixels;

  g_assert_no_error (error);
  *n = recon_reader_get_width (reader) * recon_reader_get_height (reader);
  pixels = g_new (float, *n);
  recon_reader_read (reader, 0, 1, 0, recon_reader_get_height (reader), pixels, NULL, &error);
  g_assert_no_error (error);

  return pixels;
}

/* Root mean square of the difference of two slices, in attenuation per pixel. */
static double
compare (Fixture    *fixture,
         const char *a,
         const char *b)
{
  guint n, n_b;
  g_autofree float *first = read_slice (fixture, a, &n);
  g_autofree float *second = read_slice (fixture, b, &n_b);
  double sum = 0;

  g_assert_cmpuint (n, ==, n_b);
  for (guint i = 0; i < n; i++)
    sum += ((double) first[i] - (double) second[i]) * ((double) first[i] - (double) second[i]);

  return sqrt (sum / n);
}

static void
test_strays (Fixture       *fixture,
             gconstpointer  data)
{
  if (fixture->trials == NULL)
    return;

  unpack (fixture, "series-strays-silent/deg.tar.gz");
  unpack (fixture, "series-strays-silent/mixed.tar.gz");
  test_run_expect (fixture->folder, 0, "left out is IM_180deg.tif, IM_360deg.tif",
                   "tomo --projections=deg --darks=%s/series-strays-silent/d.tif --flats=%s/series-strays-silent/f.tif "
                   "--axis=44.2 -o deg-slices",
                   fixture->trials, fixture->trials);
  test_run_expect (fixture->folder, 0,
                   "left out is dark_%03d.tif (5 files), flat_%03d.tif (5 files). What looks like darks or flats is "
                   "given with --darks=mixed/dark_%03d.tif --flats=mixed/flat_%03d.tif",
                   "tomo --projections=mixed --darks=mixed --flats=mixed --axis=44.2 -o mixed-slices");
  g_assert_cmpfloat (compare (fixture, "deg-slices", "mixed-slices"), <, 2e-4);
}

static void
test_gap (Fixture       *fixture,
          gconstpointer  data)
{
  static const char line[] = "tomo --projections=%s --darks=%s/series-gap-silent/d.tif "
                             "--flats=%s/series-gap-silent/f.tif --axis=44.2 -o %s %s";
  g_autofree char *angles = NULL;

  if (fixture->trials == NULL)
    return;

  unpack (fixture, "series-gap-silent/gap.tar.gz");
  unpack (fixture, "series-strays-silent/deg.tar.gz");
  angles = g_strdup_printf ("--angles=%s/series-gap-silent/a.txt", fixture->trials);

  test_run_expect (fixture->folder, 0, "", line, "deg/IM_%03d.tif", fixture->trials, fixture->trials, "whole", "");
  test_run_expect (fixture->folder, 0, "1 image of the series IM_%03d.tif (gap) is missing: number 70, of 150.", line,
                   "gap", fixture->trials, fixture->trials, "kept", "");
  test_run_expect (fixture->folder, 0, "1 of 150 angles are left out", line, "gap", fixture->trials, fixture->trials,
                   "listed", angles);
  /* A missing projection costs little, if the others stand where they did. */
  g_assert_cmpfloat (compare (fixture, "kept", "listed"), <, 1e-6);
  g_assert_cmpfloat (compare (fixture, "kept", "whole"), <, 5e-4);
}

static void
test_angles (Fixture       *fixture,
             gconstpointer  data)
{
  if (fixture->trials == NULL)
    return;

  test_run_expect (fixture->folder, 2, "index_and_angle.txt, line 1: “0\t0.000” holds 2 numbers. Say which column",
                   "tomo --projections=%s/angle-file-columns/two.h5 --axis=44.2 "
                   "--angles=%s/angle-file-columns/index_and_angle.txt -o a",
                   fixture->trials, fixture->trials);
  test_run_expect (fixture->folder, 0, "index_and_angle.txt:2 (degrees)",
                   "tomo --projections=%s/angle-file-columns/two.h5 --axis=44.2 "
                   "--angles=%s/angle-file-columns/index_and_angle.txt:2 -o b",
                   fixture->trials, fixture->trials);
  test_run_expect (fixture->folder, 0, "But being 303 values from 0 to 6.32", "tomo "
                   "--projections=%s/radians-beyond-a-turn/theta_overrun_rad_nounit.h5 --axis=44.2 -o c",
                   fixture->trials);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/series/strays", Fixture, NULL, set_up, test_strays, tear_down);
  g_test_add ("/series/gap", Fixture, NULL, set_up, test_gap, tear_down);
  g_test_add ("/series/angles", Fixture, NULL, set_up, test_angles, tear_down);

  return g_test_run ();
}
