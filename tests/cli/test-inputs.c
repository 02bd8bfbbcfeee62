/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* Inputs as others write them, through the program as a whole: what `info` and `tomo` say, and what comes out. */

#define N     8
#define ROWS  2
#define WIDTH 16

static const gsize shape[3] = { N, ROWS, WIDTH };

/* A disc in the middle, in counts. */
static double *
make_counts (gboolean flats)
{
  double *values = g_new (double, N * ROWS * WIDTH);

  for (guint i = 0; i < N * ROWS * WIDTH; i++)
    {
      double x = i % WIDTH - (WIDTH - 1) / 2.0;

      values[i] = flats || x * x > 25 ? 1000 : 600;
    }

  return values;
}

static void
write_scan (const char *file,
            const char *data,
            const char *flats)
{
  g_autofree double *counts = make_counts (FALSE);
  g_autofree double *open_beam = make_counts (TRUE);
  const double angles[N] = { 0, 22.5, 45, 67.5, 90, 112.5, 135, 157.5 };

  test_hdf5_write (file, data, NULL, 3, shape, counts);
  test_hdf5_write (file, flats, NULL, 3, shape, open_beam);
  test_hdf5_write_list (file, "/exchange/theta", N, angles);
  test_hdf5_attribute (file, "/exchange/theta", "units", "deg");
}

static void
assert_contains (const char *text,
                 const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in:\n%s", part, text);
}

/* No name makes the terminal do anything. */
static void
assert_harmless (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 && *p != '\n' && *p != '\t')
      g_error ("The byte 0x%02x is in:\n%s", (guchar) *p, text);
}

static void
test_names (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "bad\x1b[31m.h5", NULL);
  g_autofree char *tiffs = g_build_filename (folder, "t\x1b]0;title\x07", NULL);
  g_autofree char *tiff = g_build_filename (tiffs, "a\x1b[2J_0.tif", NULL);
  g_autofree char *log = g_build_filename (folder, "log.txt", NULL);
  g_autofree char *logged = NULL;
  const char *const lines[] = {
    "info 'bad\x1b[31m.h5'",
    "info 'bad\x1b[31m.h5:/evil\x1b[2J\x07/none'",
    "info 't\x1b]0;title\x07'",
    "info 'none\x1b[2J'",
    "tomo --projections='bad\x1b[31m.h5:/evil\x1b[2J\x07' --flats='bad\x1b[31m.h5:/flats' --log=log.txt -o out",
    "no\x1b[2Jcommand",
    "tomo --no\x1b[2Joption",
  };

  write_scan (file, "/evil\x1b[2J\x07", "/flats");
  test_hdf5_external_link (file, "/lost\x1b[2J", "lost\x1b[2J.h5", "/x\x1b[2J");
  g_assert_cmpint (g_mkdir_with_parents (tiffs, 0700), ==, 0);
  test_tiff_write (tiff, &(TestTiff){ .width = 4, .height = 3 }, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (TestRun) run = test_run (folder, "%s", lines[i]);

      assert_harmless (run->out);
      assert_harmless (run->err);
      g_assert_cmpuint (strlen (run->out) + strlen (run->err), >, 0);
    }

  if (g_file_get_contents (log, &logged, NULL, NULL))
    assert_harmless (logged);
  test_folder_remove (g_steal_pointer (&folder));
}

