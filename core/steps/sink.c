/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/sink.h"

G_DEFINE_ABSTRACT_TYPE (ReconSink, recon_sink, G_TYPE_OBJECT)

static void
recon_sink_class_init (ReconSinkClass *klass)
{
}

static void
recon_sink_init (ReconSink *self)
{
}

/**
 * recon_sink_write:
 * @self: a sink
 * @block: the slices and the shape of their data
 * @data: block->n items
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * When it returns %TRUE the block stands even if the process is killed right after.
 *
 * Returns: %FALSE with the file and the cause if it can't be written
 */
gboolean
recon_sink_write (ReconSink         *self,
                  const ReconBlock  *block,
                  const float       *data,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_return_val_if_fail (RECON_IS_SINK (self), FALSE);
  g_return_val_if_fail (block != NULL && data != NULL, FALSE);

  return RECON_SINK_GET_CLASS (self)->write (self, block, data, cancellable, error);
}

/**
 * recon_sink_finish:
 * @self: a sink
 * @error: return location
 *
 * Closes what was written and gives it its final name.
 *
 * Returns: %FALSE if that fails; what was written keeps its temporary name
 */
gboolean
recon_sink_finish (ReconSink  *self,
                   GError    **error)
{
  g_return_val_if_fail (RECON_IS_SINK (self), FALSE);

  return RECON_SINK_GET_CLASS (self)->finish (self, error);
}

/**
 * recon_sink_is_kept:
 * @self: a sink
 *
 * Returns: whether what was written still stands under its temporary name, for a later sink to go on from
 */
gboolean
recon_sink_is_kept (ReconSink *self)
{
  g_return_val_if_fail (RECON_IS_SINK (self), FALSE);

  return RECON_SINK_GET_CLASS (self)->is_kept == NULL || RECON_SINK_GET_CLASS (self)->is_kept (self);
}
