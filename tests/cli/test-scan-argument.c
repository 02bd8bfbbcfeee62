/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "command.h"
#include "support.h"
#include "test-tiff.h"

/* SCAN: one path on the command line stands for all of the input. */

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  test_run_expect (fixture->folder, 0, "",
                   "phantom scan --phantom=asymmetric --width=64 --rows=6 --angles=60 --axis=30.6 --flats-after=3");
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
assert_equal_slices (Fixture    *fixture,
                     const char *a,
                     const char *b,
                     guint       n)
{
  g_autofree char *first = g_build_filename (fixture->folder, a, NULL);
  g_autofree char *second = g_build_filename (fixture->folder, b, NULL);

  g_assert_cmpuint (test_compare_folders (first, second, "slice_*.tif"), ==, n);
}

/* A folder gives the slices that the paths give one by one, from wherever it is named. */
static void
test_tomo (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *inside = g_build_filename (fixture->folder, "scan", NULL);

  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf --y-stop=3 -o expected");
  test_run_expect (fixture->folder, 0, "Scan: flats-after = scan/flats_after", "tomo scan --axis=30.6 --y-stop=3 -o a");
  test_run_expect (inside, 0, "Scan: darks = darks", "tomo . -c /dev/null --axis=30.6 --y-stop=3 -o ../b");
  test_run_expect (fixture->folder, 0, "", "run scan/projections/proj_00007.tif --axis=30.6 --y-stop=3 -o d");
  assert_equal_slices (fixture, "expected", "a", 3);
  assert_equal_slices (fixture, "expected", "b", 3);
  assert_equal_slices (fixture, "expected", "d", 3);

  test_run_expect (fixture->folder, 2, "one scan too many", "tomo scan scan");
  test_run_expect (fixture->folder, 2, "nowhere does not exist", "tomo nowhere");
}

/* Options win, the configuration's inputs are those of another scan. */
static void
test_precedence (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;

  test_run_expect (fixture->folder, 0, "", "tomo scan --flats-after= --no-interpolate --axis=30.6 --y-stop=2 -o one");
  test_run_expect (fixture->folder, 0, "", "init other.conf --projections=nowhere --darks=nowhere --sinograms=nowhere");
  test_run_expect (fixture->folder, 0, "",
                   "tomo scan -c other.conf --flats-after= --no-interpolate --axis=30.6 --y-stop=2 -o two");
  assert_equal_slices (fixture, "one", "two", 2);
  test_run_expect (fixture->folder, 2, "nowhere", "tomo scan --darks=nowhere --axis=30.6 --y-stop=2 -o four");

  /* A step of another scan's does not replace the angles that are found; one that is said does. */
  test_run_expect (fixture->folder, 0, "", "init step.conf --reconstruction.angle-step=0.1 --flats-after= "
                                           "--no-interpolate");
  test_run_expect (fixture->folder, 0, "", "tomo scan -c step.conf --flats-after= --axis=30.6 --y-stop=2 -o five");
  assert_equal_slices (fixture, "one", "five", 2);
  run = test_run (fixture->folder, "tomo scan --reconstruction.angle-step=0.05 --axis=30.6 --y-stop=2 -o six");
  g_assert_cmpint (run->status, ==, 0);
  assert_contains (run->err, "from reconstruction.angle-step");
  g_assert_null (strstr (run->err, "Scan: angles"));
}

/* A question is answered by an option, and refused otherwise, by every command. */
static void
test_question (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *dark = g_build_filename (fixture->folder, "scan", "dark.tif", NULL);
  g_autoptr (TestRun) info = NULL;

  test_tiff_write (dark, &(TestTiff) { .width = 64, .height = 6, .type = RECON_SAMPLE_UINT16 }, NULL);
  test_run_expect (fixture->folder, 2, "scan/dark.tif, scan/darks. Give it with --darks=PATH", "tomo scan");
  test_run_expect (fixture->folder, 2, "Which of these are the darks", "axis scan");
  test_run_expect (fixture->folder, 2, "Which of these are the darks", "init scan");
  test_run_expect (fixture->folder, 0, "", "init scan --darks=scan/darks");

  info = test_run (fixture->folder, "info scan");
  g_assert_cmpint (info->status, ==, 0);
  assert_contains (info->out, "Which of these are the darks");
  assert_contains (info->out, "scan/dark.tif\n");
}

