/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "io/hdf5-reader.h"
#include "support.h"
#include "test-tiff.h"

/* Reading past the library: it must find the values that the library has written, or leave the work to it. */

#define FRAMES 11
#define ROWS   50
#define WIDTH  70

typedef struct
{
  const char  *name;
  ReconHdf5Way way;
  hid_t        type;
  hsize_t      chunk[3];
  gboolean     shuffle;
  int          deflate;
  gboolean     checksum;
  gsize        user_block;
  gboolean     partly; /* the first half of the frames is written */
  const char  *others; /* (nullable): the dataset has a further axis of 3 after that of the frames, and this selects its
                        * middle; chunks lie in one index of it, unless they are "deep" */
  gboolean     deep;
} Storage;

static double
sample (guint frame,
        guint row,
        guint column)
{
  return (double) ((frame * 7919 + row * 104729 + column * 31) % 4001) - 2000;
}

static void
write_file (const char    *file,
            const Storage *storage)
{
  const hsize_t chunk[4] = { storage->chunk[0], storage->deep ? 2 : 1, storage->chunk[1], storage->chunk[2] };
  const hsize_t dims[4] = { FRAMES, 3, ROWS, WIDTH };
  const hsize_t start[4] = { 0, 1, 0, 0 };
  const hsize_t count[4] = { storage->partly ? FRAMES / 2 : FRAMES, 1, ROWS, WIDTH };
  const hsize_t dims_3[3] = { FRAMES, ROWS, WIDTH };
  const hsize_t start_3[3] = { 0, 0, 0 };
  const hsize_t count_3[3] = { count[0], ROWS, WIDTH };
  gboolean more = storage->others != NULL;
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) file_creation = H5Pcreate (H5P_FILE_CREATE);
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) space = H5Screate_simple (more ? 4 : 3, more ? dims : dims_3, NULL);
  g_auto (ReconHdf5Id) memory = H5Screate_simple (more ? 4 : 3, more ? count : count_3, NULL);
  g_auto (ReconHdf5Id) root = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;
  g_autofree double *values = g_new (double, FRAMES * ROWS * WIDTH);

  for (guint f = 0; f < FRAMES; f++)
    for (guint r = 0; r < ROWS; r++)
      for (guint c = 0; c < WIDTH; c++)
        values[(f * ROWS + r) * WIDTH + c] = sample (f, r, c);

  if (storage->user_block > 0)
    g_assert_cmpint (H5Pset_userblock (file_creation, storage->user_block), >=, 0);
  if (storage->chunk[0] > 0)
    g_assert_cmpint (H5Pset_chunk (creation, more ? 4 : 3, more ? chunk : storage->chunk), >=, 0);
  if (storage->shuffle)
    g_assert_cmpint (H5Pset_shuffle (creation), >=, 0);
  if (storage->deflate > 0)
    g_assert_cmpint (H5Pset_deflate (creation, (unsigned) storage->deflate), >=, 0);
  if (storage->checksum)
    g_assert_cmpint (H5Pset_fletcher32 (creation), >=, 0);

  root = H5Fcreate (file, H5F_ACC_TRUNC, file_creation, H5P_DEFAULT);
  dataset = H5Dcreate2 (root, "/data", storage->type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  g_assert_cmpint (H5Sselect_hyperslab (space, H5S_SELECT_SET, more ? start : start_3, NULL, more ? count : count_3,
                                       NULL), >=, 0);
  g_assert_cmpint (H5Dwrite (dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values), >=, 0);
}

static const guint some_frames[] = { 0, 1, 2, 3, 5, 8, 9, 10, 4 };

static const struct
{
  ReconLines lines;
  guint      column, n_columns;
  guint      n_frames;
} parts[] = {
  { { 0, ROWS, ROWS, 1 }, 0, WIDTH, 9 }, { { 0, 1, 1, ROWS }, 0, WIDTH, 9 }, { { 7, 1, 1, 3 }, 11, 33, 9 },
  { { 3, 1, 7, 6 }, 0, WIDTH, 9 },       { { 1, 3, 8, 6 }, 69, 1, 9 },       { { 49, 1, 1, 1 }, 30, 40, 1 },
  { { 2, 2, 2, 20 }, 1, 68, 4 },         { { 19, 2, 29, 2 }, 0, 40, 9 },
};

static void
check_pixels (const ReconReading *reading,
              gboolean            partly)
{
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;

  for (guint i = 0; i < reading->n_frames; i++)
    for (gsize k = 0; k < n_rows; k++)
      for (guint c = 0; c < reading->row_pitch; c++)
        {
          float pixel = reading->pixels[i * reading->frame_pitch + k * reading->row_pitch + c];
          guint frame = reading->frames[i];
          double expected = partly && frame >= FRAMES / 2
                              ? 0.0
                              : sample (frame, recon_lines_get_row (&reading->lines, k), reading->column + c);

          if (c < reading->n_columns)
            g_assert_cmpfloat ((double) pixel, ==, expected);
          else
            g_assert_true (isnan (pixel));
        }
}

