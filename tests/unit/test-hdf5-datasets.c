/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-datasets.h"

#include <glib/gstdio.h>
#include <string.h>

#include "support.h"
#include "test-hdf5.h"

#define FOREVER (60 * G_USEC_PER_SEC)

static const gsize stack[3] = { 4, 3, 2 };
static const gsize image[2] = { 3, 2 };
static const double values[48] = { 1, 2, 3 };

typedef struct
{
  char *folder;
  char *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan: a.h5", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

/* As a worker lists. */
static ReconHdf5Datasets *
list (const char *path)
{
  g_autoptr (ReconContents) contents = recon_contents_open (path, NULL);
  ReconHdf5Datasets *datasets = recon_hdf5_datasets_list (path, contents, FOREVER);

  g_assert_nonnull (datasets);

  return datasets;
}

static const ReconHdf5Dataset *
find (ReconHdf5Datasets *datasets,
      const char        *path)
{
  guint i = 0;

  while (i < datasets->datasets->len &&
         !g_str_equal (((ReconHdf5Dataset *) g_ptr_array_index (datasets->datasets, i))->path, path))
    i++;
  g_assert_cmpuint (i, <, datasets->datasets->len);

  return g_ptr_array_index (datasets->datasets, i);
}

/* Names may have anything in them but slashes, and each can be opened by the path that is made of it. */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const names[] = { "/a b", "/deep/er/räume", "/one:two", "/:", "/percent %05d" };
  const TestHdf5Storage compressed = { .type = H5T_STD_U16BE, .chunk = { 1, 3, 2 }, .deflate = 4 };
  g_autoptr (ReconHdf5Datasets) datasets = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    test_hdf5_write (fixture->file, names[i], &compressed, 3, stack, values);
  test_hdf5_write (fixture->file, "/b\xff", &compressed, 3, stack, values);

  datasets = list (fixture->file);
  g_assert_cmpstr (datasets->file, ==, fixture->file);
  g_assert_cmpstr (datasets->object, ==, "/");
  g_assert_null (datasets->layout);
  g_assert_true (datasets->complete);
  g_assert_cmpuint (datasets->datasets->len, ==, G_N_ELEMENTS (names) + 1);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const ReconHdf5Dataset *dataset = find (datasets, names[i]);
      g_autofree char *path = g_strconcat (fixture->file, ":", names[i], NULL);
      g_autoptr (ReconHdf5Datasets) own = list (path);

      g_assert_cmpint (dataset->shape.rank, ==, 3);
      g_assert_cmpint (dataset->shape.type, ==, RECON_SAMPLE_UINT16);
      g_assert_cmpstr (dataset->refusal, ==, NULL);
      g_assert_false (dataset->chosen);
      g_assert_cmpuint (dataset->uses, ==, 0);
      g_assert_cmpstr (own->object, ==, names[i]);
      g_assert_true (find (own, names[i])->chosen);
      g_assert_cmpuint (own->datasets->len, ==, datasets->datasets->len);
    }
  g_assert_nonnull (strstr (find (datasets, "/b\xff")->refusal, "not UTF-8"));
}

