/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

#include "error.h"
#include "io/samples.h"
#include "io/tiff-reader.h"
#include "support.h"
#include "test-tiff.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->folder = test_folder_new ();
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  test_folder_remove (self->folder);
}

/* Does not wait for the disk, unlike g_file_set_contents(). */
static void
write_bytes (const char *path,
             const char *bytes,
             gssize      n)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, n, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static ReconReader *
open_reader (const char *path)
{
  g_autoptr (GError) error = NULL;
  ReconReader *reader = recon_tiff_reader_open (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reader);

  return reader;
}

/* Opening fails with a message that holds all parts, which are separated by "|". */
static void
assert_refused (const char *path,
                ReconError  code,
                const char *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, &error);
  g_auto (GStrv) list = g_strsplit (parts, "|", -1);

  g_assert_null (reader);
  g_assert_error (error, RECON_ERROR, (int) code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (error->message, list[i]) == NULL)
      g_error ("“%s” is not in: %s", list[i], error->message);
}

/* Reads @n_rows rows of all pages and compares them with test_tiff_value(). */
static void
assert_rows (ReconReader *reader,
             guint        row,
             guint        n_rows)
{
  guint n = recon_reader_get_n_frames (reader), width = recon_reader_get_width (reader);
  ReconSampleType type = recon_reader_get_sample_type (reader);
  gsize length = (gsize) n * n_rows * width;
  g_autofree float *pixels = g_new (float, length + 1);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i <= length; i++)
    pixels[i] = -12345.5f;

  recon_reader_read (reader, 0, n, row, n_rows, pixels, NULL, &error);
  g_assert_no_error (error);

  for (guint page = 0; page < n; page++)
    for (guint i = 0; i < n_rows; i++)
      for (guint j = 0; j < width; j++)
        g_assert_cmpfloat ((double) pixels[((gsize) page * n_rows + i) * width + j], ==,
                           test_tiff_value (type, page, row + i, j));
  /* Nothing is written behind. */
  g_assert_true (pixels[length] == -12345.5f);
}

static void
assert_reads (const char     *path,
              const TestTiff *how)
{
  g_autoptr (ReconReader) reader = NULL;
  const guint ranges[][2] = { { 0, 37 }, { 0, 1 }, { 36, 1 }, { 15, 2 }, { 5, 20 }, { 7, 0 }, { 8, 3 }, { 10, 9 } };

  g_test_message ("%s, compression %d, predictor %d, %s, tiles of %u, strips of %u rows",
                  recon_sample_type_get_name (how->type), how->compression, how->predictor,
                  how->big_endian ? "big-endian" : "little-endian", how->tile_width, how->rows_per_strip);
  test_tiff_write (path, how, NULL);
  reader = open_reader (path);

  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, MAX (how->n_pages, 1));
  g_assert_cmpuint (recon_reader_get_width (reader), ==, how->width);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, how->height);
  g_assert_cmpint (recon_reader_get_sample_type (reader), ==, how->type);
  g_assert_cmpstr (recon_reader_get_path (reader), ==, path);

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    assert_rows (reader, ranges[i][0], ranges[i][1]);
}

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
  assert_refused (pattern, RECON_ERROR_INPUT, "p_011.tif is missing");
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

/* Files of other programs and of nobody: an entry is a tag, its type, count and value. */
typedef struct
{
  guint16 tag;
  guint16 type;
  guint32 count;
  guint32 value;
} Entry;

static void
write_raw (const char  *path,
           const Entry *entries,
           guint        n_entries,
           gsize        n_data,
           guint32      next)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint16 n = (guint16) n_entries;
  guint32 start = 8;

  g_byte_array_append (bytes, (const guint8 *) "II*\0", 4);
  g_byte_array_append (bytes, (const guint8 *) &start, 4);
  g_byte_array_append (bytes, (const guint8 *) &n, 2);
  g_byte_array_append (bytes, (const guint8 *) entries, n_entries * (guint) sizeof *entries);
  g_byte_array_append (bytes, (const guint8 *) &next, 4);
  for (gsize i = 0; i < n_data; i++)
    g_byte_array_append (bytes, &(guint8) { (guint8) i }, 1);

  write_bytes (path, (const char *) bytes->data, bytes->len);
}

/* The bytes before the data of a file with nine entries. */
#define RAW_START (8 + 2 + 9 * 12 + 4)