/* Reads all parts by @reader, or if it is %NULL without the library. */
static void
read_parts (ReconReader           *reader,
            const ReconHdf5Pieces *pieces,
            hid_t                  dataset,
            gboolean               partly)
{
  ReconHdf5Unpacker *unpacker = g_new0 (ReconHdf5Unpacker, 1);
  const gsize n = (gsize) FRAMES * ROWS * (WIDTH + 3);
  g_autofree float *pixels = g_new (float, n);

  for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
    {
      g_autoptr (GError) error = NULL;
      ReconReading reading = { .frames = some_frames, .n_frames = parts[p].n_frames, .lines = parts[p].lines,
                               .column = parts[p].column, .n_columns = parts[p].n_columns, .pixels = pixels,
                               .row_pitch = parts[p].n_columns + p % 3 };

      memset (pixels, 0xff, n * sizeof (float));
      reading.frame_pitch = (gsize) reading.lines.n * reading.lines.height * reading.row_pitch;
      if (reader != NULL)
        recon_reader_read_lines (reader, &reading, NULL, &error);
      else
        g_assert_true (recon_hdf5_pieces_read (pieces, dataset, &reading, unpacker, NULL));
      g_assert_no_error (error);
      check_pixels (&reading, partly);
    }

  recon_hdf5_unpacker_free (unpacker);
}

static void
check_storage (const char    *file,
               const Storage *storage)
{
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  ReconHdf5Id root = H5I_INVALID_HID, dataset = H5I_INVALID_HID;
  ReconHdf5Pieces pieces;

  g_test_message ("%s", storage->name);
  write_file (file, storage);

  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    ReconHdf5Shape shape;
    ReconHdf5View view;

    root = recon_hdf5_file_open (file, &error);
    dataset = H5Dopen2 (root, "/data", H5P_DEFAULT);
    g_assert_true (recon_hdf5_shape_get (dataset, &shape));
    g_assert_true (recon_hdf5_view_init (&view, &shape, storage->others, "", &error));
    recon_hdf5_pieces_init (&pieces, dataset, &shape, &view);
  }

  g_assert_cmpint (pieces.way, ==, storage->way);
  if (pieces.way != RECON_HDF5_BY_LIBRARY && !storage->partly)
    read_parts (NULL, &pieces, dataset, FALSE);

  recon_hdf5_pieces_clear (&pieces);
  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

    recon_hdf5_id_close (dataset);
    recon_hdf5_id_close (root);
  }

  path = g_strconcat ("/data", storage->others, NULL);
  reader = recon_hdf5_reader_open (file, path, &error);
  g_assert_no_error (error);
  read_parts (reader, NULL, H5I_INVALID_HID, storage->partly);
}

static void
test_storages (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "a.h5", NULL);
  const Storage storages[] = {
    { .name = "plain", .way = RECON_HDF5_PLAIN, .type = H5T_NATIVE_INT16 },
    { .name = "plain float64", .way = RECON_HDF5_PLAIN, .type = H5T_NATIVE_DOUBLE },
    { .name = "other byte order", .way = RECON_HDF5_BY_LIBRARY,
      .type = G_BYTE_ORDER == G_LITTLE_ENDIAN ? H5T_STD_I16BE : H5T_STD_I16LE },
    { .name = "user block", .way = RECON_HDF5_BY_LIBRARY, .type = H5T_NATIVE_INT16, .user_block = 1024 },
    { .name = "wide chunks", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT32, .chunk = { 4, 20, WIDTH } },
    { .name = "tiles", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_FLOAT, .chunk = { 3, 40, 40 } },
    { .name = "small chunks", .way = RECON_HDF5_BY_LIBRARY, .type = H5T_NATIVE_INT16, .chunk = { 1, 20, 30 } },
    { .name = "deflate", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT16, .chunk = { 4, 48, 64 }, .deflate = 1 },
    { .name = "shuffle, deflate", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT32, .chunk = { 2, 50, 70 },
      .shuffle = TRUE, .deflate = 6 },
    { .name = "shuffle", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_DOUBLE, .chunk = { 1, 50, 60 }, .shuffle = TRUE },
    { .name = "checksum", .way = RECON_HDF5_BY_LIBRARY, .type = H5T_NATIVE_INT16, .chunk = { 4, 48, 64 },
      .deflate = 1, .checksum = TRUE },
    { .name = "part of the wide chunks", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT32,
      .chunk = { 4, 20, WIDTH }, .partly = TRUE },
    { .name = "part of the packed chunks", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT16,
      .chunk = { 3, 48, 64 }, .deflate = 1, .partly = TRUE },
    { .name = "plain, more axes", .way = RECON_HDF5_PLAIN, .type = H5T_NATIVE_INT16, .others = "[:,1]" },
    { .name = "wide chunks, more axes", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT32,
      .chunk = { 4, 20, WIDTH }, .others = "[:,1]" },
    { .name = "deflate, more axes", .way = RECON_HDF5_CHUNKS, .type = H5T_NATIVE_INT16, .chunk = { 4, 48, 64 },
      .deflate = 1, .others = "[:,1]" },
    { .name = "deep chunks", .way = RECON_HDF5_BY_LIBRARY, .type = H5T_NATIVE_INT16, .chunk = { 4, 48, 64 },
      .deflate = 1, .others = "[:,1]", .deep = TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (storages); i++)
    check_storage (file, &storages[i]);

  test_folder_remove (g_steal_pointer (&folder));
}

