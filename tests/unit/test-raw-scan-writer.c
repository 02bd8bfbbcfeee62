/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "base/error.h"
#include "io/angles.h"
#include "io/contents.h"
#include "support.h"

#define WIDTH  40
#define ROWS   6
#define ANGLES 23

static ReconRawScan *
make_scan_of_size (guint  width,
                   guint  rows,
                   double photons)
{
  g_autofree double *angles = recon_raw_scan_angles (ANGLES, -1.3 * G_PI, TRUE, 3);
  g_autoptr (GError) error = NULL;
  ReconRawScanSettings settings;
  ReconRawScan *scan;

  recon_raw_scan_settings_init (&settings, recon_phantom_find ("asymmetric"), width, rows);
  settings.angles = angles;
  settings.n_angles = ANGLES;
  settings.photons = photons;
  settings.dark = 30.0;
  settings.dark_noise = 2.0;
  settings.uneven = 0.3;
  settings.drift = 0.1;
  settings.n_darks = 3;
  settings.n_flats = 4;
  settings.n_flats_after = 2;
  scan = recon_raw_scan_new (&settings, &error);
  g_assert_no_error (error);

  return scan;
}

static ReconRawScan *
make_scan (double photons)
{
  return make_scan_of_size (WIDTH, ROWS, photons);
}

static void
write_scan (const ReconRawScan  *scan,
            const char          *folder,
            ReconScanFormat      format,
            ReconScanWriteFlags  flags)
{
  g_autoptr (GError) error = NULL;
  gboolean written = recon_raw_scan_write (scan, folder, format, flags, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (written);
}

/* Frames of a file are those that the scan makes. */
static void
check_frames (const ReconRawScan *scan,
              ReconRawKind        kind,
              ReconFrames        *frames)
{
  g_autofree float *pixels = g_new (float, ROWS * WIDTH);
  g_autofree gpointer raw = g_malloc (recon_raw_scan_frame_bytes (scan));
  ReconReader *reader;

  g_assert_nonnull (frames);
  reader = recon_frames_get_reader (frames);
  g_assert_cmpuint (recon_frames_get_n (frames), ==, recon_raw_scan_get_n_frames (scan, kind));
  g_assert_cmpuint (recon_reader_get_width (reader), ==, WIDTH);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, ROWS);
  g_assert_cmpint (recon_reader_get_sample_type (reader), ==,
                   recon_raw_scan_is_float (scan) ? RECON_SAMPLE_FLOAT32 : RECON_SAMPLE_UINT16);

  for (guint i = 0; i < recon_frames_get_n (frames); i++)
    {
      g_autoptr (GError) error = NULL;

      recon_reader_read (reader, recon_frames_get_index (frames)[i], 1, 0, ROWS, pixels, NULL, &error);
      g_assert_no_error (error);
      recon_raw_scan_frame (scan, kind, i, raw);

      for (guint p = 0; p < ROWS * WIDTH; p++)
        {
          float expected = recon_raw_scan_is_float (scan) ? ((float *) raw)[p] : ((guint16 *) raw)[p];

          g_assert_cmpfloat (pixels[p], ==, expected);
        }
    }
}

static ReconContents *
open_contents (const char *folder,
               const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  ReconContents *contents = recon_contents_open (path, &error);

  g_assert_no_error (error);

  return contents;
}

static void
check_folder (const ReconRawScan *scan,
              ReconRawKind        kind,
              const char         *folder,
              const char         *name)
{
  g_autoptr (ReconContents) contents = open_contents (folder, name);

  check_frames (scan, kind, contents->projections);
}

