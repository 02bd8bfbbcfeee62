/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "io/file-series.h"
#include "io/samples.h"
#include "io/tiff-handle.h"

/* All files are opened once when the reader is, each page's header is read and compared with the first one's:
 * a frame of another size is found before hours of work rather than after, and files may hold different
 * numbers of pages. That is a handful of small reads a page: about a second for ten thousand files on a local
 * disk, and bound by the round trips on a network, where the same would be paid for on first reading. Where
 * each page begins is remembered, so that any page is found at once afterwards.
 *
 * Each thread that reads has one file open: that of its last frame, which in a multi-page file is that of the next one.
 *
 * Where a page that is not compressed has its samples is remembered when libtiff has read it first. From then on, as
 * long as the file is the same, they are read without libtiff, which takes longer to open a file than to read some rows
 * of it. Whatever goes wrong there is left to libtiff to tell. */

/* Frame.plain */
#define NOT_KNOWN 0
#define NOT_PLAIN 1 /* no samples begin there: it is in the header */

/* Where a frame is. */
typedef struct
{
  guint64 directory; /* in the file */
  guint64 plain;     /* its samples in the file, if they lie there as they do in memory */
  guint   file;
  guint   page;
} Frame;

struct _ReconTiffReader
{
  ReconReader      parent_instance;

  GPtrArray       *files;  /* (element-type filename) */
  GArray          *frames; /* (element-type Frame) */
  ReconTiffLayout  layout; /* of the first page; only size and type are those of all pages */
  gsize            chunk_bytes; /* of the largest strip or tile */
  char            *first;  /* the first page, for messages */

  GAsyncQueue     *handles; /* (element-type ReconTiffHandle): those that no thread uses now */
  GMutex           lock;    /* of Frame.plain, and of: */
  ReconFileStamp  *stamps;  /* (nullable): of each file, when the first of its frames was found to be plain */
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
  gsize chunk_bytes;

  if (g_size_checked_mul (&chunk_bytes, layout->row_bytes, layout->chunk_height))
    self->chunk_bytes = MAX (self->chunk_bytes, chunk_bytes);

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

/* Checks the pages of a file and lists them. */
static gboolean
add_pages (ReconTiffReader  *self,
           ReconTiffImage   *image,
           guint             file,
           GError          **error)
{
  Frame frame = { .file = file };
  guint n_hidden = recon_tiff_image_get_n_hidden (image);

  if (n_hidden > 0)
    {
      g_autofree char *where = recon_tiff_image_describe (image);

      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is an ImageJ stack of %u images of which TIFF shows only the first. Save it from ImageJ as "
                      "an image sequence or as BigTIFF."),
                   where, n_hidden);
      return FALSE;
    }

  while (TRUE)
    {
      if (!check_layout (self, image, error))
        return FALSE;

      frame.directory = recon_tiff_image_get_directory (image);
      g_array_append_val (self->frames, frame);

      if (recon_tiff_image_is_last (image))
        return TRUE;
      if (!recon_tiff_image_next (image, error))
        return FALSE;
      frame.page++;
    }
}

/* Has the handle's image at a frame. */
static gboolean
go_to_frame (ReconTiffReader  *self,
             ReconTiffHandle  *handle,
             const Frame      *frame,
             GError          **error)
{
  gboolean at_frame = FALSE;

  if (!recon_tiff_handle_has_image (handle, frame->file))
    {
      if (!recon_tiff_handle_open (handle, frame->file, self->files->pdata[frame->file], error))
        return FALSE;

      /* The file is at its first page; where that is may have changed if the file was written anew. */
      at_frame = frame->page == 0;
    }

  if (!at_frame && !recon_tiff_image_go_to (handle->image, frame->page, frame->directory, error))
    return FALSE;

  if (!has_layout (self, handle->image))
    {
      g_autofree char *where = recon_tiff_image_describe (handle->image);

      g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                   _ ("%s has another size or type than when it was opened. Do not change files while they are read."),
                   where);
      return FALSE;
    }

  return TRUE;
}

/* Reads samples that lie at @offset. Returns %FALSE where libtiff is to try. */
static gboolean
read_plain (ReconTiffReader    *self,
            ReconTiffHandle    *handle,
            int                 fd,
            guint64             offset,
            const ReconReading *reading,
            float              *pixels)
{
  ReconPlainRows rows = {
    .fd = fd,
    .offset = offset,
    .row_bytes = self->layout.width * recon_sample_type_get_bytes (self->layout.type),
    .n_rows = self->layout.height,
    .type = self->layout.type,
  };

  return recon_plain_rows_read (&rows, reading, 0, (gsize) reading->lines.n * reading->lines.height, pixels,
                                &handle->scratch);
}

/* What is known of a frame, and of its file. */
static Frame
look_up (ReconTiffReader *self,
         guint            i,
         ReconFileStamp  *stamp)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Frame frame = g_array_index (self->frames, Frame, i);

  *stamp = self->stamps[frame.file];

  return frame;
}

/* Remembers where the samples of a frame are. */
static void
remember (ReconTiffReader      *self,
          guint                 i,
          guint64               plain,
          const ReconFileStamp *stamp)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Frame *frame = &g_array_index (self->frames, Frame, i);
  ReconFileStamp *known = &self->stamps[frame->file];

  /* What is known of the file's other frames belongs to what it was before. */
  if (!recon_file_stamp_equal (known, stamp))
    for (guint k = 0; k < self->frames->len; k++)
      {
        Frame *other = &g_array_index (self->frames, Frame, k);

        if (other->file == frame->file)
          other->plain = NOT_KNOWN;
      }

  *known = *stamp;
  frame->plain = plain;
}

