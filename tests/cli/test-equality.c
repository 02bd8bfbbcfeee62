/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include "command.h"
#include "io/hdf5-reader.h"
#include "io/tiff-reader.h"
#include "support.h"

/* The slices are the same to the byte however the work was done: in one block or many, on one device or two, in one go
 * or killed and resumed, by `tomo` or by `run`. */

typedef struct
{
  guint width;
  guint rows;
  guint angles;
} Size;

/* Angles enough that neighbours are merged, and rows that don't fill the last group of slices. */
static const Size small = { 96, 40, 520 };

/* Blocks enough that a run can be caught in the middle. */
static const Size large = { 240, 160, 360 };

typedef struct
{
  char *folder;
  Size  size;
} Fixture;

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  size)
{
  fixture->size = *(const Size *) size;
  fixture->folder = test_folder_new ();
  test_run_expect (fixture->folder, 0, "",
                   "phantom scan --width=%u --rows=%u --angles=%u --axis=44.7 --photons=5000 --flats-after=5 "
                   "--rings=0.02 --phantom=asymmetric --no-truth",
                   fixture->size.width, fixture->size.rows, fixture->size.angles);
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o expected");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
}

static void
compare (Fixture    *fixture,
         const char *name)
{
  g_autofree char *expected = in_folder (fixture, "expected");
  g_autofree char *slices = in_folder (fixture, name);

  g_assert_cmpuint (test_compare_folders (expected, slices, "slice_*.tif"), ==, fixture->size.rows);
}

static void
test_blocks (Fixture       *fixture,
             gconstpointer  unused)
{
  /* The least memory that the option takes, so that a block is a part of the scan; and rows one by one. */
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o little --memory-limit=20M --threads=1");
  compare (fixture, "little");

  for (guint row = 0; row < fixture->size.rows; row += 5)
    {
      g_autofree char *one = g_strdup_printf ("one/slice_%05u.tif", row);
      g_autofree char *path = in_folder (fixture, one);
      g_autofree char *name = g_strdup_printf ("expected/slice_%05u.tif", row);
      g_autofree char *expected = in_folder (fixture, name);

      test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o one --overwrite --y-start=%u --y-stop=%u",
                       row, row + 1);
      g_assert_true (test_files_equal (path, expected));
    }
}

static void
test_devices (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;

  test_run_expect (fixture->folder, 0, "",
                   "POCL_DEVICES='pthread pthread' tomo -c scan/reco.conf -o two --device=all --verbose");
  compare (fixture, "two");

  run = test_run (fixture->folder, "POCL_DEVICES='pthread pthread' devices");
  g_assert_cmpint (run->status, ==, 0);
}

static void
test_run_and_tomo (Fixture       *fixture,
                   gconstpointer  unused)
{
  test_run_expect (fixture->folder, 0, "", "run --config=scan/reco.conf --output=run");
  compare (fixture, "run");
}

/* The configuration that is kept beside the slices makes them again, from anywhere. */
static void
test_kept_configuration (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *kept = in_folder (fixture, "expected/reco.conf");
  g_autofree char *slices = in_folder (fixture, "again");

  test_run_expect ("/", 0, "", "tomo -c %s -o %s", kept, slices);
  compare (fixture, "again");
}

static guint
count_finished (const char *ledger)
{
  g_autofree char *text = NULL;
  guint n = 0;

  if (!g_file_get_contents (ledger, &text, NULL, NULL))
    return 0;
  for (const char *line = strstr (text, "\"finished\""); line != NULL; line = strstr (line + 1, "\"finished\""))
    n++;

  return n;
}

/* Kills a run after some blocks. */
static void
kill_and_resume (Fixture    *fixture,
                 const char *output,
                 const char *ledger,
                 int         signal_number)
{
  g_autofree char *ledger_path = in_folder (fixture, ledger);
  g_autoptr (GSubprocess) process = test_spawn (fixture->folder, "tomo -c scan/reco.conf -o %s", output);
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;

  while (count_finished (ledger_path) < 2 && g_get_monotonic_time () < deadline)
    g_usleep (500);
  g_subprocess_send_signal (process, signal_number);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
}

static void
test_killed_series (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *slices = in_folder (fixture, "killed");

  kill_and_resume (fixture, "killed", "killed.partial/ledger.jsonl", SIGKILL);
  g_assert_false (g_file_test (slices, G_FILE_TEST_EXISTS));

  /* Another axis is another result; another memory limit isn't. */
  test_run_expect (fixture->folder, 2, "reconstruction.axis", "tomo -c scan/reco.conf -o killed --resume --axis=45");
  test_run_expect (fixture->folder, 0, "slices are finished",
                   "tomo -c scan/reco.conf -o killed --resume --memory-limit=24M");
  compare (fixture, "killed");
  /* There is nothing left to do, which is no mistake. */
  test_run_expect (fixture->folder, 0, "slices are finished", "tomo -c scan/reco.conf -o killed --resume --overwrite");
  compare (fixture, "killed");
}