/* What each may serve as shows in its dimensions; what can serve as nothing is not there. */
static void
test_kinds (Fixture       *fixture,
            gconstpointer  data)
{
  const gsize many[4] = { 2, 4, 3, 2 };
  const gsize single[4] = { 4, 1, 3, 2 };
  const double angles[4] = { 0, 1, 2, 3 };
  g_autofree char *choice = g_strconcat (fixture->file, ":/many[1]", NULL);
  g_autoptr (ReconHdf5Datasets) datasets = NULL;

  test_hdf5_write (fixture->file, "/image", NULL, 2, image, values);
  test_hdf5_write (fixture->file, "/many", NULL, 4, many, values);
  test_hdf5_write (fixture->file, "/single", NULL, 4, single, values);
  test_hdf5_write (fixture->file, "/stack", NULL, 3, stack, values);
  test_hdf5_write_list (fixture->file, "/angles", 4, angles);
  test_hdf5_write_number (fixture->file, "/number", 7);
  test_hdf5_write_string (fixture->file, "/text", "words");

  datasets = list (fixture->file);
  g_assert_cmpuint (datasets->datasets->len, ==, 6);
  g_assert_cmpint (find (datasets, "/image")->shape.rank, ==, 2);
  g_assert_cmpint (find (datasets, "/single")->shape.rank, ==, 3);
  g_assert_cmpuint (find (datasets, "/single")->shape.dims[0], ==, 4);
  g_assert_cmpint (find (datasets, "/many[0]")->shape.rank, ==, 3);
  g_assert_cmpuint (find (datasets, "/many[1]")->shape.dims[0], ==, 4);
  g_assert_cmpint (find (datasets, "/angles")->shape.rank, ==, 1);
  g_assert_cmpuint (find (datasets, "/angles")->shape.dims[0], ==, 4);
  g_assert_false (find (datasets, "/stack")->chosen);
  g_clear_pointer (&datasets, recon_hdf5_datasets_free);

  datasets = list (choice);
  g_assert_true (find (datasets, "/many[1]")->chosen);
  g_assert_false (find (datasets, "/many[0]")->chosen);
}

/* A dataset that can be nothing else is taken. */
static void
test_only (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ReconHdf5Datasets) datasets = NULL;

  test_hdf5_write (fixture->file, "/image", NULL, 2, image, values);
  test_hdf5_write (fixture->file, "/stack", NULL, 3, stack, values);
  datasets = list (fixture->file);
  g_assert_true (find (datasets, "/stack")->chosen);
  g_assert_cmpuint (find (datasets, "/stack")->uses, ==, RECON_HDF5_USE_PROJECTIONS);
  g_assert_cmpstr (datasets->layout, ==, "HDF5 dataset");
}

/* An object that is linked to is listed once, and known by all its names; links that lead nowhere are told. */
static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "raw.h5", NULL);
  g_autofree char *by_link = g_strconcat (fixture->file, ":/deep/link", NULL);
  g_autoptr (ReconHdf5Datasets) datasets = NULL;
  g_autoptr (ReconHdf5Datasets) own = NULL;

  test_hdf5_write (fixture->file, "/stack", NULL, 3, stack, values);
  test_hdf5_write (other, "/there", NULL, 3, stack, values);
  test_hdf5_group (fixture->file, "/deep");
  test_hdf5_soft_link (fixture->file, "/deep/link", "/stack");
  test_hdf5_soft_link (fixture->file, "/deep/circle", "/deep");
  test_hdf5_soft_link (fixture->file, "/deep/lost", "/nowhere");
  test_hdf5_external_link (fixture->file, "/outside", "raw.h5", "/there");
  test_hdf5_external_link (fixture->file, "/gone", "gone.h5", "/data");

  datasets = list (fixture->file);
  g_assert_cmpuint (datasets->datasets->len, ==, 4);
  find (datasets, "/stack");
  g_assert_null (find (datasets, "/outside")->refusal);
  g_assert_cmpstr (find (datasets, "/gone")->refusal, ==, "It links to gone.h5:/data, which is not there.");
  g_assert_cmpint (find (datasets, "/gone")->shape.rank, ==, 0);
  g_assert_cmpstr (find (datasets, "/deep/lost")->refusal, ==, "It links to /nowhere, which is not there.");

  own = list (by_link);
  g_assert_cmpstr (own->object, ==, "/deep/link");
  g_assert_true (find (own, "/stack")->chosen);
  g_assert_false (find (own, "/outside")->chosen);
}