/* Reads a frame of which it is not known where its samples are, or which has changed. */
static gboolean
read_by_libtiff (ReconTiffReader     *self,
                 ReconTiffHandle     *handle,
                 guint                i,
                 const Frame         *frame,
                 const ReconReading  *reading,
                 float               *pixels,
                 GError             **error)
{
  const ReconLines *lines = &reading->lines;
  gsize line_pitch = lines->height * reading->row_pitch;
  gboolean whole = lines->height == lines->stride;
  ReconFileStamp stamp;
  guint64 plain;
  int fd;

  if (!go_to_frame (self, handle, frame, error))
    return FALSE;

  fd = recon_tiff_handle_get_fd (handle, frame->file, self->files->pdata[frame->file], &stamp);
  if (frame->plain != NOT_PLAIN && fd >= 0)
    {
      if (!recon_tiff_image_find_plain_rows (handle->image, &plain))
        plain = NOT_PLAIN;
      remember (self, i, plain, &stamp);
      if (plain != NOT_PLAIN && read_plain (self, handle, fd, plain, reading, pixels))
        return TRUE;
    }

  for (guint line = 0; line < (whole ? 1 : lines->n); line++)
    if (!recon_tiff_image_read_rows (handle->image, lines->first + line * lines->stride,
                                     whole ? lines->n * lines->height : lines->height, reading->column,
                                     reading->n_columns, pixels + line * line_pitch, reading->row_pitch, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_frame (ReconTiffReader     *self,
            ReconTiffHandle     *handle,
            guint                i,
            const ReconReading  *reading,
            float               *pixels,
            GError             **error)
{
  ReconFileStamp known, stamp;
  Frame frame = look_up (self, i, &known);

  if (frame.plain != NOT_KNOWN && frame.plain != NOT_PLAIN)
    {
      int fd = recon_tiff_handle_get_fd (handle, frame.file, self->files->pdata[frame.file], &stamp);

      if (fd >= 0 && recon_file_stamp_equal (&known, &stamp) &&
          read_plain (self, handle, fd, frame.plain, reading, pixels))
        return TRUE;
    }

  return read_by_libtiff (self, handle, i, &frame, reading, pixels, error);
}

static gboolean
recon_tiff_reader_read (ReconReader         *reader,
                        const ReconReading  *reading,
                        GCancellable        *cancellable,
                        GError             **error)
{
  ReconTiffReader *self = RECON_TIFF_READER (reader);
  ReconTiffHandle *handle = g_async_queue_try_pop (self->handles);
  g_autoptr (GError) failure = NULL;

  if (handle == NULL)
    handle = recon_tiff_handle_new ();

  for (guint i = 0; i < reading->n_frames && failure == NULL; i++)
    if (!g_cancellable_set_error_if_cancelled (cancellable, &failure))
      read_frame (self, handle, reading->frames[i], reading, reading->pixels + i * reading->frame_pitch, &failure);

  if (failure == NULL)
    {
      /* Who reads next goes on with this file, if it is the same thread. */
      g_async_queue_push_front (self->handles, handle);
      return TRUE;
    }

  /* The file may be whole again next time. */
  recon_tiff_handle_free (handle);
  /* What is wrong with a file by now was not when it was opened: no choice of files can mend it. */
  if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_INPUT))
    failure->code = RECON_ERROR_READ;
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static void
recon_tiff_reader_list_files (ReconReader *reader,
                              GPtrArray   *files)
{
  ReconTiffReader *self = RECON_TIFF_READER (reader);

  for (guint i = 0; i < self->files->len; i++)
    g_ptr_array_add (files, g_strdup (g_ptr_array_index (self->files, i)));
}

static void
recon_tiff_reader_finalize (GObject *object)
{
  ReconTiffReader *self = RECON_TIFF_READER (object);

  g_clear_pointer (&self->handles, g_async_queue_unref);
  g_clear_pointer (&self->frames, g_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self->stamps);
  g_free (self->first);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (recon_tiff_reader_parent_class)->finalize (object);
}

static void
recon_tiff_reader_class_init (ReconTiffReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recon_tiff_reader_finalize;
  RECON_READER_CLASS (klass)->read = recon_tiff_reader_read;
  RECON_READER_CLASS (klass)->list_files = recon_tiff_reader_list_files;
}

static void
recon_tiff_reader_init (ReconTiffReader *self)
{
  g_mutex_init (&self->lock);
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->handles = g_async_queue_new_full ((GDestroyNotify) recon_tiff_handle_free);
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
  ReconTiffHandle *handle;
  gsize scratch;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (RECON_TYPE_TIFF_READER, NULL);
  self->files = recon_file_series_find (path, "TIFF", suffixes, error);
  if (self->files == NULL)
    return NULL;

  handle = recon_tiff_handle_new ();
  g_async_queue_push (self->handles, handle);
  for (guint i = 0; i < self->files->len; i++)
    if (!recon_tiff_handle_open (handle, i, self->files->pdata[i], error) ||
        !add_pages (self, handle->image, i, error))
      return NULL;

  self->stamps = g_new0 (ReconFileStamp, self->files->len);
  recon_reader_set_layout (RECON_READER (self), path, self->frames->len, self->layout.height, self->layout.width,
                           self->layout.type, 1);
  scratch = recon_plain_rows_scratch_bytes (self->layout.width * recon_sample_type_get_bytes (self->layout.type),
                                            self->layout.height);
  recon_reader_set_pieces (RECON_READER (self),
                           self->layout.compression == COMPRESSION_NONE && !self->layout.tiled
                             ? 1
                             : self->layout.chunk_height,
                           MAX (scratch, self->chunk_bytes));

  return RECON_READER (g_steal_pointer (&self));
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
