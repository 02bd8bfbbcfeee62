/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-tiff.h"

#include <math.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

/* Bits and libtiff's format of each type. */
static const struct
{
  guint16 bits;
  guint16 format;
} formats[] = {
  [RECON_SAMPLE_UINT8] = { 8, SAMPLEFORMAT_UINT },      [RECON_SAMPLE_INT8] = { 8, SAMPLEFORMAT_INT },
  [RECON_SAMPLE_UINT16] = { 16, SAMPLEFORMAT_UINT },    [RECON_SAMPLE_INT16] = { 16, SAMPLEFORMAT_INT },
  [RECON_SAMPLE_UINT32] = { 32, SAMPLEFORMAT_UINT },    [RECON_SAMPLE_INT32] = { 32, SAMPLEFORMAT_INT },
  [RECON_SAMPLE_UINT64] = { 64, SAMPLEFORMAT_UINT },    [RECON_SAMPLE_INT64] = { 64, SAMPLEFORMAT_INT },
  [RECON_SAMPLE_FLOAT16] = { 16, SAMPLEFORMAT_IEEEFP }, [RECON_SAMPLE_FLOAT32] = { 32, SAMPLEFORMAT_IEEEFP },
  [RECON_SAMPLE_FLOAT64] = { 64, SAMPLEFORMAT_IEEEFP },
};

static guint16
to_half (double value)
{
  guint16 sign = signbit (value) ? 0x8000 : 0;
  int exponent;
  double rounded;

  value = fabs (value);
  if (isnan (value))
    return 0x7e00;
  if (value >= 65520)
    return sign | 0x7c00;
  if (value < 0x1p-14)
    return sign | (guint16) rint (value * 0x1p24); /* 1024 is the smallest normal number */

  frexp (value, &exponent);
  rounded = rint (ldexp (value, 11 - exponent)); /* 1024 … 2048; the carry goes into the exponent */

  return sign | (guint16) (((exponent + 13) << 10) + (int) rounded);
}

static void
put_sample (ReconSampleType type,
            double          value,
            guint8         *to)
{
#define PUT(ctype, v)              \
  {                                \
    ctype sample = (ctype) (v);    \
    memcpy (to, &sample, sizeof sample); \
  }                                \
  break

  switch (type)
    {
    case RECON_SAMPLE_UINT8:
      PUT (guint8, value);
    case RECON_SAMPLE_INT8:
      PUT (gint8, value);
    case RECON_SAMPLE_UINT16:
      PUT (guint16, value);
    case RECON_SAMPLE_INT16:
      PUT (gint16, value);
    case RECON_SAMPLE_UINT32:
      PUT (guint32, value);
    case RECON_SAMPLE_INT32:
      PUT (gint32, value);
    case RECON_SAMPLE_UINT64:
      PUT (guint64, value);
    case RECON_SAMPLE_INT64:
      PUT (gint64, value);
    case RECON_SAMPLE_FLOAT16:
      PUT (guint16, to_half (value));
    case RECON_SAMPLE_FLOAT32:
      PUT (float, value);
    case RECON_SAMPLE_FLOAT64:
      PUT (double, value);
    default:
      g_assert_not_reached ();
    }
}

/* Before 4.7.1 libtiff wrote the floating point predictor wrongly in the byte order that is not this machine's:
 * it turned the bytes around, where the format knows only one order. Turning them around first undoes it. */
static gboolean
needs_swap (const TestTiff *how)
{
  return TIFFLIB_VERSION < 20250911 && how->predictor == PREDICTOR_FLOATINGPOINT &&
         (how->big_endian != FALSE) != (G_BYTE_ORDER == G_BIG_ENDIAN);
}

static void
swap_bytes (guint8 *sample,
            gsize   bytes)
{
  for (gsize i = 0; i < bytes / 2; i++)
    {
      guint8 other = sample[i];

      sample[i] = sample[bytes - 1 - i];
      sample[bytes - 1 - i] = other;
    }
}

double
test_tiff_value (ReconSampleType type,
                 guint           page,
                 guint           row,
                 guint           column)
{
  guint mix = page * 89 + row * 31 + column * 7;

  switch (type)
    {
    case RECON_SAMPLE_UINT8:
      return mix % 251;
    case RECON_SAMPLE_INT8:
      return (int) (mix % 251) - 125;
    case RECON_SAMPLE_UINT16:
      return (page * 7919 + row * 257 + column) % 65521;
    case RECON_SAMPLE_INT16:
      return (int) ((page * 7919 + row * 257 + column) % 65521) - 32768;
    case RECON_SAMPLE_UINT32:
      return (mix % 65521) * 65536.0;
    case RECON_SAMPLE_INT32:
      return ((int) (mix % 65521) - 32768) * 65536.0;
    case RECON_SAMPLE_UINT64:
      return (mix % 65521) * 0x1p48;
    case RECON_SAMPLE_INT64:
      return ((int) (mix % 65521) - 32768) * 0x1p48;
    case RECON_SAMPLE_FLOAT16:
      return ((int) (mix % 2039) - 1000) / 64.0;
    default:
      return ((int) (mix % 65521) - 3000) / 128.0;
    }
}

