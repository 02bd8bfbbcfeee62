/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-reader.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>

#include "base/error.h"
#include "support.h"
#include "test-hdf5.h"

#define FRAMES 7
#define ROWS   6
#define WIDTH  5

static const gsize shape[3] = { FRAMES, ROWS, WIDTH };

typedef struct
{
  char  *folder;
  char  *file;
  double values[FRAMES * ROWS * WIDTH];
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan.h5", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->values); i++)
    fixture->values[i] = (double) i - 100;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

static void
assert_refused (const char *file,
                const char *dataset,
                int         code,
                const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_hdf5_reader_open (file, dataset, &error);

  g_assert_error (error, RECON_ERROR, code);
  g_assert_null (reader);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not contain “%s”", error->message, message);
}

static ReconReader *
open_reader (const char *file,
             const char *dataset)
{
  g_autoptr (GError) error = NULL;
  ReconReader *reader = recon_hdf5_reader_open (file, dataset, &error);

  g_assert_no_error (error);

  return reader;
}

/* Reads images 2 to 5, rows 1 to 3. */
static void
assert_values (const char      *file,
               const char      *dataset,
               const double    *values,
               ReconSampleType  type,
               guint            batch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = open_reader (file, dataset);
  float pixels[4 * 3 * WIDTH];

  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, FRAMES);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, ROWS);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, WIDTH);
  g_assert_cmpint (recon_reader_get_sample_type (reader), ==, type);
  g_assert_cmpuint (recon_reader_get_batch (reader), ==, batch);

  g_assert_true (recon_reader_read (reader, 2, 4, 1, 3, pixels, NULL, &error));
  g_assert_no_error (error);
  for (guint f = 0; f < 4; f++)
    for (guint r = 0; r < 3; r++)
      for (guint c = 0; c < WIDTH; c++)
        g_assert_cmpfloat (pixels[(f * 3 + r) * WIDTH + c], ==,
                           (float) values[((f + 2) * ROWS + r + 1) * WIDTH + c]);
}

static void
test_types (Fixture       *fixture,
            gconstpointer  data)
{
  hid_t float16 = test_hdf5_float16 ();
  const struct
  {
    const char     *path;
    hid_t           type;
    ReconSampleType expected;
  } types[] = {
    { "/int8", H5T_STD_I8LE, RECON_SAMPLE_INT8 },      { "/int16be", H5T_STD_I16BE, RECON_SAMPLE_INT16 },
    { "/int32", H5T_STD_I32LE, RECON_SAMPLE_INT32 },   { "/int64be", H5T_STD_I64BE, RECON_SAMPLE_INT64 },
    { "/float16", float16, RECON_SAMPLE_FLOAT16 },     { "/float32be", H5T_IEEE_F32BE, RECON_SAMPLE_FLOAT32 },
    { "/float64", H5T_IEEE_F64LE, RECON_SAMPLE_FLOAT64 },
  };
  const struct
  {
    const char     *path;
    hid_t           type;
    ReconSampleType expected;
  } positive[] = {
    { "/uint8", H5T_STD_U8LE, RECON_SAMPLE_UINT8 },
    { "/uint16be", H5T_STD_U16BE, RECON_SAMPLE_UINT16 },
    { "/uint32", H5T_STD_U32LE, RECON_SAMPLE_UINT32 },
    { "/uint64", H5T_STD_U64LE, RECON_SAMPLE_UINT64 },
  };

  /* −100 … 109, exact in all of these. */
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const TestHdf5Storage storage = { .type = types[i].type };

      test_hdf5_write (fixture->file, types[i].path, &storage, 3, shape, fixture->values);
      assert_values (fixture->file, types[i].path, fixture->values, types[i].expected, 1);
    }

  /* With the highest bit set, so that a wrong sign shows. */
  for (guint i = 0; i < G_N_ELEMENTS (fixture->values); i++)
    fixture->values[i] = i < 128 ? i : 255 - (double) (i - 128);
  for (guint i = 0; i < G_N_ELEMENTS (positive); i++)
    {
      const TestHdf5Storage storage = { .type = positive[i].type };

      test_hdf5_write (fixture->file, positive[i].path, &storage, 3, shape, fixture->values);
      assert_values (fixture->file, positive[i].path, fixture->values, positive[i].expected, 1);
    }

  H5Tclose (float16);
}