static void
check_truth (const ReconRawScan *scan,
             const char         *folder)
{
  g_autoptr (ReconContents) contents = open_contents (folder, "truth");
  g_autofree char *first = g_build_filename (folder, "truth", "slice_00000.tif", NULL);
  g_autofree float *read = g_new (float, WIDTH * WIDTH);
  g_autofree float *made = g_new (float, WIDTH * WIDTH);
  g_autofree char *words = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  const char *description = NULL;
  TIFF *tiff;

  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, ROWS);

  for (guint row = 0; row < ROWS; row++)
    {
      g_autoptr (GError) error = NULL;

      recon_reader_read (recon_frames_get_reader (contents->projections), row, 1, 0, WIDTH, read, NULL, &error);
      g_assert_no_error (error);
      recon_raw_scan_truth (scan, row, made);
      g_assert_cmpmem (read, WIDTH * WIDTH * sizeof (float), made, WIDTH * WIDTH * sizeof (float));
    }

  words = g_strdup_printf ("its values times %s, its unit of length is 20 pixels. Detector row 0 of 6.",
                           g_ascii_dtostr (number, sizeof number, recon_raw_scan_get_scale (scan)));
  tiff = TIFFOpen (first, "r");
  g_assert_nonnull (tiff);
  g_assert_true (TIFFGetField (tiff, TIFFTAG_IMAGEDESCRIPTION, &description));
  g_assert_nonnull (strstr (description, words));
  TIFFClose (tiff);
}

static void
check_angles (const ReconRawScan *scan,
              const double       *angles,
              gsize               n_angles,
              double              tolerance)
{
  g_assert_cmpuint (n_angles, ==, ANGLES);

  for (guint i = 0; i < ANGLES; i++)
    g_assert_cmpfloat_with_epsilon (angles[i], recon_raw_scan_get_settings (scan)->angles[i], tolerance);
}