/* What is taken of a scan of a known layout, whether the path names the file or something in it. */
static void
test_uses (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *dark = g_strconcat (fixture->file, ":/exchange/data_dark", NULL);
  const char *const paths[] = { fixture->file, dark };

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, stack, values);
  test_hdf5_write (fixture->file, "/exchange/data_dark", NULL, 3, stack, values);
  test_hdf5_write (fixture->file, "/exchange/data_white", NULL, 3, stack, values);
  test_hdf5_write (fixture->file, "/process/tried", NULL, 3, stack, values);

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (ReconHdf5Datasets) datasets = list (paths[i]);

      g_assert_cmpstr (datasets->layout, ==, "DXchange");
      g_assert_cmpuint (find (datasets, "/exchange/data")->uses, ==, RECON_HDF5_USE_PROJECTIONS);
      g_assert_cmpuint (find (datasets, "/exchange/data_dark")->uses, ==, RECON_HDF5_USE_DARKS);
      g_assert_cmpuint (find (datasets, "/exchange/data_white")->uses, ==, RECON_HDF5_USE_FLATS);
      g_assert_cmpuint (find (datasets, "/process/tried")->uses, ==, 0);
      g_assert_true (find (datasets, i == 0 ? "/exchange/data" : "/exchange/data_dark")->chosen);
      g_assert_false (find (datasets, i == 0 ? "/exchange/data_dark" : "/exchange/data")->chosen);
    }
}

/* A virtual dataset whose files are missing would read as zeros. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  const hsize_t size[3] = { 4, 3, 2 };
  g_autoptr (ReconHdf5Datasets) datasets = NULL;

  test_hdf5_write (fixture->file, "/stack", NULL, 3, stack, values);
  test_hdf5_write (fixture->file, "/empty", NULL, 3, stack, NULL);
  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) root = H5Fopen (fixture->file, H5F_ACC_RDWR, H5P_DEFAULT);
    g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
    g_auto (ReconHdf5Id) space = H5Screate_simple (3, size, NULL);
    g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

    g_assert_cmpint (H5Pset_virtual (creation, space, "part.h5", "/data", space), >=, 0);
    dataset = H5Dcreate2 (root, "/virtual", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    g_assert_cmpint (dataset, >=, 0);
  }

  datasets = list (fixture->file);
  g_assert_null (find (datasets, "/stack")->refusal);
  g_assert_nonnull (strstr (find (datasets, "/empty")->refusal, "/empty was never written"));
  g_assert_nonnull (strstr (find (datasets, "/virtual")->refusal, "part.h5 does not exist"));
}

/* So many are listed as one can look through, and the rest is counted; and not for longer than one waits. */
static void
test_bounds (Fixture       *fixture,
             gconstpointer  data)
{
  const double angles[4] = { 0, 1, 2, 3 };
  g_autofree char *choice = g_strconcat (fixture->file, ":/many[1]", NULL);
  g_autoptr (ReconHdf5Datasets) datasets = NULL;
  g_autoptr (ReconHdf5Datasets) hasty = NULL;

  for (guint i = 0; i < 130; i++)
    {
      g_autofree char *path = g_strdup_printf ("/lists/%04u", i);

      test_hdf5_write_list (fixture->file, path, 4, angles);
    }
  test_hdf5_write (fixture->file, "/lists/stack", NULL, 3, stack, values);

  datasets = list (fixture->file);
  g_assert_true (datasets->complete);
  g_assert_cmpuint (datasets->datasets->len, ==, 101);
  find (datasets, "/lists/stack");
  g_assert_cmpuint (datasets->n_left_out[1], ==, 30);
  g_assert_cmpuint (datasets->n_left_out[3], ==, 0);

  hasty = recon_hdf5_datasets_list (fixture->file, NULL, 0);
  g_assert_false (hasty->complete);
  g_assert_cmpuint (hasty->datasets->len, ==, 0);
}

static void
test_others (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *text = g_build_filename (fixture->folder, "angles.txt", NULL);

  g_assert_true (g_file_set_contents (text, "1\n2\n", -1, NULL));
  g_assert_null (recon_hdf5_datasets_list (text, NULL, FOREVER));
  g_assert_null (recon_hdf5_datasets_list (fixture->folder, NULL, FOREVER));
  g_assert_null (recon_hdf5_datasets_list (fixture->file, NULL, FOREVER));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) g_test_add ("/hdf5-datasets/" name, Fixture, NULL, set_up, test, tear_down)

  ADD ("names", test_names);
  ADD ("kinds", test_kinds);
  ADD ("only", test_only);
  ADD ("links", test_links);
  ADD ("uses", test_uses);
  ADD ("refused", test_refused);
  ADD ("bounds", test_bounds);
  ADD ("others", test_others);

  return g_test_run ();
}
