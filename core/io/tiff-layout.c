/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "io/plain-rows.h"
#include "io/tiff-refusal.h"

static void
set_damaged (const char  *where,
             const char  *what,
             GError     **error)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_READ, _ ("%s is damaged: %s. Copy or save the file again."), where,
               what);
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

      set_damaged (where, what, error);
      return FALSE;
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
    {
      set_damaged (where, _ ("the size of its strips or tiles makes no sense"), error);
      return FALSE;
    }

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

      g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                   _ ("%s is cut off or damaged: %u × %u pixels (width × height) of %s do not fit into %s. Copy the "
                      "file again."),
                   where, self->width, self->height, recon_sample_type_get_name (self->type), size);
      return FALSE;
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
    {
      set_damaged (where, _ ("it has no image data"), error);
      return FALSE;
    }

  offset = TIFFGetStrileOffsetWithErr (tiff, n - 1, &failed_offset);
  bytes = TIFFGetStrileByteCountWithErr (tiff, n - 1, &failed_bytes);
  if (failed_offset || failed_bytes || bytes == 0)
    {
      set_damaged (where, _ ("part of its image data is missing"), error);
      return FALSE;
    }

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

      g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                   _ ("%s is cut off: part of its image data lies beyond the end of the file at %s. Copy the file "
                      "again."),
                   where, size);
      return FALSE;
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

  refusal = recon_tiff_refusal_find (tiff);
  if (refusal != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is of a kind that is not read (%s). Save it as a grey-scale image of 8, 16 or 32 bits, "
                      "without compression or with LZW or deflate."),
                   where, refusal);
      return FALSE;
    }

  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &self->compression);
  recon_tiff_find_sample_type (tiff, &self->type);

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
