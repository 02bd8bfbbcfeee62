/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/turned-reader.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"
#include "io/plain-rows.h"

/* Whatever the turn and the flip, either rows stay rows, and both axes may run backwards, or they become columns:
 *
 *   rows stay:       image (r, c) = file (r or H−1−r, c or W−1−c)
 *   rows to columns: image (r, c) = file (c or H−1−c, r or W−1−r)      with H × W the size in the file
 *
 * With rows that stay, what is read is put in place and mirrored there. Otherwise a part of some columns of all rows is
 * read beside, and transposed. For that the files' images are read from end to end for each block of slices; a member
 * of the team gets all lines of an image at once, so that it is not read more often than that. */

/* The most that is read beside by one thread, if a row of what is wanted is not larger. */
#define SCRATCH_BYTES ((gsize) 8 << 20)

/* Samples on the side of a square that is transposed in the processor's cache. */
#define TILE 32

struct _ReconTurnedReader
{
  ReconReader   parent_instance;

  ReconReader  *inner;
  gboolean      transposed;       /* rows of the image are columns in the file */
  gboolean      reverse_rows;     /* rows of the image run backwards in the file, be they rows or columns there */
  gboolean      reverse_columns;
  GAsyncQueue  *scratches;        /* (element-type ReconScratch): those that no thread uses now */
};

G_DEFINE_FINAL_TYPE (ReconTurnedReader, recon_turned_reader, RECON_TYPE_READER)

static void
scratch_free (gpointer data)
{
  recon_scratch_clear (data);
  g_free (data);
}

static void
reverse_line (float *line,
              gsize  n)
{
  for (gsize i = 0; i < n / 2; i++)
    {
      float value = line[i];

      line[i] = line[n - 1 - i];
      line[n - 1 - i] = value;
    }
}

static void
swap_lines (float *a,
            float *b,
            gsize  n)
{
  for (gsize i = 0; i < n; i++)
    {
      float value = a[i];

      a[i] = b[i];
      b[i] = value;
    }
}

/* Mirrors what was read of one image. */
static void
mirror (ReconTurnedReader  *self,
        const ReconReading *reading,
        float              *pixels)
{
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;

  if (self->reverse_rows)
    for (gsize k = 0; k < n_rows / 2; k++)
      swap_lines (pixels + k * reading->row_pitch, pixels + (n_rows - 1 - k) * reading->row_pitch, reading->n_columns);
  if (self->reverse_columns)
    for (gsize k = 0; k < n_rows; k++)
      reverse_line (pixels + k * reading->row_pitch, reading->n_columns);
}

static gboolean
read_mirrored (ReconTurnedReader   *self,
               const ReconReading  *reading,
               GCancellable        *cancellable,
               GError             **error)
{
  ReconReading inner = *reading;
  const ReconLines *lines = &reading->lines;
  guint last = lines->first + (lines->n - 1) * lines->stride + lines->height - 1;

  if (self->reverse_rows)
    inner.lines.first = recon_reader_get_height (self->inner) - 1 - last;
  if (self->reverse_columns)
    inner.column = recon_reader_get_width (self->inner) - reading->column - reading->n_columns;
  if (!recon_reader_read_lines (self->inner, &inner, cancellable, error))
    return FALSE;

  for (guint i = 0; i < reading->n_frames; i++)
    mirror (self, reading, reading->pixels + i * reading->frame_pitch);

  return TRUE;
}

/* A part of the images that is read beside: @n rows of the file from @first on, and the columns that are the lines of
 * the reading, with those between them. */
typedef struct
{
  const guint *frames;
  guint        n_frames;
  guint        first;
  guint        n;
  guint        column;
  guint        n_columns;
} Part;

/* Column c of the reading is one row of the part. Where they lie apart in memory, small squares of both stay near. */
static void
transpose (ReconTurnedReader  *self,
           const ReconReading *reading,
           const Part         *part,
           const float        *samples,
           float              *pixels)
{
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;
  guint height = recon_reader_get_height (self->inner);
  guint width = recon_reader_get_width (self->inner);

  for (gsize top = 0; top < n_rows; top += TILE)
    for (guint left = 0; left < part->n; left += TILE)
      for (gsize k = top; k < MIN (top + TILE, n_rows); k++)
        {
          guint row = recon_lines_get_row (&reading->lines, k);
          guint x = (self->reverse_rows ? width - 1 - row : row) - part->column;
          float *line = pixels + k * reading->row_pitch;

          for (guint i = left; i < MIN (left + TILE, part->n); i++)
            {
              guint y = part->first + i;
              guint c = (self->reverse_columns ? height - 1 - y : y) - reading->column;

              line[c] = samples[(gsize) i * part->n_columns + x];
            }
        }
}

