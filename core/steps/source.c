/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/source.h"

G_DEFINE_ABSTRACT_TYPE (ReconSource, recon_source, G_TYPE_OBJECT)

static void
recon_source_class_init (ReconSourceClass *klass)
{
}

static void
recon_source_init (ReconSource *self)
{
}

/**
 * recon_source_describe:
 * @self: a source
 * @info: (out caller-allocates): what it gives
 */
void
recon_source_describe (ReconSource     *self,
                       ReconSourceInfo *info)
{
  g_return_if_fail (RECON_IS_SOURCE (self));
  g_return_if_fail (info != NULL);

  RECON_SOURCE_GET_CLASS (self)->describe (self, info);
}

/**
 * recon_source_read:
 * @self: a source
 * @block: which slices; its references, where they are not %NULL, are filled as well
 * @data: (out caller-allocates): block->n items of the source's shape
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Returns: %FALSE with the file and the cause if it can't be read
 */
gboolean
recon_source_read (ReconSource       *self,
                   const ReconBlock  *block,
                   float             *data,
                   GCancellable      *cancellable,
                   GError           **error)
{
  g_return_val_if_fail (RECON_IS_SOURCE (self), FALSE);
  g_return_val_if_fail (block != NULL && block->n > 0, FALSE);
  g_return_val_if_fail (data != NULL, FALSE);

  return RECON_SOURCE_GET_CLASS (self)->read (self, block, data, cancellable, error);
}

/**
 * recon_source_report:
 * @self: a source
 * @log: (nullable): hears what is odd about all that was read
 * @error: return location
 *
 * To be called once everything is read.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if what is odd is not to be accepted
 */
gboolean
recon_source_report (ReconSource  *self,
                     ReconLog     *log,
                     GError      **error)
{
  g_return_val_if_fail (RECON_IS_SOURCE (self), FALSE);

  return RECON_SOURCE_GET_CLASS (self)->report == NULL || RECON_SOURCE_GET_CLASS (self)->report (self, log, error);
}
