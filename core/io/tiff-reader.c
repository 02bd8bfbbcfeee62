/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "io/file-series.h"
#include "io/tiff-image.h"

/* All files are opened once when the reader is, each page's header is read and compared with the first one's:
 * a frame of another size is found before hours of work rather than after, and files may hold different
 * numbers of pages. That is a handful of small reads a page: about a second for ten thousand files on a local
 * disk, and bound by the round trips on a network, where the same would be paid for on first reading. Where
 * each page begins is remembered, so that any page is found at once afterwards.
 *
 * One file is open at a time: that of the last frame, which in a multi-page file is that of the next one. */

/* Where a frame is. */
typedef struct
{
  guint64 directory; /* in the file */
  guint   file;
  guint   page;
} Frame;

struct _ReconTiffReader
{
  ReconReader     parent_instance;

  GPtrArray      *files;  /* (element-type filename) */
  GArray         *frames; /* (element-type Frame) */
  ReconTiffLayout layout; /* of the first page; only size and type are those of all pages */
  char           *first;  /* the first page, for messages */

  ReconTiffImage *image;  /* (nullable): the open file */
  guint           file;   /* its number */
};

G_DEFINE_FINAL_TYPE (ReconTiffReader, recon_tiff_reader, RECON_TYPE_READER)

static const char *const suffixes[] = { ".tif", ".tiff", NULL };

static gboolean
has_layout (ReconTiffReader *self,
            ReconTiffImage  *image)
{
  const ReconTiffLayout *layout = recon_tiff_image_get_layout (image);

  return layout->width == self->layout.width && layout->height == self->layout.height &&
         layout->type == self->layout.type;
}

static gboolean
check_layout (ReconTiffReader  *self,
              ReconTiffImage   *image,
              GError          **error)
{
  const ReconTiffLayout *layout = recon_tiff_image_get_layout (image);
  g_autofree char *where = NULL;

  if (self->frames->len == 0)
    {
      self->layout = *layout;
      self->first = recon_tiff_image_describe (image);
      return TRUE;
    }

  if (has_layout (self, image))
    return TRUE;

  where = recon_tiff_image_describe (image);
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s is %u × %u pixels (width × height) of %s, but %s is %u × %u pixels of %s. All images must be of "
                  "one size and type: leave out what does not belong to them."),
               where, layout->width, layout->height, recon_sample_type_get_name (layout->type), self->first,
               self->layout.width, self->layout.height, recon_sample_type_get_name (self->layout.type));

  return FALSE;
}

/* Checks the pages of self->image and lists them. */
static gboolean
add_pages (ReconTiffReader  *self,
           GError          **error)
{
  Frame frame = { .file = self->file };
  guint n_hidden = recon_tiff_image_get_n_hidden (self->image);

  if (n_hidden > 0)
    {
      g_autofree char *where = recon_tiff_image_describe (self->image);

      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is an ImageJ stack of %u images of which TIFF shows only the first. Save it from ImageJ as "
                      "an image sequence or as BigTIFF."),
                   where, n_hidden);
      return FALSE;
    }

  while (TRUE)
    {
      if (!check_layout (self, self->image, error))
        return FALSE;

      frame.directory = recon_tiff_image_get_directory (self->image);
      g_array_append_val (self->frames, frame);

      if (recon_tiff_image_is_last (self->image))
        return TRUE;
      if (!recon_tiff_image_next (self->image, error))
        return FALSE;
      frame.page++;
    }
}

static gboolean
open_file (ReconTiffReader  *self,
           guint             file,
           GError          **error)
{
  g_clear_pointer (&self->image, recon_tiff_image_free);
  self->image = recon_tiff_image_open (self->files->pdata[file], error);
  self->file = file;

  return self->image != NULL;
}

/* Has self->image at a frame. */
static gboolean
go_to_frame (ReconTiffReader  *self,
             guint             i,
             GError          **error)
{
  const Frame *frame = &g_array_index (self->frames, Frame, i);
  gboolean at_frame = FALSE;

  if (self->image == NULL || self->file != frame->file)
    {
      if (!open_file (self, frame->file, error))
        return FALSE;

      /* The file is at its first page; where that is may have changed if the file was written anew. */
      at_frame = frame->page == 0;
    }

  if (!at_frame && !recon_tiff_image_go_to (self->image, frame->page, frame->directory, error))
    return FALSE;

  if (!has_layout (self, self->image))
    {
      g_autofree char *where = recon_tiff_image_describe (self->image);

      g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                   _ ("%s has another size or type than when it was opened. Do not change files while they are read."),
                   where);
      return FALSE;
    }

  return TRUE;
}

