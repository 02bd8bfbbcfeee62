/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/scan-sink.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <tiffio.h>

#include "error.h"

#define STRIP_BYTES (256 * 1024)

typedef TIFF TiffHandle;

/* TIFFCleanup() frees the handle and leaves the file open, whose closing can then be checked. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TiffHandle, TIFFCleanup)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFFOpenOptions, TIFFOpenOptionsFree)

/* Keeps the first message of libtiff, which is the nearest to the cause. */
static int
error_cb (TIFF       *tiff,
          void       *user_data,
          const char *module,
          const char *format,
          va_list     arguments)
{
  GString *text = user_data;

  if (text->len == 0)
    g_string_append_vprintf (text, format, arguments);

  return 1;
}

static int
warning_cb (TIFF       *tiff,
            void       *user_data,
            const char *module,
            const char *format,
            va_list     arguments)
{
  return 1;
}

static gboolean
set_fields (TIFF       *tiff,
            guint       width,
            guint       height,
            gboolean    is_float,
            guint       strip_rows,
            const char *description)
{
  return TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, width) &&
         TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, height) &&
         TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, is_float ? 32 : 16) &&
         TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, is_float ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT) &&
         TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1) &&
         TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
         TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
         TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) &&
         TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, strip_rows) &&
         TIFFSetField (tiff, TIFFTAG_SOFTWARE, "Reconstruct " RECON_VERSION) &&
         (description == NULL || TIFFSetField (tiff, TIFFTAG_IMAGEDESCRIPTION, description));
}

static gboolean
write_image (TIFF          *tiff,
             guint          width,
             guint          height,
             gboolean       is_float,
             const char    *description,
             gconstpointer  pixels)
{
  gsize line = (gsize) width * (is_float ? sizeof (float) : sizeof (guint16));
  guint strip_rows = CLAMP (STRIP_BYTES / line, 1, height);

  if (!set_fields (tiff, width, height, is_float, strip_rows, description))
    return FALSE;

  for (guint row = 0, strip = 0; row < height; row += strip_rows, strip++)
    {
      tmsize_t bytes = (tmsize_t) (MIN (strip_rows, height - row) * line);

      /* libtiff takes a plain pointer but changes nothing in the machine's own byte order. */
      if (TIFFWriteEncodedStrip (tiff, strip, (char *) pixels + row * line, bytes) != bytes)
        return FALSE;
    }

  return TIFFFlush (tiff);
}

/**
 * recon_scan_tiff_save:
 * @path: file; replaced if it exists
 * @width: columns
 * @height: rows
 * @is_float: whether samples are float32 rather than uint16
 * @description: (nullable): goes into the file
 * @pixels: height × width samples
 * @error: return location
 *
 * Writes an image without compression.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, the path and the cause
 */
gboolean
recon_scan_tiff_save (const char     *path,
                      guint           width,
                      guint           height,
                      gboolean        is_float,
                      const char     *description,
                      gconstpointer   pixels,
                      GError        **error)
{
  g_autoptr (TIFFOpenOptions) options = TIFFOpenOptionsAlloc ();
  g_autoptr (GString) cause = g_string_new (NULL);
  g_autofree char *name = g_filename_display_name (path);
  guint64 bytes = (guint64) width * height * (is_float ? sizeof (float) : sizeof (guint16));
  gboolean written = FALSE;
  int saved_errno;
  int fd = g_open (path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);

  if (fd < 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot create %s: %s."), name, g_strerror (errno));
      return FALSE;
    }

  TIFFOpenOptionsSetErrorHandlerExtR (options, error_cb, cause);
  TIFFOpenOptionsSetWarningHandlerExtR (options, warning_cb, NULL);
  errno = 0;

  {
    /* The offsets of a plain TIFF have 32 bits. */
    g_autoptr (TiffHandle) tiff = TIFFFdOpenExt (fd, path, bytes > G_MAXUINT32 - 65536 ? "w8" : "w", options);

    written = tiff != NULL && write_image (tiff, width, height, is_float, description, pixels);
    saved_errno = errno;
  }

  if (!written)
    {
      g_close (fd, NULL);
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s: %s."),
                   name, saved_errno != 0 ? g_strerror (saved_errno) : cause->str);
      return FALSE;
    }

  if (!g_close (fd, NULL))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s: %s."), name, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

typedef struct
{
  ReconScanSink        parent;
  const ReconRawScan  *scan;
  char                *folder;
} TiffSink;

static const struct
{
  const char *folder;
  const char *prefix;
} places[RECON_N_RAW_KINDS] = {
  [RECON_RAW_DARK] = { "darks", "dark" },
  [RECON_RAW_FLAT] = { "flats", "flat" },
  [RECON_RAW_PROJECTION] = { "projections", "proj" },
  [RECON_RAW_FLAT_AFTER] = { "flats_after", "flat" },
};

static gboolean
tiff_sink_write (ReconScanSink  *sink,
                 ReconRawKind    kind,
                 guint           index,
                 gconstpointer   pixels,
                 GError        **error)
{
  TiffSink *self = (TiffSink *) sink;
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  g_autofree char *name = g_strdup_printf ("%s_%05u.tif", places[kind].prefix, index);
  g_autofree char *path = g_build_filename (self->folder, places[kind].folder, name, NULL);

  return recon_scan_tiff_save (path, settings->width, settings->rows, recon_raw_scan_is_float (self->scan), NULL,
                               pixels, error);
}

static gboolean
tiff_sink_finish (ReconScanSink  *sink,
                  GError        **error)
{
  return TRUE;
}

static void
tiff_sink_free (ReconScanSink *sink)
{
  TiffSink *self = (TiffSink *) sink;

  g_free (self->folder);
  g_free (self);
}

/**
 * recon_scan_tiff_new:
 * @scan: the scan; outlives the sink
 * @folder: an existing folder
 * @error: return location
 *
 * One file a frame: projections/proj_00000.tif, darks/dark_00000.tif, flats/flat_00000.tif,
 * flats_after/flat_00000.tif; there is no folder for a kind without frames.
 *
 * Returns: (transfer full): a sink, or %NULL with #RECON_ERROR_WRITE
 */
ReconScanSink *
recon_scan_tiff_new (const ReconRawScan  *scan,
                     const char          *folder,
                     GError             **error)
{
  TiffSink *self;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      g_autofree char *path = g_build_filename (folder, places[kind].folder, NULL);

      if (recon_raw_scan_get_n_frames (scan, kind) == 0 || g_mkdir (path, 0777) == 0)
        continue;

      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot create %s: %s."), path, g_strerror (errno));
      return NULL;
    }

  self = g_new0 (TiffSink, 1);
  self->parent = (ReconScanSink) { tiff_sink_write, tiff_sink_finish, tiff_sink_free };
  self->scan = scan;
  self->folder = g_strdup (folder);

  return &self->parent;
}
