/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "io/contents.h"
#include "io/hdf5-reader.h"
#include "io/hdf5.h"
#include "io/scan.h"
#include "support.h"
#include "test-hdf5.h"

/* Virtual datasets: HDF5 reads what is missing of them as zeros, and we must not. */

#define ROWS  4
#define WIDTH 3
#define PART  2 /* frames of a source */
#define PARTS 3
#define FRAME (ROWS * WIDTH)

#define check(call) g_assert_cmpint ((call), >=, 0)

typedef struct
{
  char *folder;
  char *file;
} Fixture;

/* A line of a virtual dataset's table: a box of it, and where that begins in a source of a certain size. */
typedef struct
{
  const char *file;
  const char *dataset;
  hsize_t     start[3];
  hsize_t     count[3];
  hsize_t     source_start[3];
  hsize_t     source_size[3];
} Part;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan.h5", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

/* Frames from number @first on; every value is that of its place in the scan plus 1, so that none is 0. */
static void
write_source (const Fixture *fixture,
              const char    *name,
              const char    *dataset,
              guint          first,
              guint          n_frames,
              guint          n_rows)
{
  g_autofree char *file = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree double *values = g_new (double, n_frames * n_rows * WIDTH);
  const gsize size[3] = { n_frames, n_rows, WIDTH };

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (guint i = 0; i < n_frames * n_rows * WIDTH; i++)
    values[i] = first * FRAME + i + 1;
  test_hdf5_write (file, dataset, NULL, 3, size, values);
}

static void
write_virtual (const char *file,
               const char *path,
               guint       n_frames,
               const Part *parts,
               guint       n_parts)
{
  const hsize_t size[3] = { n_frames, ROWS, WIDTH };
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = g_file_test (file, G_FILE_TEST_EXISTS)
                                ? H5Fopen (file, H5F_ACC_RDWR, H5P_DEFAULT)
                                : H5Fcreate (file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) link = H5Pcreate (H5P_LINK_CREATE);
  g_auto (ReconHdf5Id) space = H5Screate_simple (3, size, NULL);
  g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

  check (H5Pset_create_intermediate_group (link, 1));
  for (guint i = 0; i < n_parts; i++)
    {
      const Part *part = &parts[i];
      g_auto (ReconHdf5Id) source = H5Screate_simple (3, part->source_size, NULL);

      check (H5Sselect_hyperslab (space, H5S_SELECT_SET, part->start, NULL, part->count, NULL));
      check (H5Sselect_hyperslab (source, H5S_SELECT_SET, part->source_start, NULL, part->count, NULL));
      check (H5Pset_virtual (creation, space, part->file, part->dataset, source));
    }
  check (H5Sselect_all (space));
  dataset = H5Dcreate2 (root, path, H5T_NATIVE_DOUBLE, space, link, creation, H5P_DEFAULT);
  check (dataset);
}

/* A scan of PARTS files, part0.h5 and so on, with PART frames each. */
static void
write_scan (const Fixture *fixture,
            const char    *path,
            const char    *names,
            const char    *dataset)
{
  Part parts[PARTS];
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < PARTS; i++)
    {
      g_autoptr (GString) name = g_string_new (names);

      g_string_replace (name, "#", (const char[]){ (char) ('0' + i), '\0' }, 0);
      parts[i] = (Part) { .start = { i * PART, 0, 0 }, .count = { PART, ROWS, WIDTH }, .dataset = dataset,
                          .source_size = { PART, ROWS, WIDTH } };
      parts[i].file = name->str;
      g_ptr_array_add (files, g_string_free (g_steal_pointer (&name), FALSE));
    }
  write_virtual (fixture->file, path, PARTS * PART, parts, PARTS);
}

static void
write_sources (const Fixture *fixture,
               const char    *names,
               const char    *dataset,
               guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) name = g_string_new (names);

      g_string_replace (name, "#", (const char[]){ (char) ('0' + i), '\0' }, 0);
      write_source (fixture, name->str, dataset, i * PART, PART, ROWS);
    }
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

