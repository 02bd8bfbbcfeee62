/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "io/hdf5.h"
#include "volume.h"

static char *
read_text (hid_t       file,
           const char *object,
           const char *attribute)
{
  g_auto (ReconHdf5Id) parent = H5Oopen (file, object, H5P_DEFAULT);
  g_auto (ReconHdf5Id) id = H5Aopen (parent, attribute, H5P_DEFAULT);
  g_auto (ReconHdf5Id) type = H5Aget_type (id);
  char *text = g_malloc0 (H5Tget_size (type) + 1);

  g_assert_cmpint (id, >=, 0);
  g_assert_cmpint (H5Aread (id, type, text), >=, 0);

  return text;
}

static void
assert_text (hid_t       file,
             const char *object,
             const char *attribute,
             const char *expected)
{
  g_autofree char *text = read_text (file, object, attribute);

  g_assert_cmpstr (text, ==, expected);
}

static double
read_number (hid_t       file,
             const char *object,
             const char *attribute)
{
  g_auto (ReconHdf5Id) parent = H5Oopen (file, object, H5P_DEFAULT);
  g_auto (ReconHdf5Id) id = H5Aopen (parent, attribute, H5P_DEFAULT);
  double value = NAN;

  g_assert_cmpint (H5Aread (id, H5T_NATIVE_DOUBLE, &value), >=, 0);

  return value;
}

static void
assert_text_dataset (hid_t       file,
                     const char *path,
                     const char *expected)
{
  g_auto (ReconHdf5Id) id = H5Dopen2 (file, path, H5P_DEFAULT);
  g_auto (ReconHdf5Id) type = H5Dget_type (id);
  g_autofree char *text = g_malloc0 (H5Tget_size (type) + 1);

  g_assert_cmpint (H5Dread (id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text), >=, 0);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_axis (hid_t         file,
             const char   *group,
             const char   *name,
             guint         n,
             double        first,
             double        step)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);
  g_auto (ReconHdf5Id) id = H5Dopen2 (file, path, H5P_DEFAULT);
  g_auto (ReconHdf5Id) space = H5Dget_space (id);
  g_autofree double *values = g_new (double, n);

  g_assert_cmpint (H5Sget_simple_extent_npoints (space), ==, n);
  g_assert_cmpint (H5Dread (id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), >=, 0);
  g_assert_cmpfloat (values[0], ==, first);
  g_assert_cmpfloat (values[n - 1], ==, first + (n - 1) * step);
  assert_text (file, path, "units", "px");
}

static void
assert_slices (hid_t         file,
               const char   *path,
               const Volume *volume)
{
  static const H5T_class_t classes[] = { H5T_FLOAT, H5T_INTEGER, H5T_INTEGER };
  g_auto (ReconHdf5Id) id = H5Dopen2 (file, path, H5P_DEFAULT);
  g_auto (ReconHdf5Id) space = H5Dget_space (id);
  g_auto (ReconHdf5Id) type = H5Dget_type (id);
  hsize_t dims[3] = { 0 };
  hsize_t count[3] = { 1, volume->volume.height, volume->volume.width };
  g_auto (ReconHdf5Id) memory = H5Screate_simple (3, count, NULL);

  g_assert_cmpint (H5Sget_simple_extent_dims (space, dims, NULL), ==, 3);
  g_assert_cmpuint (dims[0], ==, volume->volume.n_slices);
  g_assert_cmpuint (dims[1], ==, volume->volume.height);
  g_assert_cmpuint (dims[2], ==, volume->volume.width);
  g_assert_cmpint (H5Tget_class (type), ==, classes[volume->volume.type]);
  g_assert_cmpuint (H5Tget_size (type), ==, recon_output_type_get_bytes (volume->volume.type));

  for (guint i = 0; i < dims[0]; i++)
    {
      g_autoptr (GBytes) expected = volume_make_samples (volume, i);
      gsize size = g_bytes_get_size (expected);
      g_autofree gpointer samples = g_malloc (size);
      hsize_t start[3] = { i, 0, 0 };

      H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL);
      g_assert_cmpint (H5Dread (id, type, memory, space, H5P_DEFAULT, samples), >=, 0);
      g_assert_cmpmem (samples, size, g_bytes_get_data (expected, NULL), size);
    }
}

static void
test_round_trip (void)
{
  for (ReconOutputType type = RECON_OUTPUT_TYPE_FLOAT32; type <= RECON_OUTPUT_TYPE_UINT8; type++)
    for (ReconCompression compression = RECON_COMPRESSION_NONE; compression <= RECON_COMPRESSION_DEFLATE; compression++)
      {
        /* Of a size that does not divide into equal chunks. */
        g_autoptr (Volume) volume = volume_new (4, 1009, 601, type, compression);
        char *folder = test_folder_new ();
        g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
        g_autofree char *again = g_build_filename (folder, "again.h5", NULL);

        volume_write (volume, path, RECON_OUTPUT_FORMAT_HDF5);
        volume_write (volume, again, RECON_OUTPUT_FORMAT_HDF5);
        assert_same_files (path, again);
        assert_names (folder, 4);

        {
          g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
          g_auto (ReconHdf5Id) file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT);

          assert_slices (file, "/entry/data/data", volume);
        }

        test_folder_remove (folder);
      }
}

