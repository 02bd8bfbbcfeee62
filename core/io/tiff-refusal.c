/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-refusal.h"

#include <glib/gi18n-lib.h>

/* What a TIFF file can hold that is no measured image, or that is stored in a way which is not read. It is
 * refused by name rather than read wrongly. */

typedef struct
{
  guint       value;
  const char *name;
} Name;

static const Name compressions[] = {
  { COMPRESSION_CCITTRLE, "CCITT RLE" },
  { COMPRESSION_CCITTFAX3, "CCITT group 3" },
  { COMPRESSION_CCITTFAX4, "CCITT group 4" },
  { COMPRESSION_OJPEG, "JPEG" },
  { COMPRESSION_JPEG, "JPEG" },
  { COMPRESSION_NEXT, "NeXT" },
  { COMPRESSION_CCITTRLEW, "CCITT RLE" },
  { COMPRESSION_THUNDERSCAN, "ThunderScan" },
  { COMPRESSION_PIXARFILM, "Pixar film" },
  { COMPRESSION_PIXARLOG, "PixarLog" },
  { COMPRESSION_JBIG, "JBIG" },
  { COMPRESSION_SGILOG, "SGI Log" },
  { COMPRESSION_SGILOG24, "SGI Log" },
  { COMPRESSION_JP2000, "JPEG 2000" },
  { 33003, "JPEG 2000" }, /* Aperio */
  { 33005, "JPEG 2000" }, /* Aperio */
  { COMPRESSION_LERC, "LERC" },
  { COMPRESSION_LZMA, "LZMA" },
  { COMPRESSION_ZSTD, "Zstandard" },
  { COMPRESSION_WEBP, "WebP" },
  { COMPRESSION_JXL, "JPEG XL" },
};

static const Name photometrics[] = {
  { PHOTOMETRIC_RGB, N_ ("RGB images") },
  { PHOTOMETRIC_PALETTE, N_ ("palette images") },
  { PHOTOMETRIC_MASK, N_ ("transparency masks") },
  { PHOTOMETRIC_SEPARATED, N_ ("CMYK images") },
  { PHOTOMETRIC_YCBCR, N_ ("YCbCr images") },
  { PHOTOMETRIC_CIELAB, N_ ("CIE L*a*b* images") },
  { PHOTOMETRIC_ICCLAB, N_ ("CIE L*a*b* images") },
  { PHOTOMETRIC_ITULAB, N_ ("CIE L*a*b* images") },
  { PHOTOMETRIC_CFA, N_ ("colour filter array (Bayer) images") },
  { PHOTOMETRIC_LOGL, N_ ("logarithmic luminance images") },
  { PHOTOMETRIC_LOGLUV, N_ ("logarithmic luminance images") },
};

static const char *const orientations[] = {
  NULL, "top-left", "top-right", "bottom-right", "bottom-left", "left-top", "right-top", "right-bottom", "left-bottom",
};

static const char *
find_name (const Name *names,
           gsize       n_names,
           guint       value)
{
  for (gsize i = 0; i < n_names; i++)
    if (names[i].value == value)
      return names[i].name;

  return NULL;
}

/**
 * recon_tiff_get_max_ratio:
 * @compression: a compression of libtiff
 *
 * The bound follows from the format: PackBits makes at most 128 bytes of 2, deflate 258 of 2 bits (1032 : 1
 * as zlib states it), LZW at most a string as long as its table of 4096 entries of 9 bits or more.
 *
 * Returns: how many times larger than its data in the file an image of this compression can be; 0 if such
 *   images are not read
 */
guint
recon_tiff_get_max_ratio (guint16 compression)
{
  switch (compression)
    {
    case COMPRESSION_NONE:
      return 1;
    case COMPRESSION_PACKBITS:
      return 64;
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
      return 1040;
    case COMPRESSION_LZW:
      return 4096;
    default:
      return 0;
    }
}

static char *
refuse_compression (TIFF *tiff)
{
  guint16 compression = COMPRESSION_NONE;
  const char *name;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  if (recon_tiff_get_max_ratio (compression) > 0)
    return NULL;

  name = find_name (compressions, G_N_ELEMENTS (compressions), compression);

  return name != NULL ? g_strdup_printf (_ ("%s compression"), name)
                      : g_strdup_printf (_ ("compression number %u"), compression);
}

