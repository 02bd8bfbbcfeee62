/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mount.h>

#include "io/slice-names.h"
#include "volume.h"

static const char *const paths[] = { "slices", "vol.tif", "vol.h5" };

static char *
path_of (const char        *folder,
         ReconOutputFormat  format)
{
  return g_build_filename (folder, paths[format], NULL);
}

static void
test_guess_format (void)
{
  static const struct
  {
    const char        *path;
    ReconOutputFormat  format;
  } cases[] = {
    { "slices", RECON_OUTPUT_FORMAT_TIFF },
    { "out/result-%05i.tif", RECON_OUTPUT_FORMAT_TIFF },
    { "out.png", RECON_OUTPUT_FORMAT_TIFF },
    { "vol.tif", RECON_OUTPUT_FORMAT_TIFF_STACK },
    { "a.h5/vol.TIFF", RECON_OUTPUT_FORMAT_TIFF_STACK },
    { "vol.h5", RECON_OUTPUT_FORMAT_HDF5 },
    { "vol.nxs", RECON_OUTPUT_FORMAT_HDF5 },
    { "vol.hdf", RECON_OUTPUT_FORMAT_HDF5 },
    { "a:/b/vol.hdf5:/a/b", RECON_OUTPUT_FORMAT_HDF5 },
    { "vol.h5:/a.tif", RECON_OUTPUT_FORMAT_HDF5 },
    { "vol.h5:a", RECON_OUTPUT_FORMAT_HDF5 },
    { "vol.h5:", RECON_OUTPUT_FORMAT_HDF5 },
    { "vol.h5:a/%d.tif", RECON_OUTPUT_FORMAT_TIFF },
    { "vol:a", RECON_OUTPUT_FORMAT_TIFF },
    { "vol.h5/a:b", RECON_OUTPUT_FORMAT_TIFF },
  };
  ReconOutputFormat format;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (recon_writer_guess_format (cases[i].path, &format));
      g_assert_cmpint (format, ==, cases[i].format);
    }
  g_assert_false (recon_writer_guess_format ("", &format));
}

