/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-hdf5.h"

#include <string.h>

#include "io/hdf5.h"

#define check(call) g_assert_cmpint ((call), >=, 0)

static hid_t
open_file (const char *file)
{
  hid_t id;

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    id = H5Fopen (file, H5F_ACC_RDWR, H5P_DEFAULT);
  else
    id = H5Fcreate (file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
  check (id);

  return id;
}

static hid_t
create_parents (void)
{
  hid_t id = H5Pcreate (H5P_LINK_CREATE);

  check (id);
  check (H5Pset_create_intermediate_group (id, 1));

  return id;
}

static void
write_any (const char            *file,
           const char            *path,
           const TestHdf5Storage *storage,
           guint                  n_dims,
           const gsize           *dims,
           hid_t                  memory_type,
           gconstpointer          values)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = open_file (file);
  g_auto (ReconHdf5Id) link = create_parents ();
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) space = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;
  hsize_t size[4], chunk[4];

  g_assert_cmpuint (n_dims, <=, 4);
  for (guint i = 0; i < n_dims; i++)
    size[i] = dims[i];
  space = n_dims == 0 ? H5Screate (H5S_SCALAR) : H5Screate_simple ((int) n_dims, size, NULL);
  check (space);

  if (storage != NULL && storage->chunk[0] > 0)
    {
      for (guint i = 0; i < n_dims; i++)
        chunk[i] = storage->chunk[i];
      check (H5Pset_chunk (creation, (int) n_dims, chunk));
    }
  if (storage != NULL && storage->deflate > 0)
    check (H5Pset_deflate (creation, (unsigned) storage->deflate));

  dataset = H5Dcreate2 (root, path, storage != NULL && storage->type > 0 ? storage->type : H5T_IEEE_F64LE, space, link,
                        creation, H5P_DEFAULT);
  check (dataset);
  if (values != NULL)
    check (H5Dwrite (dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
}

void
test_hdf5_write (const char            *file,
                 const char            *path,
                 const TestHdf5Storage *storage,
                 guint                  n_dims,
                 const gsize           *dims,
                 const double          *values)
{
  write_any (file, path, storage, n_dims, dims, H5T_NATIVE_DOUBLE, values);
}

void
test_hdf5_write_floats (const char            *file,
                        const char            *path,
                        const TestHdf5Storage *storage,
                        guint                  n_dims,
                        const gsize           *dims,
                        const float           *values)
{
  write_any (file, path, storage, n_dims, dims, H5T_NATIVE_FLOAT, values);
}

void
test_hdf5_write_list (const char   *file,
                      const char   *path,
                      guint         n,
                      const double *values)
{
  const gsize dims[1] = { n };

  test_hdf5_write (file, path, NULL, 1, dims, values);
}

void
test_hdf5_write_number (const char *file,
                        const char *path,
                        double      value)
{
  test_hdf5_write (file, path, NULL, 0, NULL, &value);
}

static hid_t
create_string_type (const char *text)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  check (type);
  check (H5Tset_size (type, strlen (text) + 1));
  check (H5Tset_cset (type, H5T_CSET_UTF8));

  return type;
}

void
test_hdf5_write_string (const char *file,
                        const char *path,
                        const char *text)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) type = create_string_type (text);
  const TestHdf5Storage storage = { .type = type };

  write_any (file, path, &storage, 0, NULL, type, text);
}

void
test_hdf5_group (const char *file,
                 const char *path)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = open_file (file);
  g_auto (ReconHdf5Id) link = create_parents ();
  g_auto (ReconHdf5Id) group = H5Gcreate2 (root, path, link, H5P_DEFAULT, H5P_DEFAULT);

  check (group);
}

void
test_hdf5_attribute (const char *file,
                     const char *path,
                     const char *name,
                     const char *text)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = open_file (file);
  g_auto (ReconHdf5Id) type = create_string_type (text);
  g_auto (ReconHdf5Id) space = H5Screate (H5S_SCALAR);
  g_auto (ReconHdf5Id) attribute = H5I_INVALID_HID;

  if (H5Aexists_by_name (root, path, name, H5P_DEFAULT) > 0)
    check (H5Adelete_by_name (root, path, name, H5P_DEFAULT));
  attribute = H5Acreate_by_name (root, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  check (attribute);
  check (H5Awrite (attribute, type, text));
}

void
test_hdf5_soft_link (const char *file,
                     const char *path,
                     const char *target)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = open_file (file);
  g_auto (ReconHdf5Id) link = create_parents ();

  check (H5Lcreate_soft (target, root, path, link, H5P_DEFAULT));
}

void
test_hdf5_hard_link (const char *file,
                     const char *path,
                     const char *target)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = open_file (file);
  g_auto (ReconHdf5Id) link = create_parents ();

  check (H5Lcreate_hard (root, target, root, path, link, H5P_DEFAULT));
}

void
test_hdf5_external_link (const char *file,
                         const char *path,
                         const char *target_file,
                         const char *target)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = open_file (file);
  g_auto (ReconHdf5Id) link = create_parents ();

  check (H5Lcreate_external (target_file, target, root, path, link, H5P_DEFAULT));
}

double *
test_hdf5_read (const char *file,
                const char *path,
                guint      *n_dims,
                gsize       dims[4])
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = H5Fopen (file, H5F_ACC_RDONLY, H5P_DEFAULT);
  g_auto (ReconHdf5Id) dataset = H5Dopen2 (root, path, H5P_DEFAULT);
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  hsize_t size[H5S_MAX_RANK];
  double *values;
  int n;

  check (root);
  check (dataset);
  n = H5Sget_simple_extent_dims (space, size, NULL);
  g_assert_cmpint (n, >=, 0);
  g_assert_cmpint (n, <=, 4);

  *n_dims = (guint) n;
  for (int i = 0; i < n; i++)
    dims[i] = size[i];

  values = g_new (double, (gsize) H5Sget_simple_extent_npoints (space));
  check (H5Dread (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));

  return values;
}

char *
test_hdf5_read_text (const char *file,
                     const char *path,
                     const char *name)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = H5Fopen (file, H5F_ACC_RDONLY, H5P_DEFAULT);

  check (root);

  return name == NULL ? recon_hdf5_read_string (root, path) : recon_hdf5_read_attribute (root, path, name);
}

hid_t
test_hdf5_float16 (void)
{
  hid_t type = H5Tcopy (H5T_IEEE_F32LE);

  check (type);
  check (H5Tset_fields (type, 15, 10, 5, 0, 10));
  check (H5Tset_size (type, 2));
  check (H5Tset_ebias (type, 15));

  return type;
}
