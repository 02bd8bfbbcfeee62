/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/sink.h"

G_DEFINE_ABSTRACT_TYPE (ReconSink, recon_sink, RECON_TYPE_TASK)

static void
recon_sink_class_init (ReconSinkClass *klass)
{
}

static void
recon_sink_init (ReconSink *self)
{
}

/**
 * recon_sink_begin:
 * @self: a sink that knows its input
 * @start: how it begins
 * @finished: (inout): a flag for each image of the input; those that stand already are set
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Opens what the sink writes to.
 *
 * Returns: %FALSE with #RECON_ERROR_EXISTS, #RECON_ERROR_RESUME, #RECON_ERROR_WRITE …
 */
gboolean
recon_sink_begin (ReconSink             *self,
                  const ReconSinkStart  *start,
                  guint8                *finished,
                  GCancellable          *cancellable,
                  GError               **error)
{
  const ReconSinkClass *klass = RECON_SINK_GET_CLASS (self);

  return klass->begin == NULL || klass->begin (self, start, finished, cancellable, error);
}

/**
 * recon_sink_end:
 * @self: a sink that has got everything
 * @error: return location
 *
 * Closes what was written and gives it its final name.
 *
 * Returns: %FALSE if that fails; what was written keeps its temporary name
 */
gboolean
recon_sink_end (ReconSink  *self,
                GError    **error)
{
  const ReconSinkClass *klass = RECON_SINK_GET_CLASS (self);

  return klass->end == NULL || klass->end (self, error);
}

/* Returns: how many images of a job that has failed a later one can go on from */
guint
recon_sink_count_kept (ReconSink *self)
{
  const ReconSinkClass *klass = RECON_SINK_GET_CLASS (self);

  return klass->count_kept != NULL ? klass->count_kept (self) : 0;
}

/* Leaves what a job that has failed has written to a later one, which may begin before the graph is gone. */
void
recon_sink_stop (ReconSink *self)
{
  const ReconSinkClass *klass = RECON_SINK_GET_CLASS (self);

  if (klass->stop != NULL)
    klass->stop (self);
}

/* Returns: (transfer full) (nullable): where the result goes, as a canonical path */
char *
recon_sink_get_place (ReconSink *self)
{
  const ReconSinkClass *klass = RECON_SINK_GET_CLASS (self);

  return klass->get_place != NULL ? klass->get_place (self) : NULL;
}