static void
test_bad_paths (void)
{
  static const struct
  {
    const char        *path;
    ReconOutputFormat  format;
    const char        *text;
  } cases[] = {
    { "", RECON_OUTPUT_FORMAT_TIFF, "empty" },
    { "/", RECON_OUTPUT_FORMAT_TIFF, "folder /" },
    { "out/%s.tif", RECON_OUTPUT_FORMAT_TIFF, "%s.tif" },
    { "out/%d-%d.tif", RECON_OUTPUT_FORMAT_TIFF, "%d-%d.tif" },
    { "out/%5.2f.tif", RECON_OUTPUT_FORMAT_TIFF, "%05d" },
    { "out/%-5d.tif", RECON_OUTPUT_FORMAT_TIFF, "%05d" },
    { "out/100%%.tif", RECON_OUTPUT_FORMAT_TIFF, "100%%.tif" },
    { "out/slice%", RECON_OUTPUT_FORMAT_TIFF, "slice%" },
    { "out/%99999999999d.tif", RECON_OUTPUT_FORMAT_TIFF, "%05d" },
    { "out_%d/slice.png", RECON_OUTPUT_FORMAT_TIFF, "out_%d" },
    { "vol.tif", RECON_OUTPUT_FORMAT_TIFF, "tiff-stack" },
    { "slices", RECON_OUTPUT_FORMAT_TIFF_STACK, "slices" },
    { "s_%d.tif", RECON_OUTPUT_FORMAT_TIFF_STACK, "s_%d.tif" },
    { "slices", RECON_OUTPUT_FORMAT_HDF5, ".h5" },
    { "vol.h5:a/b", RECON_OUTPUT_FORMAT_HDF5, "Write vol.h5:/a/b." },
    { "a:b/vol.nxs:", RECON_OUTPUT_FORMAT_HDF5, "Write a:b/vol.nxs:/entry/data/data." },
    { "vol.h5:/", RECON_OUTPUT_FORMAT_HDF5, "/entry/data/data" },
    { "vol.h5:/a//b", RECON_OUTPUT_FORMAT_HDF5, "/a//b" },
    { "vol.h5:/a/../b", RECON_OUTPUT_FORMAT_HDF5, "/a/../b" },
    { "vol.h5:/a/x", RECON_OUTPUT_FORMAT_HDF5, "/a/x" },
    { "vol.h5:/entry", RECON_OUTPUT_FORMAT_HDF5, "/entry" },
    { "vol.h5:/entry/process", RECON_OUTPUT_FORMAT_HDF5, "/entry/process" },
    { "vol.h5:/entry/process/data", RECON_OUTPUT_FORMAT_HDF5, "/entry/process" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (recon_writer_new (cases[i].path, cases[i].format, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
      assert_text_contains (error, cases[i].text);
    }
}

static void
test_slice_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconSliceNames) names = recon_slice_names_new ("100%%_%03i.tif", &error);
  g_autoptr (ReconSliceNames) plain = recon_slice_names_new ("%d", &error);
  g_autofree char *small = recon_slice_names_format (names, 7);
  g_autofree char *large = recon_slice_names_format (names, 12345);

  g_assert_no_error (error);
  g_assert_cmpstr (small, ==, "100%_007.tif");
  g_assert_cmpstr (large, ==, "100%_12345.tif");
  g_assert_true (recon_slice_names_match (names, small));
  g_assert_true (recon_slice_names_match (names, large));
  g_assert_false (recon_slice_names_match (names, "100%_07.tif"));
  g_assert_false (recon_slice_names_match (names, "100%_0007.tif"));
  g_assert_false (recon_slice_names_match (names, "100%_-07.tif"));
  g_assert_false (recon_slice_names_match (names, "100%_007.tiff"));
  g_assert_false (recon_slice_names_match (names, "100%_.tif"));
  g_assert_false (recon_slice_names_match (names, "100%_99999999999.tif"));
  g_assert_true (recon_slice_names_match (plain, "0"));
  g_assert_false (recon_slice_names_match (plain, "reco.conf"));
}

/* Of every format: nothing under the final name before the end, nothing else after it, all described. */
static void
test_life (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (5, 6, 7, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "deeply", "nested", paths[format], NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWriter) writer = recon_writer_new (path, format, &error);
  g_autofree char *what = NULL;

  g_assert_no_error (error);
  assert_names (folder, 0);
  g_assert_cmpstr (recon_writer_get_path (writer), ==, path);
  g_assert_true (g_str_has_suffix (recon_writer_get_partial (writer), ".partial"));
  g_assert_null (recon_writer_get_volume (writer));
  g_assert_false (recon_writer_result_exists (writer, volume->numbers, 5, &what));
  g_assert_null (what);

  g_assert_true (recon_writer_open (writer, &volume->volume, NULL, &error));
  g_assert_cmpuint (recon_writer_get_volume (writer)->numbers[4], ==, 11);
  g_assert_true (recon_writer_get_volume (writer)->numbers != volume->numbers);
  g_assert_cmpstr (recon_writer_get_volume (writer)->configuration, ==, CONFIGURATION);

  /* Not before all slices are there. */
  g_assert_true (volume_write_slice (volume, writer, 0, &error));
  g_assert_false (recon_writer_finish (writer, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  assert_text_contains (error, "1 of 5");
  g_clear_error (&error);
  g_assert_false (recon_writer_result_exists (writer, volume->numbers, 5, NULL));

  writer_complete (volume, writer, 1);
  g_assert_true (recon_writer_result_exists (writer, volume->numbers, 5, &what));
  g_assert_true (g_str_has_prefix (what, path));
  g_assert_true (g_file_test (recon_writer_get_ledger (writer), G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (recon_writer_get_partial (writer), G_FILE_TEST_EXISTS));

  test_folder_remove (folder);
}

/* A writer that is dropped leaves what there was under the final name, and its own things; a new one takes over. */
static void
test_dropped (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (4, 30, 20, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  g_autoptr (Volume) larger = volume_new (9, 40, 20, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  char *clean_folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autofree char *clean = path_of (clean_folder, format);
  g_autoptr (ReconWriter) writer = NULL;

  volume_write_killed (larger, path, format, 7, 1);
  writer = recon_writer_new (path, format, NULL);
  g_assert_true (g_file_test (recon_writer_get_partial (writer), G_FILE_TEST_EXISTS));
  g_assert_false (recon_writer_result_exists (writer, larger->numbers, 9, NULL));

  volume_write (volume, path, format);
  volume_write (volume, clean, format);
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    {
      assert_names (path, 4 + 2);
      assert_names (folder, 1);
    }
  else
    {
      assert_same_files (path, clean);
      assert_names (folder, format == RECON_OUTPUT_FORMAT_TIFF_STACK ? 3 : 2);
    }

  test_folder_remove (folder);
  test_folder_remove (clean_folder);
}

static void
assert_open_fails (const Volume      *volume,
                   const char        *path,
                   ReconOutputFormat  format,
                   const guint8      *finished,
                   ReconError         code,
                   const char        *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWriter) writer = recon_writer_new (path, format, &error);

  g_assert_no_error (error);
  recon_writer_set_overwrite (writer, TRUE);
  g_assert_false (recon_writer_open (writer, &volume->volume, finished, &error));
  g_assert_error (error, RECON_ERROR, (int) code);
  assert_text_contains (error, text);
  g_assert_null (recon_writer_get_volume (writer));
}

/* Where no folder can be made, even for root: below a file, and in /proc. */
static void
test_not_writable (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (2, 3, 4, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "sub", paths[format], NULL);
  g_autofree char *proc = g_build_filename ("/proc", "sub", paths[format], NULL);
  g_autofree char *target = path_of (folder, format);

  store (file, "something");
  assert_open_fails (volume, below, format, NULL, RECON_ERROR_WRITE, file);
  assert_open_fails (volume, proc, format, NULL, RECON_ERROR_WRITE, "/proc/sub");
  assert_names (folder, 1);

  /* Something of the wrong kind where the result shall be. */
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    store (target, "something");
  else
    g_assert_cmpint (g_mkdir (target, 0777), ==, 0);
  assert_open_fails (volume, target, format, NULL, RECON_ERROR_WRITE, target);
  assert_names (folder, 2);

  test_folder_remove (folder);
}

static void
test_bad_volume (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (2, 3, 4, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);

  volume->volume.minimum = 1.0;
  assert_open_fails (volume, path, format, NULL, RECON_ERROR_CONFIG, "output.minimum");
  volume->volume.minimum = NAN;
  assert_open_fails (volume, path, format, NULL, RECON_ERROR_CONFIG, "output.minimum");
  volume->volume.minimum = 0.0;
  volume->volume.height = 0;
  assert_open_fails (volume, path, format, NULL, RECON_ERROR_CONFIG, "0 × 4");
  volume->volume.height = volume->volume.width = G_MAXUINT;
  volume->volume.n_slices = 1000;
  assert_open_fails (volume, path, format, NULL, RECON_ERROR_CONFIG, "too large");
  assert_names (folder, 0);

  test_folder_remove (folder);
}

/* Resuming what is not there, or what is something else. */
static void
test_resume_refused (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (4, 30, 20, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  g_autoptr (Volume) higher = volume_new (4, 31, 20, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  g_autoptr (Volume) integer = volume_new (4, 30, 20, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  g_autoptr (Volume) packed = volume_new (4, 30, 20, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_DEFLATE);
  const guint8 finished[4] = { 1, 1, 0, 0 };
  const guint8 too_many[4] = { 1, 1, 1, 1 };
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autoptr (ReconWriter) writer = NULL;

  assert_open_fails (volume, path, format, finished, RECON_ERROR_RESUME, "without --resume");
  assert_names (folder, 0);

  volume_write_killed (volume, path, format, 2, 0);
  assert_open_fails (higher, path, format, finished, RECON_ERROR_RESUME, "without --resume");
  assert_open_fails (integer, path, format, finished, RECON_ERROR_RESUME, "without --resume");
  assert_open_fails (packed, path, format, finished, RECON_ERROR_RESUME, "without --resume");
  /* What HDF5 keeps of a slice that was never written cannot be told from one that was. */
  if (format != RECON_OUTPUT_FORMAT_HDF5)
    assert_open_fails (volume, path, format, too_many, RECON_ERROR_RESUME, "without --resume");

  /* None of this has touched it. */
  writer = writer_open (volume, path, format, finished);
  writer_complete (volume, writer, 2);
  g_clear_object (&writer);

  /* Destroyed. */
  volume_write_killed (volume, path, format, 2, 0);
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    {
      g_autofree char *slice = g_build_filename (partial, "slice_00005.tif", NULL);

      g_assert_cmpint (truncate (slice, 1000), ==, 0);
    }
  else
    g_assert_cmpint (truncate (partial, 300), ==, 0);
  assert_open_fails (volume, path, format, finished, RECON_ERROR_RESUME, "without --resume");
  if (format != RECON_OUTPUT_FORMAT_TIFF)
    {
      store (partial, "no image at all");
      assert_open_fails (volume, path, format, finished, RECON_ERROR_RESUME, "without --resume");
    }

  test_folder_remove (folder);
}

/* A file system of 256 KiB, where that is allowed. */
static gboolean
mount_small (const char *folder)
{
  if (mount ("tmpfs", folder, "tmpfs", 0, "size=256k") == 0)
    return TRUE;

  g_test_skip ("Mounting a small file system is not allowed here.");
  return FALSE;
}

static char *
collect (const char        *path,
         ReconOutputFormat  format)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < (format == RECON_OUTPUT_FORMAT_TIFF ? 8u : 1u); i++)
    {
      g_autofree char *slice = g_strdup_printf ("slice_%05u.tif", 3 + 2 * i);
      g_autofree char *file = format == RECON_OUTPUT_FORMAT_TIFF ? g_build_filename (path, slice, NULL)
                                                                 : g_strdup (path);
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;

      g_file_get_contents (file, &text, &length, &error);
      g_assert_no_error (error);
      g_checksum_update (sum, (const guchar *) text, (gssize) length);
    }

  return g_strdup (g_checksum_get_string (sum));
}

/* The disk fills up; after space is free, the run goes on from what was flushed, and ends with the same bytes. */
static void
disk_full (ReconOutputFormat  format,
           ReconCompression   compression)
{
  g_autoptr (Volume) volume = volume_new (8, 150, 100, RECON_OUTPUT_TYPE_FLOAT32, compression);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *finished = g_new0 (guint8, 8);
  char *folder = test_folder_new ();
  char *clean_folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autofree char *clean = path_of (clean_folder, format);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (ReconWriter) writer = NULL;
  guint n = 0;

  if (mount_small (folder))
    {
      writer = writer_open (volume, path, format, NULL);
      store (recon_writer_get_partial_ledger (writer), "{}\n");
      while (n < 8 && volume_write_slice (volume, writer, n, &error) && recon_writer_flush (writer, &error))
        finished[n++] = TRUE;
      g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
      assert_text_contains (error, recon_writer_get_partial (writer));
      assert_text_contains (error, g_strerror (ENOSPC));
      assert_text_contains (error, "Free space");
      g_assert_cmpuint (n, >, 0);
      g_assert_cmpuint (n, <, 8);
      g_clear_object (&writer);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

      g_assert_cmpint (mount ("tmpfs", folder, "tmpfs", MS_REMOUNT, "size=4m"), ==, 0);
      writer = writer_open (volume, path, format, finished);
      writer_complete (volume, writer, n);
      g_clear_object (&writer);
      volume_write (volume, clean, format);
      first = collect (path, format);
      second = collect (clean, format);
      g_assert_cmpstr (first, ==, second);
      g_assert_cmpint (umount (folder), ==, 0);
    }

  test_folder_remove (folder);
  test_folder_remove (clean_folder);
}

static void
test_disk_full (gconstpointer data)
{
  disk_full (GPOINTER_TO_INT (data), RECON_COMPRESSION_NONE);
}

static void
test_disk_full_packed (gconstpointer data)
{
  disk_full (GPOINTER_TO_INT (data), RECON_COMPRESSION_DEFLATE);
}

/* The same with a limit of the process, which needs no rights. Not for HDF5 without compression, which gives the file
 * its full length at the start. */
static void
test_size_limit (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (8, 150, 100, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_DEFLATE);
  g_autoptr (GError) error = NULL;
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autoptr (ReconWriter) writer = NULL;
  guint8 finished[8] = { 0 };
  guint n = 0;

  limit_file_size (format == RECON_OUTPUT_FORMAT_TIFF ? 20000 : 130000);
  writer = writer_open (volume, path, format, NULL);
  store (recon_writer_get_partial_ledger (writer), "{}\n");
  while (n < 8 && volume_write_slice (volume, writer, n, &error) && recon_writer_flush (writer, &error))
    finished[n++] = TRUE;
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  assert_text_contains (error, recon_writer_get_partial (writer));
  assert_text_contains (error, g_strerror (EFBIG));
  g_assert_cmpuint (n, <, 8);
  g_clear_object (&writer);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  limit_file_size (0);
  writer = writer_open (volume, path, format, finished);
  writer_complete (volume, writer, n);

  test_folder_remove (folder);
}

/* Where others may write, they may put links in the way. What these lead to is neither written nor removed. */
static void
test_links (gconstpointer data)
{
  static const char *const names[] = { ".partial", ".partial.journal", ".partial.reco.conf", ".partial.ledger.jsonl",
                                       ".partial.scratch" };
  static const char *const inner[] = { "slice_00003.tif", "reco.conf", "ledger.jsonl" };
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (4, 6, 5, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_DEFLATE);
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *foreign = g_build_filename (folder, "foreign", NULL);
  g_autofree char *victim = g_build_filename (foreign, "slice_00003.tif", NULL);
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir (foreign, 0777), ==, 0);
  store (victim, "mine");
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    {
      g_assert_cmpint (symlink (foreign, partial), ==, 0);
      assert_open_fails (volume, path, format, NULL, RECON_ERROR_WRITE, "is a link");
      assert_names (foreign, 1);
      g_assert_cmpint (g_unlink (partial), ==, 0);
      g_assert_cmpint (g_mkdir (partial, 0777), ==, 0);
    }
  for (guint i = 0; i < (format == RECON_OUTPUT_FORMAT_TIFF ? G_N_ELEMENTS (inner) : G_N_ELEMENTS (names)); i++)
    {
      g_autofree char *link = format == RECON_OUTPUT_FORMAT_TIFF ? g_build_filename (partial, inner[i], NULL)
                                                                 : g_strconcat (path, names[i], NULL);

      g_assert_cmpint (symlink (victim, link), ==, 0);
    }

  volume_write (volume, path, format);
  text = load (foreign, "slice_00003.tif");
  g_assert_cmpstr (text, ==, "mine");
  assert_names (foreign, 1);

  test_folder_remove (folder);
}

/* To resume, what an earlier run has left must be a file, and not one of several names of one. */
static void
test_links_resumed (gconstpointer data)
{
  const guint8 finished[4] = { 1, 1, 0, 0 };
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (4, 6, 5, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *moved = g_build_filename (folder, "moved", NULL);

  volume_write_killed (volume, path, format, 2, 1);
  g_assert_cmpint (g_rename (partial, moved), ==, 0);
  g_assert_cmpint (symlink (moved, partial), ==, 0);
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    assert_open_fails (volume, path, format, finished, RECON_ERROR_WRITE, "is a link");
  else
    assert_open_fails (volume, path, format, finished, RECON_ERROR_RESUME, "without --resume");
  if (format != RECON_OUTPUT_FORMAT_TIFF)
    {
      g_assert_cmpint (g_unlink (partial), ==, 0);
      g_assert_cmpint (link (moved, partial), ==, 0);
      assert_open_fails (volume, path, format, finished, RECON_ERROR_RESUME, "without --resume");
    }

  test_folder_remove (folder);
}

/* A result that is made after the writer was opened isn't replaced, unless that is allowed. */
static void
test_meanwhile (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (3, 6, 5, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  const guint8 finished[3] = { 1, 1, 1 };
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autofree char *slice = g_build_filename (path, "slice_00005.tif", NULL);
  const char *made = format == RECON_OUTPUT_FORMAT_TIFF ? slice : path;
  g_autoptr (ReconWriter) writer = recon_writer_new (path, format, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (recon_writer_open (writer, &volume->volume, NULL, &error));
  store (recon_writer_get_partial_ledger (writer), "{}\n");
  for (guint i = 0; i < 3; i++)
    g_assert_true (volume_write_slice (volume, writer, i, &error));
  g_assert_true (recon_writer_flush (writer, &error));
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    g_assert_cmpint (g_mkdir (path, 0777), ==, 0);
  store (made, "theirs");
  g_assert_false (recon_writer_finish (writer, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  assert_text_contains (error, "--overwrite");
  g_clear_error (&error);
  g_clear_object (&writer);
  g_assert_true (g_file_get_contents (made, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "theirs");

  /* Nor when it resumes; with leave, it is. */
  writer = recon_writer_new (path, format, NULL);
  g_assert_false (recon_writer_open (writer, &volume->volume, finished, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  g_clear_error (&error);
  g_clear_object (&writer);
  writer = writer_open (volume, path, format, finished);
  g_assert_true (recon_writer_finish (writer, &error));
  g_assert_no_error (error);

  test_folder_remove (folder);
}

/* Seen before the first slice. */
static void
test_dangling (gconstpointer data)
{
  ReconOutputFormat format = GPOINTER_TO_INT (data);
  g_autoptr (Volume) volume = volume_new (3, 6, 5, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = path_of (folder, format);
  g_autoptr (ReconWriter) writer = recon_writer_new (path, format, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("/nowhere/at/all", path), ==, 0);
  g_assert_false (recon_writer_check_free (writer, volume->numbers, 3, &error));
  assert_text_contains (error, "leads nowhere");
  g_clear_error (&error);
  g_assert_false (recon_writer_open (writer, &volume->volume, NULL, &error));
  assert_text_contains (error, "leads nowhere");
  assert_names (folder, 1);
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    assert_open_fails (volume, path, format, NULL, RECON_ERROR_WRITE, "leads nowhere");
  else
    volume_write (volume, path, format);

  test_folder_remove (folder);
}

static void
add_for_formats (const char    *name,
                 GTestDataFunc  func)
{
  static const char *const formats[] = { "tiff", "tiff-stack", "hdf5" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = g_strdup_printf ("/writer/%s/%s", formats[i], name);

      g_test_add_data_func (path, GINT_TO_POINTER (i), func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/writer/guess-format", test_guess_format);
  g_test_add_func ("/writer/bad-paths", test_bad_paths);
  g_test_add_func ("/writer/slice-names", test_slice_names);
  add_for_formats ("life", test_life);
  add_for_formats ("dropped", test_dropped);
  add_for_formats ("not-writable", test_not_writable);
  add_for_formats ("bad-volume", test_bad_volume);
  add_for_formats ("resume-refused", test_resume_refused);
  add_for_formats ("disk-full", test_disk_full);
  add_for_formats ("disk-full-packed", test_disk_full_packed);
  add_for_formats ("size-limit", test_size_limit);
  add_for_formats ("links", test_links);
  add_for_formats ("links-resumed", test_links_resumed);
  add_for_formats ("meanwhile", test_meanwhile);
  add_for_formats ("dangling", test_dangling);

  return g_test_run ();
}
