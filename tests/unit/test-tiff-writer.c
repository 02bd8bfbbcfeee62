/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <tiffio.h>

#include "io/tiff-output.h"
#include "volume.h"

/* The decoded samples of the page at which a file is. */
static GBytes *
read_page (TIFF *tiff)
{
  gsize size = (gsize) TIFFNumberOfStrips (tiff) * (gsize) TIFFStripSize (tiff);
  g_autofree guint8 *samples = g_malloc (size);
  gsize done = 0;

  for (guint32 strip = 0; strip < TIFFNumberOfStrips (tiff); strip++)
    {
      tmsize_t n = TIFFReadEncodedStrip (tiff, strip, samples + done, (tmsize_t) (size - done));

      g_assert_cmpint (n, >, 0);
      done += (gsize) n;
    }

  return g_bytes_new (samples, done);
}

static void
assert_page (TIFF         *tiff,
             const Volume *volume,
             guint         slice)
{
  g_autoptr (GBytes) samples = read_page (tiff);
  g_autoptr (GBytes) expected = volume_make_samples (volume, slice);
  gboolean floats = volume->volume.type == RECON_OUTPUT_TYPE_FLOAT32;
  guint16 value = 0;
  guint32 rows = 0;
  float resolution = 0.0f;
  const char *text = NULL;

  g_assert_true (g_bytes_equal (samples, expected));

  g_assert_true (TIFFGetField (tiff, TIFFTAG_SAMPLEFORMAT, &value));
  g_assert_cmpint (value, ==, floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  g_assert_true (TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &value));
  g_assert_cmpint (value, ==, PHOTOMETRIC_MINISBLACK);
  if (volume->volume.compression != RECON_COMPRESSION_NONE)
    {
      g_assert_true (TIFFGetField (tiff, TIFFTAG_PREDICTOR, &value));
      g_assert_cmpint (value, ==, floats ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
    }
  g_assert_true (TIFFGetField (tiff, TIFFTAG_ROWSPERSTRIP, &rows));
  g_assert_cmpuint (rows * TIFFScanlineSize (tiff), <=, 1024 * 1024);
  g_assert_true (TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &resolution));
  g_assert_cmpfloat (resolution, ==, 4000.0f);
  g_assert_true (TIFFGetField (tiff, TIFFTAG_SOFTWARE, &text));
  g_assert_cmpstr (text, ==, "reconstruct " RECON_VERSION);
  g_assert_false (TIFFGetField (tiff, TIFFTAG_DATETIME, &text));
  g_assert_true (TIFFGetField (tiff, TIFFTAG_IMAGEDESCRIPTION, &text));
  if (slice == 0 && !floats)
    g_assert_cmpstr (text, ==, "{\"detector-row\": 3.5, \"minimum\": -0.1, \"maximum\": 0.8}");
  else if (slice == 1 && floats)
    g_assert_cmpstr (text, ==, "{\"detector-row\": 5.5}");
}

static char *
slice_name (const char *path,
            guint       slice)
{
  g_autofree char *name = g_strdup_printf ("slice_%05u.tif", 3 + 2 * slice);

  return g_build_filename (path, name, NULL);
}

static void
test_series_round_trip (void)
{
  for (ReconOutputType type = RECON_OUTPUT_TYPE_FLOAT32; type <= RECON_OUTPUT_TYPE_UINT8; type++)
    for (ReconCompression compression = RECON_COMPRESSION_NONE; compression <= RECON_COMPRESSION_LZW; compression++)
      {
        g_autoptr (Volume) volume = volume_new (3, 701, 513, type, compression);
        char *folder = test_folder_new ();
        g_autofree char *path = g_build_filename (folder, "slices", NULL);
        g_autofree char *again = g_build_filename (folder, "again", NULL);
        g_autofree char *configuration = NULL;

        volume_write (volume, path, RECON_OUTPUT_FORMAT_TIFF);
        volume_write (volume, again, RECON_OUTPUT_FORMAT_TIFF);
        assert_names (path, 3 + 2);
        configuration = load (path, "reco.conf");
        g_assert_cmpstr (configuration, ==, CONFIGURATION);

        for (guint i = 0; i < 3; i++)
          {
            g_autofree char *file = slice_name (path, i);
            g_autofree char *twin = slice_name (again, i);
            TIFF *tiff = TIFFOpen (file, "r");

            g_assert_nonnull (tiff);
            g_assert_false (TIFFIsBigTIFF (tiff));
            assert_page (tiff, volume, i);
            g_assert_cmpuint (TIFFNumberOfDirectories (tiff), ==, 1);
            TIFFClose (tiff);
            assert_same_files (file, twin);
          }

        test_folder_remove (folder);
      }
}

