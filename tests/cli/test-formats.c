/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "command.h"
#include "io/tiff-reader.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* A real scan from TIFF, and the same frames in other formats, written here: the slices are the same to the byte. */

#define N_ANGLES   91
#define HEIGHT     135
#define WIDTH      160
#define PIXELS     (HEIGHT * WIDTH)
#define FIRST_LINE 10 /* of angles.txt: those before belong to dark and flat frames */
#define ROWS       "--y-start=70 --y-stop=86 --axis=86"

typedef struct
{
  char   *folder;
  char   *scan; /* the real one */
  float  *projections;
  float  *dark;
  float  *flat;
  double *degrees;
} Fixture;

static float *
read_frames (const char *path,
             guint       n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
  float *frames = g_new (float, (gsize) n *PIXELS);

  g_assert_no_error (error);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, n);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, HEIGHT);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, WIDTH);
  g_assert_true (recon_reader_read (reader, 0, n, 0, HEIGHT, frames, NULL, &error));

  return frames;
}

static void
read_angles (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->scan, "angles.txt", NULL);
  g_autofree char *mine = g_build_filename (fixture->folder, "angles.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) kept = g_string_new (NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  fixture->degrees = g_new (double, N_ANGLES);
  for (guint i = 0; i < N_ANGLES; i++)
    {
      fixture->degrees[i] = g_ascii_strtod (lines[FIRST_LINE + i], NULL);
      g_string_append_printf (kept, "%s\n", lines[FIRST_LINE + i]);
    }
  g_assert_true (g_file_set_contents (mine, kept->str, -1, NULL));
}

/* Reads the real scan and reconstructs it from its TIFF files, into "expected". */
static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autofree char *data = test_data_folder ();
  g_autofree char *tiffs = NULL;
  g_autofree char *dark = NULL;
  g_autofree char *flat = NULL;

  if (data == NULL)
    return;

  fixture->folder = test_folder_new ();
  fixture->scan = g_build_filename (data, "scan-24737", NULL);
  tiffs = g_build_filename (fixture->scan, "tiffs", NULL);
  dark = g_build_filename (fixture->scan, "dark_00001.tiff", NULL);
  flat = g_build_filename (fixture->scan, "flat_00001.tiff", NULL);
  read_angles (fixture);
  fixture->projections = read_frames (tiffs, N_ANGLES);
  fixture->dark = read_frames (dark, 1);
  fixture->flat = read_frames (flat, 1);

  test_run_expect (fixture->folder, 0, "",
                   "tomo --projections=%s --darks=%s --flats=%s --angles=angles.txt " ROWS " -o expected", tiffs, dark,
                   flat);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  if (fixture->folder != NULL)
    test_folder_remove (fixture->folder);
  g_free (fixture->scan);
  g_free (fixture->projections);
  g_free (fixture->dark);
  g_free (fixture->flat);
  g_free (fixture->degrees);
}

static void
compare (Fixture    *fixture,
         const char *name)
{
  g_autofree char *expected = g_build_filename (fixture->folder, "expected", NULL);
  g_autofree char *slices = g_build_filename (fixture->folder, name, NULL);

  g_assert_cmpuint (test_compare_folders (expected, slices, "slice_*.tif"), ==, 16);
}

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static double *
widen (const float *values,
       gsize        n)
{
  double *wide = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    wide[i] = (double) values[i];

  return wide;
}

static void
test_multi_page (Fixture       *fixture,
                 gconstpointer  big)
{
  g_autofree char *path = NULL;
  g_autofree double *pixels = NULL;
  TestTiff how = { .width = WIDTH,
                   .height = HEIGHT,
                   .n_pages = N_ANGLES,
                   .type = RECON_SAMPLE_UINT16,
                   .rows_per_strip = 20,
                   .compression = 5, /* LZW */
                   .predictor = 2,
                   .big_tiff = big != NULL };

  if (fixture->folder == NULL)
    return;

  path = in_folder (fixture, "stack.tif");
  pixels = widen (fixture->projections, (gsize) N_ANGLES * PIXELS);
  test_tiff_write (path, &how, pixels);
  test_run_expect (fixture->folder, 0, "",
                   "tomo --projections=stack.tif --darks=%s/dark_00001.tiff --flats=%s/flat_00001.tiff "
                   "--angles=angles.txt " ROWS " -o slices",
                   fixture->scan, fixture->scan);
  compare (fixture, "slices");
}

static void
test_dxchange (Fixture       *fixture,
               gconstpointer  unused)
{
  const gsize all[] = { N_ANGLES, HEIGHT, WIDTH };
  const gsize one[] = { 1, HEIGHT, WIDTH };
  g_autofree char *path = NULL;

  if (fixture->folder == NULL)
    return;

  path = in_folder (fixture, "scan.h5");
  test_hdf5_write_floats (path, "/exchange/data",
                          &(TestHdf5Storage) { .type = H5T_STD_U16LE, .chunk = { 7, 50, 160 }, .deflate = 2 }, 3, all,
                          fixture->projections);
  test_hdf5_write_floats (path, "/exchange/data_dark", &(TestHdf5Storage) { .type = H5T_IEEE_F32LE }, 3, one,
                          fixture->dark);
  test_hdf5_write_floats (path, "/exchange/data_white", &(TestHdf5Storage) { .type = H5T_IEEE_F32BE }, 3, one,
                          fixture->flat);
  test_hdf5_write_list (path, "/exchange/theta", N_ANGLES, fixture->degrees);
  test_run_expect (fixture->folder, 0, "", "tomo --projections=scan.h5 " ROWS " -o slices");
  compare (fixture, "slices");

  /* The same by naming every dataset. */
  test_run_expect (fixture->folder, 0, "",
                   "tomo --projections=scan.h5:/exchange/data --darks=scan.h5:/exchange/data_dark "
                   "--flats=scan.h5:/exchange/data_white --angles=scan.h5:/exchange/theta " ROWS " -o named");
  compare (fixture, "named");
}

