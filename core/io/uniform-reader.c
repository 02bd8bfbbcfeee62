/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/uniform-reader.h"

struct _ReconUniformReader
{
  ReconReader parent_instance;

  float       value;
};

G_DEFINE_FINAL_TYPE (ReconUniformReader, recon_uniform_reader, RECON_TYPE_READER)

static gboolean
recon_uniform_reader_read (ReconReader         *reader,
                           const ReconReading  *reading,
                           GCancellable        *cancellable,
                           GError             **error)
{
  ReconUniformReader *self = RECON_UNIFORM_READER (reader);
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;

  for (guint i = 0; i < reading->n_frames; i++)
    for (gsize k = 0; k < n_rows; k++)
      for (guint c = 0; c < reading->n_columns; c++)
        reading->pixels[i * reading->frame_pitch + k * reading->row_pitch + c] = self->value;

  return TRUE;
}

static void
recon_uniform_reader_class_init (ReconUniformReaderClass *klass)
{
  RECON_READER_CLASS (klass)->read = recon_uniform_reader_read;
}

static void
recon_uniform_reader_init (ReconUniformReader *self)
{
}

/**
 * recon_uniform_reader_new:
 * @path: where the value is from, for messages
 * @height: rows
 * @width: columns
 * @value: the value of all pixels
 *
 * Returns: (transfer full): the reader of one image
 */
ReconReader *
recon_uniform_reader_new (const char *path,
                          guint       height,
                          guint       width,
                          double      value)
{
  ReconUniformReader *self = g_object_new (RECON_TYPE_UNIFORM_READER, NULL);

  self->value = (float) value;
  recon_reader_set_layout (RECON_READER (self), path, 1, height, width, RECON_SAMPLE_FLOAT32, 1);

  return RECON_READER (self);
}