static void
test_chunks (Fixture       *fixture,
             gconstpointer  data)
{
  const TestHdf5Storage packed = { .type = H5T_STD_I16LE, .chunk = { 3, 4, 2 }, .deflate = 4 };
  const TestHdf5Storage sinograms = { .type = H5T_STD_I16LE, .chunk = { 7, 1, 5 } };

  test_hdf5_write (fixture->file, "/packed", &packed, 3, shape, fixture->values);
  test_hdf5_write (fixture->file, "/sinograms", &sinograms, 3, shape, fixture->values);
  assert_values (fixture->file, "/packed", fixture->values, RECON_SAMPLE_INT16, 3);
  assert_values (fixture->file, "/sinograms", fixture->values, RECON_SAMPLE_INT16, 7);
}

static void
test_two_dimensions (Fixture       *fixture,
                     gconstpointer  data)
{
  const gsize image[2] = { 6, 5 };
  g_autoptr (ReconReader) reader = NULL;
  float pixels[10];

  test_hdf5_write (fixture->file, "/flat", NULL, 2, image, fixture->values);
  reader = open_reader (fixture->file, "/flat");
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 1);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, 6);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, 5);
  g_assert_true (recon_reader_read (reader, 0, 1, 3, 2, pixels, NULL, NULL));
  for (guint i = 0; i < 10; i++)
    g_assert_cmpfloat (pixels[i], ==, (float) fixture->values[15 + i]);
}

static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *master = g_build_filename (fixture->folder, "master.h5", NULL);

  test_hdf5_write (fixture->file, "/raw/data", NULL, 3, shape, fixture->values);
  test_hdf5_soft_link (fixture->file, "/entry/soft", "/raw/data");
  test_hdf5_hard_link (fixture->file, "/entry/hard", "/raw/data");
  test_hdf5_external_link (master, "/entry/data", "scan.h5", "/entry/soft");
  test_hdf5_external_link (master, "/entry/lost", "lost.h5", "/data");
  test_hdf5_soft_link (master, "/entry/nowhere", "/not/here");

  assert_values (fixture->file, "/entry/soft", fixture->values, RECON_SAMPLE_FLOAT64, 1);
  assert_values (fixture->file, "/entry/hard", fixture->values, RECON_SAMPLE_FLOAT64, 1);
  assert_values (master, "/entry/data", fixture->values, RECON_SAMPLE_FLOAT64, 1);

  assert_refused (master, "/entry/lost", RECON_ERROR_INPUT, "/entry/lost in");
  assert_refused (master, "/entry/lost", RECON_ERROR_INPUT, "links to lost.h5:/data");
  assert_refused (master, "/entry/nowhere", RECON_ERROR_INPUT, "links to /not/here");
  assert_refused (master, "/entry/lost/deeper", RECON_ERROR_INPUT, "links to lost.h5:/data");
  assert_refused (master, "/wrong", RECON_ERROR_INPUT, "/entry/data (7 × 6 × 5 float64)");
  assert_refused (master, "/wrong", RECON_ERROR_INPUT, "/entry/lost → lost.h5:/data");
}

