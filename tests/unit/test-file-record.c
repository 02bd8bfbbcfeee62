/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/file-record.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

typedef struct
{
  char      *folder;
  GPtrArray *files;
} Fixture;

static void
set_time (const char *path,
          time_t      seconds,
          long        nanoseconds)
{
  const struct timespec times[] = { { seconds, nanoseconds }, { seconds, nanoseconds } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  set_time (path, 1000000000, 5);
  g_ptr_array_add (fixture->files, path);
}

static const char *
get_file (Fixture *fixture,
          guint    i)
{
  return g_ptr_array_index (fixture->files, i);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->files = g_ptr_array_new_with_free_func (g_free);
  write_file (fixture, "a", "one");
  write_file (fixture, "b", "second");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_ptr_array_unref (fixture->files);
  test_folder_remove (fixture->folder);
}

static void
assert_change (Fixture               *fixture,
               const ReconFileRecord *earlier,
               const char            *pattern)
{
  g_autoptr (ReconFileRecord) now = recon_file_record_new (fixture->files);
  g_autofree char *change = recon_file_record_describe_change (earlier, now);

  if (pattern == NULL)
    g_assert_cmpstr (change, ==, NULL);
  else if (change == NULL || !g_pattern_match_simple (pattern, change))
    g_error ("“%s” is not “%s”", change, pattern);
}

static void
test_same (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ReconFileRecord) earlier = recon_file_record_new (fixture->files);
  g_autofree char *resolved = realpath (fixture->folder, NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);

  g_assert_cmpuint (earlier->n_files, ==, 2);
  g_assert_cmpuint (earlier->bytes, ==, 9);
  g_assert_cmpint (earlier->modified, ==, G_GINT64_CONSTANT (1000000000000000005));
  g_assert_cmpstr (earlier->place, ==, resolved);
  assert_change (fixture, earlier, NULL);

  /* A file that comes again, under another name too, is the same one. */
  g_assert_cmpint (symlink ("a", link), ==, 0);
  g_ptr_array_add (fixture->files, g_strdup (link));
  g_ptr_array_add (fixture->files, g_strdup (get_file (fixture, 1)));
  assert_change (fixture, earlier, NULL);
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ReconFileRecord) earlier = recon_file_record_new (fixture->files);

  /* The times of all files count, to the nanosecond, not only the last one. */
  set_time (get_file (fixture, 0), 900000000, 5);
  assert_change (fixture, earlier, "has files that were modified since");
  set_time (get_file (fixture, 0), 1000000000, 6);
  assert_change (fixture, earlier, "was last modified at *.000000005 and is of *.000000006 now");
  set_time (get_file (fixture, 0), 1000000007, 6);
  assert_change (fixture, earlier, "was last modified at 2001-09-*:40 and is of 2001-09-*:47 now");
  set_time (get_file (fixture, 0), 1000000000, 5);
  assert_change (fixture, earlier, NULL);

  g_assert_true (g_file_set_contents (get_file (fixture, 0), "longer", -1, NULL));
  assert_change (fixture, earlier, "had 9 bytes and has 12 now");
  g_assert_true (g_file_set_contents (get_file (fixture, 1), "two", -1, NULL));
  assert_change (fixture, earlier, "has files of other names or sizes now");
  g_unlink (get_file (fixture, 1));
  assert_change (fixture, earlier, "had 9 bytes and has 6 now");

  write_file (fixture, "c", "third");
  assert_change (fixture, earlier, "had 2 files and has 3 now");
}

/* A link that leads to another folder with the same files. */
static void
test_moved (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ReconFileRecord) earlier = recon_file_record_new (fixture->files);
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);

  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_path_get_basename (get_file (fixture, i));
      char *path = g_build_filename (other, name, NULL);

      g_assert_cmpint (g_rename (get_file (fixture, i), path), ==, 0);
      g_free (fixture->files->pdata[i]);
      fixture->files->pdata[i] = path;
    }
  assert_change (fixture, earlier, "was /*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/file-record/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("same", test_same);
  ADD ("changes", test_changes);
  ADD ("moved", test_moved);
#undef ADD

  return g_test_run ();
}