static gboolean
read_part (ReconTurnedReader   *self,
           const ReconReading  *reading,
           const Part          *part,
           float               *pixels,
           ReconScratch        *scratch,
           GCancellable        *cancellable,
           GError             **error)
{
  gsize frame_pitch = (gsize) part->n * part->n_columns;
  const ReconReading inner = {
    .frames = part->frames,
    .n_frames = part->n_frames,
    .lines = { part->first, part->n, part->n, 1 },
    .column = part->column,
    .n_columns = part->n_columns,
    .pixels = recon_scratch_get (scratch, part->n_frames * frame_pitch * sizeof (float)),
    .frame_pitch = frame_pitch,
    .row_pitch = part->n_columns,
  };

  if (inner.pixels == NULL)
    return recon_fail (error, RECON_ERROR_MEMORY, _ ("There is no memory to turn the images of %s."),
                       recon_reader_get_path (self->inner));
  if (!recon_reader_read_lines (self->inner, &inner, cancellable, error))
    return FALSE;

  for (guint i = 0; i < part->n_frames; i++)
    transpose (self, reading, part, inner.pixels + i * frame_pitch, pixels + i * reading->frame_pitch);

  return TRUE;
}

/* Rows of the file that are read at once, whole batches of the other reader if possible. */
static guint
get_part_rows (ReconTurnedReader *self,
               guint              n_columns)
{
  guint batch = recon_reader_get_batch_rows (self->inner);
  gsize n = CLAMP (SCRATCH_BYTES / (n_columns * sizeof (float)), 1, G_MAXINT);

  return (guint) (n >= batch ? n - n % batch : n);
}

static guint
get_batch_end (guint  row,
               guint  rows,
               guint  batch)
{
  guint end = row + rows;

  /* From the first boundary on, all parts begin at one. */
  return rows >= batch ? end - end % batch : end;
}