/* What points to a pipe is refused at once. */
static void
test_pipes (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *pipe = g_build_filename (folder, "pipe.h5", NULL);
  g_autofree char *images = g_build_filename (folder, "images", NULL);
  g_autofree char *page = g_build_filename (images, "a_0.tif", NULL);
  g_autofree char *file = g_build_filename (folder, "scan.h5", NULL);

  g_assert_cmpint (g_mkdir_with_parents (images, 0700), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (mkfifo (page, 0600), ==, 0);
  test_hdf5_external_link (file, "/exchange/data", "pipe.h5", "/data");

  test_run_expect (folder, 2, "is a pipe or a device and not a file", "info scan.h5");
  test_run_expect (folder, 2, "is a pipe or a device and not a file", "tomo --projections=scan.h5");
  test_run_expect (folder, 2, "is neither TIFF nor HDF5", "info pipe.h5");
  test_run_expect (folder, 2, "images holds no files", "info images");
  test_run_expect (folder, 2, "is not a file", "tomo --projections=images");
  test_folder_remove (g_steal_pointer (&folder));
}

/* The same scan with more dimensions gives the same slices, and resumes by the same path. */
static void
test_dimensions (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *plain = g_build_filename (folder, "plain.h5", NULL);
  g_autofree char *file = g_build_filename (folder, "four.h5", NULL);
  g_autofree char *a = g_build_filename (folder, "a", NULL);
  g_autofree char *b = g_build_filename (folder, "b", NULL);
  g_autofree double *counts = make_counts (FALSE);
  g_autofree double *flats = make_counts (TRUE);
  g_autofree double *both = g_new0 (double, 2 * N * ROWS * WIDTH);
  const gsize four[4] = { N, 2, ROWS, WIDTH };

  for (guint i = 0; i < N; i++)
    memcpy (both + (2 * i + 1) * ROWS * WIDTH, counts + i * ROWS * WIDTH, ROWS * WIDTH * sizeof (double));
  test_hdf5_write (plain, "/data", NULL, 3, shape, counts);
  test_hdf5_write (plain, "/flats", NULL, 3, shape, flats);
  test_hdf5_write (file, "/data", NULL, 4, four, both);

  test_run_expect (folder, 2, "put [:,0] behind the dataset's path", "info four.h5");
  test_run_expect (folder, 0, "",
                   "tomo --projections=plain.h5:/data --flats=plain.h5:/flats --axis=7.5 --output.path=a");
  test_run_expect (folder, 0, "four.h5:/data[:,1]",
                   "tomo --projections=four.h5:/data[:,1] --flats=plain.h5:/flats --axis=7.5 --output.path=b");
  g_assert_cmpuint (test_compare_folders (a, b, "*.tif"), ==, ROWS);
  test_folder_remove (g_steal_pointer (&folder));
}

static char *
find_trial (const char *name)
{
  g_autofree char *folder = test_data_folder ();
  g_autofree char *file = NULL;

  if (folder == NULL)
    return NULL;

  file = g_build_filename (folder, "trials", name, NULL);
  if (g_file_test (file, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&file);

  g_test_skip ("the trials are not there");

  return NULL;
}

static void
test_horizontal (void)
{
  g_autofree char *trial = find_trial ("horizontal-axis/horizontal.h5");
  g_autofree char *folder = NULL;
  g_autoptr (TestRun) run = NULL;

  if (trial == NULL)
    return;

  folder = test_folder_new ();
  run = test_run (folder, "tomo --projections=%s --rotate=90 --axis=auto --output.path=out", trial);
  g_assert_cmpint (run->status, ==, 0);
  assert_contains (run->err, "Projections: 90 of 80 × 16");
  assert_contains (run->err, "turned by 90° counterclockwise");
  test_folder_remove (g_steal_pointer (&folder));
}

static void
test_tomoscan (void)
{
  g_autofree char *trial = find_trial ("tomoscan-metadata/tomoscan.h5");
  g_autofree char *folder = NULL;
  g_autoptr (TestRun) run = NULL;
  g_autoptr (TestRun) info = NULL;

  if (trial == NULL)
    return;

  folder = test_folder_new ();
  run = test_run (folder, "tomo --projections=%s --axis=44.2 --output.path=out", trial);
  g_assert_cmpint (run->status, ==, 0);
  assert_contains (run->err, "0° … 357.6°");
  assert_contains (run->err, "200 everywhere is taken");
  g_assert_null (strstr (run->err, "no other information"));
  g_assert_null (strstr (run->err, "There are no darks"));

  info = test_run (folder, "info %s", trial);
  assert_contains (info->out, "0° … 357.6°");
  assert_contains (info->out, "200 everywhere is taken");
  test_folder_remove (g_steal_pointer (&folder));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inputs/names", test_names);
  g_test_add_func ("/inputs/pipes", test_pipes);
  g_test_add_func ("/inputs/dimensions", test_dimensions);
  g_test_add_func ("/inputs/horizontal", test_horizontal);
  g_test_add_func ("/inputs/tomoscan", test_tomoscan);

  return g_test_run ();
}
