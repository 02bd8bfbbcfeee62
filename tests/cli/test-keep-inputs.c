/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "support.h"

/* No output takes the place of raw data, not even with permission to overwrite. */

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  test_run_expect (fixture->folder, 0, "", "phantom scan --width=24 --rows=3 --angles=12");
  test_run_expect (fixture->folder, 0, "", "phantom hdf5 --format=hdf5 --width=24 --rows=3 --angles=12");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
}

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* The name of the first file in a folder of the fixture, in the order of their names. */
static char *
first_file (Fixture    *fixture,
            const char *folder)
{
  g_autofree char *path = in_folder (fixture, folder);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *first = NULL;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (first == NULL || strcmp (name, first) < 0)
        {
          g_free (first);
          first = g_strdup (name);
        }
    }
  g_assert_nonnull (first);

  return g_steal_pointer (&first);
}

static void
test_hdf5 (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *scan = in_folder (fixture, "hdf5/scan.h5");
  g_autofree char *link_path = in_folder (fixture, "other.h5");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before, n_after;

  g_assert_true (g_file_get_contents (scan, &before, &n_before, NULL));
  g_assert_cmpint (symlink ("hdf5/scan.h5", link_path), ==, 0);

  test_run_expect (fixture->folder, 2, "would replace input.projections",
                   "tomo --projections=hdf5/scan.h5 --axis=12 --overwrite -o hdf5/scan.h5");
  test_run_expect (fixture->folder, 2, "would replace input.projections",
                   "tomo --projections=hdf5/scan.h5 --axis=12 --overwrite -o other.h5:/slices");
  test_run_expect (fixture->folder, 2, "would replace input.darks",
                   "tomo --projections=scan/projections --flats=scan/flats --darks=hdf5/scan.h5:/exchange/data_dark "
                   "--axis=12 --overwrite -o ./hdf5/../hdf5/scan.h5");

  g_assert_true (g_file_get_contents (scan, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);

  /* Beside it is a good place. */
  test_run_expect (fixture->folder, 0, "", "tomo --projections=hdf5/scan.h5 --axis=12 -o hdf5/slices.h5");
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  unused)
{
  const char *scan = "tomo -c scan/reco.conf --overwrite";

  test_run_expect (fixture->folder, 2, "the folder of input.projections", "%s -o scan/projections", scan);
  test_run_expect (fixture->folder, 2, "the folder of input.flats", "%s -o scan/flats/", scan);
  test_run_expect (fixture->folder, 2, "the folder of input.darks", "%s -o scan/darks/r%%04d.tif", scan);
  test_run_expect (fixture->folder, 2, "the folder of input.projections", "%s -o scan/projections/all.tif", scan);
  test_run_expect (fixture->folder, 0, "", "%s -o scan/slices", scan);
  test_run_expect (fixture->folder, 0, "", "%s -o scan/projections/slices", scan);
}

static void
test_pattern (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *slice = in_folder (fixture, "scan/projections/slice_00000.tif");

  /* All of them, or one of another name would be left out. */
  for (guint i = 0;; i++)
    {
      g_autofree char *name = first_file (fixture, "scan/projections");
      g_autofree char *old = g_build_filename (fixture->folder, "scan/projections", name, NULL);
      g_autofree char *new = g_strdup_printf ("%s/scan/projections/slice_%05u.tif", fixture->folder, i);

      if (g_str_has_prefix (name, "slice_"))
        break;
      g_assert_cmpint (g_rename (old, new), ==, 0);
    }
  test_run_expect (fixture->folder, 2, "would replace input.projections",
                   "tomo -c scan/reco.conf --projections='scan/projections/*.tif' --overwrite -o scan/projections");
  g_assert_true (g_file_test (slice, G_FILE_TEST_EXISTS));

  /* Names that differ do no harm. */
  test_run_expect (fixture->folder, 0, "",
                   "tomo -c scan/reco.conf --projections='scan/projections/*.tif' -o scan/projections/r%%05d.tif");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/keep-inputs/hdf5", Fixture, NULL, set_up, test_hdf5, tear_down);
  g_test_add ("/keep-inputs/folder", Fixture, NULL, set_up, test_folder, tear_down);
  g_test_add ("/keep-inputs/pattern", Fixture, NULL, set_up, test_pattern, tear_down);

  return g_test_run ();
}