/* Flat, projections, dark in one dataset; the angles behind a link into another file. */
static void
test_nxtomo (Fixture       *fixture,
             gconstpointer  unused)
{
  const gsize dims[] = { N_ANGLES + 2, HEIGHT, WIDTH };
  g_autofree float *frames = g_new (float, (gsize) (N_ANGLES + 2) * PIXELS);
  double keys[N_ANGLES + 2] = { 1 };
  double angles[N_ANGLES + 2] = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *other = NULL;

  if (fixture->folder == NULL)
    return;

  path = in_folder (fixture, "scan.nxs");
  other = in_folder (fixture, "motors.h5");
  memcpy (frames, fixture->flat, PIXELS * sizeof (float));
  memcpy (frames + PIXELS, fixture->projections, (gsize) N_ANGLES * PIXELS * sizeof (float));
  memcpy (frames + (gsize) (N_ANGLES + 1) * PIXELS, fixture->dark, PIXELS * sizeof (float));
  keys[N_ANGLES + 1] = 2;
  memcpy (angles + 1, fixture->degrees, N_ANGLES * sizeof (double));

  test_hdf5_group (path, "/entry");
  test_hdf5_attribute (path, "/entry", "NX_class", "NXentry");
  test_hdf5_write_string (path, "/entry/definition", "NXtomo");
  test_hdf5_group (path, "/entry/instrument/detector");
  test_hdf5_attribute (path, "/entry/instrument", "NX_class", "NXinstrument");
  test_hdf5_attribute (path, "/entry/instrument/detector", "NX_class", "NXdetector");
  test_hdf5_write_floats (path, "/entry/instrument/detector/data", &(TestHdf5Storage) { .type = H5T_IEEE_F32LE }, 3,
                          dims, frames);
  test_hdf5_write_list (path, "/entry/instrument/detector/image_key", N_ANGLES + 2, keys);
  test_hdf5_write_list (other, "/rotation", N_ANGLES + 2, angles);
  test_hdf5_attribute (other, "/rotation", "units", "degree");
  test_hdf5_group (path, "/entry/sample");
  test_hdf5_external_link (path, "/entry/sample/rotation_angle", "motors.h5", "/rotation");

  test_run_expect (fixture->folder, 0, "", "tomo --projections=scan.nxs " ROWS " -o slices");
  compare (fixture, "slices");
}

/* Corrected sinograms, as another program might give them: the slices agree to rounding. */
static void
test_sinograms (Fixture       *fixture,
                gconstpointer  unused)
{
  const gsize dims[] = { HEIGHT, N_ANGLES, WIDTH };
  g_autofree float *counts = NULL;
  g_autofree char *path = NULL;

  if (fixture->folder == NULL)
    return;

  /* Raw counts, to be taken as they are: the same as projections without correction. */
  counts = g_new (float, (gsize) N_ANGLES * PIXELS);
  for (guint angle = 0; angle < N_ANGLES; angle++)
    for (guint row = 0; row < HEIGHT; row++)
      memcpy (counts + ((gsize) row * N_ANGLES + angle) * WIDTH,
              fixture->projections + ((gsize) angle * HEIGHT + row) * WIDTH, WIDTH * sizeof (float));

  path = in_folder (fixture, "sinograms.h5");
  test_hdf5_write_floats (path, "/data", &(TestHdf5Storage) { .type = H5T_STD_U16LE }, 3, dims, counts);
  test_run_expect (fixture->folder, 0, "", "tomo --sinograms=sinograms.h5:/data --angles=angles.txt " ROWS " -o a");
  test_run_expect (fixture->folder, 0, "",
                   "tomo --projections=%s/tiffs --no-correct --no-absorptivity --angles=angles.txt " ROWS " -o b",
                   fixture->scan);
  {
    g_autofree char *a = in_folder (fixture, "a");
    g_autofree char *b = in_folder (fixture, "b");

    g_assert_cmpuint (test_compare_folders (a, b, "slice_*.tif"), ==, 16);
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/formats/multi-page-tiff", Fixture, NULL, set_up, test_multi_page, tear_down);
  g_test_add ("/formats/big-tiff", Fixture, "big", set_up, test_multi_page, tear_down);
  g_test_add ("/formats/dxchange", Fixture, NULL, set_up, test_dxchange, tear_down);
  g_test_add ("/formats/nxtomo", Fixture, NULL, set_up, test_nxtomo, tear_down);
  g_test_add ("/formats/sinograms", Fixture, NULL, set_up, test_sinograms, tear_down);

  return g_test_run ();
}
