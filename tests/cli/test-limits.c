/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "fault-injection.h"
#include "support.h"

/* The program where the system refuses something: operations on files, threads, sizes, builds of kernels. It ends with
 * status 1 and a message, or does without; it never hangs, is never ended by a signal of its own making, and what it
 * has finished is kept. */

typedef struct
{
  char *folder;
} Fixture;

typedef struct
{
  const char *name;
  const char *options;
} Output;

static const Output outputs[] = {
  { "out", "--compression=none" },
  { "out.tif", "--compression=none" },
  { "out.h5", "--compression=none" },
  { "out.h5", "--compression=deflate" },
};

#define TOMO "tomo -c scan/reco.conf --quiet "

/* Threads that do not end with a message are ended. */
#define PRELOAD "LD_PRELOAD=%s ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  test_run_expect (fixture->folder, 0, "", "phantom scan --width=24 --rows=8 --angles=20 --no-truth");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
}

static const char *
get_library (void)
{
  const char *library = g_getenv ("FAULT_LIBRARY");

  g_assert_nonnull (library);

  return library;
}

static void
remove_results (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "out"))
      {
        char *path = g_build_filename (fixture->folder, name, NULL);

        test_folder_remove (path);
      }
}

static TestRun *
run_faulty (Fixture       *fixture,
            const Output  *output,
            Fault          fault,
            unsigned long  at,
            int            code)
{
  g_autofree char *root = g_build_filename (fixture->folder, "out", NULL);

  return test_run (fixture->folder, PRELOAD "FAULT_INJECTION=%s:%d:%lu:%d FAULT_COUNT=count " TOMO "-o %s %s",
                   get_library (), root, (int) fault, at, code, output->name, output->options);
}

static unsigned long
read_count (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "count", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return strtoul (text, NULL, 10);
}

static void
compare (Fixture      *fixture,
         const Output *output)
{
  g_autofree char *result = g_build_filename (fixture->folder, output->name, NULL);
  g_autofree char *clean = g_build_filename (fixture->folder, "clean", NULL);

  if (g_str_equal (output->name, "out"))
    g_assert_cmpuint (test_compare_folders (clean, result, "slice_*.tif"), ==, 8);
  else
    g_assert_true (test_files_equal (clean, result));
}

/* Goes on, or where nothing was finished starts again. */
static void
go_on (Fixture       *fixture,
       const Output  *output,
       unsigned long  at)
{
  g_autoptr (TestRun) run = test_run (fixture->folder, TOMO "-o %s %s --resume", output->name, output->options);

  if (run->status == 2 && strstr (run->err, "without --resume") != NULL)
    test_run_expect (fixture->folder, 0, "", TOMO "-o %s %s", output->name, output->options);
  else if (run->status != 0)
    g_error ("%s, at %lu: %s", output->name, at, run->err);
  compare (fixture, output);
}

static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  const Output *output = data;
  g_autofree char *result = g_build_filename (fixture->folder, output->name, NULL);
  g_autofree char *clean = g_build_filename (fixture->folder, "clean", NULL);
  g_autoptr (TestRun) whole = NULL;
  unsigned long n;

  /* The configuration, which is in the file, is that of the same output. */
  test_run_expect (fixture->folder, 0, "", TOMO "-o %s %s", output->name, output->options);
  g_assert_cmpint (g_rename (result, clean), ==, 0);
  remove_results (fixture);
  whole = run_faulty (fixture, output, FAULT_NONE, 0, 0);
  g_assert_cmpint (whole->status, ==, 0);
  n = read_count (fixture);
  g_test_message ("%s %s: %lu operations", output->name, output->options, n);
  g_assert_cmpuint (n, >, 10);

  for (unsigned long at = test_is_exhaustive () ? 1 : n / 2; at <= n; at += test_is_exhaustive () ? 1 : n / 2)
    {
      g_autoptr (TestRun) killed = NULL;
      g_autoptr (TestRun) failed = NULL;

      remove_results (fixture);
      killed = run_faulty (fixture, output, FAULT_KILL, at, 0);
      g_assert_cmpint (killed->status, ==, 128 + SIGKILL);
      go_on (fixture, output, at);

      remove_results (fixture);
      failed = run_faulty (fixture, output, FAULT_FOREVER, at, EIO);
      /* Where a file is closed that is deleted already nothing can be lost any more. */
      if (failed->status == 0 && at == n)
        {
          compare (fixture, output);
          continue;
        }
      if (failed->status != 1)
        g_error ("%s, EIO from %lu: %d, %s", output->name, at, failed->status, failed->err);
      g_assert_nonnull (strstr (failed->err, g_strerror (EIO)));
      go_on (fixture, output, at);
    }
}