/* What keeps a run from being made keeps info from saying that all is well. */
static void
test_unreadable (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *image = g_build_filename (fixture->folder, "scan", "projections", "proj_00007.tif", NULL);
  g_autoptr (TestRun) info = NULL;

  g_file_set_contents (image, "", 0, NULL);
  info = test_run (fixture->folder, "info scan");
  g_assert_cmpint (info->status, ==, 1);
  assert_contains (info->out, "projections = scan/projections");
  assert_contains (info->err, "proj_00007.tif is empty");
}

static void
assert_quiet (Fixture    *fixture,
              const char *folder,
              const char *line)
{
  g_autofree char *inside = g_build_filename (fixture->folder, folder, NULL);
  g_autoptr (TestRun) run = test_run (inside, "%s", line);

  g_assert_cmpint (run->status, ==, 0);
  if (strstr (run->err, "another scan") != NULL)
    g_error ("%s:\n%s", line, run->err);
}

/* The axis and the like of a configuration are those of its own scan. */
static void
test_other_scan (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *inside = g_build_filename (fixture->folder, "scan", NULL);

  test_run_expect (fixture->folder, 0, "",
                   "phantom today --phantom=asymmetric --width=64 --rows=6 --angles=60 --axis=33.2");
  test_run_expect (fixture->folder, 0, "", "tomo today -c /dev/null --y-stop=1 -o middle");
  test_run_expect (fixture->folder, 0, "", "tomo today -c /dev/null --axis=30.6 --y-stop=1 -o moved");

  /* Of a file that nobody named nothing is taken; of one that is named all is. */
  test_run_expect (inside, 0, "reco.conf in this folder is of another scan (projections), so this of it is not taken: "
                              "angle-unit = radian, axis = 30.6. To take it all the same, give -c reco.conf",
                   "tomo ../today --y-stop=1 -o ../a");
  test_run_expect (fixture->folder, 0, "From scan/reco.conf, which is of another scan (scan/projections): "
                                       "angle-unit = radian, axis = 30.6.",
                   "tomo today -c scan/reco.conf --y-stop=1 -o b");
  assert_equal_slices (fixture, "middle", "a", 1);
  assert_equal_slices (fixture, "moved", "b", 1);
  test_run_expect (inside, 2, "axis = 30.6", "tomo ../today --strict -o ../c");
  test_run_expect (fixture->folder, 2, "axis = 30.6", "tomo today -c scan/reco.conf --strict -o c");
  test_run_expect (inside, 0, "From reco.conf, which is of another scan (projections): "
                              "angle-unit = radian, axis = 30.6.",
                   "run --projections=../today/projections --y-stop=1 -o ../d");

  /* All that is of one scan, and none of the settings. */
  test_run_expect (fixture->folder, 0, "", "init full.conf --projections=scan/projections --axis=30.6 --exclude=3 "
                                           "--crop-left=2 --y-stop=1 --reconstruction.angle-step=0.05 --filter=hann");
  test_run_expect (fixture->folder, 0, "y-stop = 1, exclude = 3, crop-left = 2, axis = 30.6. If",
                   "tomo today -c full.conf -o e");
  test_run_expect (fixture->folder, 0, "full.conf names another scan", "axis today -c full.conf --write --rows=3");

  /* The same scan by other names, a file that is of no scan, and what an option says. */
  assert_quiet (fixture, "scan", "tomo . --y-stop=1 -o ../f");
  assert_quiet (fixture, "scan", "tomo --projections=projections/proj_0000*.tif --angles= --y-stop=1 -o ../h");
  assert_quiet (fixture, "scan", "tomo ../today --axis=33.2 --angle-unit=auto --y-stop=1 -o ../i");
  assert_quiet (fixture, "scan", "axis ../today --angle-unit=auto --rows=3");
  test_run_expect (fixture->folder, 0, "", "init template.conf --axis=33.2 --filter=hann");
  assert_quiet (fixture, ".", "tomo today -c template.conf --y-stop=1 -o j");
}

