/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/plain-rows.h"
#include "tiff-files.h"

static void
test_types (Fixture       *self,
            gconstpointer  data)
{
  const int compressions[] = { COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
                               COMPRESSION_PACKBITS };
  const guint rows_per_strip[] = { 1, 8, 37 };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);

  for (ReconSampleType type = RECON_SAMPLE_UINT8; type <= RECON_SAMPLE_FLOAT64; type++)
    for (guint c = 0; c < G_N_ELEMENTS (compressions); c++)
      for (guint big_endian = 0; big_endian < 2; big_endian++)
        {
          TestTiff how = { .width = 45, .height = 37, .type = type, .compression = compressions[c],
                           .big_endian = big_endian, .big_tiff = c == 1 };

          for (guint i = 0; i < G_N_ELEMENTS (rows_per_strip); i++)
            {
              how.rows_per_strip = rows_per_strip[i];
              assert_reads (path, &how);
            }

          how.tile_width = 16;
          assert_reads (path, &how);
          how.tile_width = 32;
          how.tile_height = 16;
          assert_reads (path, &how);
          how.tile_width = how.tile_height = 64; /* larger than the page */
          assert_reads (path, &how);
        }
}

static void
test_predictors (Fixture       *self,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);

  for (ReconSampleType type = RECON_SAMPLE_UINT8; type <= RECON_SAMPLE_FLOAT64; type++)
    for (guint lzw = 0; lzw < 2; lzw++)
      for (guint big_endian = 0; big_endian < 2; big_endian++)
        for (guint predictor = 2; predictor <= (type >= RECON_SAMPLE_FLOAT16 ? 3 : 2); predictor++)
          {
            TestTiff how = { .width = 45, .height = 37, .type = type, .rows_per_strip = 9, .big_endian = big_endian,
                             .compression = lzw ? COMPRESSION_LZW : COMPRESSION_ADOBE_DEFLATE,
                             .predictor = (int) predictor };

            assert_reads (path, &how);
            how.tile_width = 16;
            assert_reads (path, &how);
          }
}

static void
test_values (void)
{
  const guint16 halves[] = { 0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x3555, 0x3c00, 0xc000, 0x7bff,
                             0x7c00, 0xfc00 };
  const double expected[] = { 0, -0.0, 0x1p-24, -0x1p-24, 0x1.ff8p-15, 0x1p-14, 0x1.554p-2, 1, -2, 65504,
                              INFINITY, -INFINITY };
  const guint16 nans[] = { 0x7e00, 0x7c01, 0xffff };
  const guint64 large[] = { G_MAXUINT64, (G_GUINT64_CONSTANT (1) << 63) + 1, 16777217 };
  const gint64 negative[] = { G_MININT64, -16777219 };
  const guint32 words[] = { G_MAXUINT32, 16777217, 16777219 };
  const double doubles[] = { 1e300, -1e300, 0.1, 1e-300, NAN };
  float values[G_N_ELEMENTS (halves)];

  recon_samples_to_float (RECON_SAMPLE_FLOAT16, halves, G_N_ELEMENTS (halves), values);
  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_assert_cmpfloat ((double) values[i], ==, expected[i]);
      g_assert_cmpint (signbit (values[i]) != 0, ==, signbit (expected[i]) != 0);
    }
  recon_samples_to_float (RECON_SAMPLE_FLOAT16, nans, G_N_ELEMENTS (nans), values);
  for (guint i = 0; i < G_N_ELEMENTS (nans); i++)
    g_assert_true (isnan (values[i]));

  recon_samples_to_float (RECON_SAMPLE_UINT64, large, G_N_ELEMENTS (large), values);
  g_assert_cmpfloat ((double) values[0], ==, 0x1p64);
  g_assert_cmpfloat ((double) values[1], ==, 0x1p63);
  g_assert_cmpfloat ((double) values[2], ==, 16777216);
  recon_samples_to_float (RECON_SAMPLE_INT64, negative, G_N_ELEMENTS (negative), values);
  g_assert_cmpfloat ((double) values[0], ==, -0x1p63);
  g_assert_cmpfloat ((double) values[1], ==, -16777220);
  recon_samples_to_float (RECON_SAMPLE_UINT32, words, G_N_ELEMENTS (words), values);
  g_assert_cmpfloat ((double) values[0], ==, 0x1p32);
  g_assert_cmpfloat ((double) values[1], ==, 16777216);
  g_assert_cmpfloat ((double) values[2], ==, 16777220);

  recon_samples_to_float (RECON_SAMPLE_FLOAT64, doubles, G_N_ELEMENTS (doubles), values);
  g_assert_true (isinf (values[0]) && values[0] > 0);
  g_assert_true (isinf (values[1]) && values[1] < 0);
  g_assert_true (values[2] == 0.1f);
  g_assert_true (values[3] == 0);
  g_assert_true (isnan (values[4]));
}

