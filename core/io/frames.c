/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/frames.h"

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