static void
assert_message (const GError *error,
                const char   *message)
{
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not contain “%s”", error->message, message);
}

static void
assert_refused (const Fixture *fixture,
                const char    *dataset,
                const char    *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_hdf5_reader_open (fixture->file, dataset, &error);

  g_assert_null (reader);
  assert_message (error, message);
}

/* Some rows of frames from @first on, which are those of the scan from frame @shown on. */
static void
assert_read (ReconReader *reader,
             guint        first,
             guint        n_frames,
             guint        row,
             guint        n_rows,
             guint        shown)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint *frames = g_new (guint, n_frames);
  g_autofree float *pixels = g_new0 (float, n_frames * FRAME);

  for (guint i = 0; i < n_frames; i++)
    frames[i] = first + i;
  g_assert_true (recon_reader_check (reader, frames, n_frames, row, n_rows, &error));
  g_assert_no_error (error);
  g_assert_true (recon_reader_read (reader, first, n_frames, row, n_rows, pixels, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < n_frames; i++)
    for (guint k = 0; k < n_rows * WIDTH; k++)
      g_assert_cmpfloat (pixels[i * n_rows * WIDTH + k], ==, (float) ((shown + i) * FRAME + row * WIDTH + k + 1));
}

static void
assert_missing (ReconReader *reader,
                guint        first,
                guint        n_frames,
                guint        row,
                guint        n_rows,
                const char  *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) read_error = NULL;
  g_autofree guint *frames = g_new (guint, n_frames);
  g_autofree float *pixels = g_new0 (float, n_frames * FRAME);

  for (guint i = 0; i < n_frames; i++)
    frames[i] = first + i;
  g_assert_false (recon_reader_check (reader, frames, n_frames, row, n_rows, &error));
  assert_message (error, message);
  g_assert_false (recon_reader_read (reader, first, n_frames, row, n_rows, pixels, NULL, &read_error));
  assert_message (read_error, message);
}

static void
test_tail (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ReconReader) reader = NULL;
  g_autofree char *missing = NULL;

  write_scan (fixture, "/data", "part#.h5", "/entry/data");
  assert_refused (fixture, "/data", "3 of its 3 sources");
  assert_refused (fixture, "/data", "part0.h5 does not exist");

  write_sources (fixture, "part#.h5", "/entry/data", PARTS - 1);
  reader = open_reader (fixture->file, "/data");
  assert_read (reader, 0, 4, 0, ROWS, 0);
  assert_read (reader, 3, 1, 1, 2, 3);
  assert_missing (reader, 0, 5, 0, ROWS, "part2.h5 does not exist");
  assert_missing (reader, 3, 2, 0, 1, "1 of its 3 sources");
  missing = recon_hdf5_reader_describe_missing (RECON_HDF5_READER (reader));
  g_assert_nonnull (strstr (missing, "1 of the 3 sources"));
  g_clear_object (&reader);

  write_source (fixture, "part2.h5", "/entry/data", 2 * PART, PART, ROWS);
  reader = open_reader (fixture->file, "/data");
  assert_read (reader, 0, PARTS * PART, 0, ROWS, 0);
  g_assert_null (recon_hdf5_reader_describe_missing (RECON_HDF5_READER (reader)));
}

