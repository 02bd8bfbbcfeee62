/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/frames.h"

#include <glib/gi18n-lib.h>

#include "error.h"

/* Bytes that one reading fills: enough that the cost of a call does not show. */
#define GOOD_BYTES ((gsize) 16 << 20)

/* The most that a batch may need, so that no chunk of the file is unpacked twice. */
#define MOST_BYTES ((gsize) 64 << 20)

struct _ReconFrames
{
  ReconReader *reader;
  guint       *index;
  guint        n;
};

/**
 * recon_frames_new_all:
 * @reader: a reader
 *
 * Returns: (transfer full): all images of @reader, in its order
 */
ReconFrames *
recon_frames_new_all (ReconReader *reader)
{
  g_autofree guint *index = NULL;
  guint n;

  g_return_val_if_fail (RECON_IS_READER (reader), NULL);

  n = recon_reader_get_n_frames (reader);
  index = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    index[i] = i;

  return recon_frames_new (reader, index, n);
}

/**
 * recon_frames_new:
 * @reader: a reader, which the frames keep
 * @index: (array length=n): images of @reader, counted from 0, in any order
 * @n: how many
 *
 * Returns: (transfer full): those images in that order
 */
ReconFrames *
recon_frames_new (ReconReader *reader,
                  const guint *index,
                  guint        n)
{
  ReconFrames *self;

  g_return_val_if_fail (RECON_IS_READER (reader), NULL);
  g_return_val_if_fail (index != NULL || n == 0, NULL);
  for (guint i = 0; i < n; i++)
    g_return_val_if_fail (index[i] < recon_reader_get_n_frames (reader), NULL);

  self = g_new0 (ReconFrames, 1);
  self->reader = g_object_ref (reader);
  self->index = g_memdup2 (index, n * sizeof (guint));
  self->n = n;

  return self;
}

/**
 * recon_frames_subset:
 * @self: frames
 * @start: the first to take, counted from 0 in @self
 * @stop: the one after the last
 * @step: 1 for each, 2 for every second …
 *
 * Returns: (transfer full): some of @self's frames
 */
ReconFrames *
recon_frames_subset (ReconFrames *self,
                     guint        start,
                     guint        stop,
                     guint        step)
{
  g_autofree guint *index = NULL;
  guint n;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (start <= stop && stop <= self->n, NULL);
  g_return_val_if_fail (step > 0, NULL);

  n = start < stop ? (stop - start - 1) / step + 1 : 0;
  index = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    index[i] = self->index[start + i * step];

  return recon_frames_new (self->reader, index, n);
}

void
recon_frames_free (ReconFrames *self)
{
  g_object_unref (self->reader);
  g_free (self->index);
  g_free (self);
}

/**
 * recon_frames_get_reader:
 * @self: frames
 *
 * Returns: (transfer none): where they are read from
 */
ReconReader *
recon_frames_get_reader (const ReconFrames *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reader;
}

guint
recon_frames_get_n (const ReconFrames *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * recon_frames_get_index:
 * @self: frames
 *
 * Returns: (transfer none): the reader's number of each frame
 */
const guint *
recon_frames_get_index (const ReconFrames *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->index;
}

/* The most images for one reading: whole batches if possible. Their bytes are representable. */
static gboolean
get_limit (const ReconFrames *self,
           guint              n_rows,
           guint             *limit,
           gsize             *frame_size)
{
  guint batch = recon_reader_get_batch (self->reader);
  gsize good, most;

  if (!g_size_checked_mul (frame_size, n_rows, recon_reader_get_width (self->reader)) ||
      !g_size_checked_mul (frame_size, *frame_size, sizeof (float)))
    return FALSE;

  good = CLAMP (GOOD_BYTES / MAX (*frame_size, 1), 1, G_MAXINT);
  most = CLAMP (MOST_BYTES / MAX (*frame_size, 1), 1, G_MAXINT);
  *limit = (guint) (good >= batch ? good - good % batch : MIN (most, batch));

  return TRUE;
}

/* The frames from @i on that one reading gets: their number, and that of the images it spans. Images between them
 * are read along only within a batch, where they cost nothing: the file has to unpack it anyway. */
static guint
get_run (const ReconFrames *self,
         guint              i,
         guint              limit,
         guint             *span)
{
  guint batch = recon_reader_get_batch (self->reader);
  guint first = self->index[i];
  guint64 end = (guint64) first + limit;
  guint n = 1;

  /* Later readings then begin with a batch. */
  if (limit >= batch)
    end -= first % batch;

  for (; i + n < self->n; n++)
    {
      guint last = self->index[i + n - 1];
      guint next = self->index[i + n];

      if (next <= last || next >= end || (next != last + 1 && next / batch != last / batch))
        break;
    }

  *span = self->index[i + n - 1] - first + 1;

  return n;
}

static gsize
get_max_span (const ReconFrames *self,
              guint              limit)
{
  guint most = 0;
  guint span;

  for (guint i = 0; i < self->n;)
    {
      i += get_run (self, i, limit, &span);
      most = MAX (most, span);
    }

  return most;
}

/**
 * recon_frames_scratch_bytes:
 * @self: frames
 * @n_rows: rows to be read
 *
 * Returns: the bytes that recon_frames_foreach() takes while it reads @n_rows rows: at most 64 MiB or one
 *   image's rows, whichever is more; %G_MAXSIZE where they cannot be represented
 */
gsize
recon_frames_scratch_bytes (const ReconFrames *self,
                            guint              n_rows)
{
  gsize frame_size, bytes;
  guint limit;

  g_return_val_if_fail (self != NULL, 0);

  if (!get_limit (self, n_rows, &limit, &frame_size) ||
      !g_size_checked_mul (&bytes, frame_size, get_max_span (self, limit)))
    return G_MAXSIZE;

  return bytes;
}

/**
 * recon_frames_foreach:
 * @self: frames
 * @row: first row of each image, counted from 0
 * @n_rows: number of rows
 * @func: (scope call): called for each frame with its position in @self and n_rows × width samples, which are
 *   its own until it returns
 * @user_data: for @func
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads the same rows of each frame, several successive ones at once.
 *
 * Returns: %FALSE with the reader's or @func's error, #RECON_ERROR_MEMORY, or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_frames_foreach (ReconFrames     *self,
                      guint            row,
                      guint            n_rows,
                      ReconFrameFunc   func,
                      gpointer         user_data,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autofree float *scratch = NULL;
  gsize frame_size, bytes, samples;
  guint limit, n, span;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  bytes = recon_frames_scratch_bytes (self, n_rows);
  if (bytes != G_MAXSIZE)
    scratch = g_try_malloc (MAX (bytes, 1));
  if (scratch == NULL || !get_limit (self, n_rows, &limit, &frame_size))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory to read %u rows of images of %s."),
                   n_rows, recon_reader_get_path (self->reader));
      return FALSE;
    }
  samples = frame_size / sizeof (float);

  for (guint i = 0; i < self->n; i += n)
    {
      guint first = self->index[i];

      n = get_run (self, i, limit, &span);
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !recon_reader_read (self->reader, first, span, row, n_rows, scratch, cancellable, error))
        return FALSE;

      for (guint j = i; j < i + n; j++)
        if (!func (j, scratch + (self->index[j] - first) * samples, user_data, error))
          return FALSE;
    }

  return TRUE;
}
