/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

#include "base/fail.h"

/* Bytes of a strip: large enough for fast writing, small enough for reading a few rows. A page of less than
 * twice as much is one strip. */
#define STRIP_BYTES (512 * 1024)

/* Higher levels take several times as long for a few percent. */
#define DEFLATE_LEVEL 3

/* Classic TIFF counts bytes with 32 bits; some are left for what is not pixels. */
#define CLASSIC_BYTES (G_MAXUINT32 - 64u * 1024 * 1024)

static gsize
row_bytes (const ReconVolume *volume)
{
  return (gsize) volume->width * recon_output_type_get_bytes (volume->type);
}

static guint
rows_per_strip (const ReconVolume *volume)
{
  gsize row = row_bytes (volume);

  if (volume->height <= 2 * STRIP_BYTES / row)
    return volume->height;

  return (guint) CLAMP (STRIP_BYTES / row, 1, volume->height);
}

static guint16
compression_tag (const ReconVolume *volume)
{
  static const guint16 tags[] = {
    [RECON_COMPRESSION_NONE] = COMPRESSION_NONE,
    [RECON_COMPRESSION_DEFLATE] = COMPRESSION_ADOBE_DEFLATE,
    [RECON_COMPRESSION_LZW] = COMPRESSION_LZW,
  };

  g_return_val_if_fail (volume->compression < G_N_ELEMENTS (tags), COMPRESSION_NONE);

  return tags[volume->compression];
}

static guint16
sample_format (const ReconVolume *volume)
{
  return volume->type == RECON_OUTPUT_TYPE_FLOAT32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT;
}

/**
 * recon_tiff_page_needs_big:
 * @volume: a volume
 *
 * Returns: whether one slice of it may be too large for a classic TIFF file
 */
gboolean
recon_tiff_page_needs_big (const ReconVolume *volume)
{
  guint64 bytes = (guint64) row_bytes (volume) * volume->height;

  /* LZW makes noise larger: at worst, 12 bits for each byte. */
  if (volume->compression == RECON_COMPRESSION_LZW)
    bytes += bytes / 2;

  return bytes > CLASSIC_BYTES;
}

/* The shortest decimal number that reads back equal. */
static char *
format_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 6; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }

  return g_strdup (text);
}

/* JSON with what is needed to get from the page back to positions and values, or a page's own description. */
static char *
describe (const ReconVolume *volume,
          guint              slice)
{
  g_autofree char *row = NULL;
  g_autofree char *minimum = NULL;
  g_autofree char *maximum = NULL;

  if (volume->detector_row == NULL)
    return g_strdup (volume->description);

  row = format_number (volume->detector_row[slice]);

  if (volume->type == RECON_OUTPUT_TYPE_FLOAT32)
    return g_strdup_printf ("{\"detector-row\": %s}", row);

  minimum = format_number (volume->minimum);
  maximum = format_number (volume->maximum);

  return g_strdup_printf ("{\"detector-row\": %s, \"minimum\": %s, \"maximum\": %s}", row, minimum, maximum);
}

/* Tags of the resolution in pixels per cm, where that can be written as a fraction of 32-bit integers. */
static gboolean
set_resolution (TIFF   *tiff,
                double  pixel_size)
{
  double per_cm = 10.0 / pixel_size;

  if (!isfinite (per_cm) || per_cm < 1e-6 || per_cm > 4e9)
    return TRUE;

  return TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER) &&
         TIFFSetField (tiff, TIFFTAG_XRESOLUTION, per_cm) &&
         TIFFSetField (tiff, TIFFTAG_YRESOLUTION, per_cm);
}

/* No date and no host: the same slices are the same bytes. */
static gboolean
set_tags (TIFF              *tiff,
          const ReconVolume *volume,
          guint              slice)
{
  gboolean floats = volume->type == RECON_OUTPUT_TYPE_FLOAT32;
  g_autofree char *description = describe (volume, slice);

  return TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, volume->width) &&
         TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, volume->height) &&
         TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 8 * recon_output_type_get_bytes (volume->type)) &&
         TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1) &&
         TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, sample_format (volume)) &&
         TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
         TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
         TIFFSetField (tiff, TIFFTAG_COMPRESSION, compression_tag (volume)) &&
         (volume->compression == RECON_COMPRESSION_NONE ||
          TIFFSetField (tiff, TIFFTAG_PREDICTOR, floats ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL)) &&
         (volume->compression != RECON_COMPRESSION_DEFLATE ||
          TIFFSetField (tiff, TIFFTAG_ZIPQUALITY, DEFLATE_LEVEL)) &&
         TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, rows_per_strip (volume)) &&
         TIFFSetField (tiff, TIFFTAG_SOFTWARE, "reconstruct " RECON_VERSION) &&
         (description == NULL || TIFFSetField (tiff, TIFFTAG_IMAGEDESCRIPTION, description)) &&
         set_resolution (tiff, volume->pixel_size);
}