/* Old deflate makes libtiff warn. */
static int
ignore_warning_cb (TIFF       *tiff,
                   void       *user_data,
                   const char *module,
                   const char *format,
                   va_list     arguments)
{
  return 1;
}

static void
set_tags (TIFF           *tiff,
          const TestTiff *how)
{
  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, how->width);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, how->height);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, formats[how->type].bits);
  TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, formats[how->type].format);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, how->compression != 0 ? how->compression : COMPRESSION_NONE);
  if (how->predictor != 0)
    TIFFSetField (tiff, TIFFTAG_PREDICTOR, how->predictor);

  if (how->tile_width > 0)
    {
      TIFFSetField (tiff, TIFFTAG_TILEWIDTH, how->tile_width);
      TIFFSetField (tiff, TIFFTAG_TILELENGTH, how->tile_height > 0 ? how->tile_height : how->tile_width);
    }
  else
    {
      TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP,
                    how->rows_per_strip > 0 ? how->rows_per_strip : TIFFDefaultStripSize (tiff, 0));
    }
}

/* One strip or tile; pixels outside the page are 0. */
static void
write_chunk (TIFF           *tiff,
             const TestTiff *how,
             const double   *pixels,
             guint           page,
             guint           x,
             guint           y,
             guint           width,
             guint           height)
{
  gsize bytes = formats[how->type].bits / 8;
  g_autofree guint8 *chunk = g_malloc0 (width * height * bytes);
  tmsize_t size = (tmsize_t) (width * height * bytes), done;

  for (guint i = 0; i < height && y + i < how->height; i++)
    for (guint j = 0; j < width && x + j < how->width; j++)
      {
        double value = pixels != NULL ? pixels[((gsize) page * how->height + y + i) * how->width + x + j]
                                      : test_tiff_value (how->type, page, y + i, x + j);

        put_sample (how->type, value, chunk + ((gsize) i * width + j) * bytes);
        if (needs_swap (how))
          swap_bytes (chunk + ((gsize) i * width + j) * bytes, bytes);
      }

  if (how->tile_width > 0)
    done = TIFFWriteEncodedTile (tiff, TIFFComputeTile (tiff, x, y, 0, 0), chunk, size);
  else
    done = TIFFWriteEncodedStrip (tiff, TIFFComputeStrip (tiff, y, 0), chunk, size);
  g_assert_cmpint (done, ==, size);
}

void
test_tiff_write (const char     *path,
                 const TestTiff *how,
                 const double   *pixels)
{
  g_autofree char *mode = g_strdup_printf ("w%s%s", how->big_endian ? "b" : "l", how->big_tiff ? "8" : "");
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();
  TIFF *tiff;

  TIFFOpenOptionsSetWarningHandlerExtR (options, ignore_warning_cb, NULL);
  tiff = TIFFOpenExt (path, mode, options);
  TIFFOpenOptionsFree (options);
  g_assert_nonnull (tiff);

  for (guint page = 0; page < MAX (how->n_pages, 1); page++)
    {
      guint32 width = how->width, height = 0;

      set_tags (tiff, how);
      if (page == 0 && how->description != NULL)
        TIFFSetField (tiff, TIFFTAG_IMAGEDESCRIPTION, how->description);

      if (how->tile_width > 0)
        {
          TIFFGetField (tiff, TIFFTAG_TILEWIDTH, &width);
          TIFFGetField (tiff, TIFFTAG_TILELENGTH, &height);
        }
      else
        {
          TIFFGetField (tiff, TIFFTAG_ROWSPERSTRIP, &height);
        }

      for (guint y = 0; y < how->height; y += height)
        for (guint x = 0; x < how->width; x += width)
          write_chunk (tiff, how, pixels, page, x, y, width,
                       how->tile_width > 0 ? height : MIN (height, how->height - y));

      g_assert_cmpint (TIFFWriteDirectory (tiff), ==, 1);
    }

  TIFFClose (tiff);
}

void
test_file_cut (const char *path,
               gsize       bytes)
{
  g_assert_cmpint (truncate (path, (off_t) bytes), ==, 0);
}