static gboolean
recon_tiff_reader_read (ReconReader   *reader,
                        guint          frame,
                        guint          n_frames,
                        guint          row,
                        guint          n_rows,
                        float         *pixels,
                        GCancellable  *cancellable,
                        GError       **error)
{
  ReconTiffReader *self = RECON_TIFF_READER (reader);
  gsize n_pixels = (gsize) n_rows * self->layout.width;
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < n_frames; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      if (!go_to_frame (self, frame + i, &failure) ||
          !recon_tiff_image_read_rows (self->image, row, n_rows, pixels + i * n_pixels, &failure))
        {
          /* The file may be whole again next time. */
          g_clear_pointer (&self->image, recon_tiff_image_free);
          /* What is wrong with a file by now was not when it was opened: no choice of files can mend it. */
          if (failure->code == RECON_ERROR_INPUT)
            failure->code = RECON_ERROR_READ;
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }

  return TRUE;
}

static void
recon_tiff_reader_finalize (GObject *object)
{
  ReconTiffReader *self = RECON_TIFF_READER (object);

  g_clear_pointer (&self->image, recon_tiff_image_free);
  g_clear_pointer (&self->frames, g_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self->first);

  G_OBJECT_CLASS (recon_tiff_reader_parent_class)->finalize (object);
}

static void
recon_tiff_reader_class_init (ReconTiffReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recon_tiff_reader_finalize;
  RECON_READER_CLASS (klass)->read = recon_tiff_reader_read;
}

static void
recon_tiff_reader_init (ReconTiffReader *self)
{
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
}

/* "scan.h5:/data[1]" has characters of a pattern, but is a place in a file. */
static gboolean
is_inside_file (const char *path)
{
  for (const char *colon = strchr (path, ':'); colon != NULL; colon = strchr (colon + 1, ':'))
    {
      g_autofree char *file = g_strndup (path, colon - path);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }

  return FALSE;
}

/**
 * recon_tiff_reader_can_open:
 * @path: a path
 *
 * A quick look: at most the first bytes of one file are read.
 *
 * Returns: whether recon_tiff_reader_open() is what should try @path (and say what is wrong with it): a
 *   folder, a pattern for file names, a file that begins as TIFF files do, or whatever ends in .tif or .tiff
 */
gboolean
recon_tiff_reader_can_open (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (is_inside_file (path) && !g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;

  return recon_file_series_has_suffix (path, suffixes) || g_file_test (path, G_FILE_TEST_IS_DIR) ||
         recon_file_series_is_pattern (path) || recon_tiff_image_is_tiff (path);
}

/**
 * recon_tiff_reader_open:
 * @path: a file, a folder of *.tif and *.tiff files, a glob, or a pattern for printf with one number; see
 *   recon_file_series_find()
 * @error: return location
 *
 * Opens one TIFF or BigTIFF file or a series of them as a stack of images: the pages of all files in turn,
 * files in natural order. Pages are grey-scale images of 8, 16, 32 or 64-bit integers, signed or not, or
 * 16, 32 or 64-bit floating point numbers, in strips or tiles, not compressed or with LZW, deflate or
 * PackBits, with or without a predictor. Values are taken as they stand in the file, also where it says that
 * 0 is white. Everything else is refused by name. The headers of all pages of all files are checked.
 *
 * Returns: (transfer full): the reader; or %NULL with #RECON_ERROR_INPUT if there is nothing, if it is of a
 *   kind that is not read or if images differ in size or type, #RECON_ERROR_READ if a file is damaged
 */
ReconReader *
recon_tiff_reader_open (const char  *path,
                        GError     **error)
{
  g_autoptr (ReconTiffReader) self = NULL;
  ReconReader *reader;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (RECON_TYPE_TIFF_READER, NULL);
  self->files = recon_file_series_find (path, "TIFF", suffixes, error);
  if (self->files == NULL)
    return NULL;

  for (guint i = 0; i < self->files->len; i++)
    if (!open_file (self, i, error) || !add_pages (self, error))
      return NULL;

  reader = RECON_READER (g_steal_pointer (&self));
  recon_reader_set_layout (reader, path, RECON_TIFF_READER (reader)->frames->len,
                           RECON_TIFF_READER (reader)->layout.height, RECON_TIFF_READER (reader)->layout.width,
                           RECON_TIFF_READER (reader)->layout.type, 1);

  return reader;
}

/**
 * recon_tiff_reader_is_series:
 * @self: a reader
 *
 * Returns: whether the images come from several files
 */
gboolean
recon_tiff_reader_is_series (ReconTiffReader *self)
{
  g_return_val_if_fail (RECON_IS_TIFF_READER (self), FALSE);

  return self->files->len > 1;
}