/* With every number of threads there is an end in order. */
static void
test_threads (Fixture       *fixture,
              gconstpointer  unused)
{
  guint n_refused = 0, n_good = 0;

  for (guint n = 0; n <= 40; n += test_is_exhaustive () ? 1 : 8)
    {
      g_autoptr (TestRun) run = NULL;

      remove_results (fixture);
      run = test_run (fixture->folder, PRELOAD "FAULT_THREADS=%u " TOMO "-o out", get_library (), n);
      if (run->status == 1)
        g_assert_nonnull (strstr (run->err, "ulimit -u"));
      else
        g_assert_cmpint (run->status, ==, 0);
      n_refused += run->status == 1;
      n_good += run->status == 0;
    }
  g_assert_cmpuint (n_refused, >, 0);
  g_assert_cmpuint (n_good, >, 0);
}

static void
test_builds (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (TestRun) run = NULL;

  test_run_expect (fixture->folder, 0, "", PRELOAD "FAULT_BUILDS=2 " TOMO "-o out", get_library ());
  test_run_expect (fixture->folder, 1, "do not compile", PRELOAD "FAULT_BUILDS=100000 " TOMO "-o other",
                   get_library ());
}

static void
test_time_zone (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr (TestRun) run =
      test_run (fixture->folder, "G_DEBUG=fatal-criticals TZ=:/etc/passwd " TOMO "-o out --log-file=log");

  g_assert_cmpint (run->status, ==, 0);
  g_assert_cmpstr (run->err, ==, "");
}

/* Whoever has started the test may ignore it. */
static void
default_cb (gpointer unused)
{
  signal (SIGXFSZ, SIG_DFL);
}

/* What a limit refuses is said, and kept is what was finished before. */
static void
test_file_size (Fixture       *fixture,
                gconstpointer  data)
{
  const Output *output = data;
  const char *argv[] = { "sh", "-c", "ulimit -f 4; exec \"$RECONSTRUCT\" \"$@\"", "sh", "tomo", "-c",
                         "scan/reco.conf", "-o", output->name, "--quiet", output->options, NULL };
  g_autofree char *err = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_sync (fixture->folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, default_cb, NULL, NULL, &err,
                               &status, &error));
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  g_assert_nonnull (strstr (err, g_strerror (EFBIG)));
}

/* A link that leads nowhere is seen before anything is done. */
static void
test_dangling (Fixture       *fixture,
               gconstpointer  data)
{
  const Output *output = data;
  g_autofree char *path = g_build_filename (fixture->folder, output->name, NULL);
  g_autoptr (TestRun) run = NULL;

  g_assert_cmpint (symlink ("/nowhere/at/all", path), ==, 0);
  run = test_run (fixture->folder, "tomo -c scan/reco.conf -o %s %s", output->name, output->options);
  g_assert_cmpint (run->status, ==, 2);
  g_assert_nonnull (strstr (run->err, "leads nowhere"));
  g_assert_null (strstr (run->err, "At work"));
}

/* As the jobs of a batch system do: at once, and nothing is compiled yet. */
static void
test_first_runs (Fixture       *fixture,
                 gconstpointer  unused)
{
  GSubprocess *runs[8];

  if (!test_is_exhaustive ())
    {
      g_test_skip ("This takes minutes; set RECONSTRUCT_TEST_ALL.");
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    runs[i] = test_spawn (fixture->folder, "XDG_CACHE_HOME=cache POCL_CACHE_DIR=cache " TOMO "-o out-%u", i);
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_assert_true (g_subprocess_wait_check (runs[i], NULL, NULL));
      g_object_unref (runs[i]);
    }
}

static void
add_for_outputs (const char *name,
                 void      (*func) (Fixture *, gconstpointer))
{
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/limits/%s/%s%s", name, outputs[i].name,
                                               g_str_has_suffix (outputs[i].options, "deflate") ? "-compressed" : "");

      g_test_add (path, Fixture, &outputs[i], set_up, func, tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_outputs ("files", test_files);
  add_for_outputs ("file-size", test_file_size);
  add_for_outputs ("dangling", test_dangling);
  g_test_add ("/limits/threads", Fixture, NULL, set_up, test_threads, tear_down);
  g_test_add ("/limits/builds", Fixture, NULL, set_up, test_builds, tear_down);
  g_test_add ("/limits/time-zone", Fixture, NULL, set_up, test_time_zone, tear_down);
  g_test_add ("/limits/first-runs", Fixture, NULL, set_up, test_first_runs, tear_down);

  return g_test_run ();
}
