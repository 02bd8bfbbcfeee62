/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

/* The progress line, as a terminal shows it. */

#define COLUMNS 24

/* Runs a job of a second or so on a terminal of a width, and gives what it wrote there. */
static char *
run_on_terminal (guint       columns,
                 const char *options)
{
  char *folder = test_folder_new ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  struct winsize size = { .ws_row = 24, .ws_col = (unsigned short) columns };
  char buffer[4096];
  int master, slave;
  ssize_t n;

  test_run_expect (folder, 0, "", "phantom scan --width=256 --rows=12 --angles=400");

  g_assert_cmpint (openpty (&master, &slave, NULL, NULL, &size), ==, 0);

  g_subprocess_launcher_set_cwd (launcher, folder);
  g_subprocess_launcher_setenv (launcher, "TERM", "xterm", TRUE);
  g_subprocess_launcher_setenv (launcher, "POCL_DEVICES", "basic", TRUE); /* one thread, and the plain kernel: slow */
  g_subprocess_launcher_take_stderr_fd (launcher, slave);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("RECONSTRUCT"), "tomo", "-c", "scan/reco.conf",
                                         "--device=cpu", options, NULL);
  g_assert_no_error (error);
  g_object_unref (g_steal_pointer (&launcher)); /* closes the slave here, so that reading ends */

  while ((n = read (master, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    g_string_append_len (shown, buffer, MAX (n, 0));
  close (master);

  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  test_folder_remove (folder);

  return g_string_free (g_steal_pointer (&shown), FALSE);
}

static void
test_narrow (void)
{
  g_autofree char *shown = run_on_terminal (COLUMNS, "--kernel=plain");
  g_auto (GStrv) lines = g_strsplit (shown, "\r\033[K", -1);
  guint n_progress = 0;

  for (guint i = 1; lines[i] != NULL; i++)
    {
      if (!g_str_has_prefix (lines[i], "Slice "))
        continue;

      /* A line that fills the last column may wrap, and then only its end can be cleared. */
      g_assert_cmpint (g_utf8_strlen (lines[i], -1), <, COLUMNS);
      n_progress++;
    }
  g_assert_cmpuint (n_progress, >, 0);

  /* The last one is cleared, and what follows begins a line. */
  g_assert_nonnull (strstr (shown, "\r\033[K12 slices in "));
}

static void
test_quiet (void)
{
  g_autofree char *shown = run_on_terminal (80, "-vq");

  g_assert_cmpstr (shown, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/terminal/narrow", test_narrow);
  g_test_add_func ("/terminal/quiet", test_quiet);

  return g_test_run ();
}