static gboolean
write_strips (TIFF              *tiff,
              const ReconVolume *volume,
              gconstpointer      pixels)
{
  guint step = rows_per_strip (volume);
  gsize row = row_bytes (volume);
  const char *data = pixels;

  for (guint y = 0, strip = 0; y < volume->height; y += step, strip++)
    {
      guint n_rows = MIN (step, volume->height - y);

      /* libtiff takes a writable pointer but changes only a copy: the bytes need no swapping. */
      if (TIFFWriteEncodedStrip (tiff, strip, (void *) (data + (gsize) y * row), (tmsize_t) (n_rows * row)) < 0)
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_tiff_page_write:
 * @output: an open file
 * @volume: what the slice belongs to
 * @slice: which one it is, counted from 0
 * @pixels: height × width samples of the volume's type
 * @error: return location
 *
 * Appends one page: the slice as grey image, black at the smallest value, in strips.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_tiff_page_write (ReconTiffOutput    *output,
                       const ReconVolume  *volume,
                       guint               slice,
                       gconstpointer       pixels,
                       GError            **error)
{
  TIFF *tiff = recon_tiff_output_get_tiff (output);

  if (set_tags (tiff, volume, slice) && write_strips (tiff, volume, pixels) && TIFFWriteDirectory (tiff) &&
      recon_tiff_output_get_text (output) == NULL)
    return TRUE;

  return recon_tiff_output_set_error (output, error);
}

static ReconTiffOutput *
open_new (int                 folder,
          const char         *path,
          const ReconVolume  *volume,
          GError            **error)
{
  ReconTiffOutputMode mode = recon_tiff_page_needs_big (volume) ? RECON_TIFF_OUTPUT_NEW_BIG : RECON_TIFF_OUTPUT_NEW;

  return recon_tiff_output_open (folder, path, mode, error);
}

/**
 * recon_tiff_page_save:
 * @folder: a descriptor of the folder that @path lies in, or AT_FDCWD
 * @path: a file; replaced if it exists
 * @volume: what the slice belongs to
 * @slice: which one it is, counted from 0
 * @pixels: height × width samples of the volume's type
 * @sync: whether to wait until it is on the disk
 * @error: return location
 *
 * Makes a file of one page.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE; there may be a part of the file then
 */
gboolean
recon_tiff_page_save (int                 folder,
                      const char         *path,
                      const ReconVolume  *volume,
                      guint               slice,
                      gconstpointer       pixels,
                      gboolean            sync,
                      GError            **error)
{
  g_autoptr (ReconTiffOutput) output = open_new (folder, path, volume, error);

  return output != NULL && recon_tiff_page_write (output, volume, slice, pixels, error) &&
         (!sync || recon_tiff_output_sync (output, error)) &&
         recon_tiff_output_close (g_steal_pointer (&output), error);
}

/**
 * recon_tiff_page_fits:
 * @output: an open file, at one of its pages
 * @volume: a volume
 *
 * Returns: whether the page can be a slice of @volume, and is all in the file
 */
gboolean
recon_tiff_page_fits (ReconTiffOutput   *output,
                      const ReconVolume *volume)
{
  TIFF *tiff = recon_tiff_output_get_tiff (output);
  guint64 size = recon_tiff_output_get_size (output);
  guint32 width = 0, height = 0, rows = 0;
  guint16 bits = 0, format = 0, compression = 0;

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, &rows);

  if (width != volume->width || height != volume->height || rows != rows_per_strip (volume) ||
      bits != 8 * recon_output_type_get_bytes (volume->type) || format != sample_format (volume) ||
      compression != compression_tag (volume))
    return FALSE;

  for (guint32 strip = 0; strip < TIFFNumberOfStrips (tiff); strip++)
    {
      guint64 offset = TIFFGetStrileOffset (tiff, strip);
      guint64 bytes = TIFFGetStrileByteCount (tiff, strip);

      if (offset == 0 || bytes == 0 || offset > size || bytes > size - offset)
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_not_saved (const char  *path,
               const char  *cause,
               GError     **error)
{
  return recon_fail (error, RECON_ERROR_WRITE,
                     _ ("%s could not be saved: %s. Choose another folder, or make room there."), path, cause);
}

/* The writer's messages say how to resume a run, so only their cause is taken. */
static gboolean
save_image (const char  *temporary,
            const char  *path,
            ReconImage  *image,
            GError     **error)
{
  const ReconVolume volume = {
    .n_slices = 1,
    .height = recon_image_get_height (image),
    .width = recon_image_get_width (image),
    .pixel_size = NAN,
    .type = RECON_OUTPUT_TYPE_FLOAT32,
    .compression = RECON_COMPRESSION_NONE,
  };
  g_autoptr (ReconTiffOutput) output = open_new (AT_FDCWD, temporary, &volume, NULL);
  const char *cause;

  if (output == NULL)
    return set_not_saved (path, g_strerror (errno), error);
  if (!recon_tiff_page_write (output, &volume, 0, recon_image_get_pixels (image), NULL))
    {
      cause = recon_tiff_output_get_text (output);
      return set_not_saved (path, cause != NULL ? cause : _ ("unknown cause"), error);
    }

  errno = 0;
  if (recon_tiff_output_sync (output, NULL) && recon_tiff_output_close (g_steal_pointer (&output), NULL))
    return TRUE;

  return set_not_saved (path, errno != 0 ? g_strerror (errno) : _ ("unknown cause"), error);
}

/**
 * recon_tiff_store:
 * @path: a file
 * @image: an image
 * @error: return location
 *
 * Saves one image as float32. A file there is replaced once the new one is complete and on the disk.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE; what was there before is untouched
 */
gboolean
recon_tiff_store (const char  *path,
                  ReconImage  *image,
                  GError     **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);

  if (fd < 0)
    return set_not_saved (path, g_strerror (errno), error);

  close (fd);
  if (save_image (temporary, path, image, error))
    {
      if (g_rename (temporary, path) == 0)
        return TRUE;

      set_not_saved (path, g_strerror (errno), error);
    }
  g_unlink (temporary);

  return FALSE;
}
