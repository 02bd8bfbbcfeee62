/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/demand.h"

G_BEGIN_DECLS

/* A device on which the tasks of a graph work, region after region. What was prepared for a task (tables, programs)
 * stays for as long as its parameters and shapes do, whatever graph the next region is of. Used by one thread. */
typedef struct _ReconWorker ReconWorker;

/* What a part of the work has cost. */
typedef struct
{
  const char *name; /* of the task, interned */
  double      seconds;
} ReconCost;

void recon_costs_add (GArray     *costs,
                      const char *name,
                      double      seconds);

/* Says how much of a region is done, from 0 to 1, in the thread that computes it. */
typedef void (*ReconWorkerProgressFunc) (double   done,
                                         gpointer user_data);

/* Says how many of the tasks are ready: kernels compiled, and run once, as some drivers finish compiling only then. */
typedef void (*ReconWorkerPreparedFunc) (const ReconDeviceInfo *info,
                                         guint                  n_prepared,
                                         guint                  n_tasks,
                                         gpointer               user_data);

/* Says when a task has worked, in microseconds of the monotonic clock; its name is interned. */
typedef void (*ReconWorkerTraceFunc) (const char *task,
                                      gint64      start,
                                      gint64      end,
                                      gpointer    user_data);

ReconWorker *recon_worker_new           (const ReconDeviceInfo    *info,
                                         GError                  **error);
ReconWorker *recon_worker_new_for       (ReconDevice              *device);
void         recon_worker_free          (ReconWorker              *self);

ReconDevice *recon_worker_get_device    (ReconWorker              *self);
void         recon_worker_set_lanes     (ReconWorker              *self,
                                         guint                     lanes);
gboolean     recon_worker_prepare       (ReconWorker              *self,
                                         const ReconDemand        *demand,
                                         const guint8             *given,
                                         ReconWorkerPreparedFunc   func,
                                         gpointer                  user_data,
                                         GError                  **error);
gboolean     recon_worker_compute       (ReconWorker              *self,
                                         const ReconDemand        *demand,
                                         ReconArray              **arrays,
                                         const guint8             *kept,
                                         GCancellable             *cancellable,
                                         GError                  **error);

void         recon_worker_give_spare    (ReconWorker              *self,
                                         ReconArray               *array);

void         recon_worker_set_progress  (ReconWorker              *self,
                                         ReconWorkerProgressFunc   func,
                                         gpointer                  user_data);
void         recon_worker_set_trace     (ReconWorker              *self,
                                         ReconWorkerTraceFunc      func,
                                         gpointer                  user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconWorker, recon_worker_free)

G_END_DECLS
