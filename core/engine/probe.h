/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/graph.h"
#include "steps/source.h"

G_BEGIN_DECLS

gboolean recon_probe_values (ReconSource            *source,
                             ReconGraph             *graph,
                             const ReconDeviceInfo  *device,
                             guint                   n_probes,
                             GArray                 *values,
                             GCancellable           *cancellable,
                             GError                **error);

G_END_DECLS
