/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a run of the program ended. */
typedef struct
{
  int   status; /* exit status, or 128 + signal */
  char *out;
  char *err;
} TestRun;

/* Runs `reconstruct` ($RECONSTRUCT) in a folder. `line` is split as a shell splits words; words of the form
 * NAME=VALUE before the command are its environment. */
TestRun *test_run      (const char *folder,
                        const char *line,
                        ...) G_GNUC_PRINTF (2, 3);
void     test_run_free (TestRun    *run);

/* Runs it and asserts the status and a part of what it says on standard error. */
void     test_run_expect (const char *folder,
                          int         status,
                          const char *expected,
                          const char *line,
                          ...) G_GNUC_PRINTF (4, 5);

/* The child, for tests that kill it. */
GSubprocess *test_spawn (const char *folder,
                         const char *line,
                         ...) G_GNUC_PRINTF (2, 3);

/* Asserts that two folders or files hold the same bytes in files whose names match a pattern. Returns how many. */
guint    test_compare_folders (const char *a,
                               const char *b,
                               const char *pattern);
gboolean test_files_equal     (const char *a,
                               const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRun, test_run_free)

G_END_DECLS
