/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "io/file-series.h"
#include "io/plain-rows.h"
#include "io/series-choice.h"
#include "io/series-gaps.h"
#include "io/tiff-handle.h"
#include "io/tiff-sizes.h"

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
  guint   size; /* which of those that the files have */
  guint   hidden; /* 1 where no page of its own tells of it: only @plain does; 2 if its bytes are swapped too */
} Frame;

struct _ReconTiffReader
{
  ReconReader      parent_instance;

  ReconSeries     *series;
  GPtrArray       *files;  /* (element-type filename): those of the series */
  GArray          *frames; /* (element-type Frame) */
  ReconTiffLayout  layout; /* of the first page; only size and type are those of all pages */
  gsize            chunk_bytes; /* of the largest strip or tile */
  guint            n_claimed; /* images of a stack that is cut off, or 0 */
  GArray          *sizes;    /* (element-type ReconTiffSize): while it is opened */
  GPtrArray       *warnings; /* (element-type utf8): what a user should know of the choice of files */

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
  return recon_tiff_layout_is_alike (recon_tiff_image_get_layout (image), &self->layout);
}

/* What reading takes goes by the largest piece. */
static void
note_chunk (ReconTiffReader *self,
            ReconTiffImage  *image)
{
  const ReconTiffLayout *layout = recon_tiff_image_get_layout (image);
  gsize chunk_bytes;

  if (g_size_checked_mul (&chunk_bytes, layout->row_bytes, layout->chunk_height))
    self->chunk_bytes = MAX (self->chunk_bytes, chunk_bytes);
}

/* Lists the images of a file that has a page for the first only. If the last ones are cut off, the others keep their
 * places. */
static void
add_hidden (ReconTiffReader        *self,
            ReconTiffImage         *image,
            guint                   file,
            const ReconTiffHidden  *hidden)
{
  g_autofree char *where = recon_tiff_image_describe (image);
  Frame frame = { .file = file, .hidden = hidden->swapped ? 2 : 1 };

  note_chunk (self, image);
  frame.size = recon_tiff_sizes_count (self->sizes, image);
  for (guint i = 0; i < hidden->n_present; i++)
    {
      frame.page = i;
      frame.plain = hidden->offset + i * hidden->image_bytes;
      g_array_append_val (self->frames, frame);
    }

  if (hidden->n_present < hidden->n_claimed)
    {
      g_ptr_array_add (self->warnings,
                       g_strdup_printf (_ ("%s is an ImageJ stack of %u images, of which only the first %u are there: "
                                           "the file is cut off. Copy it again."),
                                        where, hidden->n_claimed, hidden->n_present));
      self->n_claimed = hidden->n_claimed;
    }
}

/* Images that count in two ways, as channels and frames, are not projections one after the other. What other programs
 * have copied to a file of fewer or more images says nothing. */
static gboolean
check_dimensions (const char  *dimensions,
                  guint64      n_claimed,
                  const char  *where,
                  guint        n_images,
                  GError     **error)
{
  if (dimensions == NULL || n_images < 2 || n_images > n_claimed)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s holds %u images, which are no single series: %s, as the file says. Save those that are meant as "
                  "a stack of their own (in ImageJ: Image › Color › Split Channels, or Image › Hyperstacks › Reduce "
                  "Dimensionality) and give that."),
               where, n_images, dimensions);

  return FALSE;
}

/* Checks the pages of a file and lists them. Those of one file are of one size; files may not be. */
static gboolean
add_pages (ReconTiffReader  *self,
           ReconTiffImage   *image,
           guint             file,
           GError          **error)
{
  g_autofree char *where = g_filename_display_name (g_ptr_array_index (self->files, file));
  guint64 n_claimed;
  g_autofree char *dimensions = recon_tiff_dimensions_read (recon_tiff_image_get_description (image), &n_claimed);
  Frame frame = { .file = file };
  ReconTiffHidden hidden;

  if (recon_tiff_image_find_hidden (image, &hidden))
    {
      add_hidden (self, image, file, &hidden);
      return check_dimensions (dimensions, n_claimed, where, hidden.n_claimed, error);
    }

  while (TRUE)
    {
      note_chunk (self, image);
      if (frame.page == 0)
        frame.size = recon_tiff_sizes_count (self->sizes, image);
      else if (!recon_tiff_sizes_check (self->sizes, frame.size, image, error))
        return FALSE;

      frame.directory = recon_tiff_image_get_directory (image);
      g_array_append_val (self->frames, frame);

      if (recon_tiff_image_is_last (image))
        return check_dimensions (dimensions, n_claimed, where, frame.page + 1, error);
      if (!recon_tiff_image_next (image, error))
        return FALSE;
      frame.page++;
    }
}

