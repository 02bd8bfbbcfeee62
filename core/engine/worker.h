/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/graph.h"

G_BEGIN_DECLS

/* A device with the steps of a graph prepared on it. Used by one thread. */
typedef struct _ReconWorker ReconWorker;

/* What a part of the work has cost. */
typedef struct
{
  const char *name;
  double      seconds;
} ReconCost;

ReconWorker *recon_worker_new     (const ReconDeviceInfo  *info,
                                   ReconGraph             *graph,
                                   const ReconShape       *input,
                                   guint                   lanes,
                                   GError                **error);
void         recon_worker_free    (ReconWorker            *self);

gboolean     recon_worker_process (ReconWorker            *self,
                                   ReconBlock             *block,
                                   float                  *data,
                                   float                  *result,
                                   GCancellable           *cancellable,
                                   GError                **error);

GArray      *recon_worker_get_costs (ReconWorker          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconWorker, recon_worker_free)

G_END_DECLS
