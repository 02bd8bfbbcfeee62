/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tiff-files.h"

/* Files that are damaged, hostile, written by other programs, of another kind, or change while they are read. */

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
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);

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

/* A file that is written anew, with its samples elsewhere, while a thread has it open: where they were is forgotten. */
static void
test_written_anew (Fixture       *self,
                   gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  TestTiff how = { .width = 40, .height = 40, .n_pages = 2 };
  g_autoptr (ReconReader) reader = NULL;

  test_tiff_write (path, &how, NULL);
  reader = open_reader (path);
  for (guint part = 0; part < 3; part++)
    {
      g_autoptr (GError) error = NULL;
      float pixels[40 * 40];

      how.big_tiff = part > 0;
      if (part == 1)
        test_tiff_write (path, &how, NULL);
      g_assert_true (recon_reader_read (reader, 0, 1, 0, 40, pixels, NULL, &error));
      g_assert_no_error (error);
      for (guint i = 0; i < 40 * 40; i++)
        g_assert_cmpfloat ((double) pixels[i], ==, test_tiff_value (RECON_SAMPLE_UINT8, 0, i / 40, i % 40));
    }
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

static void
put (GByteArray *bytes,
     guint32     value,
     guint       n,
     gboolean    big_endian)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 byte = (guint8) (value >> 8 * (big_endian ? n - 1 - i : i));

      g_byte_array_append (bytes, &byte, 1);
    }
}

/* An image of test_tiff_value(), 50 × 40, of integers of 8 or 16 bits or of floats. */
static void
put_image (GByteArray      *bytes,
           ReconSampleType  type,
           guint            image,
           gboolean         big_endian)
{
  for (guint i = 0; i < 50 * 40; i++)
    {
      double value = test_tiff_value (type, image, i / 50, i % 50);
      float number = (float) value;
      guint32 bits;

      memcpy (&bits, &number, sizeof bits);
      if (type == RECON_SAMPLE_FLOAT32)
        put (bytes, bits, 4, big_endian);
      else
        put (bytes, (guint32) value, type == RECON_SAMPLE_UINT16 ? 2 : 1, big_endian);
    }
}

/* A page for the first of some images, which lie one behind the other; the description claims five. */
static void
write_hidden (const char      *path,
              ReconSampleType  type,
              gboolean         big_endian,
              guint            n_images)
{
  static const char description[] = "ImageJ=1.54f\nimages=5\nslices=5\nloop=false\n";
  const guint sample_bytes = type == RECON_SAMPLE_UINT8 ? 1 : type == RECON_SAMPLE_UINT16 ? 2 : 4;
  const guint start = 8 + 2 + 10 * 12 + 4;
  const guint32 entries[][4] = {
    { TIFFTAG_IMAGEWIDTH, TIFF_LONG, 1, 50 },
    { TIFFTAG_IMAGELENGTH, TIFF_LONG, 1, 40 },
    { TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, 1, 8 * sample_bytes },
    { TIFFTAG_PHOTOMETRIC, TIFF_SHORT, 1, PHOTOMETRIC_MINISBLACK },
    { TIFFTAG_IMAGEDESCRIPTION, TIFF_ASCII, sizeof description, start },
    { TIFFTAG_STRIPOFFSETS, TIFF_LONG, 1, start + sizeof description },
    { TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, 1, 1 },
    { TIFFTAG_ROWSPERSTRIP, TIFF_SHORT, 1, 40 },
    { TIFFTAG_STRIPBYTECOUNTS, TIFF_LONG, 1, 50 * 40 * sample_bytes },
    { TIFFTAG_SAMPLEFORMAT, TIFF_SHORT, 1, type == RECON_SAMPLE_FLOAT32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT },
  };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) (big_endian ? "MM\0*" : "II*\0"), 4);
  put (bytes, 8, 4, big_endian);
  put (bytes, G_N_ELEMENTS (entries), 2, big_endian);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      put (bytes, entries[i][0], 2, big_endian);
      put (bytes, entries[i][1], 2, big_endian);
      put (bytes, entries[i][2], 4, big_endian);
      put (bytes, entries[i][3], entries[i][1] == TIFF_SHORT ? 2 : 4, big_endian);
      if (entries[i][1] == TIFF_SHORT)
        put (bytes, 0, 2, big_endian);
    }
  put (bytes, 0, 4, big_endian);
  g_byte_array_append (bytes, (const guint8 *) description, sizeof description);
  for (guint i = 0; i < n_images; i++)
    put_image (bytes, type, i, big_endian);

  write_bytes (path, (const char *) bytes->data, bytes->len);
}

