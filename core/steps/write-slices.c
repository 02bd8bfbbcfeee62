/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/write-slices.h"

/* The sink of the standard job: slices into files. */

struct _ReconWriteSlices
{
  ReconSink parent_instance;

  ReconWriter *writer;
};

G_DEFINE_FINAL_TYPE (ReconWriteSlices, recon_write_slices, RECON_TYPE_SINK)

static gboolean
recon_write_slices_write (ReconSink         *sink,
                          const ReconBlock  *block,
                          const float       *data,
                          GCancellable      *cancellable,
                          GError           **error)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);
  gsize pixels = (gsize) block->shape.height * block->shape.width;

  for (guint i = 0; i < block->n; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !recon_writer_write (self->writer, block->first + i, data + i * pixels, error))
        return FALSE;
    }

  return recon_writer_flush (self->writer, error);
}

static gboolean
recon_write_slices_finish (ReconSink  *sink,
                           GError    **error)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);

  return recon_writer_finish (self->writer, error);
}

static gboolean
recon_write_slices_is_kept (ReconSink *sink)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);

  return g_file_test (recon_writer_get_partial (self->writer), G_FILE_TEST_EXISTS);
}

static void
recon_write_slices_finalize (GObject *object)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (object);

  g_clear_object (&self->writer);

  G_OBJECT_CLASS (recon_write_slices_parent_class)->finalize (object);
}

static void
recon_write_slices_class_init (ReconWriteSlicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconSinkClass *sink_class = RECON_SINK_CLASS (klass);

  object_class->finalize = recon_write_slices_finalize;
  sink_class->write = recon_write_slices_write;
  sink_class->finish = recon_write_slices_finish;
  sink_class->is_kept = recon_write_slices_is_kept;
}

static void
recon_write_slices_init (ReconWriteSlices *self)
{
}

/**
 * recon_write_slices_new:
 * @writer: a writer, open by the time of the first block
 *
 * Returns: (transfer full): a sink that writes slices
 */
ReconSink *
recon_write_slices_new (ReconWriter *writer)
{
  ReconWriteSlices *self = g_object_new (RECON_TYPE_WRITE_SLICES, NULL);

  self->writer = g_object_ref (writer);

  return RECON_SINK (self);
}
