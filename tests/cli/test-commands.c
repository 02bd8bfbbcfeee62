/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>

#include "command.h"
#include "io/tiff-reader.h"
#include "support.h"

/* Every sub-command as a user calls it, and what comes out in the end. */

#define WIDTH 128
#define ROWS  9

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
}

static void
assert_contains (const char *text,
                 const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” isn't in:\n%s", part, text);
}

static void
make_scan (Fixture    *fixture,
           const char *options)
{
  test_run_expect (fixture->folder, 0, "", "phantom scan --phantom=asymmetric --width=%d --rows=%d --axis=60.6 %s",
                   WIDTH, ROWS, options);
}

static float *
read_slice (Fixture    *fixture,
            const char *name,
            guint       row)
{
  g_autofree char *path = g_strdup_printf ("%s/%s/slice_%05u.tif", fixture->folder, name, row);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
  float *slice = g_new (float, WIDTH * WIDTH);

  g_assert_no_error (error);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, WIDTH);
  g_assert_true (recon_reader_read (reader, 0, 1, 0, WIDTH, slice, NULL, &error));
  g_assert_no_error (error);

  return slice;
}

static void
test_help (Fixture       *fixture,
           gconstpointer  unused)
{
  static const char *const commands[] = {
    "init", "tomo", "run", "axis", "info", "devices", "phantom", "gui", "worker",
  };
  g_autoptr (TestRun) all = test_run (fixture->folder, "--help");
  g_autoptr (TestRun) version = test_run (fixture->folder, "--version");

  g_assert_cmpint (all->status, ==, 0);
  g_assert_cmpint (version->status, ==, 0);
  assert_contains (version->out, RECON_VERSION);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (TestRun) one = test_run (fixture->folder, "%s --help", commands[i]);

      assert_contains (all->out, commands[i]);
      g_assert_cmpint (one->status, ==, 0);
      assert_contains (one->out, commands[i]);
    }
}

static void
test_info (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;
  g_autoptr (TestRun) hdf5 = NULL;

  make_scan (fixture, "--angles=30");
  test_run_expect (fixture->folder, 0, "",
                   "phantom nx --format=nxtomo --width=40 --rows=6 --angles=30 --flats-after=4");

  run = test_run (fixture->folder, "info scan/projections nowhere nx/scan.h5");
  g_assert_cmpint (run->status, ==, 2);
  assert_contains (run->err, "nowhere");
  assert_contains (run->out, "TIFF series");
  assert_contains (run->out, "30 of 128 × 9");
  assert_contains (run->out, "uint16");
  assert_contains (run->out, "63.5");

  hdf5 = test_run (fixture->folder, "info nx/scan.h5");
  g_assert_cmpint (hdf5->status, ==, 0);
  assert_contains (hdf5->out, "NXtomo");
  assert_contains (hdf5->out, "30 of 40 × 6");
  assert_contains (hdf5->out, "10 of 40 × 6"); /* darks, flats */
  assert_contains (hdf5->out, "4 of 40 × 6");
  assert_contains (hdf5->out, "174°");
  assert_contains (hdf5->out, "image_key");
}

static void
test_devices (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (TestRun) run = test_run (fixture->folder, "POCL_DEVICES='pthread pthread' devices");

  g_assert_cmpint (run->status, ==, 0);
  assert_contains (run->out, "0: ");
  assert_contains (run->out, "usable");
}

/* What init writes is the defaults, with the options given; the program runs by it. */
static void
test_init (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "reco.conf", NULL);
  g_autofree char *text = NULL;

  make_scan (fixture, "--angles=30");
  test_run_expect (fixture->folder, 0, "",
                   "init --projections=scan/projections --darks=scan/darks --flats=scan/flats --axis=60.6 --circle");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_contains (text, "\naxis=60.6\n");
  assert_contains (text, "\ncircle=yes\n");
  assert_contains (text, "\nfilter=ramp\n");
  assert_contains (text, "# unit px");
  test_run_expect (fixture->folder, 0, "Configuration: reco.conf", "tomo");
}