static void
check_stack (Fixture     *fixture,
             ReconReader *reader)
{
  guint width = fixture->size.width;
  g_autofree float *a = g_new (float, width * width);
  g_autofree float *b = g_new (float, width * width);
  g_autofree char *path = in_folder (fixture, "expected");
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) expected = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, fixture->size.rows);
  for (guint i = 0; i < fixture->size.rows; i++)
    {
      g_assert_true (recon_reader_read (expected, i, 1, 0, width, a, NULL, &error));
      g_assert_true (recon_reader_read (reader, i, 1, 0, width, b, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (a, width * width * sizeof (float), b, width * width * sizeof (float));
    }
}

static void
test_killed_stack (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "killed.tif");
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  kill_and_resume (fixture, "killed.tif", "killed.tif.partial.ledger.jsonl", SIGKILL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  test_run_expect (fixture->folder, 0, "slices are finished", "tomo -c scan/reco.conf -o killed.tif --resume");

  reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
  g_assert_no_error (error);
  check_stack (fixture, reader);
}

static void
test_killed_hdf5 (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "killed.h5");
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  kill_and_resume (fixture, "killed.h5", "killed.h5.partial.ledger.jsonl", SIGKILL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  test_run_expect (fixture->folder, 0, "slices are finished", "tomo -c scan/reco.conf -o killed.h5 --resume");

  reader = recon_hdf5_reader_open (path, "/entry/data/data", &error);
  g_assert_no_error (error);
  check_stack (fixture, reader);
}

/* Ctrl-C ends in good order, says so by its status, and can be gone on from. */
static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *ledger = in_folder (fixture, "stopped.partial/ledger.jsonl");
  g_autoptr (GSubprocess) process =
      test_spawn (fixture->folder, "tomo -c scan/reco.conf -o stopped --memory-limit=20M");
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;

  while (count_finished (ledger) < 1 && g_get_monotonic_time () < deadline)
    g_usleep (500);
  g_subprocess_send_signal (process, SIGINT);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 130);

  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o stopped --resume");
  compare (fixture, "stopped");
}

/* A second run into the same place is refused while the first is at work, which isn't disturbed. */
static void
test_second_run (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *ledger = in_folder (fixture, "busy.partial/ledger.jsonl");
  g_autoptr (GSubprocess) process = test_spawn (fixture->folder, "tomo -c scan/reco.conf -o busy");
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;

  while (count_finished (ledger) < 1 && g_get_monotonic_time () < deadline)
    g_usleep (500);
  g_subprocess_send_signal (process, SIGSTOP);
  test_run_expect (fixture->folder, 2, "Another run", "tomo -c scan/reco.conf -o busy");
  test_run_expect (fixture->folder, 2, "Another run", "tomo -c scan/reco.conf -o busy --overwrite");
  test_run_expect (fixture->folder, 2, "Another run", "tomo -c scan/reco.conf -o busy --resume");
  g_subprocess_send_signal (process, SIGCONT);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  compare (fixture, "busy");
}

/* A region of interest is the part of the full slice. */
static void
test_roi (Fixture       *fixture,
          gconstpointer  unused)
{
  guint width = fixture->size.width;
  g_autofree float *full = g_new (float, width * width);
  g_autofree float *part = g_new (float, 30 * 17);
  g_autofree char *full_path = in_folder (fixture, "expected");
  g_autofree char *part_path = in_folder (fixture, "roi");
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) full_reader = NULL;
  g_autoptr (ReconReader) part_reader = NULL;

  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o roi --roi=21,40,30,17");
  full_reader = recon_tiff_reader_open (full_path, RECON_SERIES_UNKNOWN, &error);
  g_assert_no_error (error);
  part_reader = recon_tiff_reader_open (part_path, RECON_SERIES_UNKNOWN, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_reader_get_width (part_reader), ==, 30);
  g_assert_cmpuint (recon_reader_get_height (part_reader), ==, 17);

  for (guint i = 0; i < fixture->size.rows; i++)
    {
      g_assert_true (recon_reader_read (full_reader, i, 1, 0, width, full, NULL, &error));
      g_assert_true (recon_reader_read (part_reader, i, 1, 0, 17, part, NULL, &error));
      for (guint y = 0; y < 17; y++)
        for (guint x = 0; x < 30; x++)
          g_assert_cmpfloat_with_epsilon (part[y * 30 + x], full[(y + 40) * width + x + 21], 1e-5);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/equality/blocks", Fixture, &small, set_up, test_blocks, tear_down);
  g_test_add ("/equality/devices", Fixture, &small, set_up, test_devices, tear_down);
  g_test_add ("/equality/run-and-tomo", Fixture, &small, set_up, test_run_and_tomo, tear_down);
  g_test_add ("/equality/kept-configuration", Fixture, &small, set_up, test_kept_configuration, tear_down);
  g_test_add ("/equality/killed-series", Fixture, &large, set_up, test_killed_series, tear_down);
  g_test_add ("/equality/killed-stack", Fixture, &large, set_up, test_killed_stack, tear_down);
  g_test_add ("/equality/killed-hdf5", Fixture, &large, set_up, test_killed_hdf5, tear_down);
  g_test_add ("/equality/interrupted", Fixture, &large, set_up, test_interrupted, tear_down);
  g_test_add ("/equality/second-run", Fixture, &large, set_up, test_second_run, tear_down);
  g_test_add ("/equality/roi", Fixture, &small, set_up, test_roi, tear_down);

  return g_test_run ();
}
