/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/lines.h"

/* Rows between two lines are read and dropped when they are fewer bytes (as float32) than this: asking a second time,
 * which may mean to open and to seek, costs about as much. */
#define WORTH_SKIPPING (256 * 1024)

typedef struct
{
  const ReconLines *lines;
  gsize             width;
  guint             first_frame; /* of the part that is being read */
  guint             first_line;
  guint             n_lines;
  ReconLinesFunc    func;
  gpointer          user_data;
} Run;

static guint
span (const ReconLines *self)
{
  return (self->n - 1) * self->stride + self->height;
}

static gboolean
are_close (const ReconLines  *self,
           const ReconFrames *frames)
{
  guint64 width = recon_reader_get_width (recon_frames_get_reader (frames));

  return (self->stride - self->height) * width * sizeof (float) <= WORTH_SKIPPING;
}

/* Lines that are read in one go. */
static guint
lines_per_run (const ReconLines  *self,
               const ReconFrames *frames,
               gsize              limit)
{
  guint rows = span (self);

  if (!are_close (self, frames))
    return 1;

  while (rows > self->height && recon_frames_scratch_bytes (frames, rows) > limit)
    rows = MAX (rows / 2, self->height);

  return 1 + (rows - self->height) / self->stride;
}

static gboolean
run_frame_cb (guint         i,
              const float  *pixels,
              gpointer      user_data,
              GError      **error)
{
  Run *run = user_data;

  for (guint line = 0; line < run->n_lines; line++)
    run->func (run->first_frame + i, run->first_line + line, pixels + (gsize) line * run->lines->stride * run->width,
               run->user_data);

  return TRUE;
}

static gboolean
run_read (Run           *run,
          ReconFrames   *frames,
          GCancellable  *cancellable,
          GError       **error)
{
  const ReconLines *lines = run->lines;

  return recon_frames_foreach (frames, lines->first + run->first_line * lines->stride,
                               (run->n_lines - 1) * lines->stride + lines->height, run_frame_cb, run, cancellable,
                               error);
}

/* End of the frames from @start on which the reader fetches together. */
static guint
batch_end (ReconFrames *frames,
           guint        start)
{
  const guint *index = recon_frames_get_index (frames);
  guint batch = recon_reader_get_batch (recon_frames_get_reader (frames));
  guint end = start + 1;

  while (end < recon_frames_get_n (frames) && index[end] / batch == index[start] / batch)
    end++;

  return end;
}

/**
 * recon_lines_foreach:
 * @self: which rows
 * @frames: of which images, all of whose heights hold the lines
 * @limit: bytes of temporary memory to keep to as far as single lines allow, at least 16 MiB, which
 *   recon_frames_foreach() fills anyway
 * @func: what to do with each line
 * @user_data: data for @func
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads the same lines of several images. Lines that are close together are read in one go. When it takes several
 * goes, all are done on one batch of frames before the next, so that an open file or a decoded chunk serves them all.
 *
 * Returns: %FALSE with the error of the reader
 */
gboolean
recon_lines_foreach (const ReconLines  *self,
                     ReconFrames       *frames,
                     gsize              limit,
                     ReconLinesFunc     func,
                     gpointer           user_data,
                     GCancellable      *cancellable,
                     GError           **error)
{
  Run run = { 0 };
  guint n_frames, per_run;

  g_return_val_if_fail (self != NULL && self->n > 0 && self->height > 0 && self->stride >= self->height, FALSE);
  g_return_val_if_fail (frames != NULL, FALSE);

  n_frames = recon_frames_get_n (frames);
  per_run = lines_per_run (self, frames, limit);
  run.lines = self;
  run.width = recon_reader_get_width (recon_frames_get_reader (frames));
  run.func = func;
  run.user_data = user_data;
  run.n_lines = self->n;

  if (per_run >= self->n)
    return run_read (&run, frames, cancellable, error);

  for (guint frame = 0; frame < n_frames;)
    {
      guint end = batch_end (frames, frame);
      g_autoptr (ReconFrames) part = recon_frames_subset (frames, frame, end, 1);

      run.first_frame = frame;
      for (run.first_line = 0; run.first_line < self->n; run.first_line += run.n_lines)
        {
          run.n_lines = MIN (per_run, self->n - run.first_line);
          if (!run_read (&run, part, cancellable, error))
            return FALSE;
        }

      frame = end;
    }

  return TRUE;
}

/**
 * recon_lines_scratch_bytes:
 * @self: which rows
 * @frames: of which images
 * @limit: as for recon_lines_foreach()
 *
 * Returns: upper bound of the temporary memory that recon_lines_foreach() takes for these or fewer lines
 */
gsize
recon_lines_scratch_bytes (const ReconLines  *self,
                           const ReconFrames *frames,
                           gsize              limit)
{
  gsize one = recon_frames_scratch_bytes (frames, self->height);
  ReconReader *reader = recon_frames_get_reader (frames);
  gsize all;

  if (!are_close (self, frames))
    return one;

  /* Fewer rows are read of more images at once, so that nothing smaller than these bounds fewer lines. */
  if (!g_size_checked_mul (&all, recon_reader_get_n_frames (reader), span (self)) ||
      !g_size_checked_mul (&all, all, recon_reader_get_width (reader) * sizeof (float)))
    all = G_MAXSIZE;

  return MIN (all, MAX (limit, one));
}
