/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "steps/step.h"

G_BEGIN_DECLS

/* Where blocks go. Used by one thread at a time; blocks come in the order of their slices. */
#define RECON_TYPE_SINK (recon_sink_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconSink, recon_sink, RECON, SINK, GObject)

struct _ReconSinkClass
{
  GObjectClass parent_class;

  gboolean (*write)   (ReconSink         *self,
                       const ReconBlock  *block,
                       const float       *data,
                       GCancellable      *cancellable,
                       GError           **error);
  gboolean (*finish)  (ReconSink         *self,
                       GError           **error);
  gboolean (*is_kept) (ReconSink         *self); /* (nullable) */
};

gboolean recon_sink_write   (ReconSink         *self,
                             const ReconBlock  *block,
                             const float       *data,
                             GCancellable      *cancellable,
                             GError           **error);
gboolean recon_sink_finish  (ReconSink         *self,
                             GError           **error);
gboolean recon_sink_is_kept (ReconSink         *self);

G_END_DECLS