/* Sources that exist but are of no use. */
static void
test_unusable (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *part = g_build_filename (fixture->folder, "part2.h5", NULL);
  const gsize size[3] = { PART, ROWS, WIDTH };
  g_autoptr (ReconReader) no_dataset = NULL;
  g_autoptr (ReconReader) no_hdf5 = NULL;
  g_autoptr (ReconReader) short_one = NULL;
  g_autoptr (ReconReader) unwritten = NULL;
  g_autoptr (ReconReader) forbidden = NULL;

  write_scan (fixture, "/data", "part#.h5", "/entry/data");
  write_sources (fixture, "part#.h5", "/entry/data", PARTS - 1);

  write_source (fixture, "part2.h5", "/entry/other", 2 * PART, PART, ROWS);
  no_dataset = open_reader (fixture->file, "/data");
  assert_missing (no_dataset, 0, 6, 0, ROWS, "part2.h5 has no /entry/data");

  g_assert_true (g_file_set_contents (part, "nothing of the kind", -1, NULL));
  no_hdf5 = open_reader (fixture->file, "/data");
  assert_missing (no_hdf5, 0, 6, 0, ROWS, "part2.h5 is not an HDF5 file");

  g_unlink (part);
  write_source (fixture, "part2.h5", "/entry/data", 2 * PART, PART - 1, ROWS);
  short_one = open_reader (fixture->file, "/data");
  assert_missing (short_one, 0, 6, 0, ROWS, "part2.h5:/entry/data is smaller");

  g_unlink (part);
  test_hdf5_write (part, "/entry/data", NULL, 3, size, NULL);
  unwritten = open_reader (fixture->file, "/data");
  assert_missing (unwritten, 0, 6, 0, ROWS, "was never written");

  g_unlink (part);
  write_source (fixture, "part2.h5", "/entry/data", 2 * PART, PART, ROWS);
  g_assert_cmpint (g_chmod (part, 0), ==, 0);
  if (access (part, R_OK) == 0)
    {
      g_test_message ("This user may read every file.");
      return;
    }
  forbidden = open_reader (fixture->file, "/data");
  assert_missing (forbidden, 0, 6, 0, ROWS, "part2.h5 cannot be opened");
}

