/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "io/series.h"
#include "io/plain-rows.h"
#include "io/tiff-image.h"

/* Each thread that reads has one file open: that of its last frame, which in a multi-page file is that of the next one.
 *
 * Where a page that is not compressed has its samples is remembered when libtiff has read it first. From then on, as
 * long as the file is the same, they are read without libtiff, which takes longer to open a file than to read some rows
 * of it. Whatever goes wrong there is left to libtiff to report. */

struct _ReconTiffReader
{
  ReconReader      parent_instance;

  ReconSeries     *series;
  GPtrArray       *files;    /* (element-type filename): those of the series */
  ReconTiffFrames  frames;
  GPtrArray       *warnings; /* (element-type utf8): what a user should know of the choice of files */

  GAsyncQueue     *handles; /* (element-type ReconTiffHandle): those that no thread uses now */
  GMutex           lock;    /* of ReconTiffFrame.plain, and of: */
  ReconFileStamp  *stamps;  /* (nullable): of each file, when the first of its frames was found to be plain */
};

G_DEFINE_FINAL_TYPE (ReconTiffReader, recon_tiff_reader, RECON_TYPE_READER)

static const char *const suffixes[] = { ".tif", ".tiff", NULL };

/* Has the handle's image at a frame. */
static gboolean
go_to_frame (ReconTiffReader       *self,
             ReconTiffHandle       *handle,
             const ReconTiffFrame  *frame,
             GError               **error)
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

  if (!recon_tiff_layout_is_alike (recon_tiff_image_get_layout (handle->image), &self->frames.layout))
    {
      g_autofree char *where = recon_tiff_image_describe (handle->image);

      return recon_fail (error, RECON_ERROR_READ,
                         _ ("%s has another size or type than when it was opened. Do not change files while they are "
                            "read."),
                         where);
    }

  return TRUE;
}

/* Reads samples that lie at @offset. Returns %FALSE where libtiff is to try. */
static gboolean
read_plain (ReconTiffReader    *self,
            ReconTiffHandle    *handle,
            int                 fd,
            guint64             offset,
            gboolean            swapped,
            const ReconReading *reading,
            float              *pixels)
{
  ReconPlainRows rows = {
    .fd = fd,
    .offset = offset,
    .row_bytes = self->frames.layout.width * recon_sample_type_get_bytes (self->frames.layout.type),
    .n_rows = self->frames.layout.height,
    .type = self->frames.layout.type,
    .swapped = swapped,
  };

  return recon_plain_rows_read (&rows, reading, 0, (gsize) reading->lines.n * reading->lines.height, pixels,
                                &handle->scratch);
}

/* What is known of a frame, and of its file. */
static ReconTiffFrame
look_up (ReconTiffReader *self,
         guint            i,
         ReconFileStamp  *stamp)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  ReconTiffFrame frame = g_array_index (self->frames.list, ReconTiffFrame, i);

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
  ReconTiffFrame *frame = &g_array_index (self->frames.list, ReconTiffFrame, i);
  ReconFileStamp *known = &self->stamps[frame->file];

  /* What is known of the file's other frames belongs to what it was before. */
  if (!recon_file_stamp_equal (known, stamp))
    for (guint k = 0; k < self->frames.list->len; k++)
      {
        ReconTiffFrame *other = &g_array_index (self->frames.list, ReconTiffFrame, k);

        if (other->file == frame->file && other->hidden == 0)
          other->plain = RECON_TIFF_NOT_KNOWN;
      }

  *known = *stamp;
  frame->plain = plain;
}

/* Reads a frame of which it is not known where its samples are, or which has changed. */
static gboolean
read_by_libtiff (ReconTiffReader       *self,
                 ReconTiffHandle       *handle,
                 guint                  i,
                 const ReconTiffFrame  *frame,
                 const ReconReading    *reading,
                 float                 *pixels,
                 GError               **error)
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
  if (frame->plain != RECON_TIFF_NOT_PLAIN && fd >= 0)
    {
      if (!recon_tiff_image_find_plain_rows (handle->image, &plain))
        plain = RECON_TIFF_NOT_PLAIN;
      remember (self, i, plain, &stamp);
      if (plain != RECON_TIFF_NOT_PLAIN && read_plain (self, handle, fd, plain, FALSE, reading, pixels))
        return TRUE;
    }

  for (guint line = 0; line < (whole ? 1 : lines->n); line++)
    if (!recon_tiff_image_read_rows (handle->image, lines->first + line * lines->stride,
                                     whole ? lines->n * lines->height : lines->height, reading->column,
                                     reading->n_columns, pixels + line * line_pitch, reading->row_pitch, error))
      return FALSE;

  return TRUE;
}

