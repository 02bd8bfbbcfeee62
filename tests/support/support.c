/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "support.h"

#include <glib/gstdio.h>

char *
test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("reconstruct-test-XXXXXX", &error);

  g_assert_no_error (error);

  return folder;
}

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }

  g_assert_cmpint (g_remove (path), ==, 0);
}

void
test_folder_remove (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

gboolean
test_is_exhaustive (void)
{
  return g_getenv ("RECONSTRUCT_TEST_ALL") != NULL;
}

char *
test_data_folder (void)
{
  const char *given = g_getenv ("RECONSTRUCT_TEST_DATA");
  g_autofree char *folder = NULL;

  if (given != NULL)
    folder = g_strdup (given);
  else
    folder = g_build_filename (TEST_SOURCE_ROOT, "..", "shared", "data", NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("The real scans are not here; set RECONSTRUCT_TEST_DATA to their folder.");
      return NULL;
    }

  return g_steal_pointer (&folder);
}

double
test_random (guint *state)
{
  *state = *state * 1664525u + 1013904223u;

  return (*state >> 8) / 16777216.0;
}