static void
test_nexus (void)
{
  g_autoptr (Volume) volume = volume_new (4, 5, 6, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  g_autoptr (Volume) grey = volume_new (4, 5, 6, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
  g_autofree char *other = g_build_filename (folder, "grey.nxs:/a/b/c/volume", NULL);
  g_autofree char *other_file = g_build_filename (folder, "grey.nxs", NULL);
  g_autofree char *top = g_build_filename (folder, "top.h5:/volume", NULL);
  g_autofree char *top_file = g_build_filename (folder, "top.h5", NULL);

  grey->volume.pixel_size = NAN;
  volume_write (volume, path, RECON_OUTPUT_FORMAT_HDF5);
  volume_write (grey, other, RECON_OUTPUT_FORMAT_HDF5);
  volume_write (volume, top, RECON_OUTPUT_FORMAT_HDF5);

  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT);
    g_auto (ReconHdf5Id) second = H5Fopen (other_file, H5F_ACC_RDONLY, H5P_DEFAULT);
    g_auto (ReconHdf5Id) third = H5Fopen (top_file, H5F_ACC_RDONLY, H5P_DEFAULT);
    g_auto (ReconHdf5Id) data = H5I_INVALID_HID;
    g_auto (ReconHdf5Id) axes = H5I_INVALID_HID;
    g_auto (ReconHdf5Id) type = H5I_INVALID_HID;
    char names[6];

    assert_text (file, "/", "default", "entry");
    assert_text (file, "/entry", "NX_class", "NXentry");
    assert_text (file, "/entry", "default", "data");
    assert_text (file, "/entry/data", "NX_class", "NXdata");
    assert_text (file, "/entry/data", "signal", "data");
    data = H5Gopen2 (file, "/entry/data", H5P_DEFAULT);
    axes = H5Aopen (data, "axes", H5P_DEFAULT);
    type = H5Aget_type (axes);
    g_assert_cmpint (H5Aread (axes, type, names), >=, 0);
    g_assert_cmpmem (names, 6, "z\0y\0x", 6);
    assert_axis (file, "/entry/data", "z", 4, 3.5, 2);
    assert_axis (file, "/entry/data", "y", 5, 5, 1);
    assert_axis (file, "/entry/data", "x", 6, 7, 1);
    assert_text (file, "/entry/data/data", "units", "1/mm");
    g_assert_cmpfloat (read_number (file, "/entry/data/data", "pixel_size"), ==, 0.0025);
    assert_text (file, "/entry/process", "NX_class", "NXprocess");
    assert_text_dataset (file, "/entry/process/program", "reconstruct");
    assert_text_dataset (file, "/entry/process/version", RECON_VERSION);
    assert_text_dataset (file, "/entry/process/configuration", CONFIGURATION);

    assert_slices (second, "/a/b/c/volume", grey);
    assert_text (second, "/", "default", "a");
    assert_text (second, "/a", "default", "b");
    assert_text (second, "/a/b", "default", "c");
    assert_text (second, "/a/b/c", "NX_class", "NXdata");
    assert_text (second, "/a/b/c", "signal", "volume");
    assert_axis (second, "/a/b/c", "z", 4, 3.5, 2);
    g_assert_cmpfloat (read_number (second, "/a/b/c/volume", "minimum"), ==, -0.1);
    g_assert_cmpfloat (read_number (second, "/a/b/c/volume", "maximum"), ==, 0.8);
    assert_text (second, "/a/b/c/volume", "window_units", "1/px");
    assert_text_dataset (second, "/entry/process/configuration", CONFIGURATION);

    assert_slices (third, "/volume", volume);
    assert_text (third, "/", "signal", "volume");
    assert_axis (third, "/", "x", 6, 7, 1);
  }

  test_folder_remove (folder);
}

static void
test_order (void)
{
  static const guint order[] = { 3, 0, 4, 1, 1, 2 };

  for (ReconCompression compression = RECON_COMPRESSION_NONE; compression <= RECON_COMPRESSION_DEFLATE; compression++)
    {
      g_autoptr (Volume) volume = volume_new (5, 20, 30, RECON_OUTPUT_TYPE_UINT16, compression);
      char *folder = test_folder_new ();
      g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
      g_autofree char *again = g_build_filename (folder, "again.h5", NULL);
      g_autoptr (ReconWriter) writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_HDF5, NULL);
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (order); i++)
        g_assert_true (volume_write_slice (volume, writer, order[i], NULL));
      g_assert_true (recon_writer_finish (writer, &error));
      volume_write (volume, again, RECON_OUTPUT_FORMAT_HDF5);
      if (compression == RECON_COMPRESSION_NONE)
        assert_same_files (path, again);

      {
        g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
        g_auto (ReconHdf5Id) file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT);

        assert_slices (file, "/entry/data/data", volume);
      }

      test_folder_remove (folder);
    }
}