/* ImageJ's way of writing stacks of more than 4 GiB. */
static void
test_imagej (Fixture       *self,
             gconstpointer  data)
{
  static const ReconSampleType types[] = { RECON_SAMPLE_UINT8, RECON_SAMPLE_UINT16, RECON_SAMPLE_FLOAT32 };
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  TestTiff how = { .width = 50, .height = 40, .description = "ImageJ=1.54f\nimages=5\nslices=5\nloop=false\n" };

  /* One image of a stack, saved by itself. */
  test_tiff_write (path, &how, NULL);
  reader = open_reader (path);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 1);
  g_clear_object (&reader);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (types); i++)
    {
      write_hidden (path, types[i / 2], i % 2 == 1, 5);
      reader = open_reader (path);
      g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 5);
      g_assert_cmpuint (recon_tiff_reader_get_warnings (RECON_TIFF_READER (reader))->len, ==, 0);
      assert_rows (reader, 0, 40);
      assert_rows (reader, 7, 3);
      assert_lines (reader, (ReconLines){ 1, 2, 5, 4 }, 11, 20);
      g_clear_object (&reader);
    }

  /* A small stack has all its pages. */
  how.n_pages = 5;
  test_tiff_write (path, &how, NULL);
  reader = open_reader (path);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 5);
}

/* A stack whose end is lost: what there is keeps its places. */
static void
test_imagej_cut_off (Fixture       *self,
                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->folder, "a.tif", NULL);
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (ReconSeriesGaps) gaps = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *pixels = g_new (float, 50 * 40);
  g_autofree char *bytes = NULL;
  gsize n;

  write_hidden (path, RECON_SAMPLE_UINT16, TRUE, 4);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  test_file_cut (path, n - 100);

  reader = open_reader (path);
  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, 3);
  g_assert_nonnull (strstr (recon_tiff_reader_get_warnings (RECON_TIFF_READER (reader))->pdata[0],
                            "a.tif is an ImageJ stack of 5 images, of which only the first 3 are there"));
  gaps = recon_tiff_reader_find_gaps (RECON_TIFF_READER (reader));
  g_assert_cmpuint (gaps->n_places, ==, 5);
  g_assert_cmpstr (gaps->missing, ==, "3–4");
  assert_rows (reader, 0, 40);

  test_file_cut (path, n / 2);
  g_assert_false (recon_reader_read (reader, 2, 1, 0, 40, pixels, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_assert_nonnull (strstr (error->message, "Image 2 (counted from 0) of the ImageJ stack"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TIFFSetErrorHandler (fail_on_message_cb);
  TIFFSetWarningHandler (fail_on_message_cb);

  ADD ("/tiff-damage/hostile", test_hostile);
  ADD ("/tiff-damage/damaged", test_damaged);
  ADD ("/tiff-damage/cut-off", test_cut_off);
  ADD ("/tiff-damage/partly-damaged", test_partly_damaged);
  ADD ("/tiff-damage/changed", test_changed);
  ADD ("/tiff-damage/written-anew", test_written_anew);
  ADD ("/tiff-damage/not-tiff", test_not_tiff);
  ADD ("/tiff-damage/refused", test_refused);
  ADD ("/tiff-damage/min-is-white", test_min_is_white);
  ADD ("/tiff-damage/imagej", test_imagej);
  ADD ("/tiff-damage/imagej-cut-off", test_imagej_cut_off);

  return g_test_run ();
}