static void
write_page (const char *path,
            guint32     width,
            guint32     height,
            guint16     bits,
            guint16     compression,
            guint32     rows_per_strip,
            guint32     offset,
            guint32     n_bytes,
            gsize       n_data,
            guint32     next)
{
  const Entry entries[] = {
    { TIFFTAG_IMAGEWIDTH, TIFF_LONG, 1, width },
    { TIFFTAG_IMAGELENGTH, TIFF_LONG, 1, height },
    { TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, 1, bits },
    { TIFFTAG_COMPRESSION, TIFF_SHORT, 1, compression },
    { TIFFTAG_PHOTOMETRIC, TIFF_SHORT, 1, PHOTOMETRIC_MINISBLACK },
    { TIFFTAG_STRIPOFFSETS, TIFF_LONG, 1, offset },
    { TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, 1, 1 },
    { TIFFTAG_ROWSPERSTRIP, TIFF_LONG, 1, rows_per_strip },
    { TIFFTAG_STRIPBYTECOUNTS, TIFF_LONG, 1, n_bytes },
  };

  write_raw (path, entries, G_N_ELEMENTS (entries), n_data, next);
}

/* Whatever is in the file: no crash, no endless loop, no output, no terabytes. */
static void
try_all (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, &error);

  if (reader == NULL)
    {
      g_assert_nonnull (error);
      return;
    }

  for (guint frame = 0; frame < recon_reader_get_n_frames (reader); frame++)
    for (guint row = 0; row < recon_reader_get_height (reader); row++)
      {
        g_autofree float *pixels = g_new (float, recon_reader_get_width (reader));

        g_clear_error (&error);
        if (!recon_reader_read (reader, frame, 1, row, 1, pixels, NULL, &error))
          g_assert_nonnull (error);
      }
}