static gboolean
read_transposed (ReconTurnedReader   *self,
                 const ReconReading  *reading,
                 ReconScratch        *scratch,
                 GCancellable        *cancellable,
                 GError             **error)
{
  const ReconLines *lines = &reading->lines;
  guint last = lines->first + (lines->n - 1) * lines->stride + lines->height - 1;
  guint start = self->reverse_columns ? recon_reader_get_height (self->inner) - reading->column - reading->n_columns
                                      : reading->column;
  guint stop = start + reading->n_columns;
  Part part = {
    .column = self->reverse_rows ? recon_reader_get_width (self->inner) - 1 - last : lines->first,
    .n_columns = last - lines->first + 1,
  };
  guint rows = get_part_rows (self, part.n_columns);
  gsize frame_bytes = (gsize) reading->n_columns * part.n_columns * sizeof (float);
  guint at_once = rows >= reading->n_columns ? (guint) CLAMP (SCRATCH_BYTES / frame_bytes, 1, reading->n_frames) : 1;

  for (guint i = 0; i < reading->n_frames; i += part.n_frames)
    {
      part.frames = reading->frames + i;
      part.n_frames = MIN (at_once, reading->n_frames - i);

      for (part.first = start; part.first < stop; part.first += part.n)
        {
          part.n = MIN (get_batch_end (part.first, rows, recon_reader_get_batch_rows (self->inner)), stop) - part.first;
          if (!read_part (self, reading, &part, reading->pixels + i * reading->frame_pitch, scratch, cancellable,
                          error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
recon_turned_reader_read (ReconReader         *reader,
                          const ReconReading  *reading,
                          GCancellable        *cancellable,
                          GError             **error)
{
  ReconTurnedReader *self = RECON_TURNED_READER (reader);
  ReconScratch *scratch;
  gboolean done;

  if (!self->transposed)
    return read_mirrored (self, reading, cancellable, error);

  scratch = g_async_queue_try_pop (self->scratches);
  if (scratch == NULL)
    scratch = g_new0 (ReconScratch, 1);
  done = read_transposed (self, reading, scratch, cancellable, error);
  g_async_queue_push_front (self->scratches, scratch);

  return done;
}

static gboolean
recon_turned_reader_check (ReconReader  *reader,
                           const guint  *frames,
                           guint         n_frames,
                           guint         row,
                           guint         n_rows,
                           GError      **error)
{
  ReconTurnedReader *self = RECON_TURNED_READER (reader);
  guint height = recon_reader_get_height (self->inner);

  if (self->transposed)
    return recon_reader_check (self->inner, frames, n_frames, 0, height, error);

  return recon_reader_check (self->inner, frames, n_frames, self->reverse_rows ? height - row - n_rows : row, n_rows,
                             error);
}

static void
recon_turned_reader_list_files (ReconReader *reader,
                                GPtrArray   *files)
{
  recon_reader_list_files (RECON_TURNED_READER (reader)->inner, files);
}

static void
recon_turned_reader_finalize (GObject *object)
{
  ReconTurnedReader *self = RECON_TURNED_READER (object);

  g_clear_object (&self->inner);
  g_async_queue_unref (self->scratches);

  G_OBJECT_CLASS (recon_turned_reader_parent_class)->finalize (object);
}

static void
recon_turned_reader_class_init (ReconTurnedReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconReaderClass *reader_class = RECON_READER_CLASS (klass);

  object_class->finalize = recon_turned_reader_finalize;

  reader_class->read = recon_turned_reader_read;
  reader_class->check = recon_turned_reader_check;
  reader_class->list_files = recon_turned_reader_list_files;
}

static void
recon_turned_reader_init (ReconTurnedReader *self)
{
  self->scratches = g_async_queue_new_full (scratch_free);
}

/* How the axes run after a counterclockwise turn: by 90° the first row of the image is the last column of the file, by
 * 270° the first column of the image is the last row of the file. */
static void
set_up_axes (ReconTurnedReader *self,
             ReconRotate        rotate,
             ReconFlip          flip)
{
  self->transposed = rotate == RECON_ROTATE_90 || rotate == RECON_ROTATE_270;
  self->reverse_rows = rotate == RECON_ROTATE_90 || rotate == RECON_ROTATE_180;
  self->reverse_columns = rotate == RECON_ROTATE_180 || rotate == RECON_ROTATE_270;

  if (flip == RECON_FLIP_VERTICAL)
    self->reverse_rows = !self->reverse_rows;
  if (flip == RECON_FLIP_HORIZONTAL)
    self->reverse_columns = !self->reverse_columns;
}

/**
 * recon_turned_reader_new:
 * @reader: a reader, which the new one keeps
 * @rotate: by how much images are turned, counterclockwise as seen with row 0 at the top and column 0 at the left
 * @flip: how they are mirrored after that: horizontally exchanges left and right, vertically top and bottom
 *
 * With H × W the size in the file, pixel (row, column) of the turned image is, before it is flipped,
 *
 *   90°: (column, W−1−row)    180°: (H−1−row, W−1−column)    270°: (H−1−column, row)
 *
 * of the image in the file.
 *
 * Returns: (transfer full): the reader
 */
ReconReader *
recon_turned_reader_new (ReconReader *reader,
                         ReconRotate  rotate,
                         ReconFlip    flip)
{
  ReconTurnedReader *self;
  guint height, width;
  gsize scratch;

  g_return_val_if_fail (RECON_IS_READER (reader), NULL);

  self = g_object_new (RECON_TYPE_TURNED_READER, NULL);
  self->inner = g_object_ref (reader);
  set_up_axes (self, rotate, flip);

  height = self->transposed ? recon_reader_get_width (reader) : recon_reader_get_height (reader);
  width = self->transposed ? recon_reader_get_height (reader) : recon_reader_get_width (reader);
  recon_reader_set_layout (RECON_READER (self), recon_reader_get_path (reader), recon_reader_get_n_frames (reader),
                           height, width, recon_reader_get_sample_type (reader), recon_reader_get_batch (reader));

  scratch = recon_reader_get_scratch_bytes (reader);
  if (self->transposed)
    scratch += MIN (MAX (SCRATCH_BYTES, height * sizeof (float)), (gsize) height * width * sizeof (float) *
                                                                    recon_reader_get_n_frames (reader));
  recon_reader_set_pieces (RECON_READER (self), self->transposed ? height : recon_reader_get_batch_rows (reader),
                           scratch);

  return RECON_READER (self);
}
