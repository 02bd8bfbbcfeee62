/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/sink.h"

G_DEFINE_ABSTRACT_TYPE (ReconSink, recon_sink, RECON_TYPE_TASK)

static guint
count_none (ReconSink *self)
{
  return 0;
}

static void
stop_nothing (ReconSink *self)
{
}

static void
recon_sink_class_init (ReconSinkClass *klass)
{
  klass->count_kept = count_none;
  klass->stop = stop_nothing;
}

static void
recon_sink_init (ReconSink *self)
{
}
