/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "command.h"

#include <stdarg.h>
#include <string.h>

void
test_run_free (TestRun *run)
{
  g_free (run->out);
  g_free (run->err);
  g_free (run);
}

static GSubprocess *
spawn (const char       *folder,
       const char       *line,
       GSubprocessFlags  flags)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  const char *program = g_getenv ("RECONSTRUCT");
  GSubprocess *process;
  guint i = 0;

  g_assert_nonnull (program);
  g_assert_true (g_shell_parse_argv (line, NULL, &words, &error));
  g_subprocess_launcher_set_cwd (launcher, folder);

  for (; words[i] != NULL && words[i][0] != '-' && strchr (words[i], '=') != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

      g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
    }

  g_ptr_array_add (argv, (char *) program);
  for (; words[i] != NULL; i++)
    g_ptr_array_add (argv, words[i]);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);

  return process;
}

/* The data of empty bytes may be %NULL. */
static char *
to_text (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 ? g_strndup (data, length) : g_strdup ("");
}

static TestRun *
run_line (const char *folder,
          const char *line)
{
  g_autoptr (GSubprocess) process =
      spawn (folder, line, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;
  TestRun *run = g_new0 (TestRun, 1);

  g_subprocess_communicate (process, NULL, NULL, &out, &err, &error);
  g_assert_no_error (error);

  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                     : 128 + g_subprocess_get_term_sig (process);
  run->out = to_text (out);
  run->err = to_text (err);

  return run;
}

TestRun *
test_run (const char *folder,
          const char *line,
          ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, line);
  text = g_strdup_vprintf (line, args);
  va_end (args);

  return run_line (folder, text);
}

void
test_run_expect (const char *folder,
                 int         status,
                 const char *expected,
                 const char *line,
                 ...)
{
  g_autoptr (TestRun) run = NULL;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, line);
  text = g_strdup_vprintf (line, args);
  va_end (args);

  run = run_line (folder, text);
  if (run->status != status || strstr (run->err, expected) == NULL)
    g_error ("reconstruct %s\nended with %d (expected %d) and said:\n%s\n(expected: %s)", text, run->status, status,
             run->err, expected);
}

GSubprocess *
test_spawn (const char *folder,
            const char *line,
            ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, line);
  text = g_strdup_vprintf (line, args);
  va_end (args);

  return spawn (folder, text, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
}

gboolean
test_files_equal (const char *a,
                  const char *b)
{
  g_autoptr (GMappedFile) file_a = g_mapped_file_new (a, FALSE, NULL);
  g_autoptr (GMappedFile) file_b = g_mapped_file_new (b, FALSE, NULL);

  return file_a != NULL && file_b != NULL && g_mapped_file_get_length (file_a) == g_mapped_file_get_length (file_b) &&
         memcmp (g_mapped_file_get_contents (file_a), g_mapped_file_get_contents (file_b),
                 g_mapped_file_get_length (file_a)) == 0;
}

static guint
count_matches (const char *folder,
               const char *pattern,
               GPtrArray  *names)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (!g_pattern_match_simple (pattern, name))
        continue;
      n++;
      if (names != NULL)
        g_ptr_array_add (names, g_strdup (name));
    }

  return n;
}

guint
test_compare_folders (const char *a,
                      const char *b,
                      const char *pattern)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  guint n = count_matches (a, pattern, names);

  g_assert_cmpuint (count_matches (b, pattern, NULL), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *file_a = g_build_filename (a, g_ptr_array_index (names, i), NULL);
      g_autofree char *file_b = g_build_filename (b, g_ptr_array_index (names, i), NULL);

      if (!test_files_equal (file_a, file_b))
        g_error ("%s and %s differ", file_a, file_b);
    }

  return n;
}