static void
test_hostile (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  const guint32 sizes[] = { 0, 1, 7, 8, 9, 4096, 65536, G_MAXINT32, G_MAXUINT32 };
  const guint16 compressions[] = { COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_PACKBITS, COMPRESSION_ADOBE_DEFLATE };

  /* Sound as it stands. */
  write_page (path, 8, 8, 8, COMPRESSION_NONE, 8, RAW_START, 64, 64, 0);
  g_object_unref (open_reader (path));

  write_page (path, G_MAXINT32, G_MAXINT32, 16, COMPRESSION_NONE, 8, RAW_START, 64, 64, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif is cut off or damaged: 2147483647 × 2147483647|do not fit into");
  write_page (path, 100000, 100000, 16, COMPRESSION_ADOBE_DEFLATE, 100000, RAW_START, 64, 64, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif is cut off or damaged: 100000 × 100000|do not fit into");
  write_page (path, 0, 8, 8, COMPRESSION_NONE, 8, RAW_START, 64, 64, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif");
  write_page (path, 8, 8, 8, COMPRESSION_NONE, 8, RAW_START + 1, 64, 64, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif is cut off|beyond the end of the file");
  write_page (path, 8, 8, 8, COMPRESSION_LZW, 8, RAW_START, G_MAXUINT32, 64, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif is cut off|beyond the end of the file");
  write_page (path, 8, 8, 8, COMPRESSION_NONE, 8, RAW_START, 64, 64, 8);
  assert_refused (path, RECON_ERROR_READ, "a.tif, page 1 could not be read|circle");
  write_page (path, 8, 8, 8, COMPRESSION_NONE, 8, RAW_START, 64, 64, 100000);
  assert_refused (path, RECON_ERROR_READ, "a.tif, page 1 could not be read");

  for (guint w = 0; w < G_N_ELEMENTS (sizes); w++)
    for (guint h = 0; h < G_N_ELEMENTS (sizes); h++)
      for (guint r = 0; r < G_N_ELEMENTS (sizes); r++)
        for (guint c = 0; c < G_N_ELEMENTS (compressions); c++)
          {
            /* A sound file may have that many rows. */
            if (sizes[h] > 8 && sizes[w] <= 9)
              continue;
            write_page (path, sizes[w], sizes[h], 8, compressions[c], sizes[r], RAW_START, 64, 64, 0);
            try_all (path);
          }
}

/* Every byte of sound files is changed in turn, and the files are cut at every byte. */
static void
test_damaged (Fixture       *self,
              gconstpointer  data)
{
  const TestTiff hows[] = {
    { .width = 5, .height = 4, .n_pages = 2, .type = RECON_SAMPLE_UINT16, .rows_per_strip = 2 },
    { .width = 5, .height = 12, .type = RECON_SAMPLE_FLOAT32, .rows_per_strip = 1, .compression = COMPRESSION_LZW,
      .predictor = 3, .big_endian = TRUE },
    { .width = 5, .height = 4, .type = RECON_SAMPLE_INT16, .tile_width = 16, .compression = COMPRESSION_ADOBE_DEFLATE,
      .predictor = 2, .big_tiff = TRUE },
  };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hows); i++)
    {
      g_autofree char *bytes = NULL;
      gsize n;

      test_tiff_write (path, &hows[i], NULL);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));

      for (gsize j = 0; j < n; j++)
        {
          const guint8 changes[] = { 0xff, 0x80, 0x01 };

          for (guint k = 0; k < G_N_ELEMENTS (changes); k++)
            {
              bytes[j] ^= (char) changes[k];
              write_bytes (path, bytes, (gssize) n);
              try_all (path);
              bytes[j] ^= (char) changes[k];
            }

          write_bytes (path, bytes, (gssize) j);
          try_all (path);
        }
    }
}

static void
test_cut_off (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *pixels = g_new (float, 100 * 100);
  gsize n;

  /* Header first, as many cameras write. */
  write_page (path, 100, 100, 8, COMPRESSION_NONE, 100, RAW_START, 10000, 9999, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif is cut off");

  /* Header last, as libtiff writes. */
  test_tiff_write (path, &(TestTiff) { .width = 100, .height = 100, .type = RECON_SAMPLE_UINT16 }, NULL);
  test_file_cut (path, 10000);
  assert_refused (path, RECON_ERROR_READ, "a.tif could not be read");

  /* In the last of several pages. */
  test_tiff_write (path, &(TestTiff) { .width = 100, .height = 100, .n_pages = 3 }, NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  test_file_cut (path, n - 100);
  assert_refused (path, RECON_ERROR_READ, "a.tif, page 2 could not be read");

  test_file_cut (path, 0);
  assert_refused (path, RECON_ERROR_READ, "a.tif is empty");

  /* While it is open: an error, and no signal; once it is whole again it can be read again. */
  for (int compressed = 0; compressed < 2; compressed++)
    {
      TestTiff how = { .width = 100, .height = 100, .n_pages = 3,
                       .compression = compressed ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE };
      g_autofree char *whole = NULL;

      g_clear_object (&reader);
      test_tiff_write (path, &how, NULL);
      g_assert_true (g_file_get_contents (path, &whole, &n, NULL));
      reader = open_reader (path);
      test_file_cut (path, n / 10);
      g_assert_false (recon_reader_read (reader, 1, 1, 0, 100, pixels, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
      g_assert_nonnull (strstr (error->message, "a.tif"));
      g_clear_error (&error);

      write_bytes (path, whole, (gssize) n);
      assert_rows (reader, 0, 100);

      g_assert_cmpint (g_unlink (path), ==, 0);
      g_clear_object (&reader);
    }
}

/* Only the strips or tiles of the rows are read: damage elsewhere does not matter, and there it is found. */
static void
test_partly_damaged (Fixture       *self,
                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);

  for (guint tiled = 0; tiled < 2; tiled++)
    {
      const TestTiff how = { .width = 32, .height = 96, .n_pages = 2, .type = RECON_SAMPLE_UINT16,
                             .rows_per_strip = 16, .tile_width = tiled ? 16 : 0,
                             .compression = COMPRESSION_ADOBE_DEFLATE };
      g_autoptr (ReconReader) reader = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *bytes = NULL;
      float pixels[32 * 96];
      guint64 offset;
      gsize n;
      TIFF *tiff;

      test_tiff_write (path, &how, NULL);

      /* Rows 32 to 47 of page 1, in the left half where there are tiles. */
      tiff = TIFFOpen (path, "r");
      g_assert_cmpint (TIFFSetDirectory (tiff, 1), ==, 1);
      offset = TIFFGetStrileOffset (tiff, tiled ? TIFFComputeTile (tiff, 0, 32, 0, 0) : TIFFComputeStrip (tiff, 32, 0));
      TIFFClose (tiff);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      memset (bytes + offset, 0xff, 16);
      write_bytes (path, bytes, (gssize) n);

      reader = open_reader (path);
      assert_rows (reader, 0, 32);
      assert_rows (reader, 48, 48);
      g_assert_true (recon_reader_read (reader, 0, 1, 0, 96, pixels, NULL, &error));
      g_assert_false (recon_reader_read (reader, 0, 2, 47, 1, pixels, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
      g_assert_nonnull (strstr (error->message, "a.tif, page 1 could not be read"));
    }
}

static void
test_changed (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *first = g_build_filename (self->folder, "1.tif", NULL);
  g_autofree char *second = g_build_filename (self->folder, "2.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  float pixels[2 * 4 * 4];

  test_tiff_write (first, &(TestTiff) { .width = 4, .height = 4 }, NULL);
  test_tiff_write (second, &(TestTiff) { .width = 4, .height = 4 }, NULL);
  reader = open_reader (self->folder);

  test_tiff_write (first, &(TestTiff) { .width = 4, .height = 3 }, NULL);
  g_assert_false (recon_reader_read (reader, 0, 2, 0, 4, pixels, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_assert_nonnull (strstr (error->message, "1.tif has another size or type"));
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (first), ==, 0);
  g_assert_false (recon_reader_read (reader, 0, 2, 0, 4, pixels, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_assert_nonnull (strstr (error->message, "1.tif cannot be opened"));
}

static void
test_not_tiff (Fixture       *self,
               gconstpointer  data)
{
  g_autofree char *text = g_build_filename (self->folder, "notes.tif", NULL);
  g_autofree char *other = g_build_filename (self->folder, "notes.txt", NULL);
  g_autofree char *nothing = g_build_filename (self->folder, "nothing.tif", NULL);

  assert_refused (self->folder, RECON_ERROR_INPUT, "is empty");
  assert_refused (nothing, RECON_ERROR_INPUT, "nothing.tif does not exist");

  write_bytes (other, "Hello, world.", -1);
  assert_refused (self->folder, RECON_ERROR_INPUT, "holds no TIFF files (*.tif, *.tiff)|1 × .txt");
  assert_refused (other, RECON_ERROR_INPUT, "notes.txt is not a TIFF file");

  write_bytes (text, "Hello, world.", -1);
  assert_refused (text, RECON_ERROR_INPUT, "notes.tif is not a TIFF file");
  assert_refused (self->folder, RECON_ERROR_INPUT, "notes.tif is not a TIFF file");
  assert_refused ("/dev/null", RECON_ERROR_INPUT, "/dev/null is not a file");
}

/* A kind of image that is refused: tags and what the message calls it. */
typedef struct
{
  guint16     bits;
  guint16     format;
  guint16     samples;
  guint16     photometric;
  int         compression;
  guint16     orientation;
  const char *refusal; /* (nullable): not refused */
} Kind;

static gboolean
write_kind (const char *path,
            const Kind *kind)
{
  TIFF *tiff;
  guint8 row[16 * 3 * 16] = { 0 };
  guint16 map[1 << 8] = { 0 };

  if (kind->compression != 0 && !TIFFIsCODECConfigured ((guint16) kind->compression))
    return FALSE;

  tiff = TIFFOpen (path, "w");
  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, 16);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, 16);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, kind->bits);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, kind->samples != 0 ? kind->samples : 1);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, kind->photometric);
  TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, 16);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  if (kind->photometric == PHOTOMETRIC_PALETTE)
    TIFFSetField (tiff, TIFFTAG_COLORMAP, map, map, map);
  if (kind->format != 0)
    TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, kind->format);
  if (kind->compression != 0)
    TIFFSetField (tiff, TIFFTAG_COMPRESSION, kind->compression);
  if (kind->orientation != 0)
    TIFFSetField (tiff, TIFFTAG_ORIENTATION, kind->orientation);
  for (guint i = 0; i < 16; i++)
    g_assert_cmpint (TIFFWriteScanline (tiff, row, i, 0), ==, 1);
  TIFFClose (tiff);

  return TRUE;
}

static void
test_refused (Fixture       *self,
              gconstpointer  data)
{
  const Kind kinds[] = {
    { 8, 0, 3, PHOTOMETRIC_RGB, 0, 0, "RGB images" },
    { 8, 0, 2, PHOTOMETRIC_MINISBLACK, 0, 0, "2 samples per pixel" },
    { 8, 0, 1, PHOTOMETRIC_PALETTE, 0, 0, "palette images" },
    { 1, 0, 1, PHOTOMETRIC_MINISBLACK, 0, 0, "1-bit samples" },
    { 12, 0, 1, PHOTOMETRIC_MINISBLACK, 0, 0, "12-bit samples" },
    { 24, SAMPLEFORMAT_INT, 1, PHOTOMETRIC_MINISBLACK, 0, 0, "signed 24-bit samples" },
    { 24, SAMPLEFORMAT_IEEEFP, 1, PHOTOMETRIC_MINISBLACK, 0, 0, "24-bit floating point samples" },
    { 64, SAMPLEFORMAT_COMPLEXIEEEFP, 1, PHOTOMETRIC_MINISBLACK, 0, 0, "complex samples" },
    { 8, 0, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_JPEG, 0, "JPEG compression" },
    { 1, 0, 1, PHOTOMETRIC_MINISWHITE, COMPRESSION_CCITTFAX4, 0, "CCITT group 4 compression" },
    { 16, 0, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_ZSTD, 0, "Zstandard compression" },
    { 16, 0, 1, PHOTOMETRIC_MINISBLACK, 0, ORIENTATION_BOTLEFT, "orientation bottom-left" },
    { 16, 0, 1, PHOTOMETRIC_MINISBLACK, 0, ORIENTATION_LEFTTOP, "orientation left-top" },
    /* Nothing is wrong with these. */
    { 16, 0, 1, PHOTOMETRIC_MINISBLACK, 0, ORIENTATION_TOPLEFT, NULL },
    { 16, SAMPLEFORMAT_VOID, 1, PHOTOMETRIC_MINISBLACK, 0, 0, NULL },
    { 16, 0, 1, PHOTOMETRIC_MINISWHITE, 0, 0, NULL },
  };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (!write_kind (path, &kinds[i]))
        g_test_message ("This libtiff cannot write %s.", kinds[i].refusal);
      else if (kinds[i].refusal != NULL)
        assert_refused (path, RECON_ERROR_INPUT, kinds[i].refusal);
      else
        g_object_unref (open_reader (path));
    }

  /* A number that no libtiff knows. */
  write_page (path, 8, 8, 8, 54321, 8, RAW_START, 64, 64, 0);
  assert_refused (path, RECON_ERROR_INPUT, "compression number 54321");
}

/* 0 is white: the values are those of the file all the same. */
static void
test_min_is_white (Fixture       *self,
                   gconstpointer  data)
{
  const Entry entries[] = {
    { TIFFTAG_IMAGEWIDTH, TIFF_LONG, 1, 4 },
    { TIFFTAG_IMAGELENGTH, TIFF_LONG, 1, 1 },
    { TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, 1, 8 },
    { TIFFTAG_PHOTOMETRIC, TIFF_SHORT, 1, PHOTOMETRIC_MINISWHITE },
    { TIFFTAG_STRIPOFFSETS, TIFF_LONG, 1, 8 + 2 + 6 * 12 + 4 },
    { TIFFTAG_STRIPBYTECOUNTS, TIFF_LONG, 1, 4 },
  };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  float pixels[4];

  write_raw (path, entries, G_N_ELEMENTS (entries), 4, 0);
  reader = open_reader (path);
  g_assert_true (recon_reader_read (reader, 0, 1, 0, 1, pixels, NULL, &error));
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat ((double) pixels[i], ==, i);
}

/* ImageJ's way of writing stacks of more than 4 GiB. */
static void
test_imagej (Fixture       *self,
             gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  TestTiff how = { .width = 50, .height = 40, .description = "ImageJ=1.54f\nimages=5\nslices=5\nloop=false\n" };
  g_autofree char *bytes = NULL;
  gsize n;

  /* One image of a stack, saved by itself. */
  test_tiff_write (path, &how, NULL);
  g_object_unref (open_reader (path));

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  test_file_cut (path, n + 4 * 50 * 40);
  assert_refused (path, RECON_ERROR_INPUT, "a.tif is an ImageJ stack of 5 images");

  /* A small stack has all its pages. */
  how.n_pages = 5;
  test_tiff_write (path, &how, NULL);
  reader = open_reader (path);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 5);
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

/* The reader keeps what libtiff says for itself. */
static void
fail_on_message_cb (const char *module,
                    const char *format,
                    va_list     arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_error ("libtiff printed: %s", text);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

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
  ADD ("/tiff-reader/mixed", test_mixed);
  ADD ("/tiff-reader/hostile", test_hostile);
  ADD ("/tiff-reader/damaged", test_damaged);
  ADD ("/tiff-reader/cut-off", test_cut_off);
  ADD ("/tiff-reader/partly-damaged", test_partly_damaged);
  ADD ("/tiff-reader/changed", test_changed);
  ADD ("/tiff-reader/not-tiff", test_not_tiff);
  ADD ("/tiff-reader/refused", test_refused);
  ADD ("/tiff-reader/min-is-white", test_min_is_white);
  ADD ("/tiff-reader/imagej", test_imagej);
  ADD ("/tiff-reader/cancelled", test_cancelled);
  ADD ("/tiff-reader/can-open", test_can_open);
  g_test_add_func ("/tiff-reader/real", test_real);

  return g_test_run ();
}
