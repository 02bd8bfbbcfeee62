/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/angles.h"
#include "io/contents.h"
#include "io/hdf5-datasets.h"
#include "support.h"
#include "test-hdf5.h"

/* Files that point at pipes and devices. Whoever opens one of them waits for ever: the alarm ends the test then. */

#define N     4
#define ROWS  2
#define WIDTH 3

#define PATIENCE_S 60

typedef struct
{
  char *folder;
  char *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *pipe = NULL;

  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan.h5", NULL);
  pipe = g_build_filename (fixture->folder, "pipe.h5", NULL);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  alarm (PATIENCE_S);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  alarm (0);
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

/* Tries everything that looks at a path, which is refused with @message. */
static void
assert_refused (const Fixture *fixture,
                const char    *object,
                const char    *message)
{
  g_autofree char *path = g_strconcat (fixture->file, ":", object, NULL);
  const char *const paths[] = { fixture->file, path };
  gsize n;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconContents) contents = recon_contents_open (paths[i], &error);
      g_autoptr (ReconHdf5Datasets) datasets = recon_hdf5_datasets_list (paths[i], NULL, G_TIME_SPAN_MINUTE);

      g_assert_null (contents);
      g_assert_nonnull (datasets);
      g_assert_nonnull (error);
      if (strstr (error->message, message) == NULL)
        g_error ("%s: “%s” does not contain “%s”", paths[i], error->message, message);
    }

  g_assert_null (recon_angles_read (path, -1, NULL, NULL, NULL, NULL, &n, NULL));
}

static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  test_hdf5_external_link (fixture->file, "/exchange/data", "pipe.h5", "/data");
  test_hdf5_external_link (fixture->file, "/group", "pipe.h5", "/");
  test_hdf5_external_link (fixture->file, "/zero", "/dev/zero", "/");
  assert_refused (fixture, "/exchange/data", "pipe.h5 is a pipe or a device and not a file");
}

/* One file leads to another, and that to the pipe. */
static void
test_chain (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);

  test_hdf5_external_link (other, "/there", "pipe.h5", "/data");
  test_hdf5_external_link (fixture->file, "/exchange/data", "other.h5", "/there");
  test_hdf5_soft_link (fixture->file, "/soft", "/exchange/data");
  assert_refused (fixture, "/soft", "other.h5:/there");
}