/* Links in circles. */
static void
test_circle (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);

  test_hdf5_write (fixture->file, "/a/data", NULL, 3, shape, fixture->values);
  test_hdf5_hard_link (fixture->file, "/a/b/again", "/a");
  test_hdf5_soft_link (fixture->file, "/a/self", "/a/self");
  test_hdf5_external_link (fixture->file, "/other", "other.h5", "/");
  test_hdf5_external_link (other, "/back", "scan.h5", "/");

  assert_refused (fixture->file, "/wrong", RECON_ERROR_INPUT, "The datasets are: /a/data (7 × 6 × 5 float64).");
  assert_refused (fixture->file, "/a/self", RECON_ERROR_INPUT, "links to /a/self");
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  const gsize four[4] = { 2, 3, 2, 3 };
  const gsize empty[3] = { 0, 6, 5 };
  hid_t compound = H5Tcreate (H5T_COMPOUND, 8);
  const TestHdf5Storage complex_storage = { .type = compound };
  const TestHdf5Storage bits = { .type = H5T_STD_B8LE };
  const TestHdf5Storage chunks = { .chunk = { 1, 6, 5 } };

  g_assert_cmpint (H5Tinsert (compound, "r", 0, H5T_IEEE_F32LE), >=, 0);
  g_assert_cmpint (H5Tinsert (compound, "i", 4, H5T_IEEE_F32LE), >=, 0);

  test_hdf5_write (fixture->file, "/four", NULL, 4, four, fixture->values);
  test_hdf5_write_list (fixture->file, "/list", 3, fixture->values);
  test_hdf5_write_number (fixture->file, "/number", 1);
  test_hdf5_write_string (fixture->file, "/title", "tooth");
  test_hdf5_write (fixture->file, "/complex", &complex_storage, 3, shape, NULL);
  test_hdf5_write (fixture->file, "/bits", &bits, 3, shape, NULL);
  test_hdf5_write (fixture->file, "/empty", NULL, 3, empty, NULL);
  test_hdf5_write (fixture->file, "/unwritten", NULL, 3, shape, NULL);
  test_hdf5_write (fixture->file, "/unwritten_chunks", &chunks, 3, shape, NULL);
  test_hdf5_group (fixture->file, "/group");

  assert_refused (fixture->file, "/four", RECON_ERROR_INPUT, "has 4 dimensions (2 × 3 × 2 × 3 float64)");
  assert_refused (fixture->file, "/list", RECON_ERROR_INPUT, "has 1 dimensions");
  assert_refused (fixture->file, "/number", RECON_ERROR_INPUT, "has 0 dimensions");
  assert_refused (fixture->file, "/title", RECON_ERROR_INPUT, "holds one string");
  assert_refused (fixture->file, "/complex", RECON_ERROR_INPUT, "7 × 6 × 5 compound");
  assert_refused (fixture->file, "/bits", RECON_ERROR_INPUT, "bit field");
  assert_refused (fixture->file, "/empty", RECON_ERROR_INPUT, "is empty (0 × 6 × 5 float64)");
  assert_refused (fixture->file, "/unwritten", RECON_ERROR_INPUT, "was never written");
  assert_refused (fixture->file, "/unwritten_chunks", RECON_ERROR_INPUT, "was never written");
  assert_refused (fixture->file, "/group", RECON_ERROR_INPUT, "is not a dataset");
  assert_refused (fixture->file, "four", RECON_ERROR_INPUT, "must begin with a slash");
  assert_refused (fixture->folder, "/four", RECON_ERROR_INPUT, "is not a file");

  H5Tclose (compound);
}

static void
test_wrong_path (Fixture       *fixture,
                 gconstpointer  data)
{
  const gsize one[1] = { 1 };
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.h5", NULL);

  assert_refused (missing, "/data", RECON_ERROR_INPUT, "missing.h5 does not exist");

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  assert_refused (fixture->file, "/exchange/date", RECON_ERROR_INPUT,
                  "has no /exchange/date. The datasets are: /exchange/data (7 × 6 × 5 float64).");

  for (guint i = 0; i < 14; i++)
    {
      g_autofree char *path = g_strdup_printf ("/many/%02u", i);

      test_hdf5_write (fixture->file, path, NULL, 1, one, fixture->values);
    }
  assert_refused (fixture->file, "/x", RECON_ERROR_INPUT, "/many/10 (1 float64) and 3 more");
}