/* Values of float files that are not finite come through. */
static void
test_not_finite (Fixture       *self,
                 gconstpointer  data)
{
  const double given[] = { NAN, INFINITY, -INFINITY, -0.0 };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);

  for (ReconSampleType type = RECON_SAMPLE_FLOAT16; type <= RECON_SAMPLE_FLOAT64; type++)
    {
      g_autoptr (ReconReader) reader = NULL;
      g_autoptr (GError) error = NULL;
      float pixels[4];

      test_tiff_write (path, &(TestTiff) { .width = 4, .height = 1, .type = type }, given);
      reader = open_reader (path);
      g_assert_true (recon_reader_read (reader, 0, 1, 0, 1, pixels, NULL, &error));
      g_assert_true (isnan (pixels[0]));
      g_assert_true (isinf (pixels[1]) && pixels[1] > 0);
      g_assert_true (isinf (pixels[2]) && pixels[2] < 0);
      g_assert_true (pixels[3] == 0 && signbit (pixels[3]));
    }
}

/* Any page of a stack, in any order, and the same rows again and again. */
static void
test_pages (Fixture       *self,
            gconstpointer  data)
{
  const TestTiff how = { .width = 20, .height = 37, .n_pages = 300, .type = RECON_SAMPLE_UINT16, .rows_per_strip = 37 };
  g_autofree char *path = g_build_filename (self->folder, "stack.tif", NULL);
  float pixels[37 * 20];
  guint state = 7;

  for (guint variant = 0; variant < 4; variant++)
    {
      TestTiff variation = how;
      g_autoptr (ReconReader) reader = NULL;

      variation.big_tiff = variant & 1;
      variation.compression = variant & 2 ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE;
      test_tiff_write (path, &variation, NULL);
      reader = open_reader (path);
      g_assert_false (recon_tiff_reader_is_series (RECON_TIFF_READER (reader)));
      g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 300);

      assert_rows (reader, 11, 5);
      for (guint i = 0; i < 1000; i++)
        {
          guint page = i % 3 == 0 ? 17 : (guint) (300 * test_random (&state));
          guint row = (guint) (37 * test_random (&state));
          guint n_rows = (guint) ((38 - row) * test_random (&state));
          g_autoptr (GError) error = NULL;

          recon_reader_read (reader, page, 1, row, n_rows, pixels, NULL, &error);
          g_assert_no_error (error);
          for (guint y = 0; y < n_rows; y++)
            for (guint x = 0; x < 20; x++)
              g_assert_cmpfloat ((double) pixels[y * 20 + x], ==,
                                 test_tiff_value (RECON_SAMPLE_UINT16, page, row + y, x));
        }
    }
}

/* Row after row of a page that is one compressed strip. */
static void
test_successive_rows (Fixture       *self,
                      gconstpointer  data)
{
  const TestTiff how = { .width = 31, .height = 100, .n_pages = 2, .type = RECON_SAMPLE_INT16, .rows_per_strip = 100,
                         .compression = COMPRESSION_LZW, .predictor = 2 };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;

  test_tiff_write (path, &how, NULL);
  reader = open_reader (path);

  for (guint page = 0; page < 2; page++)
    for (guint row = 0; row < 100; row++)
      {
        float pixels[31];
        g_autoptr (GError) error = NULL;

        recon_reader_read (reader, page, 1, row, 1, pixels, NULL, &error);
        g_assert_no_error (error);
        for (guint x = 0; x < 31; x++)
          g_assert_cmpfloat ((double) pixels[x], ==, test_tiff_value (RECON_SAMPLE_INT16, page, row, x));
      }
}