static void
write_external (const char *file,
                const char *name)
{
  const hsize_t dims[3] = { N, ROWS, WIDTH };
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = H5Fcreate (file, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) space = H5Screate_simple (3, dims, NULL);
  g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

  g_assert_cmpint (H5Pset_external (creation, name, 0, N * ROWS * WIDTH * 8), >=, 0);
  dataset = H5Dcreate2 (root, "/data", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  g_assert_cmpint (dataset, >=, 0);
}

static void
test_storage (Fixture       *fixture,
              gconstpointer  data)
{
  write_external (fixture->file, "pipe.h5");
  assert_refused (fixture, "/data", "pipe.h5 is a pipe or a device and not a file");

  write_external (fixture->file, "/dev/zero");
  assert_refused (fixture, "/data", "/dev/zero is a pipe or a device and not a file");
}

typedef enum
{
  FIXED,
  UNLIMITED, /* as long as the source is */
  PATTERN,   /* block after block, each with its own source */
} Kind;

static void
write_virtual (const char *file,
               const char *source,
               const char *dataset,
               Kind        kind)
{
  const hsize_t dims[3] = { N, ROWS, WIDTH }, most[3] = { H5S_UNLIMITED, ROWS, WIDTH };
  const hsize_t start[3] = { 0, 0, 0 };
  const hsize_t stride[3] = { kind == FIXED ? N : 1, ROWS, WIDTH };
  const hsize_t count[3] = { kind == FIXED ? 1 : H5S_UNLIMITED, 1, 1 };
  const hsize_t block[3] = { kind == FIXED ? N : 1, ROWS, WIDTH };
  const hsize_t one[3] = { 1, ROWS, WIDTH };
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = H5Fcreate (file, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) space = H5Screate_simple (3, dims, kind == FIXED ? NULL : most);
  g_auto (ReconHdf5Id) of_source =
      kind == PATTERN ? H5Screate_simple (3, one, NULL) : H5Screate_simple (3, dims, kind == FIXED ? NULL : most);
  g_auto (ReconHdf5Id) made = H5I_INVALID_HID;

  g_assert_cmpint (H5Sselect_hyperslab (space, H5S_SELECT_SET, start, stride, count, block), >=, 0);
  if (kind == UNLIMITED)
    g_assert_cmpint (H5Sselect_hyperslab (of_source, H5S_SELECT_SET, start, stride, count, block), >=, 0);
  g_assert_cmpint (H5Pset_virtual (creation, space, source, dataset, of_source), >=, 0);
  made = H5Dcreate2 (root, "/data", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  g_assert_cmpint (made, >=, 0);
}

static void
test_virtual (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *first = g_build_filename (fixture->folder, "s0.h5", NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "s1.h5", NULL);
  g_autofree char *inner = g_build_filename (fixture->folder, "inner.h5", NULL);
  const double values[ROWS * WIDTH] = { 0 };
  const gsize one[3] = { 1, ROWS, WIDTH };

  write_virtual (fixture->file, "pipe.h5", "/data", FIXED);
  assert_refused (fixture, "/data", "pipe.h5 is a pipe or a device and not a file");
  write_virtual (fixture->file, "pipe.h5", "/data", UNLIMITED);
  assert_refused (fixture, "/data", "pipe.h5 is a pipe or a device and not a file");

  test_hdf5_write (first, "/data", NULL, 3, one, values);
  g_assert_cmpint (mkfifo (second, 0600), ==, 0);
  write_virtual (fixture->file, "s%b.h5", "/data", PATTERN);
  assert_refused (fixture, "/data", "s1.h5 is a pipe or a device and not a file");

  /* Virtual datasets of virtual datasets, and of links. */
  write_virtual (inner, "pipe.h5", "/data", FIXED);
  write_virtual (fixture->file, "inner.h5", "/data", FIXED);
  assert_refused (fixture, "/data", "pipe.h5 is a pipe or a device and not a file");
  test_hdf5_external_link (inner, "/link", "pipe.h5", "/data");
  write_virtual (fixture->file, "inner.h5", "/link", FIXED);
  assert_refused (fixture, "/data", "pipe.h5");
  write_virtual (fixture->file, "inner.h5", "/link", UNLIMITED);
  assert_refused (fixture, "/data", "pipe.h5");
}

/* Regular files are read, and named. */
static void
test_named (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *raw = g_build_filename (fixture->folder, "raw.bin", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  const char *const files[] = { raw, other };
  const double values[N * ROWS * WIDTH] = { 0 };
  const gsize dims[3] = { N, ROWS, WIDTH };

  g_assert_true (g_file_set_contents (raw, (const char *) values, sizeof values, NULL));
  test_hdf5_write (other, "/data", NULL, 3, dims, values);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconContents) contents = NULL;
      gboolean named = FALSE;

      if (i == 0)
        write_external (fixture->file, "raw.bin");
      else
        write_virtual (fixture->file, "other.h5", "/data", FIXED);
      contents = recon_contents_open (fixture->file, &error);
      g_assert_no_error (error);
      for (guint k = 0; k < contents->notes->len; k++)
        named = named || (strstr (g_ptr_array_index (contents->notes, k), "another file") != NULL &&
                          strstr (g_ptr_array_index (contents->notes, k), files[i]) != NULL);
      g_assert_true (named);
    }
}

static void
test_whole_path (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe.h5", NULL);
  g_autofree char *inside = g_strconcat (pipe, ":/data", NULL);
  const char *const paths[] = { pipe, inside, "/dev/zero", "/dev/zero:/data" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (ReconContents) contents = recon_contents_open (paths[i], NULL);

      g_assert_null (contents);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/hdf5-guard/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("links", test_links);
  ADD ("chain", test_chain);
  ADD ("storage", test_storage);
  ADD ("virtual", test_virtual);
  ADD ("named", test_named);
  ADD ("whole-path", test_whole_path);
#undef ADD

  return g_test_run ();
}