/* The bytes do not depend on when it was flushed, which depends on the size of the engine's blocks. */
static void
test_flush (void)
{
  g_autoptr (Volume) volume = volume_new (200, 20, 30, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_DEFLATE);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
  g_autofree char *again = g_build_filename (folder, "again.h5", NULL);
  g_autoptr (ReconWriter) writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_HDF5, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 200; i++)
    g_assert_true (volume_write_slice (volume, writer, i, NULL));
  g_assert_true (recon_writer_finish (writer, &error));
  volume_write (volume, again, RECON_OUTPUT_FORMAT_HDF5);
  assert_same_files (path, again);

  test_folder_remove (folder);
}

static void
resume (ReconCompression compression,
        guint            n_finished,
        guint            n_more)
{
  g_autoptr (Volume) volume = volume_new (150, 60, 50, RECON_OUTPUT_TYPE_FLOAT32, compression);
  g_autofree guint8 *finished = g_new0 (guint8, 150);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
  g_autofree char *clean = g_build_filename (folder, "clean.h5", NULL);
  g_autoptr (ReconWriter) writer = NULL;

  memset (finished, 1, n_finished);
  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_HDF5, n_finished, n_more);
  writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_HDF5, finished);
  writer_complete (volume, writer, n_finished);
  volume_write (volume, clean, RECON_OUTPUT_FORMAT_HDF5);
  assert_same_files (path, clean);
  assert_names (folder, 4);

  test_folder_remove (folder);
}

static void
test_resume (void)
{
  resume (RECON_COMPRESSION_NONE, 70, 0);
  resume (RECON_COMPRESSION_NONE, 70, 3);
  resume (RECON_COMPRESSION_DEFLATE, 1, 1);
  resume (RECON_COMPRESSION_DEFLATE, 70, 0);
  resume (RECON_COMPRESSION_DEFLATE, 70, 79);
}

/* Whatever has become of the structure of a compressed file: killed in a flush, it is as good as none. */
static void
test_damaged (void)
{
  g_autoptr (Volume) volume = volume_new (6, 900, 700, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_DEFLATE);
  const guint8 finished[6] = { 1, 1, 1, 1, 0, 0 };
  const char nothing[2048] = { 0 };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
  g_autofree char *clean = g_build_filename (folder, "clean.h5", NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *journal = g_strconcat (partial, ".journal", NULL);
  g_autoptr (ReconWriter) writer = NULL;
  g_autoptr (GError) error = NULL;
  FILE *file;

  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_HDF5, 4, 1);
  file = g_fopen (partial, "r+");
  g_assert_cmpuint (fwrite (nothing, 1, sizeof nothing, file), ==, sizeof nothing);
  fclose (file);
  writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_HDF5, finished);
  writer_complete (volume, writer, 4);
  volume_write (volume, clean, RECON_OUTPUT_FORMAT_HDF5);
  assert_same_files (path, clean);
  g_clear_object (&writer);

  /* Without the journal there is nothing to go on from, and the file stays as it is. */
  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_HDF5, 4, 1);
  g_assert_cmpint (g_unlink (journal), ==, 0);
  writer = recon_writer_new (path, RECON_OUTPUT_FORMAT_HDF5, NULL);
  recon_writer_set_overwrite (writer, TRUE);
  g_assert_false (recon_writer_open (writer, &volume->volume, finished, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_RESUME);
  assert_text_contains (error, journal);

  test_folder_remove (folder);
}

static void
test_lzw (void)
{
  g_autoptr (Volume) volume = volume_new (2, 3, 4, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_LZW);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.h5", NULL);
  g_autoptr (ReconWriter) writer = recon_writer_new (path, RECON_OUTPUT_FORMAT_HDF5, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_writer_open (writer, &volume->volume, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  assert_text_contains (error, "deflate");
  assert_names (folder, 0);

  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hdf5-writer/round-trip", test_round_trip);
  g_test_add_func ("/hdf5-writer/nexus", test_nexus);
  g_test_add_func ("/hdf5-writer/order", test_order);
  g_test_add_func ("/hdf5-writer/flush", test_flush);
  g_test_add_func ("/hdf5-writer/resume", test_resume);
  g_test_add_func ("/hdf5-writer/damaged", test_damaged);
  g_test_add_func ("/hdf5-writer/lzw", test_lzw);

  return g_test_run ();
}