/* Files of different numbers of pages follow each other in natural order. */
static void
test_series (Fixture       *self,
             gconstpointer  data)
{
  const char *const names[] = { "img_2.tif", "img_10.TIFF", "img_1.tif" };
  const guint n_pages[] = { 3, 1, 2 };
  const guint order[] = { 2, 2, 0, 0, 0, 1 };
  const guint pages[] = { 0, 1, 0, 1, 2, 0 };
  const char *const paths[] = { "", "img_*" };
  float pixels[2];

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
      double values[6];

      for (guint j = 0; j < 6; j++)
        values[j] = 100 * (i + 1) + j / 2;
      test_tiff_write (path,
                       &(TestTiff) { .width = 2, .height = 1, .n_pages = n_pages[i], .type = RECON_SAMPLE_UINT16 },
                       values);
    }

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, paths[i], NULL);
      g_autoptr (ReconReader) reader = open_reader (path);

      g_assert_true (recon_tiff_reader_is_series (RECON_TIFF_READER (reader)));
      g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 6);
      for (guint j = 0; j < 12; j++)
        {
          guint frame = j < 6 ? j : 11 - j;
          g_autoptr (GError) error = NULL;

          recon_reader_read (reader, frame, 1, 0, 1, pixels, NULL, &error);
          g_assert_no_error (error);
          g_assert_cmpfloat ((double) pixels[1], ==, 100 * (order[frame] + 1) + pages[frame]);
        }
    }
}

static void
test_numbered_series (Fixture       *self,
                      gconstpointer  data)
{
  g_autofree char *pattern = g_build_filename (self->folder, "p_%03d.tif", NULL);
  g_autofree char *missing = g_build_filename (self->folder, "p_011.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (ReconReader) rest = NULL;
  g_autoptr (ReconSeriesGaps) gaps = NULL;
  g_autoptr (GError) error = NULL;
  float pixels[8];

  for (guint i = 7; i < 15; i++)
    {
      g_autofree char *name = g_strdup_printf ("p_%03u.tif", i);
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      double value = i;

      test_tiff_write (path, &(TestTiff) { .width = 1, .height = 1 }, &value);
    }

  reader = open_reader (pattern);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 8);
  g_assert_true (recon_reader_read (reader, 0, 8, 0, 1, pixels, NULL, &error));
  for (guint i = 0; i < 8; i++)
    g_assert_cmpfloat ((double) pixels[i], ==, 7 + i);

  g_assert_cmpint (g_unlink (missing), ==, 0);
  rest = open_reader (pattern);
  g_assert_cmpuint (recon_reader_get_n_frames (rest), ==, 7);
  g_assert_true (recon_reader_read (rest, 4, 1, 0, 1, pixels, NULL, &error));
  g_assert_cmpfloat ((double) pixels[0], ==, 12);

  gaps = recon_tiff_reader_find_gaps (RECON_TIFF_READER (rest));
  g_assert_cmpint (gaps->numbers, ==, RECON_NUMBERS_GAPS);
  g_assert_cmpstr (gaps->missing, ==, "11");
  g_assert_cmpuint (gaps->n_places, ==, 8);
  g_assert_cmpuint (gaps->places[4], ==, 5);
}