/* Reads a frame that libtiff knows nothing of. */
static gboolean
read_hidden (ReconTiffReader       *self,
             ReconTiffHandle       *handle,
             const ReconTiffFrame  *frame,
             const ReconReading    *reading,
             float                 *pixels,
             GError               **error)
{
  ReconFileStamp stamp;
  const char *file = self->files->pdata[frame->file];
  int fd = recon_tiff_handle_get_fd (handle, frame->file, file, &stamp);

  if (fd >= 0 && read_plain (self, handle, fd, frame->plain, frame->hidden == 2, reading, pixels))
    return TRUE;

  return recon_fail (error, RECON_ERROR_READ,
                     _ ("Image %u (counted from 0) of the ImageJ stack %s cannot be read, or is no longer all in the "
                        "file. Copy the file again."),
                     frame->page, file);
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
  ReconTiffFrame frame = look_up (self, i, &known);

  if (frame.hidden != 0)
    return read_hidden (self, handle, &frame, reading, pixels, error);

  if (frame.plain != RECON_TIFF_NOT_KNOWN && frame.plain != RECON_TIFF_NOT_PLAIN)
    {
      int fd = recon_tiff_handle_get_fd (handle, frame.file, self->files->pdata[frame.file], &stamp);

      if (fd >= 0 && recon_file_stamp_equal (&known, &stamp) &&
          read_plain (self, handle, fd, frame.plain, FALSE, reading, pixels))
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
  recon_tiff_frames_clear (&self->frames);
  g_clear_pointer (&self->series, recon_series_free);
  g_ptr_array_unref (self->warnings);
  g_free (self->stamps);
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
  self->warnings = g_ptr_array_new_with_free_func (g_free);
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
 * @wanted: what the images are wanted for, where several series may be meant; see recon_series_choose()
 * @error: return location
 *
 * Opens one TIFF or BigTIFF file or a series of them as a stack of images: the pages of all files in turn,
 * files by number. Pages are grey-scale images of 8, 16, 32 or 64-bit integers, signed or not, or
 * 16, 32 or 64-bit floating point numbers, in strips or tiles, not compressed or with LZW, deflate or
 * PackBits, with or without a predictor. Values are taken as they stand in the file, also where it says that
 * 0 is white. Everything else is refused by name. The headers of all pages of all files are checked. A few files of
 * another size or type are left out, with a warning.
 *
 * Returns: (transfer full): the reader; or %NULL with #RECON_ERROR_INPUT if there is nothing, if it is of a
 *   kind that is not read or if images differ in size or type, #RECON_ERROR_READ if a file is damaged
 */
ReconReader *
recon_tiff_reader_open (const char       *path,
                        ReconSeriesKind   wanted,
                        GError          **error)
{
  g_autoptr (ReconTiffReader) self = NULL;
  const ReconTiffLayout *layout;
  gsize scratch;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (RECON_TYPE_TIFF_READER, NULL);
  self->series = recon_series_choose (path, wanted, "TIFF", suffixes, error);
  if (self->series == NULL)
    return NULL;

  self->files = self->series->files;
  if (self->series->left_out != NULL)
    g_ptr_array_add (self->warnings, g_strdup (self->series->left_out));
  if (!recon_tiff_frames_find (&self->frames, self->series, path, self->warnings, error))
    return NULL;

  self->stamps = g_new0 (ReconFileStamp, self->files->len);
  layout = &self->frames.layout;
  recon_reader_set_layout (RECON_READER (self), path, self->frames.list->len, layout->height, layout->width,
                           layout->type, 1);
  scratch = recon_plain_rows_scratch_bytes (layout->width * recon_sample_type_get_bytes (layout->type), layout->height);
  recon_reader_set_pieces (RECON_READER (self),
                           layout->compression == COMPRESSION_NONE && !layout->tiled ? 1 : layout->chunk_height,
                           MAX (scratch, self->frames.chunk_bytes));

  return RECON_READER (g_steal_pointer (&self));
}

/**
 * recon_tiff_reader_get_warnings:
 * @self: a reader
 *
 * Returns: (transfer none) (element-type utf8): sentences about files that were left out
 */
GPtrArray *
recon_tiff_reader_get_warnings (ReconTiffReader *self)
{
  g_return_val_if_fail (RECON_IS_TIFF_READER (self), NULL);

  return self->warnings;
}

/* Of a stack, the images at its end are missing. */
static ReconSeriesGaps *
make_cut_off (ReconTiffReader *self)
{
  ReconSeriesGaps *gaps = g_new0 (ReconSeriesGaps, 1);
  guint n = self->frames.list->len;

  gaps->numbers = RECON_NUMBERS_GAPS;
  gaps->n_places = self->frames.n_claimed;
  gaps->n_missing = self->frames.n_claimed - n;
  gaps->missing = g_strdup_printf ("%u–%u", n, self->frames.n_claimed - 1);
  gaps->pattern = g_strdup (self->series->pattern);
  gaps->places = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    gaps->places[i] = i;

  return gaps;
}

/**
 * recon_tiff_reader_find_gaps:
 * @self: a reader
 *
 * Returns: (transfer full) (nullable): whether the numbers of the files show that images are missing, and the places
 *   of the reader's images then; %NULL where files have no numbers, or different numbers of images
 */
ReconSeriesGaps *
recon_tiff_reader_find_gaps (ReconTiffReader *self)
{
  ReconSeriesGaps *gaps;
  guint *places, n_pages;

  g_return_val_if_fail (RECON_IS_TIFF_READER (self), NULL);

  n_pages = self->frames.list->len / self->files->len;
  if (self->frames.n_claimed > 0 && self->files->len == 1)
    return make_cut_off (self);
  if (self->series->numbers == NULL)
    return NULL;
  for (guint i = 0; i < self->frames.list->len; i++)
    if (g_array_index (self->frames.list, ReconTiffFrame, i).page != i % n_pages)
      return NULL;

  gaps = recon_series_gaps_find_in_files (self->files, self->series->numbers, suffixes);
  gaps->pattern = g_strdup (self->series->pattern);
  if (gaps->n_places > G_MAXINT32 / n_pages)
    {
      recon_series_gaps_free (gaps);
      return NULL;
    }

  gaps->n_places *= n_pages;
  gaps->n_missing *= n_pages;
  if (gaps->places != NULL)
    {
      places = g_new (guint, self->frames.list->len);
      for (guint i = 0; i < self->frames.list->len; i++)
        places[i] = gaps->places[i / n_pages] * n_pages + i % n_pages;
      g_free (gaps->places);
      gaps->places = places;
    }

  return gaps;
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