/* Paths of a configuration start from its folder, those of options from the shell's. */
static void
test_paths (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *moved = g_build_filename (fixture->folder, "moved", NULL);
  g_autofree char *scan = g_build_filename (fixture->folder, "scan", NULL);

  make_scan (fixture, "--angles=20");
  g_assert_cmpint (g_mkdir (elsewhere, 0777), ==, 0);
  test_run_expect (elsewhere, 0, "slices in ../scan/slices", "tomo -c ../scan/reco.conf --y-stop=2");
  test_run_expect (elsewhere, 0, "slices in here", "tomo -c ../scan/reco.conf --y-stop=2 -o here");
  test_run_expect (elsewhere, 0, "", "init -c ../scan/other.conf --projections=../scan/projections --no-correct");
  g_assert_cmpint (g_rename (scan, moved), ==, 0);
  test_run_expect (elsewhere, 0, "slices in ../moved/again", "tomo -c ../moved/reco.conf --y-stop=2 -o ../moved/again");
  test_run_expect (elsewhere, 0, "", "tomo -c ../moved/other.conf --y-stop=2 -o other");

  /* The record beside the slices names its input from anywhere. */
  test_run_expect (elsewhere, 0, "slices in record", "tomo -c ../moved/again/reco.conf -o record");
  test_run_expect (fixture->folder, 2, "elsewhere/here", "tomo -c elsewhere/here/reco.conf -o again");
}

/* What is a warning otherwise is refused before anything is written. */
static void
test_strict (Fixture       *fixture,
             gconstpointer  unused)
{
  make_scan (fixture, "--angles=20");
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf --y-stop=2 --strict");
  test_run_expect (fixture->folder, 2, "--strict", "tomo -c scan/reco.conf --darks= --y-stop=2 --strict -o a");
  test_run_expect (fixture->folder, 2, "There are no darks",
                   "tomo -c scan/reco.conf --darks= --y-stop=2 --input.strict=yes -o a");
  test_run_expect (fixture->folder, 0, "There are no darks", "tomo -c scan/reco.conf --darks= --y-stop=2 -o a");
}

/* From raw counts to the truth: the rms error of the slices within the field of view, relative to the range. */
static double
compare_with_truth (Fixture    *fixture,
                    const char *name)
{
  double largest = 0, sum = 0;
  guint n = 0;

  for (guint row = 0; row < ROWS; row++)
    {
      g_autofree float *slice = read_slice (fixture, name, row);
      g_autofree float *truth = read_slice (fixture, "scan/truth", row);

      for (guint i = 0; i < WIDTH * WIDTH; i++)
        {
          double x = i % WIDTH - 0.5 * (WIDTH - 1), y = i / WIDTH - 0.5 * (WIDTH - 1);
          double difference = (double) slice[i] - (double) truth[i];

          largest = MAX (largest, (double) truth[i]);
          if (hypot (x, y) > 0.95 * 60)
            continue;
          sum += difference * difference;
          n++;
        }
    }

  return sqrt (sum / n) / largest;
}

static void
test_truth (Fixture       *fixture,
            gconstpointer  unused)
{
  double error;

  make_scan (fixture, "--photons=0 --flats-after=3 --drift=0.2 --angles=256 --range=360");
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o slices");
  error = compare_with_truth (fixture, "slices");
  g_test_message ("Relative rms error without noise: %.4f", error);
  g_assert_cmpfloat (error, <, 0.035);

  /* Without interpolation the beam's drift is an error that shows. */
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf --no-interpolate -o pooled");
  g_assert_cmpfloat (compare_with_truth (fixture, "pooled"), >, error);

  /* Medians of noiseless frames are the frames. */
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf --flat-field.method=median -o median");
  g_assert_cmpfloat_with_epsilon (compare_with_truth (fixture, "median"), error, 1e-4);
}

static void
get_range (const float *values,
           double      *minimum,
           double      *maximum)
{
  *minimum = G_MAXDOUBLE;
  *maximum = -G_MAXDOUBLE;
  for (guint i = 0; i < WIDTH * WIDTH; i++)
    {
      *minimum = MIN (*minimum, (double) values[i]);
      *maximum = MAX (*maximum, (double) values[i]);
    }
}

/* What `phantom` writes is ready to run, with the axis at the very edge as well; further out it is refused. */
static void
test_phantom_axis (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const char *const edges[] = { "-0.5", "7.5" };

  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      test_run_expect (fixture->folder, 0, "", "phantom scan%u --width=8 --rows=2 --axis=%s", i, edges[i]);
      test_run_expect (fixture->folder, 0, "", "tomo -c scan%u/reco.conf", i);
    }
  test_run_expect (fixture->folder, 2, "axis is 100; it must be from -0.5 to 7.5.", "phantom out --width=8 --axis=100");
}

