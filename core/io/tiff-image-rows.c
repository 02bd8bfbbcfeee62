/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-image-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "io/plain-rows.h"
#include "io/tiff-image.h"

/* Has at least @n_rows rows of the chunk at column @x, row @y of the page decoded into self->chunk. */
static gboolean
decode_chunk (ReconTiffImage  *self,
              guint            x,
              guint            y,
              guint            n_rows,
              GError         **error)
{
  const ReconTiffLayout *layout = &self->layout;
  guint32 index = layout->tiled ? TIFFComputeTile (self->tiff, x, y, 0, 0) : TIFFComputeStrip (self->tiff, y, 0);
  guint all_rows = layout->tiled ? layout->chunk_height : MIN (layout->chunk_height, layout->height - y);
  gsize bytes;
  tmsize_t done;

  if (self->chunk_rows >= n_rows && self->chunk_index == index)
    return TRUE;

  /* Decoding stops after the last row that is wanted, unless most of the chunk is: libtiff has faster ways
   * for the whole. Who comes a second time for more will come again: then all is decoded, and kept. What is
   * not compressed is read straight into place, but only as a whole. */
  if (layout->compression == COMPRESSION_NONE || n_rows > all_rows / 2 ||
      (self->chunk_rows > 0 && self->chunk_index == index))
    n_rows = all_rows;

  self->failure[0] = '\0';
  /* The bound is that of recon_tiff_layout_read(), for one chunk. */
  if (!g_size_checked_mul (&bytes, layout->row_bytes, n_rows) || bytes > G_MAXSSIZE ||
      bytes / recon_tiff_get_max_ratio (layout->compression) > self->file_bytes)
    return _recon_tiff_image_set_failed (self, _ ("its strips or tiles are larger than the file can hold"), error);

  self->chunk_rows = 0;
  if (bytes > self->chunk_size)
    {
      g_clear_pointer (&self->chunk, g_free);
      self->chunk_size = 0;
      self->chunk = g_try_malloc (bytes);
      if (self->chunk == NULL)
        {
          g_autofree char *where = recon_tiff_image_describe (self);
          g_autofree char *size = g_format_size (bytes);

          return recon_fail (error, RECON_ERROR_MEMORY,
                             _ ("There is not enough memory to read %s, which is stored in pieces of %s."), where,
                             size);
        }
      self->chunk_size = bytes;
    }

  done = layout->tiled ? TIFFReadEncodedTile (self->tiff, index, self->chunk, (tmsize_t) bytes)
                       : TIFFReadEncodedStrip (self->tiff, index, self->chunk, (tmsize_t) bytes);
  if (done != (tmsize_t) bytes)
    return _recon_tiff_image_set_failed (self, _ ("its image data is too short"), error);

  self->chunk_index = index;
  self->chunk_rows = n_rows;

  return TRUE;
}

/**
 * recon_tiff_image_read_rows:
 * @self: an image
 * @row: first row of the page, counted from 0
 * @n_rows: number of rows
 * @column: first column, counted from 0
 * @n_columns: number of columns
 * @pixels: (out caller-allocates): n_rows × n_columns samples, rows @row_pitch samples apart
 * @row_pitch: at least @n_columns
 * @error: return location
 *
 * Reads rows as float32. Only the strips or tiles that hold them are read.
 *
 * Returns: %FALSE with #RECON_ERROR_READ, the file and the page
 */
gboolean
recon_tiff_image_read_rows (ReconTiffImage  *self,
                            guint            row,
                            guint            n_rows,
                            guint            column,
                            guint            n_columns,
                            float           *pixels,
                            gsize            row_pitch,
                            GError         **error)
{
  const ReconTiffLayout *layout;
  guint stop = row + n_rows;
  guint end = column + n_columns;

  g_return_val_if_fail (self != NULL && pixels != NULL, FALSE);

  layout = &self->layout;
  g_return_val_if_fail (row <= layout->height && n_rows <= layout->height - row, FALSE);
  g_return_val_if_fail (column <= layout->width && n_columns <= layout->width - column, FALSE);

  while (row < stop)
    {
      guint y = row / layout->chunk_height * layout->chunk_height;
      guint n = MIN (stop - row, layout->chunk_height - (row - y));

      for (guint x = column; x < end;)
        {
          guint skipped = x % layout->chunk_width;
          guint n_here = MIN (layout->chunk_width - skipped, end - x);
          gsize skipped_bytes = skipped * recon_sample_type_get_bytes (layout->type);

          if (!decode_chunk (self, x, y, row - y + n, error))
            return FALSE;

          for (guint i = 0; i < n; i++)
            recon_samples_to_float (layout->type, self->chunk + (row - y + i) * layout->row_bytes + skipped_bytes,
                                    n_here, pixels + i * row_pitch + (x - column));
          x += n_here;
        }

      pixels += n * row_pitch;
      row += n;
    }

  return TRUE;
}