/* White = 0 is no reason: such values are taken as they are, since counts are counts. */
static char *
refuse_colour (TIFF *tiff)
{
  guint16 photometric = PHOTOMETRIC_MINISBLACK, samples = 1;
  const char *name;

  TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);

  name = find_name (photometrics, G_N_ELEMENTS (photometrics), photometric);
  if (name != NULL)
    return g_strdup (_ (name));
  if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_MINISWHITE)
    return g_strdup_printf (_ ("images of photometric interpretation %u"), photometric);
  if (samples != 1)
    return g_strdup_printf (_ ("%u samples per pixel"), samples);

  return NULL;
}

static char *
refuse_sample_type (TIFF *tiff)
{
  guint16 bits = 1, format = SAMPLEFORMAT_UINT;
  ReconSampleType type;

  if (recon_tiff_find_sample_type (tiff, &type))
    return NULL;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);

  switch (format)
    {
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_VOID:
      return g_strdup_printf (_ ("%u-bit samples"), bits);
    case SAMPLEFORMAT_INT:
      return g_strdup_printf (_ ("signed %u-bit samples"), bits);
    case SAMPLEFORMAT_IEEEFP:
      return g_strdup_printf (_ ("%u-bit floating point samples"), bits);
    case SAMPLEFORMAT_COMPLEXINT:
    case SAMPLEFORMAT_COMPLEXIEEEFP:
      return g_strdup (_ ("complex samples"));
    default:
      return g_strdup_printf (_ ("samples of format number %u"), format);
    }
}

static char *
refuse_geometry (TIFF *tiff)
{
  guint16 orientation = ORIENTATION_TOPLEFT;
  guint32 depth = 1, tile_depth = 1;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_ORIENTATION, &orientation);
  if (orientation > ORIENTATION_TOPLEFT && orientation < G_N_ELEMENTS (orientations))
    return g_strdup_printf (_ ("orientation %s"), orientations[orientation]);

  TIFFGetFieldDefaulted (tiff, TIFFTAG_IMAGEDEPTH, &depth);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_TILEDEPTH, &tile_depth);
  if (depth != 1 || tile_depth != 1)
    return g_strdup (_ ("pages with a depth"));

  return NULL;
}

/**
 * recon_tiff_find_sample_type:
 * @tiff: an open file, at one of its pages
 * @type: (out): what a sample of the page is
 *
 * "Undefined" samples are unsigned integers, as the TIFF specification (revision 6, SampleFormat)
 * recommends.
 *
 * Returns: %FALSE for a sample that is not read
 */
gboolean
recon_tiff_find_sample_type (TIFF            *tiff,
                             ReconSampleType *type)
{
  static const struct
  {
    guint16         format;
    guint16         bits;
    ReconSampleType type;
  } types[] = {
    { SAMPLEFORMAT_UINT, 8, RECON_SAMPLE_UINT8 },       { SAMPLEFORMAT_INT, 8, RECON_SAMPLE_INT8 },
    { SAMPLEFORMAT_UINT, 16, RECON_SAMPLE_UINT16 },     { SAMPLEFORMAT_INT, 16, RECON_SAMPLE_INT16 },
    { SAMPLEFORMAT_UINT, 32, RECON_SAMPLE_UINT32 },     { SAMPLEFORMAT_INT, 32, RECON_SAMPLE_INT32 },
    { SAMPLEFORMAT_UINT, 64, RECON_SAMPLE_UINT64 },     { SAMPLEFORMAT_INT, 64, RECON_SAMPLE_INT64 },
    { SAMPLEFORMAT_IEEEFP, 16, RECON_SAMPLE_FLOAT16 },  { SAMPLEFORMAT_IEEEFP, 32, RECON_SAMPLE_FLOAT32 },
    { SAMPLEFORMAT_IEEEFP, 64, RECON_SAMPLE_FLOAT64 },
  };
  guint16 bits = 1, format = SAMPLEFORMAT_UINT;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);

  if (format == SAMPLEFORMAT_VOID)
    format = SAMPLEFORMAT_UINT;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].format == format && types[i].bits == bits)
      {
        *type = types[i].type;
        return TRUE;
      }

  return FALSE;
}

/**
 * recon_tiff_refusal_find:
 * @tiff: an open file, at one of its pages
 *
 * Returns: (transfer full) (nullable): what about the page is not read, such as "RGB images", or %NULL
 */
char *
recon_tiff_refusal_find (TIFF *tiff)
{
  char *refusal = refuse_compression (tiff);

  if (refusal == NULL)
    refusal = refuse_colour (tiff);
  if (refusal == NULL)
    refusal = refuse_sample_type (tiff);
  if (refusal == NULL)
    refusal = refuse_geometry (tiff);

  return refusal;
}
