/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "support.h"

/* What an interrupted run has left is gone on with only if the input is what it was. */

#define ROWS 160

#define RESUME "tomo -c scan/reco.conf -o killed --resume "

typedef struct
{
  char *folder;
} Fixture;

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
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

/* Starts a run, and kills it when it has finished some slices. */
static void
start_and_kill (Fixture    *fixture,
                const char *words)
{
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;
  g_autofree char *ledger = in_folder (fixture, "killed.partial/ledger.jsonl");
  g_autoptr (GSubprocess) process = test_spawn (fixture->folder, "%s", words);

  while (count_finished (ledger) < 1 && g_get_monotonic_time () < deadline)
    g_usleep (500);
  g_subprocess_send_signal (process, SIGKILL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_file_test (ledger, G_FILE_TEST_EXISTS));
}

/* A scan with blocks enough that a run can be killed in the middle, which it was. */
static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  test_run_expect (fixture->folder, 0, "",
                   "phantom scan --width=240 --rows=%u --angles=360 --axis=44.7 --photons=5000 --flats-after=5 "
                   "--no-truth",
                   ROWS);

  start_and_kill (fixture, "tomo -c scan/reco.conf -o killed");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
}

static void
set_time (Fixture               *fixture,
          const char            *name,
          const struct timespec *time)
{
  g_autofree char *path = in_folder (fixture, name);
  const struct timespec times[] = { *time, *time };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static struct timespec
get_time (Fixture    *fixture,
          const char *name)
{
  g_autofree char *path = in_folder (fixture, name);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);

  return info.st_mtim;
}

/* Appends a byte to a file, and takes it away again. */
static void
refuse_longer (Fixture    *fixture,
               const char *name,
               const char *expected)
{
  g_autofree char *path = in_folder (fixture, name);
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;
  struct timespec time = get_time (fixture, name);
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  longer = g_malloc0 (length + 1);
  memcpy (longer, text, length);
  g_assert_true (g_file_set_contents (path, longer, (gssize) length + 1, NULL));
  test_run_expect (fixture->folder, 2, expected, RESUME);
  g_assert_true (g_file_set_contents (path, text, (gssize) length, NULL));
  set_time (fixture, name, &time);
}

static void
compare_with_new_run (Fixture *fixture)
{
  g_autofree char *expected = in_folder (fixture, "expected");
  g_autofree char *slices = in_folder (fixture, "killed");

  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o expected");
  g_assert_cmpuint (test_compare_folders (expected, slices, "slice_*.tif"), ==, ROWS);
}

static void
test_changed (Fixture       *fixture,
              gconstpointer  unused)
{
  const char *middle = "scan/projections/proj_00100.tif";
  struct timespec time = get_time (fixture, middle);
  struct timespec touched = { time.tv_sec + 100, time.tv_nsec };

  refuse_longer (fixture, middle, "input.projections (");
  refuse_longer (fixture, "scan/darks/dark_00003.tif", "input.darks (");
  refuse_longer (fixture, "scan/flats/flat_00003.tif", "input.flats (");
  refuse_longer (fixture, "scan/flats_after/flat_00003.tif", "input.flats-after (");

  /* It says nothing without a run to go on with. */
  test_run_expect (fixture->folder, 2, "--trust-inputs", "tomo -c scan/reco.conf -o fresh --trust-inputs");

  /* The same images with another time. */
  set_time (fixture, middle, &touched);
  test_run_expect (fixture->folder, 2, "was last modified at", RESUME);
  test_run_expect (fixture->folder, 2, "--trust-inputs", RESUME);
  test_run_expect (fixture->folder, 0, "slices are finished", RESUME "--trust-inputs");
  compare_with_new_run (fixture);
}

/* Of the angles the values count, whatever becomes of their file. */
static void
test_angles (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "scan/angles.txt");
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;
  g_autofree char *last = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  last = g_strdup (text);
  g_strchomp (last);
  *strrchr (last, '\n') = '\0';
  longer = g_strconcat (last, "\n3.1\n", NULL);
  g_assert_true (g_file_set_contents (path, longer, -1, NULL));
  test_run_expect (fixture->folder, 2, "input.angles has other angles", RESUME);

  g_free (longer);
  longer = g_strconcat ("# The same angles.\n", text, NULL);
  g_assert_true (g_file_set_contents (path, longer, -1, NULL));
  test_run_expect (fixture->folder, 0, "slices are finished", RESUME);
  compare_with_new_run (fixture);
}

/* The ledger of a version that didn't look at the input. */
static void
test_older (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "killed.partial/ledger.jsonl");
  g_autofree char *text = NULL;
  char *member;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  member = strstr (text, "\"inputs\"");
  g_assert_nonnull (member);
  memcpy (member, "\"others\"", strlen ("\"others\""));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  test_run_expect (fixture->folder, 2, "does not say which files", RESUME);
  test_run_expect (fixture->folder, 0, "taken as that of the earlier run", RESUME "--trust-inputs");
  compare_with_new_run (fixture);
}

/* What a run was allowed to replace, its continuation is; another one is not. */
static void
test_overwrite (Fixture       *fixture,
                gconstpointer  unused)
{
  test_run_expect (fixture->folder, 0, "slices are finished", RESUME);
  start_and_kill (fixture, "tomo -c scan/reco.conf -o killed --overwrite");
  test_run_expect (fixture->folder, 2, "earlier result", "tomo -c scan/reco.conf -o killed");
  test_run_expect (fixture->folder, 0, "slices are finished", RESUME);
  compare_with_new_run (fixture);
}

/* The same command again, as the shell's history gives it, throws nothing away unasked. */
static void
test_unasked (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *ledger = in_folder (fixture, "killed.partial/ledger.jsonl");
  guint n = count_finished (ledger);

  test_run_expect (fixture->folder, 2, "Go on with --resume, or throw them away and start anew with --overwrite",
                   "tomo -c scan/reco.conf -o killed");
  g_assert_cmpuint (count_finished (ledger), ==, n);
  test_run_expect (fixture->folder, 0, "", "tomo -c scan/reco.conf -o killed --overwrite");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/resume/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("changed", test_changed);
  ADD ("angles", test_angles);
  ADD ("older", test_older);
  ADD ("overwrite", test_overwrite);
  ADD ("unasked", test_unasked);
#undef ADD

  return g_test_run ();
}
