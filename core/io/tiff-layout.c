/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-image.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "io/plain-rows.h"

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

/* "Undefined" samples are unsigned integers, as the TIFF specification (revision 6, SampleFormat) recommends. Returns
 * %FALSE for a sample that is not read. */
static gboolean
find_sample_type (TIFF            *tiff,
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

static char *
refuse_sample_type (TIFF *tiff)
{
  guint16 bits = 1, format = SAMPLEFORMAT_UINT;
  ReconSampleType type;

  if (find_sample_type (tiff, &type))
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

/* Returns what about the page is not read, such as "RGB images", or %NULL. */
static char *
find_refusal (TIFF *tiff)
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

static gboolean
set_damaged (const char  *where,
             const char  *what,
             GError     **error)
{
  return recon_fail (error, RECON_ERROR_READ, _ ("%s is damaged: %s. Copy or save the file again."), where, what);
}

static gboolean
read_size (ReconTiffLayout  *self,
           TIFF             *tiff,
           const char       *where,
           GError          **error)
{
  guint32 width = 0, height = 0;

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  /* What counts rows and columns elsewhere may be an int. */
  if (width == 0 || height == 0 || width > G_MAXINT32 || height > G_MAXINT32)
    {
      g_autofree char *what = g_strdup_printf (_ ("it claims to be %u × %u pixels (width × height)"), width, height);

      return set_damaged (where, what, error);
    }

  self->width = width;
  self->height = height;

  return TRUE;
}

static gboolean
read_chunks (ReconTiffLayout  *self,
             TIFF             *tiff,
             const char       *where,
             GError          **error)
{
  guint32 chunk_width = self->width, chunk_height = 0;

  self->tiled = TIFFIsTiled (tiff);
  if (self->tiled)
    {
      chunk_width = 0;
      TIFFGetField (tiff, TIFFTAG_TILEWIDTH, &chunk_width);
      TIFFGetField (tiff, TIFFTAG_TILELENGTH, &chunk_height);
    }
  else
    {
      TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, &chunk_height);
      chunk_height = MIN (chunk_height, self->height);
    }

  self->chunk_width = chunk_width;
  self->chunk_height = chunk_height;

  if (chunk_width == 0 || chunk_height == 0 ||
      !g_size_checked_mul (&self->row_bytes, chunk_width, recon_sample_type_get_bytes (self->type)) ||
      self->row_bytes != (self->tiled ? TIFFTileRowSize64 (tiff) : TIFFVStripSize64 (tiff, 1)))
    return set_damaged (where, _ ("the size of its strips or tiles makes no sense"), error);

  return TRUE;
}

/* Whether the file can hold so many pixels at all: a header of a few bytes must not make anybody allocate
 * terabytes, and most files that are cut off show here before work starts. */
static gboolean
check_frame_bytes (const ReconTiffLayout  *self,
                   const char             *where,
                   guint64                 file_bytes,
                   GError                **error)
{
  guint ratio = recon_tiff_get_max_ratio (self->compression);
  gsize bytes;

  if (!g_size_checked_mul (&bytes, self->width, self->height) ||
      !g_size_checked_mul (&bytes, bytes, recon_sample_type_get_bytes (self->type)) || bytes / ratio > file_bytes)
    {
      g_autofree char *size = g_format_size_full (file_bytes, G_FORMAT_SIZE_LONG_FORMAT);

      return recon_fail (error, RECON_ERROR_READ,
                         _ ("%s is cut off or damaged: %u × %u pixels (width × height) of %s do not fit into %s. Copy "
                            "the file again."),
                         where, self->width, self->height, recon_sample_type_get_name (self->type), size);
    }

  return TRUE;
}

/* Files that were cut off lack the last chunk most of all. */
static gboolean
check_last_chunk (const ReconTiffLayout  *self,
                  TIFF                   *tiff,
                  const char             *where,
                  guint64                 file_bytes,
                  GError                **error)
{
  guint32 n = self->tiled ? TIFFNumberOfTiles (tiff) : TIFFNumberOfStrips (tiff);
  int failed_offset = 0, failed_bytes = 0;
  guint64 offset, bytes, needed;

  if (n == 0)
    return set_damaged (where, _ ("it has no image data"), error);

  offset = TIFFGetStrileOffsetWithErr (tiff, n - 1, &failed_offset);
  bytes = TIFFGetStrileByteCountWithErr (tiff, n - 1, &failed_bytes);
  if (failed_offset || failed_bytes || bytes == 0)
    return set_damaged (where, _ ("part of its image data is missing"), error);

  needed = bytes;
  if (self->compression == COMPRESSION_NONE)
    {
      /* libtiff reads as much as the chunk holds, and some programs claim more than they write. */
      guint rows = self->tiled ? self->chunk_height : self->height - (n - 1) * self->chunk_height;
      gsize full;

      if (g_size_checked_mul (&full, self->row_bytes, rows))
        needed = MIN (needed, full);
    }

  if (needed > file_bytes || offset > file_bytes - needed)
    {
      g_autofree char *size = g_format_size_full (file_bytes, G_FORMAT_SIZE_LONG_FORMAT);

      return recon_fail (error, RECON_ERROR_READ,
                         _ ("%s is cut off: part of its image data lies beyond the end of the file at %s. Copy the "
                            "file again."),
                         where, size);
    }

  return TRUE;
}

/**
 * recon_tiff_layout_read:
 * @self: (out caller-allocates): the layout
 * @tiff: an open file, at one of its pages
 * @where: the file and page, for messages
 * @file_bytes: size of the file
 * @error: return location
 *
 * Reads how the page is stored and checks that it can be read and that the file can hold it.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if the page is of a kind that is not read, #RECON_ERROR_READ if
 *   it is damaged or cut off
 */
gboolean
recon_tiff_layout_read (ReconTiffLayout  *self,
                        TIFF             *tiff,
                        const char       *where,
                        guint64           file_bytes,
                        GError          **error)
{
  g_autofree char *refusal = NULL;

  g_return_val_if_fail (self != NULL && tiff != NULL && where != NULL, FALSE);

  memset (self, 0, sizeof *self);

  refusal = find_refusal (tiff);
  if (refusal != NULL)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s is of a kind that is not read (%s). Save it as a grey-scale image of 8, 16 or 32 bits, "
                          "without compression or with LZW or deflate."),
                       where, refusal);

  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &self->compression);
  find_sample_type (tiff, &self->type);

  return read_size (self, tiff, where, error) && check_frame_bytes (self, where, file_bytes, error) &&
         read_chunks (self, tiff, where, error) && check_last_chunk (self, tiff, where, file_bytes, error);
}

/**
 * recon_tiff_layout_is_alike:
 * @a: a layout
 * @b: another one
 *
 * Returns: whether images of both are of one size and type, however they are stored
 */
gboolean
recon_tiff_layout_is_alike (const ReconTiffLayout *a,
                            const ReconTiffLayout *b)
{
  return a->width == b->width && a->height == b->height && a->type == b->type;
}