/* A detector of two modules, one below the other. */
static void
test_modules (Fixture       *fixture,
              gconstpointer  data)
{
  const Part parts[] = {
    { "top.h5", "/data", { 0, 0, 0 }, { 4, 2, WIDTH }, { 0, 0, 0 }, { 4, 2, WIDTH } },
    { "bottom.h5", "/data", { 0, 2, 0 }, { 4, 2, WIDTH }, { 0, 0, 0 }, { 4, 2, WIDTH } },
  };
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  float pixels[4 * FRAME];

  write_virtual (fixture->file, "/data", 4, parts, 2);
  write_source (fixture, "top.h5", "/data", 0, 4, 2);
  reader = open_reader (fixture->file, "/data");
  assert_missing (reader, 0, 1, 0, 3, "bottom.h5 does not exist");
  assert_missing (reader, 3, 1, 3, 1, "bottom.h5 does not exist");
  g_assert_true (recon_reader_read (reader, 0, 4, 0, 2, pixels, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (pixels[4 * 2 * WIDTH - 1], ==, 4 * 2 * WIDTH);
}

/* The scan's frames from 1 to 4, of a dataset that is virtual itself. */
static void
test_nested (Fixture       *fixture,
             gconstpointer  data)
{
  const Part parts[] = {
    { "scan.h5", "/data", { 0, 0, 0 }, { 4, ROWS, WIDTH }, { 1, 0, 0 }, { 6, ROWS, WIDTH } },
  };
  g_autofree char *outer = g_build_filename (fixture->folder, "outer.h5", NULL);
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (ReconReader) whole = NULL;

  write_scan (fixture, "/data", "parts/part#.h5", "/data");
  write_virtual (outer, "/entry/data", 4, parts, 1);
  write_sources (fixture, "parts/part#.h5", "/data", PARTS - 1);
  reader = open_reader (outer, "/entry/data");
  assert_read (reader, 0, 3, 0, ROWS, 1);
  assert_missing (reader, 2, 2, 0, ROWS, "parts/part2.h5 does not exist");
  assert_missing (reader, 3, 1, 0, ROWS, "1 of its 3 sources");

  write_source (fixture, "parts/part2.h5", "/data", 2 * PART, PART, ROWS);
  whole = open_reader (outer, "/entry/data");
  assert_read (whole, 0, 4, 0, ROWS, 1);
}

static void
test_circle (Fixture       *fixture,
             gconstpointer  data)
{
  const Part one[] = { { "two.h5", "/data", { 0, 0, 0 }, { 2, ROWS, WIDTH }, { 0, 0, 0 }, { 2, ROWS, WIDTH } } };
  const Part two[] = { { "scan.h5", "/data", { 0, 0, 0 }, { 2, ROWS, WIDTH }, { 0, 0, 0 }, { 2, ROWS, WIDTH } } };
  const Part self[] = { { ".", "/own", { 0, 0, 0 }, { 2, ROWS, WIDTH }, { 0, 0, 0 }, { 2, ROWS, WIDTH } } };
  g_autofree char *other = g_build_filename (fixture->folder, "two.h5", NULL);

  write_virtual (fixture->file, "/data", 2, one, 1);
  write_virtual (fixture->file, "/own", 2, self, 1);
  write_virtual (other, "/data", 2, two, 1);
  assert_refused (fixture, "/data", "is put together from itself");
  assert_refused (fixture, "/own", "is put together from itself");
}

/* What no source is meant for reads as zeros by right, but is worth a word. */
static void
test_partly (Fixture       *fixture,
             gconstpointer  data)
{
  const Part parts[] = {
    { "part0.h5", "/data", { 0, 0, 0 }, { PART, ROWS, WIDTH }, { 0, 0, 0 }, { PART, ROWS, WIDTH } },
  };
  g_autoptr (ReconReader) reader = NULL;
  g_autofree char *missing = NULL;

  write_virtual (fixture->file, "/data", 2 * PART, parts, 1);
  write_sources (fixture, "part#.h5", "/data", 1);
  reader = open_reader (fixture->file, "/data");
  assert_read (reader, 0, PART, 0, ROWS, 0);
  missing = recon_hdf5_reader_describe_missing (RECON_HDF5_READER (reader));
  g_assert_nonnull (missing);
  g_assert_nonnull (strstr (missing, "50% of the virtual dataset"));
}

/* Blocks without an end, each from the file of its number. */
static void
write_pattern (const Fixture *fixture,
               const char    *file,
               const char    *dataset,
               gboolean       is_first)
{
  const hsize_t size[3] = { PART, ROWS, WIDTH };
  const hsize_t most[3] = { H5S_UNLIMITED, ROWS, WIDTH };
  const hsize_t start[3] = { 0, 0, 0 };
  const hsize_t stride[3] = { PART, ROWS, WIDTH };
  const hsize_t count[3] = { H5S_UNLIMITED, 1, 1 };
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = is_first ? H5Fcreate (fixture->file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT)
                                       : H5Fopen (fixture->file, H5F_ACC_RDWR, H5P_DEFAULT);
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) space = H5Screate_simple (3, size, most);
  g_auto (ReconHdf5Id) source = H5Screate_simple (3, size, NULL);
  g_auto (ReconHdf5Id) id = H5I_INVALID_HID;

  check (H5Sselect_hyperslab (space, H5S_SELECT_SET, start, stride, count, size));
  check (H5Pset_virtual (creation, space, file, dataset, source));
  id = H5Dcreate2 (root, is_first ? "/data" : "/inside", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  check (id);
}

static void
test_pattern (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (ReconReader) inside = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  write_pattern (fixture, "100%%_%b.h5", "/data", TRUE);
  write_pattern (fixture, "all.h5", "/part%b", FALSE);
  assert_refused (fixture, "/data", "100%_0.h5 does not exist");
  assert_refused (fixture, "/inside", "all.h5 does not exist");

  write_sources (fixture, "100%_#.h5", "/data", PARTS);
  reader = open_reader (fixture->file, "/data");
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, PARTS * PART);
  assert_read (reader, 0, PARTS * PART, 0, ROWS, 0);
  g_assert_null (recon_hdf5_reader_describe_missing (RECON_HDF5_READER (reader)));
  recon_reader_list_files (reader, files);
  g_assert_cmpuint (files->len, ==, 2 + PARTS);

  for (guint i = 0; i < PARTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/part%u", i);

      write_source (fixture, "all.h5", path, i * PART, PART, ROWS);
    }
  inside = open_reader (fixture->file, "/inside");
  assert_read (inside, 0, PARTS * PART, 0, ROWS, 0);
}

/* Wherever HDF5 finds a source, it is found; that the values are right shows that HDF5 has found it. */
static void
test_places (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *prefix = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *prefixes = g_strconcat ("/nowhere:", prefix, NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "links", NULL);
  g_autofree char *link = g_build_filename (other, "link.h5", NULL);
  g_autoptr (ReconReader) moved = NULL;
  g_autoptr (ReconReader) own = NULL;
  g_autoptr (ReconReader) prefixed = NULL;
  g_autoptr (ReconReader) origin = NULL;
  g_autoptr (ReconReader) linked = NULL;

  write_scan (fixture, "/moved", "/nowhere/raw/part#.h5", "/data");
  assert_refused (fixture, "/moved", "part0.h5 does not exist");
  write_sources (fixture, "part#.h5", "/data", PARTS);
  moved = open_reader (fixture->file, "/moved");
  assert_read (moved, 0, PARTS * PART, 0, ROWS, 0);
  g_clear_object (&moved);

  write_source (fixture, "scan.h5", "/raw", 0, PART, ROWS);
  write_virtual (fixture->file, "/own", PART,
                 &(Part) { ".", "/raw", { 0, 0, 0 }, { PART, ROWS, WIDTH }, { 0, 0, 0 }, { PART, ROWS, WIDTH } }, 1);
  own = open_reader (fixture->file, "/own");
  assert_read (own, 0, PART, 0, ROWS, 0);
  g_clear_object (&own);

  write_scan (fixture, "/prefixed", "far#.h5", "/data");
  write_sources (fixture, "elsewhere/far#.h5", "/data", PARTS);
  assert_refused (fixture, "/prefixed", "far0.h5 does not exist");
  g_setenv ("HDF5_VDS_PREFIX", prefixes, TRUE);
  prefixed = open_reader (fixture->file, "/prefixed");
  assert_read (prefixed, 0, PARTS * PART, 0, ROWS, 0);
  g_setenv ("HDF5_VDS_PREFIX", "${ORIGIN}/elsewhere", TRUE);
  origin = open_reader (fixture->file, "/prefixed");
  assert_read (origin, 0, PARTS * PART, 0, ROWS, 0);
  g_unsetenv ("HDF5_VDS_PREFIX");

  /* Beside what a link to the file leads to. */
  g_assert_cmpint (g_mkdir_with_parents (other, 0700), ==, 0);
  g_assert_cmpint (symlink ("../scan.h5", link), ==, 0);
  linked = open_reader (link, "/moved");
  assert_read (linked, 0, PARTS * PART, 0, ROWS, 0);
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  const hsize_t n = 4;
  const double values[] = { 1, 2, 3, 4 };
  g_autofree char *file = g_build_filename (fixture->folder, "theta.h5", NULL);
  g_autofree double *read = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) root = H5Fcreate (fixture->file, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
    g_auto (ReconHdf5Id) space = H5Screate_simple (1, &n, NULL);
    g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;

    check (H5Pset_virtual (creation, space, "theta.h5", "/theta", space));
    dataset = H5Dcreate2 (root, "/theta", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    check (dataset);
  }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
      g_auto (ReconHdf5Id) root = recon_hdf5_file_open (fixture->file, NULL);

      read = recon_hdf5_read_numbers (root, fixture->file, "/theta", &length, i == 0 ? &error : NULL);
      if (i == 1)
        break;
      g_assert_null (read);
      assert_message (error, "theta.h5 does not exist");
      test_hdf5_write_list (file, "/theta", 4, values);
    }
  g_assert_cmpuint (length, ==, 4);
  g_assert_cmpfloat (read[3], ==, 4);
}

