/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/turned-reader.h"

struct _ReconSwappedReader
{
  ReconReader  parent_instance;

  ReconReader *inner;
};

G_DEFINE_FINAL_TYPE (ReconSwappedReader, recon_swapped_reader, RECON_TYPE_READER)

/* Frames from @start on that are evenly spaced, in their order. They are lines of the other stack. */
static ReconLines
get_run (const guint *frames,
         guint        start,
         guint        n_frames)
{
  guint step = start + 1 < n_frames && frames[start + 1] > frames[start] ? frames[start + 1] - frames[start] : 0;
  guint n = 1;

  while (step > 0 && start + n < n_frames && frames[start + n] > frames[start + n - 1] &&
         frames[start + n] - frames[start + n - 1] == step)
    n++;

  return (ReconLines) { frames[start], 1, MAX (step, 1), n };
}

static gboolean
recon_swapped_reader_read (ReconReader         *reader,
                           const ReconReading  *reading,
                           GCancellable        *cancellable,
                           GError             **error)
{
  ReconSwappedReader *self = RECON_SWAPPED_READER (reader);
  guint n_rows = reading->lines.n * reading->lines.height;
  g_autofree guint *rows = g_new (guint, n_rows);
  ReconReading inner = {
    .frames = rows,
    .n_frames = n_rows,
    .column = reading->column,
    .n_columns = reading->n_columns,
    .frame_pitch = reading->row_pitch,
    .row_pitch = reading->frame_pitch,
  };

  for (guint k = 0; k < n_rows; k++)
    rows[k] = recon_lines_get_row (&reading->lines, k);

  for (guint start = 0; start < reading->n_frames; start += inner.lines.n)
    {
      inner.lines = get_run (reading->frames, start, reading->n_frames);
      inner.pixels = reading->pixels + start * reading->frame_pitch;
      if (!recon_reader_read_lines (self->inner, &inner, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
recon_swapped_reader_check (ReconReader  *reader,
                            const guint  *frames,
                            guint         n_frames,
                            guint         row,
                            guint         n_rows,
                            GError      **error)
{
  ReconSwappedReader *self = RECON_SWAPPED_READER (reader);
  g_autofree guint *rows = g_new (guint, n_rows);
  guint first = G_MAXUINT;
  guint last = 0;

  for (guint i = 0; i < n_rows; i++)
    rows[i] = row + i;
  for (guint i = 0; i < n_frames; i++)
    {
      first = MIN (first, frames[i]);
      last = MAX (last, frames[i]);
    }

  return recon_reader_check (self->inner, rows, n_rows, first, last - first + 1, error);
}

static void
recon_swapped_reader_list_files (ReconReader *reader,
                                 GPtrArray   *files)
{
  recon_reader_list_files (RECON_SWAPPED_READER (reader)->inner, files);
}

static void
recon_swapped_reader_finalize (GObject *object)
{
  g_object_unref (RECON_SWAPPED_READER (object)->inner);

  G_OBJECT_CLASS (recon_swapped_reader_parent_class)->finalize (object);
}

static void
recon_swapped_reader_class_init (ReconSwappedReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconReaderClass *reader_class = RECON_READER_CLASS (klass);

  object_class->finalize = recon_swapped_reader_finalize;

  reader_class->read = recon_swapped_reader_read;
  reader_class->check = recon_swapped_reader_check;
  reader_class->list_files = recon_swapped_reader_list_files;
}

static void
recon_swapped_reader_init (ReconSwappedReader *self)
{
}

/**
 * recon_swapped_reader_new:
 * @reader: a reader, which the new one keeps
 *
 * Column c of row r of image f is column c of row f of image r of @reader. Nothing is copied on the way.
 *
 * Returns: (transfer full): the reader
 */
ReconReader *
recon_swapped_reader_new (ReconReader *reader)
{
  ReconSwappedReader *self;

  g_return_val_if_fail (RECON_IS_READER (reader), NULL);

  self = g_object_new (RECON_TYPE_SWAPPED_READER, NULL);
  self->inner = g_object_ref (reader);
  recon_reader_set_layout (RECON_READER (self), recon_reader_get_path (reader), recon_reader_get_height (reader),
                           recon_reader_get_n_frames (reader), recon_reader_get_width (reader),
                           recon_reader_get_sample_type (reader), recon_reader_get_batch_rows (reader));
  recon_reader_set_pieces (RECON_READER (self), recon_reader_get_batch (reader),
                           recon_reader_get_scratch_bytes (reader));

  return RECON_READER (self);
}

/**
 * recon_swapped_reader_get_inner:
 * @self: a reader
 *
 * Returns: (transfer none): the one that it was made for
 */
ReconReader *
recon_swapped_reader_get_inner (ReconSwappedReader *self)
{
  g_return_val_if_fail (RECON_IS_SWAPPED_READER (self), NULL);

  return self->inner;
}