static void
test_tiff (gconstpointer data)
{
  g_autoptr (ReconRawScan) scan = make_scan (GPOINTER_TO_INT (data));
  char *folder = test_folder_new ();
  g_autofree char *target = g_build_filename (folder, "a", "scan", NULL);
  g_autofree char *path = g_build_filename (target, "angles.txt", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree double *angles = NULL;
  ReconAngleUnit unit;
  gsize n_angles;

  write_scan (scan, target, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_TRUTH);

  check_folder (scan, RECON_RAW_PROJECTION, target, "projections");
  check_folder (scan, RECON_RAW_DARK, target, "darks");
  check_folder (scan, RECON_RAW_FLAT, target, "flats");
  check_folder (scan, RECON_RAW_FLAT_AFTER, target, "flats_after");
  check_truth (scan, target);

  angles = recon_angles_read (path, -1, NULL, NULL, &unit, NULL, &n_angles, &error);
  g_assert_no_error (error);
  g_assert_cmpint (unit, ==, RECON_ANGLE_UNIT_RADIAN);
  check_angles (scan, angles, n_angles, G_MINDOUBLE); /* exactly */

  test_folder_remove (folder);
}

static void
test_dxchange (gconstpointer data)
{
  g_autoptr (ReconRawScan) scan = make_scan (GPOINTER_TO_INT (data));
  char *folder = test_folder_new ();

  write_scan (scan, folder, RECON_SCAN_FORMAT_DXCHANGE, RECON_SCAN_WRITE_NONE);

  {
    g_autoptr (ReconContents) contents = open_contents (folder, "scan.h5");

    g_assert_cmpstr (contents->layout, ==, "DXchange");
    check_frames (scan, RECON_RAW_PROJECTION, contents->projections);
    check_frames (scan, RECON_RAW_DARK, contents->darks);
    check_frames (scan, RECON_RAW_FLAT, contents->flats);
    check_angles (scan, contents->angles, contents->n_angles, 1e-14);
  }

  check_folder (scan, RECON_RAW_FLAT_AFTER, folder, "scan.h5:/exchange/data_white_post");

  test_folder_remove (folder);
}

static void
test_nxtomo (gconstpointer data)
{
  g_autoptr (ReconRawScan) scan = make_scan (GPOINTER_TO_INT (data));
  char *folder = test_folder_new ();

  write_scan (scan, folder, RECON_SCAN_FORMAT_NXTOMO, RECON_SCAN_WRITE_NONE);

  {
    g_autoptr (ReconContents) contents = open_contents (folder, "scan.h5");

    g_assert_cmpstr (contents->layout, ==, "NXtomo");
    check_frames (scan, RECON_RAW_PROJECTION, contents->projections);
    check_frames (scan, RECON_RAW_DARK, contents->darks);
    check_frames (scan, RECON_RAW_FLAT, contents->flats);
    check_frames (scan, RECON_RAW_FLAT_AFTER, contents->flats_after);
    check_angles (scan, contents->angles, contents->n_angles, 1e-14);
  }

  test_folder_remove (folder);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
put_file (const char *folder,
          const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
}

static void
assert_refused (const ReconRawScan  *scan,
                const char          *folder,
                ReconScanWriteFlags  flags,
                const char          *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_raw_scan_write (scan, folder, RECON_SCAN_FORMAT_TIFF, flags, NULL, NULL, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_overwrite (void)
{
  g_autoptr (ReconRawScan) scan = make_scan (100.0);
  char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "notes.txt", NULL);
  g_autofree char *projections = g_build_filename (folder, "projections", NULL);
  g_autofree char *staging = g_build_filename (folder, ".phantom.partial", NULL);
  g_autofree char *left = g_build_filename (staging, "darks", NULL);

  /* What a killed attempt has left does not count. */
  g_assert_cmpint (g_mkdir_with_parents (left, 0777), ==, 0);
  put_file (left, "dark_00000.tif");
  write_scan (scan, folder, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_NONE);
  g_assert_false (g_file_test (staging, G_FILE_TEST_EXISTS));

  assert_refused (scan, folder, RECON_SCAN_WRITE_NONE, "is not empty");

  /* Frames of the old scan do not stay, other files do. */
  put_file (folder, "notes.txt");
  put_file (projections, "proj_99999.tif");
  write_scan (scan, folder, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_OVERWRITE);
  g_assert_cmpuint (count_entries (projections), ==, ANGLES);
  write_scan (scan, folder, RECON_SCAN_FORMAT_NXTOMO, RECON_SCAN_WRITE_OVERWRITE);
  g_assert_false (g_file_test (projections, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_entries (folder), ==, 2);

  /* Somebody else's frames are not touched. */
  g_assert_cmpint (g_mkdir (projections, 0777), ==, 0);
  put_file (projections, "frame_0001.tif");
  assert_refused (scan, folder, RECON_SCAN_WRITE_OVERWRITE, "frame_0001.tif does not belong to a synthetic scan");
  g_assert_cmpuint (count_entries (projections), ==, 1);
  g_assert_cmpuint (count_entries (folder), ==, 3);

  assert_refused (scan, file, RECON_SCAN_WRITE_OVERWRITE, "notes.txt is not a folder");

  test_folder_remove (folder);
}

static void
cancel_cb (guint    done,
           guint    total,
           gpointer user_data)
{
  g_assert_cmpuint (done, <=, total);
  g_assert_cmpuint (total, ==, 3 + 4 + ANGLES + 2 + ROWS);

  if (done == 9)
    g_cancellable_cancel (user_data);

  g_assert_cmpuint (done, <, 10);
}

static void
test_cancel (gconstpointer data)
{
  ReconScanFormat format = GPOINTER_TO_INT (data);
  g_autoptr (ReconRawScan) scan = make_scan (100.0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  char *folder = test_folder_new ();
  g_autofree char *target = g_build_filename (folder, "scan", NULL);

  g_assert_false (recon_raw_scan_write (scan, target, format, RECON_SCAN_WRITE_TRUTH, cancel_cb, cancellable,
                                        cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_entries (folder), ==, 0);

  test_folder_remove (folder);
}

static void
progress_cb (guint    done,
             guint    total,
             gpointer user_data)
{
  guint *last = user_data;

  g_assert_cmpuint (done, ==, *last + 1);
  g_assert_cmpuint (total, ==, 3 + 4 + ANGLES + 2 + ROWS);
  *last = done;
}

/* Two scans of the same settings are the same bytes, whatever the threads do. */
static void
test_reproducible (void)
{
  g_autoptr (ReconRawScan) scan = make_scan (100.0);
  char *folder = test_folder_new ();
  const char *const files[] = { "projections/proj_00007.tif", "flats_after/flat_00001.tif", "truth/slice_00004.tif",
                                "angles.txt" };
  g_autofree char *one = g_build_filename (folder, "one", NULL);
  g_autofree char *two = g_build_filename (folder, "two", NULL);
  g_autoptr (GError) error = NULL;
  guint last = 0;

  write_scan (scan, one, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_TRUTH);
  recon_raw_scan_write (scan, two, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_TRUTH, progress_cb, &last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last, ==, 3 + 4 + ANGLES + 2 + ROWS);

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *a = g_build_filename (one, files[i], NULL);
      g_autofree char *b = g_build_filename (two, files[i], NULL);
      g_autofree char *a_data = NULL;
      g_autofree char *b_data = NULL;
      gsize a_length, b_length;

      g_assert_true (g_file_get_contents (a, &a_data, &a_length, NULL));
      g_assert_true (g_file_get_contents (b, &b_data, &b_length, NULL));
      g_assert_cmpmem (a_data, a_length, b_data, b_length);
    }

  test_folder_remove (folder);
}

/* The descriptor by which this process has a file open, or -1. */
static int
find_descriptor (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, path) == 0)
        return (int) g_ascii_strtoll (name, NULL, 10);
    }

  return -1;
}

/* The disk gets full while HDF5 has the file open, and has no room kept. The process goes on, and ends well. */
static void
test_full_disk_hdf5 (gconstpointer data)
{
  g_autoptr (ReconRawScan) scan = make_scan_of_size (300, 200, 100.0);
  g_autofree guint16 *pixels = g_new0 (guint16, 300 * 200);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "scan.h5", NULL);
  ReconScanHdf5 *file;
  g_autoptr (GError) error = NULL;
  int fd, full;

  file = recon_scan_hdf5_new (scan, GPOINTER_TO_INT (data), path, &error);
  g_assert_no_error (error);
  fd = find_descriptor (path);
  full = g_open ("/dev/full", O_RDWR | O_CLOEXEC, 0);

  if (fd >= 0 && full >= 0)
    {
      g_assert_cmpint (dup2 (full, fd), ==, fd);
      g_assert_false (recon_scan_hdf5_write (file, RECON_RAW_DARK, 0, pixels, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
      g_assert_nonnull (strstr (error->message, path));
      g_assert_nonnull (strstr (error->message, g_strerror (ENOSPC)));
    }
  else
    g_test_skip ("There is no /dev/full or no /proc/self/fd here.");

  recon_scan_hdf5_free (file);

  if (full >= 0)
    g_close (full, NULL);

  test_folder_remove (folder);
}

/* Nothing is left of a folder in which there is no permission, or no way, to write. */
static void
test_unwritable (void)
{
  g_autoptr (ReconRawScan) scan = make_scan (100.0);
  g_autoptr (GError) error = NULL;
  char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "scan", NULL);

  put_file (folder, "file");
  g_assert_false (recon_raw_scan_write (scan, below, RECON_SCAN_FORMAT_TIFF, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, below));

  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/raw-scan-writer/tiff/uint16", GINT_TO_POINTER (1000), test_tiff);
  g_test_add_data_func ("/raw-scan-writer/tiff/float32", GINT_TO_POINTER (0), test_tiff);
  g_test_add_data_func ("/raw-scan-writer/dxchange/uint16", GINT_TO_POINTER (1000), test_dxchange);
  g_test_add_data_func ("/raw-scan-writer/dxchange/float32", GINT_TO_POINTER (0), test_dxchange);
  g_test_add_data_func ("/raw-scan-writer/nxtomo/uint16", GINT_TO_POINTER (1000), test_nxtomo);
  g_test_add_data_func ("/raw-scan-writer/nxtomo/float32", GINT_TO_POINTER (0), test_nxtomo);
  g_test_add_func ("/raw-scan-writer/overwrite", test_overwrite);
  g_test_add_data_func ("/raw-scan-writer/cancel/tiff", GINT_TO_POINTER (RECON_SCAN_FORMAT_TIFF), test_cancel);
  g_test_add_data_func ("/raw-scan-writer/cancel/nxtomo", GINT_TO_POINTER (RECON_SCAN_FORMAT_NXTOMO), test_cancel);
  g_test_add_func ("/raw-scan-writer/reproducible", test_reproducible);
  g_test_add_data_func ("/raw-scan-writer/full-disk/dxchange", GINT_TO_POINTER (FALSE), test_full_disk_hdf5);
  g_test_add_data_func ("/raw-scan-writer/full-disk/nxtomo", GINT_TO_POINTER (TRUE), test_full_disk_hdf5);
  g_test_add_func ("/raw-scan-writer/unwritable", test_unwritable);

  return g_test_run ();
}