/* What init writes stays right wherever the folder goes. */
static void
test_init (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *file = g_build_filename (fixture->folder, "scan", "new.conf", NULL);
  g_autofree char *scan = g_build_filename (fixture->folder, "scan", NULL);
  g_autofree char *moved = g_build_filename (fixture->folder, "moved", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  test_run_expect (fixture->folder, 0, "", "init scan scan/new.conf --axis=30.6");
  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  assert_contains (text, "\nprojections=projections\n");
  assert_contains (text, "\ndarks=darks\n");
  assert_contains (text, "\nflats-after=flats_after\n");
  assert_contains (text, "\nangles=angles.txt\n");

  g_assert_cmpint (g_rename (scan, moved), ==, 0);
  test_run_expect (fixture->folder, 0, "", "tomo -c moved/new.conf --y-stop=1 -o a");
  test_run_expect (fixture->folder, 0, "", "init moved");
  test_run_expect (fixture->folder, 2, "exists", "init moved");
  test_run_expect (fixture->folder, 2, "More than one file", "init a.conf b.conf");
  test_run_expect (fixture->folder, 2, "More than one scan", "init moved moved");
}

/* What info says of a scan is what tomo would say. */
static void
test_info (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *angles = g_build_filename (fixture->folder, "scan", "angles.txt", NULL);
  g_autoptr (GString) more = g_string_new ("0\n0\n0\n");
  g_autofree char *text = NULL;
  g_autoptr (TestRun) info = NULL;
  g_autoptr (TestRun) tomo = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (angles, &text, NULL, &error);
  g_assert_no_error (error);
  g_string_append (more, text);
  g_file_set_contents (angles, more->str, -1, &error);
  g_assert_no_error (error);

  info = test_run (fixture->folder, "info scan");
  g_assert_cmpint (info->status, ==, 0);
  assert_contains (info->out, "projections = scan/projections (60 images of 64 × 6: the folder is named projections)");
  assert_contains (info->out, "angles = scan/angles.txt:[3:63]");
  assert_contains (info->out, "holds 63 angles for 60 projections");
  assert_contains (info->out, "No rotation axis is given");
  assert_contains (info->out, "scan/truth is left out");

  tomo = test_run (fixture->folder, "tomo scan --y-stop=1");
  g_assert_cmpint (tomo->status, ==, 0);
  assert_contains (tomo->err, "warning: scan/angles.txt holds 63 angles for 60 projections");
  assert_contains (tomo->err, "warning: No rotation axis is given");
  test_run_expect (fixture->folder, 2, "63 angles", "tomo scan --strict --axis=30.6 -o strict");
  test_run_expect (fixture->folder, 2, "ends beyond the last", "tomo scan --angles=scan/angles.txt:[10:70]");
}

/* The real scans need no option but the axis. */
static void
test_real (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *data = test_data_folder ();

  if (data == NULL)
    return;

  test_run_expect (fixture->folder, 0, "angles = ",
                   "tomo %s/scan-24737 --axis=86 --y-start=70 --y-stop=72 -o savu", data);
  test_run_expect (fixture->folder, 0, "",
                   "tomo --projections=%s/scan-24737/tiffs --darks=%s/scan-24737/dark_00001.tiff "
                   "--flats=%s/scan-24737/flat_00001.tiff --angles=%s/scan-24737/angles.txt:[10:101] --axis=86 "
                   "--y-start=70 --y-stop=72 -o expected",
                   data, data, data, data);
  assert_equal_slices (fixture, "savu", "expected", 2);

  test_run_expect (fixture->folder, 0, "", "tomo %s/tooth/tooth.h5 --axis=295.75 -o tooth", data);
  test_run_expect (fixture->folder, 0, "axis 295.", "tomo %s/tooth/tooth.h5 --axis=auto -o tooth-auto", data);
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
    { "tomo", test_tomo }, { "precedence", test_precedence }, { "question", test_question },
    { "init", test_init }, { "info", test_info },             { "real", test_real },
    { "other-scan", test_other_scan }, { "unreadable", test_unreadable },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/scan-argument/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