static void
find_chunk (const char *file,
            haddr_t    *address,
            hsize_t    *n)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = recon_hdf5_file_open (file, NULL);
  g_auto (ReconHdf5Id) dataset = H5Dopen2 (root, "/data", H5P_DEFAULT);
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  hsize_t offset[3];
  unsigned left_out;

  g_assert_cmpint (H5Dget_chunk_info (dataset, space, 0, offset, &left_out, address, n), >=, 0);
}

/* A packed chunk whose bytes were changed: the library says so, and no wrong values are given out. */
static void
test_damage (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "a.h5", NULL);
  const Storage storage = { .type = H5T_NATIVE_INT16, .chunk = { FRAMES, ROWS, WIDTH }, .deflate = 1 };
  g_autofree char *content = NULL;
  haddr_t address;
  hsize_t n;
  gsize length;

  write_file (file, &storage);
  g_assert_true (g_file_get_contents (file, &content, &length, NULL));

  find_chunk (file, &address, &n);
  g_assert_cmpuint (address + n, <=, length);

  /* From the first byte to the last, which is in the checksum. */
  for (guint part = 0; part <= 4; part++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconReader) reader = NULL;
      g_autofree char *changed = g_memdup2 (content, length);
      g_autofree float *pixels = g_new (float, FRAMES * ROWS * WIDTH);

      changed[address + (hsize_t) (n - 1) * part / 4] ^= 0x55;
      g_assert_true (g_file_set_contents (file, changed, (gssize) length, NULL));
      reader = recon_hdf5_reader_open (file, "/data", &error);
      g_assert_no_error (error);
      g_assert_false (recon_reader_read (reader, 0, FRAMES, 0, ROWS, pixels, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
      g_assert_nonnull (strstr (error->message, "a.h5:/data: images 0 to 10, rows 0 to 49, cannot be read"));
    }

  test_folder_remove (g_steal_pointer (&folder));
}

/* A file that is cut while it is open: HDF5 would give zeros for what is gone. */
static void
test_cut (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "a.h5", NULL);
  const Storage storages[] = {
    { .name = "plain", .type = H5T_NATIVE_INT16 },
    { .name = "user block", .type = H5T_NATIVE_INT16, .user_block = 1024 },
    { .name = "wide chunks", .type = H5T_NATIVE_INT32, .chunk = { 4, 20, WIDTH } },
    { .name = "tiles", .type = H5T_NATIVE_FLOAT, .chunk = { 3, 40, 40 } },
    { .name = "small chunks", .type = H5T_NATIVE_INT16, .chunk = { 1, 20, 30 } },
    { .name = "deflate", .type = H5T_NATIVE_INT16, .chunk = { 4, 48, 64 }, .deflate = 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (storages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconReader) reader = NULL;
      g_autofree float *pixels = g_new (float, FRAMES * ROWS * WIDTH);

      g_test_message ("%s", storages[i].name);
      write_file (file, &storages[i]);
      reader = recon_hdf5_reader_open (file, "/data", &error);
      g_assert_no_error (error);
      test_file_cut (file, 20000);
      g_assert_false (recon_reader_read (reader, 0, FRAMES, 0, ROWS, pixels, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
      g_assert_nonnull (strstr (error->message, "a.h5:/data"));
    }

  test_folder_remove (g_steal_pointer (&folder));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hdf5-pieces/storages", test_storages);
  g_test_add_func ("/hdf5-pieces/damage", test_damage);
  g_test_add_func ("/hdf5-pieces/cut", test_cut);

  return g_test_run ();
}
