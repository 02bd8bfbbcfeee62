/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/program-cache.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

#define MAGIC "magic "
#define KEPT  "0000000000000000000000000000000000000000000000000000000000000000.bin"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_folder_remove (fixture->folder);
}

/* The file name of a program: 64 times a digit. */
static char *
make_name (char        digit,
           const char *end)
{
  g_autofree char *digits = g_strnfill (64, digit);

  return g_strconcat (digits, end, NULL);
}

/* A file of @bytes that was used @days ago. */
static void
put (Fixture    *fixture,
     const char *name,
     const char *start,
     off_t       bytes,
     gint64      days)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  time_t time = (time_t) (g_get_real_time () / G_USEC_PER_SEC - days * 24 * 60 * 60);
  const struct timespec times[] = { { time, 0 }, { time, 0 } };

  g_assert_true (g_file_set_contents (path, start, -1, NULL));
  g_assert_cmpint (truncate (path, bytes), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
assert_there (Fixture    *fixture,
              const char *name,
              gboolean    is_there)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS) != is_there)
    g_error ("%s is %s", name, is_there ? "gone" : "still there");
}

static void
prune (Fixture *fixture,
       guint64  most_bytes)
{
  recon_cache_prune (fixture->folder, MAGIC, KEPT, most_bytes);
}

static void
test_age (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *fresh = make_name ('1', ".bin");
  g_autofree char *old = make_name ('2', ".bin");
  g_autofree char *used = make_name ('3', ".bin");
  g_autofree char *path = g_build_filename (fixture->folder, used, NULL);

  put (fixture, KEPT, MAGIC, 10, 200);
  put (fixture, fresh, MAGIC, 10, 89);
  put (fixture, old, MAGIC, 10, 91);
  put (fixture, used, MAGIC, 10, 91);
  recon_cache_touch (path);

  prune (fixture, G_MAXUINT64);
  assert_there (fixture, KEPT, TRUE);
  assert_there (fixture, fresh, TRUE);
  assert_there (fixture, old, FALSE);
  assert_there (fixture, used, TRUE);
}

static void
test_size (Fixture       *fixture,
           gconstpointer  data)
{
  static const gint64 days[] = { 3, 50, 1, 40, 2 };
  char *names[G_N_ELEMENTS (days)];

  put (fixture, KEPT, MAGIC, 100, 0);
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      names[i] = make_name ((char) ('1' + i), ".bin");
      put (fixture, names[i], MAGIC, 100, days[i]);
    }

  prune (fixture, 600);
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    assert_there (fixture, names[i], TRUE);

  /* No more than needs to, and those used longest ago. */
  prune (fixture, 420);
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    assert_there (fixture, names[i], days[i] < 40);

  /* One that is too large by itself stays: it was just made. */
  prune (fixture, 50);
  assert_there (fixture, KEPT, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      assert_there (fixture, names[i], FALSE);
      g_free (names[i]);
    }
}

/* Whatever else lies in the folder is nobody's to remove, and doesn't count. */
static void
test_foreign (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *other_start = make_name ('1', ".bin");
  g_autofree char *other_end = make_name ('2', ".cl");
  g_autofree char *capitals = make_name ('A', ".bin");
  g_autofree char *folder = make_name ('4', ".bin");
  g_autofree char *link = make_name ('5', ".bin");
  g_autofree char *ours = make_name ('6', ".bin");
  g_autofree char *folder_path = g_build_filename (fixture->folder, folder, NULL);
  g_autofree char *link_path = g_build_filename (fixture->folder, link, NULL);
  const char *names[] = { other_start, other_end, capitals, "notes.txt", "1234.bin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    put (fixture, names[i], i == 0 ? "else " : MAGIC, 1000, 100);
  g_assert_cmpint (g_mkdir (folder_path, 0700), ==, 0);
  g_assert_cmpint (symlink ("notes.txt", link_path), ==, 0);
  put (fixture, KEPT, MAGIC, 10, 0);
  put (fixture, ours, MAGIC, 10, 1);

  prune (fixture, 20);
  assert_there (fixture, ours, TRUE);
  prune (fixture, 0);
  assert_there (fixture, ours, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_there (fixture, names[i], TRUE);
  assert_there (fixture, folder, TRUE);
  assert_there (fixture, link, TRUE);

  recon_cache_prune ("/nowhere", MAGIC, KEPT, 0);
}

/* A file that is being written is left alone, one that was left behind goes. */
static void
test_temporary (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *now = make_name ('1', ".bin.AB12CD");
  g_autofree char *left = make_name ('2', ".bin.AB12CD");

  put (fixture, now, "", 1000, 0);
  put (fixture, left, "", 1000, 100);
  prune (fixture, 0);
  assert_there (fixture, now, TRUE);
  assert_there (fixture, left, FALSE);
}

static gpointer
write_and_prune_cb (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = make_name ((char) ('1' + i % 9), ".bin");
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_true (g_file_set_contents (path, MAGIC "and more", -1, NULL));
      recon_cache_prune (fixture->folder, MAGIC, name, 30);
    }

  return NULL;
}

/* Several write and remove the same files at once: nobody minds, and the limit is kept in the end. */
static void
test_together (Fixture       *fixture,
               gconstpointer  data)
{
  GThread *threads[4];
  g_autoptr (GDir) dir = NULL;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("pruner", write_and_prune_cb, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  prune (fixture, 30);
  dir = g_dir_open (fixture->folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, <=, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/cache-prune/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("age", test_age);
  ADD ("size", test_size);
  ADD ("foreign", test_foreign);
  ADD ("temporary", test_temporary);
  ADD ("together", test_together);
#undef ADD

  return g_test_run ();
}