/* Pages that count in two ways are no projections, whoever says so. */
static void
test_dimensions (Fixture       *self,
                 gconstpointer  data)
{
  static const struct
  {
    const char *description;
    guint       n_pages;
    const char *refusal; /* (nullable) */
  } cases[] = {
    { "ImageJ=1.11a\nimages=12\nchannels=2\nframes=6\nhyperstack=true\n", 12, "12 images, which are no single series: "
                                                                              "2 channels × 6 frames" },
    { "ImageJ=1.11a\nimages=12\nslices=3\nframes=4\nhyperstack=true\n", 12, "3 slices × 4 frames" },
    { "ImageJ=1.11a\nimages=12\nchannels=2\nframes=6\nhyperstack=true\n", 11, "2 channels × 6 frames" },
    { "<?xml version=\"1.0\"?><OME xmlns=\"x\"><Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" SizeX=\"6\" SizeY=\"5\" "
      "SizeC=\"2\" SizeT=\"6\" SizeZ=\"1\"/></Image></OME>", 12, "2 channels × 6 frames" },
    { "{\"shape\": [6, 2, 5, 6]}", 12, "6 × 2" },
    { "{\"shape\": [1, 12, 5, 6]}", 12, NULL },
    { "{\"shape\": [12, 5, 6]}", 12, NULL },
    { "{\"shape\": [", 12, NULL },
    { "ImageJ=1.11a\nimages=12\nchannels=1\nslices=12\nframes=1\n", 12, NULL },
    { "ImageJ=1.11a\nimages=12\nchannels=12\n", 12, NULL },
    { "ImageJ=1.11a\nimages=12\nframes=12\n", 12, NULL },
    { "<OME><Pixels SizeC=\"1\" SizeT=\"12\" SizeZ=\"1\"></OME>", 12, NULL },
    { "<OME><Pixels SizeC=\"2\" SizeT=\"6\"", 12, NULL },
    /* Of another file: one image of a hyperstack, or pages that were added. */
    { "ImageJ=1.11a\nimages=12\nchannels=2\nframes=6\nhyperstack=true\n", 1, NULL },
    { "ImageJ=1.11a\nimages=4\nchannels=2\nframes=2\nhyperstack=true\n", 12, NULL },
  };
  g_autofree char *path = g_build_filename (self->folder, "stack.tif", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconReader) reader = NULL;

      test_tiff_write (path,
                       &(TestTiff) { .width = 60, .height = 50, .n_pages = cases[i].n_pages,
                                     .description = cases[i].description },
                       NULL);
      reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
      if (cases[i].refusal == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, cases[i].n_pages);
          continue;
        }
      g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, cases[i].refusal));
      g_assert_nonnull (strstr (error->message, "Split Channels"));
    }
}

static void
test_mixed (Fixture       *self,
            gconstpointer  data)
{
  g_autofree char *first = g_build_filename (self->folder, "a_1.tif", NULL);
  g_autofree char *second = g_build_filename (self->folder, "a_2.tif", NULL);
  TIFF *tiff;

  test_tiff_write (first, &(TestTiff) { .width = 6, .height = 5, .type = RECON_SAMPLE_UINT16 }, NULL);
  test_tiff_write (second, &(TestTiff) { .width = 6, .height = 4, .type = RECON_SAMPLE_UINT16 }, NULL);
  assert_refused (self->folder, RECON_ERROR_INPUT,
                  "a_2.tif is 6 × 4 pixels (width × height) of uint16, but |a_1.tif is 6 × 5 pixels");

  test_tiff_write (second, &(TestTiff) { .width = 6, .height = 5, .type = RECON_SAMPLE_FLOAT32 }, NULL);
  assert_refused (self->folder, RECON_ERROR_INPUT, "a_2.tif is 6 × 5 pixels (width × height) of float32, but ");

  /* A page of another size behind those of one size. */
  test_tiff_write (second, &(TestTiff) { .width = 6, .height = 5, .n_pages = 3, .type = RECON_SAMPLE_UINT16 }, NULL);
  tiff = TIFFOpen (second, "a");
  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, 3);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, 1);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 16);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  g_assert_cmpint (TIFFWriteScanline (tiff, (guint16[]) { 1, 2, 3 }, 0, 0), ==, 1);
  TIFFClose (tiff);
  assert_refused (self->folder, RECON_ERROR_INPUT, "a_2.tif, page 3 is 3 × 1 pixels|a_1.tif is 6 × 5 pixels");
}