/* Leaves the few files out that are of another size than the others. */
static gboolean
settle_size (ReconTiffReader  *self,
             const char       *path,
             GError          **error)
{
  guint main_size = recon_tiff_sizes_find_main (self->sizes);
  g_autofree guint *kept = g_new (guint, self->files->len);
  guint n_files = 0, n_frames = 0, n_left_out = 0;

  if (!recon_tiff_sizes_settle (self->sizes, path, main_size, self->warnings, error))
    return FALSE;

  self->layout = g_array_index (self->sizes, ReconTiffSize, main_size).layout;
  if (self->sizes->len == 1)
    return TRUE;

  for (guint i = 0; i < self->frames->len; i++)
    {
      Frame *frame = &g_array_index (self->frames, Frame, i);

      if (frame->page == 0)
        kept[frame->file] = frame->size == main_size ? n_files++ : G_MAXUINT;
      if (kept[frame->file] == G_MAXUINT)
        {
          if (frame->page == 0)
            recon_series_remove (self->series, frame->file - n_left_out++);
          continue;
        }

      frame->file = kept[frame->file];
      g_array_index (self->frames, Frame, n_frames++) = *frame;
    }
  g_array_set_size (self->frames, n_frames);

  return TRUE;
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
            gboolean            swapped,
            const ReconReading *reading,
            float              *pixels)
{
  ReconPlainRows rows = {
    .fd = fd,
    .offset = offset,
    .row_bytes = self->layout.width * recon_sample_type_get_bytes (self->layout.type),
    .n_rows = self->layout.height,
    .type = self->layout.type,
    .swapped = swapped,
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

        if (other->file == frame->file && other->hidden == 0)
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
      if (plain != NOT_PLAIN && read_plain (self, handle, fd, plain, FALSE, reading, pixels))
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
read_hidden (ReconTiffReader     *self,
             ReconTiffHandle     *handle,
             const Frame         *frame,
             const ReconReading  *reading,
             float               *pixels,
             GError             **error)
{
  ReconFileStamp stamp;
  const char *file = self->files->pdata[frame->file];
  int fd = recon_tiff_handle_get_fd (handle, frame->file, file, &stamp);

  if (fd >= 0 && read_plain (self, handle, fd, frame->plain, frame->hidden == 2, reading, pixels))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
               _ ("Image %u (counted from 0) of the ImageJ stack %s cannot be read, or is no longer all in the file. "
                  "Copy the file again."),
               frame->page, file);

  return FALSE;
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

  if (frame.hidden != 0)
    return read_hidden (self, handle, &frame, reading, pixels, error);

  if (frame.plain != NOT_KNOWN && frame.plain != NOT_PLAIN)
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
  g_clear_pointer (&self->frames, g_array_unref);
  g_clear_pointer (&self->series, recon_series_free);
  g_clear_pointer (&self->sizes, g_array_unref);
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
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->sizes = recon_tiff_sizes_new ();
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

/* Opens every file once. */
static gboolean
open_files (ReconTiffReader  *self,
            const char       *path,
            GError          **error)
{
  ReconTiffHandle *handle = recon_tiff_handle_new ();

  g_async_queue_push (self->handles, handle);
  for (guint i = 0; i < self->files->len; i++)
    if (!recon_tiff_handle_open (handle, i, self->files->pdata[i], error) ||
        !add_pages (self, handle->image, i, error))
      return FALSE;

  if (!settle_size (self, path, error))
    return FALSE;

  /* The handle knows its file by a number that may be another one's by now. */
  if (self->sizes->len > 1)
    recon_tiff_handle_free (g_async_queue_pop (self->handles));
  g_clear_pointer (&self->sizes, g_array_unref);

  return TRUE;
}

/**
 * recon_tiff_reader_open:
 * @path: as of recon_tiff_reader_open_as()
 * @error: return location
 *
 * Opens images of whatever kind.
 *
 * Returns: (transfer full): as recon_tiff_reader_open_as()
 */
ReconReader *
recon_tiff_reader_open (const char  *path,
                        GError     **error)
{
  return recon_tiff_reader_open_as (path, RECON_SERIES_UNKNOWN, error);
}

/**
 * recon_tiff_reader_open_as:
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
recon_tiff_reader_open_as (const char       *path,
                           ReconSeriesKind   wanted,
                           GError          **error)
{
  g_autoptr (ReconTiffReader) self = NULL;
  gsize scratch;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (RECON_TYPE_TIFF_READER, NULL);
  self->series = recon_series_choose (path, wanted, "TIFF", suffixes, error);
  if (self->series == NULL)
    return NULL;

  self->files = self->series->files;
  if (self->series->left_out != NULL)
    g_ptr_array_add (self->warnings, g_strdup (self->series->left_out));
  if (!open_files (self, path, error))
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
  guint n = self->frames->len;

  gaps->numbers = RECON_NUMBERS_GAPS;
  gaps->n_places = self->n_claimed;
  gaps->n_missing = self->n_claimed - n;
  gaps->missing = g_strdup_printf ("%u–%u", n, self->n_claimed - 1);
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
 * Returns: (transfer full) (nullable): whether the numbers of the files tell of images that are missing, and the places
 *   of the reader's images then; %NULL where files have no numbers, or different numbers of images
 */
ReconSeriesGaps *
recon_tiff_reader_find_gaps (ReconTiffReader *self)
{
  ReconSeriesGaps *gaps;
  GArray *numbers;
  guint *places, n_pages;

  g_return_val_if_fail (RECON_IS_TIFF_READER (self), NULL);

  n_pages = self->frames->len / self->files->len;
  if (self->n_claimed > 0 && self->files->len == 1)
    return make_cut_off (self);
  if (self->series->numbers == NULL)
    return NULL;
  for (guint i = 0; i < self->frames->len; i++)
    if (g_array_index (self->frames, Frame, i).page != i % n_pages)
      return NULL;

  numbers = self->series->numbers;
  gaps = recon_series_gaps_find ((const gint64 *) numbers->data, numbers->len, NULL);
  if (gaps->numbers != RECON_NUMBERS_COMPLETE)
    {
      g_autoptr (GArray) others = recon_series_counter_find_others (self->files, numbers, suffixes);

      recon_series_gaps_free (gaps);
      gaps = recon_series_gaps_find ((const gint64 *) numbers->data, numbers->len, others);
    }
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
      places = g_new (guint, self->frames->len);
      for (guint i = 0; i < self->frames->len; i++)
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