static void
test_truncated (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize length;

  test_hdf5_write (fixture->file, "/data", NULL, 3, shape, fixture->values);
  g_assert_true (g_file_get_contents (fixture->file, &content, &length, NULL));

  /* Whatever the length, it is an error with the file's name. */
  for (gsize n = 0; n < length; n += 97)
    {
      g_autoptr (ReconReader) reader = NULL;

      g_assert_true (g_file_set_contents (fixture->file, content, (gssize) n, NULL));
      reader = recon_hdf5_reader_open (fixture->file, "/data", &error);
      g_assert_null (reader);
      g_assert_nonnull (strstr (error->message, fixture->file));
      g_clear_error (&error);
    }
  assert_refused (fixture->file, "/data", RECON_ERROR_READ, "is truncated");
}

/* The packed data is overwritten: the file opens, but cannot be read. */
static void
test_damaged_chunk (Fixture       *fixture,
                    gconstpointer  data)
{
  const TestHdf5Storage packed = { .type = H5T_STD_I16LE, .chunk = { 7, 6, 5 }, .deflate = 4 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = NULL;
  g_autofree char *content = NULL;
  g_autofree float *pixels = g_new (float, FRAMES * ROWS * WIDTH);
  gsize length;

  test_hdf5_write (fixture->file, "/data", &packed, 3, shape, fixture->values);
  g_assert_true (g_file_get_contents (fixture->file, &content, &length, NULL));
  for (gsize i = 0; i + 1 < length; i++)
    if ((guint8) content[i] == 0x78 && (guint8) content[i + 1] == 0x5e)
      memset (content + i, 0xff, 8);
  g_assert_true (g_file_set_contents (fixture->file, content, (gssize) length, NULL));

  reader = open_reader (fixture->file, "/data");
  g_assert_false (recon_reader_read (reader, 0, FRAMES, 0, ROWS, pixels, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_assert_nonnull (strstr (error->message, "scan.h5:/data: images 0 to 6, rows 0 to 5"));
  /* In the words of HDF5, which differ from version to version. */
  g_assert_true (strstr (error->message, "inflate") != NULL || strstr (error->message, "filter") != NULL);
}

static size_t
pass_through_cb (unsigned        flags,
                 size_t          n_values,
                 const unsigned *values,
                 size_t          n_bytes,
                 size_t         *size,
                 void          **buffer)
{
  return n_bytes;
}

static void
test_missing_filter (Fixture       *fixture,
                     gconstpointer  data)
{
  const H5Z_class2_t filter = { H5Z_CLASS_T_VERS, 32001, 1, 1, "local name", NULL, NULL, pass_through_cb };
  const hsize_t size[3] = { FRAMES, ROWS, WIDTH };

  g_assert_cmpint (H5Zregister (&filter), >=, 0);
  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) root = H5Fcreate (fixture->file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
    g_auto (ReconHdf5Id) space = H5Screate_simple (3, size, NULL);
    g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

    g_assert_cmpint (H5Pset_chunk (creation, 3, size), >=, 0);
    g_assert_cmpint (H5Pset_filter (creation, 32001, H5Z_FLAG_OPTIONAL, 0, NULL), >=, 0);
    dataset = H5Dcreate2 (root, "/data", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    g_assert_cmpint (H5Dwrite (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, fixture->values), >=, 0);
  }
  assert_values (fixture->file, "/data", fixture->values, RECON_SAMPLE_FLOAT32, 7);
  g_assert_cmpint (H5Zunregister (32001), >=, 0);

  assert_refused (fixture->file, "/data", RECON_ERROR_INPUT, "the HDF5 filter 32001 (blosc), which is not installed");
}

static void
test_external_storage (Fixture       *fixture,
                       gconstpointer  data)
{
  const hsize_t size[3] = { FRAMES, ROWS, WIDTH };
  g_autofree char *raw = g_build_filename (fixture->folder, "raw.bin", NULL);
  g_autofree float *pixels = g_new (float, FRAMES * ROWS * WIDTH);

  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) root = H5Fcreate (fixture->file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
    g_auto (ReconHdf5Id) space = H5Screate_simple (3, size, NULL);
    g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

    g_assert_cmpint (H5Pset_external (creation, raw, 0, sizeof (float) * FRAMES * ROWS * WIDTH), >=, 0);
    dataset = H5Dcreate2 (root, "/data", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    g_assert_cmpint (dataset, >=, 0);
  }
  assert_refused (fixture->file, "/data", RECON_ERROR_INPUT, "raw.bin, which does not exist");

  for (guint i = 0; i < FRAMES * ROWS * WIDTH; i++)
    pixels[i] = (float) fixture->values[i];
  g_assert_true (g_file_set_contents (raw, (char *) pixels, sizeof (float) * FRAMES * ROWS * WIDTH, NULL));
  assert_values (fixture->file, "/data", fixture->values, RECON_SAMPLE_FLOAT32, 1);

  g_assert_true (g_file_set_contents (raw, (char *) pixels, 100, NULL));
  assert_refused (fixture->file, "/data", RECON_ERROR_READ, "is truncated: it has 100 bytes");
}

static void
test_virtual (Fixture       *fixture,
              gconstpointer  data)
{
  const hsize_t size[3] = { FRAMES, ROWS, WIDTH };
  g_autofree char *part = g_build_filename (fixture->folder, "part.h5", NULL);

  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) root = H5Fcreate (fixture->file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
    g_auto (ReconHdf5Id) space = H5Screate_simple (3, size, NULL);
    g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

    g_assert_cmpint (H5Pset_virtual (creation, space, "part.h5", "/data", space), >=, 0);
    dataset = H5Dcreate2 (root, "/data", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    g_assert_cmpint (dataset, >=, 0);
  }
  /* HDF5 itself would read zeros. */
  assert_refused (fixture->file, "/data", RECON_ERROR_INPUT, "part.h5 does not exist");

  test_hdf5_write (part, "/data", NULL, 3, shape, fixture->values);
  assert_values (fixture->file, "/data", fixture->values, RECON_SAMPLE_FLOAT32, 1);
}

static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  FILE *file;

  test_hdf5_write (fixture->file, "/data", NULL, 3, shape, fixture->values);
  file = fopen (fixture->file, "r");
  g_assert_nonnull (file);
  if (g_getenv ("HDF5_USE_FILE_LOCKING") != NULL || flock (fileno (file), LOCK_EX | LOCK_NB) != 0)
    g_test_skip ("Files cannot be locked here.");
  else
    assert_refused (fixture->file, "/data", RECON_ERROR_READ, "HDF5_USE_FILE_LOCKING");
  fclose (file);
}

static gpointer
read_cb (gpointer data)
{
  const Fixture *fixture = data;

  for (guint i = 0; i < 50; i++)
    assert_values (fixture->file, "/data", fixture->values, RECON_SAMPLE_INT16, 3);

  return NULL;
}

static void
test_threads (Fixture       *fixture,
              gconstpointer  data)
{
  const TestHdf5Storage packed = { .type = H5T_STD_I16LE, .chunk = { 3, 4, 2 }, .deflate = 4 };
  GThread *threads[4];

  test_hdf5_write (fixture->file, "/data", &packed, 3, shape, fixture->values);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_cb, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Images within more dimensions: @dims, of which the one with the number @other is not theirs, at @index. */
static void
check_selection (const Fixture         *fixture,
                 const TestHdf5Storage *storage,
                 const gsize            dims[4],
                 guint                  other,
                 guint                  index,
                 const char            *dataset)
{
  g_autofree double *values = g_new (double, dims[0] * dims[1] * dims[2] * dims[3]);
  g_autoptr (ReconReader) reader = NULL;
  g_autofree char *path = g_strconcat (fixture->file, ":", dataset, NULL);
  TestHdf5Storage fitting = *storage;
  gsize at[4], n = 0;

  for (guint i = 0; i < 4; i++)
    fitting.chunk[i] = MIN (storage->chunk[i], dims[i]);

  for (at[0] = 0; at[0] < dims[0]; at[0]++)
    for (at[1] = 0; at[1] < dims[1]; at[1]++)
      for (at[2] = 0; at[2] < dims[2]; at[2]++)
        for (at[3] = 0; at[3] < dims[3]; at[3]++)
          {
            gsize image[3];

            for (guint i = 0, k = 0; i < 4; i++)
              if (i != other)
                image[k++] = at[i];
            values[n++] = at[other] != index ? -1e4
                                             : fixture->values[(image[0] * ROWS + image[1]) * WIDTH + image[2]];
          }

  g_assert_true (g_remove (fixture->file) == 0 || errno == ENOENT);
  test_hdf5_write (fixture->file, "/four", &fitting, 4, dims, values);
  assert_values (fixture->file, dataset, fixture->values, RECON_SAMPLE_INT16, 1);
  reader = open_reader (fixture->file, dataset);
  g_assert_cmpstr (recon_reader_get_path (reader), ==, path);
}

static void
test_four_dimensions (Fixture       *fixture,
                      gconstpointer  data)
{
  const struct
  {
    gsize       dims[4];
    guint       other, index;
    const char *dataset;
  } cases[] = {
    { { 1, FRAMES, ROWS, WIDTH }, 0, 0, "/four" },        { { FRAMES, 1, ROWS, WIDTH }, 1, 0, "/four" },
    { { FRAMES, ROWS, WIDTH, 1 }, 3, 0, "/four" },        { { 3, FRAMES, ROWS, WIDTH }, 0, 2, "/four[2]" },
    { { FRAMES, 2, ROWS, WIDTH }, 1, 1, "/four[:,1]" },   { { FRAMES, 2, ROWS, WIDTH }, 1, 0, "/four[ : , 0 ,:,:]" },
    { { FRAMES, ROWS, 2, WIDTH }, 2, 1, "/four[:,:,1]" }, { { FRAMES, ROWS, WIDTH, 2 }, 3, 1, "/four[:,:,:,1]" },
    { { FRAMES, 1, ROWS, WIDTH }, 1, 0, "/four[:,0]" },
  };
  const TestHdf5Storage storages[] = {
    { .type = H5T_STD_I16LE },
    { .type = H5T_STD_I16BE },
    { .type = H5T_STD_I16LE, .chunk = { 1, 1, 1, 2 } },
    { .type = H5T_STD_I16LE, .chunk = { 1, 1, 3, 2 }, .deflate = 4 },
  };
  const gsize many[4] = { 3, 2, 2, 5 };
  const gsize table[2] = { 2, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint s = 0; s < G_N_ELEMENTS (storages); s++)
      check_selection (fixture, &storages[s], cases[i].dims, cases[i].other, cases[i].index, cases[i].dataset);

  g_assert_cmpint (g_remove (fixture->file), ==, 0);
  test_hdf5_write (fixture->file, "/many", NULL, 4, many, fixture->values);
  test_hdf5_write (fixture->file, "/table", NULL, 2, table, fixture->values);
  test_hdf5_write (fixture->file, "/odd[0]", NULL, 3, shape, fixture->values);
  assert_refused (fixture->file, "/many", RECON_ERROR_INPUT, "put [:,0] behind the dataset's path");
  assert_refused (fixture->file, "/many[:,2]", RECON_ERROR_INPUT, "index 2 for axis 1, whose indexes are 0 to 1");
  assert_refused (fixture->file, "/many[:,:,:,:,0]", RECON_ERROR_INPUT, "has 5 axes, but the dataset has 4");
  assert_refused (fixture->file, "/many[:,-1]", RECON_ERROR_INPUT, "“-1” for axis 1");
  assert_refused (fixture->file, "/many[]", RECON_ERROR_INPUT, "has 0 axes");
  assert_refused (fixture->file, "/many[1,1,1]", RECON_ERROR_INPUT, "has 1 dimensions");
  assert_refused (fixture->file, "/table[1]", RECON_ERROR_INPUT, "has 1 dimensions");
  assert_refused (fixture->file, "/none[1]", RECON_ERROR_INPUT, "has no /none");
  /* What has such a name is meant by it. */
  assert_values (fixture->file, "/odd[0]", fixture->values, RECON_SAMPLE_FLOAT64, 1);
}

/* A few bytes may claim any number of images. */
static void
test_claims (Fixture       *fixture,
             gconstpointer  data)
{
  const gsize many[3] = { (gsize) 1 << 24, 1, 1 };
  const gsize wide[3] = { 2, 1, G_MAXINT32 };
  const gsize tall[3] = { 2, G_MAXINT32, 1 };
  const TestHdf5Storage packed = { .type = H5T_STD_U8LE, .chunk = { (gsize) 1 << 24, 1, 1 }, .deflate = 9 };
  g_autofree double *zeros = g_new0 (double, (gsize) 1 << 24);

  test_hdf5_write (fixture->file, "/wide", NULL, 3, wide, NULL);
  test_hdf5_write (fixture->file, "/tall", NULL, 3, tall, NULL);
  assert_refused (fixture->file, "/wide", RECON_ERROR_INPUT, "of 1 rows and 2147483647 columns");
  assert_refused (fixture->file, "/tall", RECON_ERROR_INPUT, "of 2147483647 rows and 1 columns");
  test_hdf5_write (fixture->file, "/data", &packed, 3, many, zeros);
  assert_refused (fixture->file, "/data", RECON_ERROR_INPUT, "said to hold 16777216 images");
}

static void
test_split (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *odd = g_build_filename (fixture->folder, "a:b", NULL);
  g_autofree char *odd_file = g_build_filename (odd, "c:d.h5", NULL);
  g_autofree char *with_dataset = g_strconcat (odd_file, ":/entry/a:/b", NULL);
  g_autofree char *missing = g_strconcat (fixture->folder, "/missing.h5:/data", NULL);
  g_autofree char *file = NULL;
  g_autofree char *object = NULL;

  g_assert_cmpint (g_mkdir_with_parents (odd, 0700), ==, 0);
  g_assert_true (g_file_set_contents (odd_file, "", 0, NULL));

  g_assert_false (recon_hdf5_split_path (odd_file, &file, &object));
  g_assert_false (recon_hdf5_split_path (missing, &file, &object));
  g_assert_false (recon_hdf5_split_path ("", &file, &object));
  g_assert_true (recon_hdf5_split_path (with_dataset, &file, &object));
  g_assert_cmpstr (file, ==, odd_file);
  g_assert_cmpstr (object, ==, "/entry/a:/b");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/hdf5-reader/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("types", test_types);
  ADD ("chunks", test_chunks);
  ADD ("two-dimensions", test_two_dimensions);
  ADD ("links", test_links);
  ADD ("circle", test_circle);
  ADD ("refused", test_refused);
  ADD ("wrong-path", test_wrong_path);
  ADD ("truncated", test_truncated);
  ADD ("damaged-chunk", test_damaged_chunk);
  ADD ("missing-filter", test_missing_filter);
  ADD ("external-storage", test_external_storage);
  ADD ("virtual", test_virtual);
  ADD ("locked", test_locked);
  ADD ("threads", test_threads);
  ADD ("four-dimensions", test_four_dimensions);
  ADD ("claims", test_claims);
  ADD ("split", test_split);
#undef ADD

  return g_test_run ();
}