static void
test_cancelled (Fixture       *self,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  float pixels[2 * 4 * 4];

  test_tiff_write (path, &(TestTiff) { .width = 4, .height = 4, .n_pages = 2 }, NULL);
  reader = open_reader (path);
  g_assert_true (recon_reader_read (reader, 0, 2, 0, 4, pixels, cancellable, &error));
  g_assert_no_error (error);

  g_cancellable_cancel (cancellable);
  g_assert_false (recon_reader_read (reader, 0, 2, 0, 4, pixels, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_can_open (Fixture       *self,
               gconstpointer  data)
{
  g_autofree char *tiff = g_build_filename (self->folder, "noname", NULL);
  g_autofree char *other = g_build_filename (self->folder, "a.h5", NULL);
  g_autofree char *inside = g_strconcat (other, ":/data[0]", NULL);
  g_autofree char *fifo = g_build_filename (self->folder, "fifo", NULL);

  test_tiff_write (tiff, &(TestTiff) { .width = 1, .height = 1 }, NULL);
  write_bytes (other, "Hello, world.", -1);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  g_assert_true (recon_tiff_reader_can_open (self->folder));
  g_assert_true (recon_tiff_reader_can_open (tiff));
  g_assert_true (recon_tiff_reader_can_open ("/nowhere/a.tif"));
  g_assert_true (recon_tiff_reader_can_open ("/nowhere/a.TIFF"));
  g_assert_true (recon_tiff_reader_can_open ("/nowhere/raw_%05d"));
  g_assert_true (recon_tiff_reader_can_open ("/nowhere/raw_*"));
  g_assert_false (recon_tiff_reader_can_open (other));
  g_assert_false (recon_tiff_reader_can_open (inside));
  g_assert_false (recon_tiff_reader_can_open (fifo));
  g_assert_false (recon_tiff_reader_can_open ("/nowhere/a.h5"));
  assert_refused (fifo, RECON_ERROR_INPUT, "fifo is not a file");
}

/* The real scan, which other programs wrote. */
static void
test_real (void)
{
  g_autofree char *folder = test_data_folder ();
  g_autofree char *path = NULL;
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *all = NULL, *rows = NULL;

  if (folder == NULL)
    return;

  path = g_build_filename (folder, "scan-24737", "tiffs", NULL);
  reader = open_reader (path);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 91);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, 135);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, 160);
  g_assert_cmpint (recon_reader_get_sample_type (reader), ==, RECON_SAMPLE_UINT16);

  all = g_new (float, 91 * 135 * 160);
  rows = g_new (float, 91 * 10 * 160);
  g_assert_true (recon_reader_read (reader, 0, 91, 0, 135, all, NULL, &error));
  g_assert_true (recon_reader_read (reader, 0, 91, 60, 10, rows, NULL, &error));
  for (guint i = 0; i < 91; i++)
    g_assert_cmpmem (all + (i * 135 + 60) * 160, 10 * 160 * sizeof (float), rows + i * 10 * 160,
                     10 * 160 * sizeof (float));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TIFFSetErrorHandler (fail_on_message_cb);
  TIFFSetWarningHandler (fail_on_message_cb);

  g_test_add_func ("/tiff-reader/values", test_values);
  ADD ("/tiff-reader/types", test_types);
  ADD ("/tiff-reader/predictors", test_predictors);
  ADD ("/tiff-reader/not-finite", test_not_finite);
  ADD ("/tiff-reader/pages", test_pages);
  ADD ("/tiff-reader/successive-rows", test_successive_rows);
  ADD ("/tiff-reader/series", test_series);
  ADD ("/tiff-reader/numbered-series", test_numbered_series);
  ADD ("/tiff-reader/dimensions", test_dimensions);
  ADD ("/tiff-reader/mixed", test_mixed);
  ADD ("/tiff-reader/cancelled", test_cancelled);
  ADD ("/tiff-reader/can-open", test_can_open);
  g_test_add_func ("/tiff-reader/real", test_real);

  return g_test_run ();
}