/* A scan whose last file is lost is of use up to there; Inspect tells of it. */
static void
test_scan (Fixture       *fixture,
           gconstpointer  data)
{
  const double angles[PARTS * PART] = { 0, 30, 60, 90, 120, 150 };
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (ReconScan) refused = NULL;
  g_autoptr (ReconScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  write_scan (fixture, "/exchange/data", "part#.h5", "/data");
  test_hdf5_write_list (fixture->file, "/exchange/theta", PARTS * PART, angles);
  write_sources (fixture, "part#.h5", "/data", PARTS - 1);

  contents = recon_contents_open (fixture->file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (contents->notes, 0), "1 of the 3 sources"));

  g_assert_true (recon_config_parse (config, RECON_PARAM_PROJECTIONS, fixture->file, NULL));
  g_assert_true (recon_config_parse (config, recon_parameter ("flat-field.correct"), "no", NULL));
  refused = recon_scan_open (config, NULL, &error);
  g_assert_null (refused);
  assert_message (error, "1 of its 3 sources");
  g_assert_true (g_str_has_prefix (error->message, "Projections: "));
  g_clear_error (&error);

  g_assert_true (recon_config_parse (config, RECON_PARAM_PROJECTION_STOP, "4", NULL));
  scan = recon_scan_open (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, 4);
}