static void
test_series_order (void)
{
  static const guint order[] = { 3, 0, 4, 1, 1, 2 };
  g_autoptr (Volume) volume = volume_new (5, 20, 30, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_LZW);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slices/", NULL);
  g_autofree char *again = g_build_filename (folder, "again", NULL);
  g_autoptr (ReconWriter) writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_TIFF, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_true (volume_write_slice (volume, writer, order[i], NULL));
  g_assert_true (recon_writer_finish (writer, &error));
  volume_write (volume, again, RECON_OUTPUT_FORMAT_TIFF);

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *file = slice_name (path, i);
      g_autofree char *twin = slice_name (again, i);

      assert_same_files (file, twin);
    }

  test_folder_remove (folder);
}

static void
test_big (void)
{
  g_autoptr (Volume) volume = volume_new (1, 30000, 30000, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_DEFLATE);

  g_assert_false (recon_tiff_page_needs_big (&volume->volume));
  volume->volume.compression = RECON_COMPRESSION_LZW;
  g_assert_true (recon_tiff_page_needs_big (&volume->volume));
  volume->volume.compression = RECON_COMPRESSION_NONE;
  volume->volume.height = 40000;
  g_assert_true (recon_tiff_page_needs_big (&volume->volume));
}

/* Names of the user's choice may share a folder with anything, also with a reco.conf that is being worked on. */
static void
test_series_pattern (void)
{
  g_autoptr (Volume) volume = volume_new (3, 4, 5, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *first = g_build_filename (folder, "out", "first-%03i.tif", NULL);
  g_autofree char *second = g_build_filename (folder, "out", "second_%d", NULL);
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  g_autofree char *own = g_build_filename (out, "reco.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (ReconWriter) writer = NULL;

  g_mkdir (out, 0777);
  store (own, "mine");
  volume_write (volume, first, RECON_OUTPUT_FORMAT_TIFF);
  writer = recon_writer_new (second, RECON_OUTPUT_FORMAT_TIFF, NULL);
  g_assert_false (recon_writer_result_exists (writer, volume->numbers, 3, NULL));
  volume_write (volume, second, RECON_OUTPUT_FORMAT_TIFF);

  g_assert_true (exists (out, "first-003.tif"));
  g_assert_true (exists (out, "first-007.tif"));
  g_assert_true (exists (out, "first.reco.conf"));
  g_assert_true (exists (out, "first.ledger.jsonl"));
  g_assert_true (exists (out, "second_3.tif"));
  g_assert_true (exists (out, "second.reco.conf"));
  assert_names (out, 1 + 5 + 5);
  text = load (out, "reco.conf");
  g_assert_cmpstr (text, ==, "mine");
  assert_names (folder, 1);

  test_folder_remove (folder);
}

/* A smaller volume takes the place of a larger one, of which nothing remains; what is not ours stays. */
static void
test_series_overwrite (void)
{
  g_autoptr (Volume) larger = volume_new (9, 4, 5, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);
  g_autoptr (Volume) volume = volume_new (2, 6, 5, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slices", NULL);
  g_autofree char *notes = g_build_filename (path, "notes.txt", NULL);
  g_autofree char *alike = g_build_filename (path, "slice_1.tif", NULL);
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;
  g_autoptr (ReconWriter) writer = recon_writer_new (path, RECON_OUTPUT_FORMAT_TIFF, NULL);
  TIFF *tiff;

  g_mkdir (path, 0777);
  store (notes, "keep");
  store (alike, "keep too");
  g_assert_false (recon_writer_result_exists (writer, volume->numbers, 2, NULL));
  volume_write (larger, path, RECON_OUTPUT_FORMAT_TIFF);
  assert_names (path, 9 + 2 + 2);

  g_assert_true (recon_writer_result_exists (writer, volume->numbers, 2, &what));
  g_assert_true (g_str_has_suffix (what, "slices holds 9 slices"));
  volume_write (volume, path, RECON_OUTPUT_FORMAT_TIFF);
  assert_names (path, 2 + 2 + 2);
  assert_names (folder, 1);
  text = load (path, "notes.txt");
  g_assert_cmpstr (text, ==, "keep");

  g_free (text);
  text = slice_name (path, 1);
  tiff = TIFFOpen (text, "r");
  g_assert_nonnull (tiff);
  assert_page (tiff, volume, 1);
  TIFFClose (tiff);

  test_folder_remove (folder);
}

static void
test_series_foreign_configuration (void)
{
  g_autoptr (Volume) volume = volume_new (2, 6, 5, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *configuration = g_build_filename (folder, "reco.conf", NULL);
  g_autoptr (ReconWriter) writer = recon_writer_new (folder, RECON_OUTPUT_FORMAT_TIFF, NULL);
  g_autoptr (GError) error = NULL;

  store (configuration, "mine");
  g_assert_false (recon_writer_open (writer, &volume->volume, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  assert_text_contains (error, configuration);
  assert_names (folder, 1);
  g_assert_false (g_file_test (recon_writer_get_partial (writer), G_FILE_TEST_EXISTS));

  test_folder_remove (folder);
}

/* A file of others in the temporary folder is neither removed nor published. */
static void
test_series_foreign_partial (void)
{
  g_autoptr (Volume) volume = volume_new (2, 6, 5, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slices", NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *notes = g_build_filename (partial, "notes.txt", NULL);

  g_mkdir (partial, 0777);
  store (notes, "keep");
  {
    g_autoptr (ReconWriter) writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_TIFF, NULL);

    writer_complete (volume, writer, 0);
  }
  g_assert_true (exists (partial, "notes.txt"));
  assert_names (partial, 1);
  assert_names (path, 4);

  test_folder_remove (folder);
}

/* A link to a folder stays one, and what it leads to gets the slices. */
static void
test_series_link (void)
{
  g_autoptr (Volume) volume = volume_new (2, 6, 5, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  char *folder = test_folder_new ();
  g_autofree char *target = g_build_filename (folder, "target", NULL);
  g_autofree char *path = g_build_filename (folder, "slices", NULL);

  g_mkdir (target, 0777);
  g_assert_cmpint (symlink (target, path), ==, 0);
  volume_write (volume, path, RECON_OUTPUT_FORMAT_TIFF);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
  assert_names (target, 4);
  assert_names (folder, 2);

  test_folder_remove (folder);
}

/* Killed while the files moved into a folder: the next run takes them back and does it again. */
static void
test_series_finish_again (void)
{
  g_autoptr (Volume) volume = volume_new (4, 6, 5, RECON_OUTPUT_TYPE_UINT16, RECON_COMPRESSION_NONE);
  const guint8 finished[4] = { 1, 1, 1, 1 };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slices", NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *notes = g_build_filename (path, "notes.txt", NULL);
  g_autoptr (ReconWriter) writer = NULL;
  g_autoptr (GError) error = NULL;

  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_TIFF, 4, 0);
  g_mkdir (path, 0777);
  store (notes, "keep");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *from = slice_name (partial, i);
      g_autofree char *to = slice_name (path, i);

      g_assert_cmpint (g_rename (from, to), ==, 0);
    }

  writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_TIFF, finished);
  g_assert_true (recon_writer_finish (writer, &error));
  g_assert_no_error (error);
  assert_names (path, 4 + 2 + 1);
  assert_names (folder, 1);

  test_folder_remove (folder);
}

static void
test_series_resume (void)
{
  g_autoptr (Volume) volume = volume_new (7, 50, 40, RECON_OUTPUT_TYPE_FLOAT32, RECON_COMPRESSION_DEFLATE);
  /* Finished out of order, and a half-written slice. */
  const guint8 finished[7] = { 1, 1, 0, 1, 0, 0, 0 };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "slices", NULL);
  g_autofree char *clean = g_build_filename (folder, "clean", NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *half = slice_name (partial, 2);
  g_autoptr (ReconWriter) writer = NULL;

  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_TIFF, 4, 1);
  g_assert_cmpint (truncate (half, 500), ==, 0);
  writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_TIFF, finished);
  g_assert_true (volume_write_slice (volume, writer, 2, NULL));
  writer_complete (volume, writer, 4);
  volume_write (volume, clean, RECON_OUTPUT_FORMAT_TIFF);

  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *file = slice_name (path, i);
      g_autofree char *twin = slice_name (clean, i);

      assert_same_files (file, twin);
    }

  test_folder_remove (folder);
}

static void
test_stack_round_trip (void)
{
  for (ReconOutputType type = RECON_OUTPUT_TYPE_FLOAT32; type <= RECON_OUTPUT_TYPE_UINT8; type++)
    for (ReconCompression compression = RECON_COMPRESSION_NONE; compression <= RECON_COMPRESSION_LZW; compression++)
      {
        g_autoptr (Volume) volume = volume_new (4, 701, 513, type, compression);
        char *folder = test_folder_new ();
        g_autofree char *path = g_build_filename (folder, "vol.tif", NULL);
        g_autofree char *again = g_build_filename (folder, "again.tif", NULL);
        g_autofree char *configuration = NULL;
        TIFF *tiff;

        volume_write (volume, path, RECON_OUTPUT_FORMAT_TIFF_STACK);
        volume_write (volume, again, RECON_OUTPUT_FORMAT_TIFF_STACK);
        assert_same_files (path, again);
        assert_names (folder, 6);
        configuration = load (folder, "vol.tif.reco.conf");
        g_assert_cmpstr (configuration, ==, CONFIGURATION);

        tiff = TIFFOpen (path, "r");
        g_assert_nonnull (tiff);
        g_assert_true (TIFFIsBigTIFF (tiff));
        for (guint i = 0; i < 4; i++)
          {
            assert_page (tiff, volume, i);
            g_assert_cmpint (TIFFReadDirectory (tiff), ==, i < 3);
          }
        TIFFClose (tiff);

        test_folder_remove (folder);
      }
}

/* Killed after some pages more than count as finished, and in the middle of another. */
static void
stack_resume (ReconCompression compression,
              guint            n_finished,
              guint            n_more)
{
  g_autoptr (Volume) volume = volume_new (9, 301, 200, RECON_OUTPUT_TYPE_FLOAT32, compression);
  guint8 finished[9] = { 0 };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.tif", NULL);
  g_autofree char *clean = g_build_filename (folder, "clean.tif", NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_autofree char *rubbish = g_strnfill (12345, 'x');
  g_autoptr (ReconWriter) writer = NULL;
  FILE *file;

  memset (finished, 1, n_finished);
  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_TIFF_STACK, n_finished, n_more);
  file = g_fopen (partial, "a");
  g_assert_cmpuint (fwrite (rubbish, 1, 12345, file), ==, 12345);
  g_assert_cmpint (fclose (file), ==, 0);

  writer = writer_open (volume, path, RECON_OUTPUT_FORMAT_TIFF_STACK, finished);
  writer_complete (volume, writer, n_finished);
  volume_write (volume, clean, RECON_OUTPUT_FORMAT_TIFF_STACK);
  assert_same_files (path, clean);
  assert_names (folder, 6);

  test_folder_remove (folder);
}

static void
test_stack_resume (void)
{
  stack_resume (RECON_COMPRESSION_NONE, 5, 0);
  stack_resume (RECON_COMPRESSION_NONE, 5, 3);
  stack_resume (RECON_COMPRESSION_DEFLATE, 1, 1);
  stack_resume (RECON_COMPRESSION_DEFLATE, 8, 1);
  stack_resume (RECON_COMPRESSION_LZW, 0, 2);
}

static void
test_stack_gaps (void)
{
  g_autoptr (Volume) volume = volume_new (4, 3, 4, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);
  const guint8 finished[4] = { 1, 0, 1, 0 };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.tif", NULL);
  g_autoptr (ReconWriter) writer = recon_writer_new (path, RECON_OUTPUT_FORMAT_TIFF_STACK, NULL);
  g_autoptr (GError) error = NULL;

  volume_write_killed (volume, path, RECON_OUTPUT_FORMAT_TIFF_STACK, 3, 0);
  g_assert_false (recon_writer_open (writer, &volume->volume, finished, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_RESUME);
  assert_text_contains (error, "gaps");

  test_folder_remove (folder);
}

/* Time must not grow with the square of the number of pages: writing, killing, resuming, finishing. */
static void
test_stack_many (void)
{
  const guint n = 12000, half = 6000;
  g_autofree guint *numbers = g_new0 (guint, n);
  g_autofree double *rows = g_new0 (double, n);
  g_autofree guint8 *finished = g_new0 (guint8, n);
  ReconVolume volume = {
    .n_slices = n, .height = 2, .width = 2, .numbers = numbers, .detector_row = rows, .pixel_size = 1,
    .type = RECON_OUTPUT_TYPE_FLOAT32,
  };
  const float pixels[4] = { 0 };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "vol.tif", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWriter) first = recon_writer_new (path, RECON_OUTPUT_FORMAT_TIFF_STACK, NULL);
  g_autoptr (ReconWriter) second = recon_writer_new (path, RECON_OUTPUT_FORMAT_TIFF_STACK, NULL);
  gint64 start = g_get_monotonic_time ();
  TIFF *tiff;

  g_assert_true (recon_writer_open (first, &volume, NULL, &error));
  store (recon_writer_get_partial_ledger (first), "{}\n");
  for (guint i = 0; i < half; i++)
    g_assert_true (recon_writer_write (first, i, pixels, &error));
  g_clear_object (&first);

  memset (finished, 1, half);
  g_assert_true (recon_writer_open (second, &volume, finished, &error));
  for (guint i = half; i < n; i++)
    g_assert_true (recon_writer_write (second, i, pixels, &error));
  g_assert_true (recon_writer_finish (second, &error));
  g_assert_no_error (error);

  tiff = TIFFOpen (path, "r");
  g_assert_cmpuint (TIFFNumberOfDirectories (tiff), ==, n);
  TIFFClose (tiff);
  /* It takes a few tenths of a second; walking along all pages each time would take a minute. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);

  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tiff-writer/series/round-trip", test_series_round_trip);
  g_test_add_func ("/tiff-writer/series/order", test_series_order);
  g_test_add_func ("/tiff-writer/series/pattern", test_series_pattern);
  g_test_add_func ("/tiff-writer/series/overwrite", test_series_overwrite);
  g_test_add_func ("/tiff-writer/series/foreign-configuration", test_series_foreign_configuration);
  g_test_add_func ("/tiff-writer/series/foreign-partial", test_series_foreign_partial);
  g_test_add_func ("/tiff-writer/series/link", test_series_link);
  g_test_add_func ("/tiff-writer/series/finish-again", test_series_finish_again);
  g_test_add_func ("/tiff-writer/series/resume", test_series_resume);
  g_test_add_func ("/tiff-writer/big", test_big);
  g_test_add_func ("/tiff-writer/stack/round-trip", test_stack_round_trip);
  g_test_add_func ("/tiff-writer/stack/resume", test_stack_resume);
  g_test_add_func ("/tiff-writer/stack/gaps", test_stack_gaps);
  g_test_add_func ("/tiff-writer/stack/many", test_stack_many);

  return g_test_run ();
}