/* Integer output: percentiles unless a window is given, and the run says which. */
static void
test_integers (Fixture       *fixture,
               gconstpointer  unused)
{
  static const struct
  {
    const char *type;
    double      largest;
  } types[] = { { "uint8", 255 }, { "uint16", 65535 } };
  g_autofree float *full = NULL;

  make_scan (fixture, "--angles=90");
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o full");
  full = read_slice (fixture, "full", 4);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *window = g_strconcat (types[i].type, "-window", NULL);
      g_autofree float *grey = NULL;
      g_autofree float *fixed = NULL;
      double minimum, maximum;

      test_run_expect (fixture->folder, 0, "percentiles 0.1 and 99.9", "tomo -c scan/reco.conf --type=%s -o %s",
                       types[i].type, types[i].type);
      grey = read_slice (fixture, types[i].type, 4);
      get_range (grey, &minimum, &maximum);
      g_assert_cmpfloat (minimum, ==, 0);
      g_assert_cmpfloat (maximum, ==, types[i].largest);

      test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf --type=%s --minimum=-0.01 --maximum=0.05 -o %s",
                       types[i].type, window);
      fixed = read_slice (fixture, window, 4);
      for (guint k = 0; k < WIDTH * WIDTH; k++)
        {
          double expected = CLAMP (((double) full[k] + 0.01) / 0.06, 0, 1) * types[i].largest;

          g_assert_cmpfloat_with_epsilon ((double) fixed[k], expected, 0.51);
        }
    }

  /* One open end. */
  test_run_expect (fixture->folder, 0, "spans 0 … ", "tomo -c scan/reco.conf --type=uint8 --minimum=0 -o half");
}

/* The filters and paddings that users can ask for all run, and differ. */
static void
test_choices (Fixture       *fixture,
              gconstpointer  unused)
{
  static const char *const filters[] = { "ramp", "shepp-logan", "cosine", "hann", "hamming", "parzen", "butterworth",
                                         "none" };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  make_scan (fixture, "--angles=20");
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree float *slice = NULL;

      test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf --filter=%s --y-stop=1 -o %s", filters[i],
                       filters[i]);
      slice = read_slice (fixture, filters[i], 0);
      g_hash_table_add (seen, g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) slice,
                                                           WIDTH * WIDTH * sizeof (float)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, G_N_ELEMENTS (filters));
}

static void
test_log_file (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "run.log", NULL);
  g_autofree char *text = NULL;
  g_autoptr (TestRun) quiet = NULL;

  make_scan (fixture, "--angles=20");
  quiet = test_run (fixture->folder, "tomo -c scan/reco.conf -o slices --quiet --log-file=run.log");
  g_assert_cmpint (quiet->status, ==, 0);
  g_assert_cmpstr (quiet->err, ==, "");
  test_run_expect (fixture->folder, 2, "--overwrite", "tomo -c scan/reco.conf -o slices --log-file=run.log");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_contains (text, "Configuration: scan/reco.conf");
  assert_contains (text, "9 slices in slices");
  assert_contains (text, "error: There is an earlier result");

  /* Errors in the options themselves too. */
  test_run_expect (fixture->folder, 2, "did you mean", "tomo --log-file run.log --filtre=hann");
  test_run_expect (fixture->folder, 2, "one of ramp", "tomo --filter=rap --log-file=run.log");
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_contains (text, "error: Unknown option --filtre");
  assert_contains (text, "error: Option --filter: ");
}

static int
run_shell (Fixture    *fixture,
           const char *line)
{
  g_autofree char *script = g_strdup_printf ("cd '%s' && \"$RECONSTRUCT\" %s", fixture->folder, line);
  const char *argv[] = { "sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);

  return WEXITSTATUS (status);
}

/* Standard streams that are full, or that the caller has closed. */
static void
test_streams (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "run.log", NULL);
  g_autofree char *text = NULL;
  const char *once;

  make_scan (fixture, "--angles=20");
  g_assert_cmpint (run_shell (fixture, "info scan/projections >/dev/full 2>&1"), ==, 1);
  g_assert_cmpint (run_shell (fixture, "tomo -c scan/reco.conf -o a 2>/dev/full"), ==, 0);

  /* No file may get the number of standard error, or else messages would go into it. */
  g_assert_cmpint (run_shell (fixture, "tomo -c scan/reco.conf -o b --log-file=run.log 2>&-"), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  once = strstr (text, "9 slices in b");
  g_assert_nonnull (once);
  g_assert_null (strstr (once + 1, "9 slices in b"));
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "help", test_help },         { "info", test_info },         { "devices", test_devices },
    { "init", test_init },         { "paths", test_paths },       { "strict", test_strict },
    { "truth", test_truth },       { "integers", test_integers },
    { "choices", test_choices },   { "log-file", test_log_file },
    { "streams", test_streams },   { "phantom-axis", test_phantom_axis },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/commands/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