static void
test_darks (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *references = g_build_filename (fixture->folder, "references.h5", NULL);
  g_autofree char *flats = g_strconcat (references, ":/flats", NULL);
  g_autofree char *darks = g_strconcat (fixture->file, ":/data", NULL);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  write_scan (fixture, "/data", "part#.h5", "/data");
  write_sources (fixture, "part#.h5", "/data", PARTS - 1);
  write_source (fixture, "references.h5", "/flats", 0, PART, ROWS);
  g_assert_true (recon_config_parse (config, RECON_PARAM_PROJECTIONS, flats, NULL));
  g_assert_true (recon_config_parse (config, RECON_PARAM_FLATS, flats, NULL));
  g_assert_true (recon_config_parse (config, RECON_PARAM_DARKS, darks, NULL));
  scan = recon_scan_open (config, NULL, &error);
  g_assert_null (scan);
  assert_message (error, "part2.h5 does not exist");
  g_assert_true (g_str_has_prefix (error->message, "Darks: "));
}

/* HDF5 would read zeros of the files that it cannot open any more. */
static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit limit;
  float pixels[PARTS * PART * FRAME];

  write_scan (fixture, "/data", "part#.h5", "/data");
  write_sources (fixture, "part#.h5", "/data", PARTS);

  if (g_test_subprocess ())
    {
      int last = dup (0);

      close (last);
      /* One more for the reader's file, and one to spare, but none for the second source. */
      reader = open_reader (fixture->file, "/data");
      g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
      limit.rlim_cur = (rlim_t) last + 3;
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
      g_assert_false (recon_reader_read (reader, 0, PARTS * PART, 0, ROWS, pixels, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
      g_assert_nonnull (strstr (error->message, "ulimit -n"));
      g_clear_object (&reader);
      g_clear_error (&error);

      limit.rlim_cur = limit.rlim_max = 64;
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
      assert_refused (fixture, "/data", "allows only 64 to be open at once");
      test_folder_remove (g_steal_pointer (&fixture->folder));
      exit (0);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();

  /* Where only the soft limit is in the way, it is raised. */
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = 128;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  reader = open_reader (fixture->file, "/data");
  assert_read (reader, 0, PARTS * PART, 0, ROWS, 0);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, >, 128);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/hdf5-virtual/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("tail", test_tail);
  ADD ("unusable", test_unusable);
  ADD ("modules", test_modules);
  ADD ("nested", test_nested);
  ADD ("circle", test_circle);
  ADD ("partly", test_partly);
  ADD ("pattern", test_pattern);
  ADD ("places", test_places);
  ADD ("list", test_list);
  ADD ("scan", test_scan);
  ADD ("darks", test_darks);
  ADD ("files", test_files);
#undef ADD

  return g_test_run ();
}