/* Whether the samples of the page lie in the file as they do in memory but for their byte order. */
static gboolean
find_contiguous (ReconTiffImage *self,
                 guint64        *offset)
{
  const ReconTiffLayout *layout = &self->layout;
  guint16 fill_order = FILLORDER_MSB2LSB;
  guint64 next, bytes;
  guint32 n;

  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_FILLORDER, &fill_order);
  if (layout->compression != COMPRESSION_NONE || layout->tiled || fill_order != FILLORDER_MSB2LSB)
    return FALSE;

  self->failure[0] = '\0';
  n = TIFFNumberOfStrips (self->tiff);
  if (n != (layout->height - 1) / layout->chunk_height + 1)
    return FALSE;

  next = TIFFGetStrileOffset (self->tiff, 0);
  *offset = next;
  for (guint32 i = 0; i < n; i++)
    {
      guint rows = MIN (layout->chunk_height, layout->height - i * layout->chunk_height);

      /* The sums cannot overflow: what was added before is within the file. */
      bytes = (guint64) rows * layout->row_bytes;
      if (next == 0 || TIFFGetStrileOffset (self->tiff, i) != next || TIFFGetStrileByteCount (self->tiff, i) < bytes ||
          next > self->file_bytes || bytes > self->file_bytes - next)
        return FALSE;
      next += bytes;
    }

  return self->failure[0] == '\0';
}

static gboolean
is_swapped (ReconTiffImage *self)
{
  return TIFFIsByteSwapped (self->tiff) && recon_sample_type_get_bytes (self->layout.type) > 1;
}

/**
 * recon_tiff_image_find_plain_rows:
 * @self: an image
 * @offset: (out): where its samples begin in the file
 *
 * Returns: whether the page lies in the file as it does in memory: not compressed, in strips one behind the other, in
 *   the byte order of this machine, and all of it is there
 */
gboolean
recon_tiff_image_find_plain_rows (ReconTiffImage *self,
                                  guint64        *offset)
{
  g_return_val_if_fail (self != NULL && offset != NULL, FALSE);

  return !is_swapped (self) && find_contiguous (self, offset);
}

/**
 * recon_tiff_image_find_hidden:
 * @self: an image, at its first page
 * @hidden: (out caller-allocates): the images behind it, the first one included
 *
 * ImageJ writes stacks of more than 4 GiB as a TIFF file of one page with the other images' pixels behind
 * it; only a line "images=N" in the description says so. Other programs copy that line to single images, so
 * the file has to be large enough for a second image too.
 *
 * Returns: whether the file is such a stack
 */
gboolean
recon_tiff_image_find_hidden (ReconTiffImage  *self,
                              ReconTiffHidden *hidden)
{
  const char *text, *line;
  guint64 n;

  g_return_val_if_fail (self != NULL && hidden != NULL, FALSE);

  text = recon_tiff_image_get_description (self);
  if (!TIFFLastDirectory (self->tiff) || text == NULL ||
      !g_str_has_prefix (text, "ImageJ=") || (line = strstr (text, "\nimages=")) == NULL)
    return FALSE;

  n = g_ascii_strtoull (line + strlen ("\nimages="), NULL, 10);
  hidden->image_bytes = (guint64) self->layout.row_bytes * self->layout.height;
  if (n < 2 || n > G_MAXINT32 || self->file_bytes / hidden->image_bytes < 2 ||
      !find_contiguous (self, &hidden->offset))
    return FALSE;

  hidden->n_claimed = (guint) n;
  hidden->n_present = (guint) MIN ((self->file_bytes - hidden->offset) / hidden->image_bytes, n);
  hidden->swapped = is_swapped (self);

  return hidden->n_present > 1;
}

/**
 * recon_tiff_image_get_fd:
 * @self: an image
 *
 * Returns: the open file, for pread()
 */
int
recon_tiff_image_get_fd (ReconTiffImage *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return TIFFFileno (self->tiff);
}
