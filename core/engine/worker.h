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

/* Hears how much of a block is done, from 0 to 1, in the thread that processes it. */
typedef void (*ReconWorkerProgressFunc) (double   done,
                                         gpointer user_data);

/* Hears that another step of the graph is ready to work on the device, in the thread that uses it. */
typedef void (*ReconWorkerPreparedFunc) (const ReconDeviceInfo *info,
                                         guint                  n_prepared,
                                         guint                  n_steps,
                                         gpointer               user_data);

ReconWorker *recon_worker_new     (const ReconDeviceInfo  *info,
                                   ReconGraph             *graph,
                                   const ReconShape       *input,
                                   guint                   lanes,
                                   GError                **error);
ReconWorker *recon_worker_new_told (const ReconDeviceInfo   *info,
                                    ReconGraph              *graph,
                                    const ReconShape        *input,
                                    guint                    lanes,
                                    ReconWorkerPreparedFunc  prepared,
                                    gpointer                 user_data,
                                    GError                 **error);
void         recon_worker_free    (ReconWorker            *self);

gboolean     recon_worker_process (ReconWorker            *self,
                                   ReconBlock             *block,
                                   float                  *data,
                                   float                  *result,
                                   GCancellable           *cancellable,
                                   GError                **error);

void         recon_worker_set_progress (ReconWorker             *self,
                                        ReconWorkerProgressFunc  func,
                                        gpointer                 user_data);
GArray      *recon_worker_get_costs (ReconWorker          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconWorker, recon_worker_free)

G_END_DECLS
