/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/plan.h"
#include "graph/worker.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_STAGE_READ,
  RECON_STAGE_COMPUTE,
  RECON_STAGE_WRITE,
  RECON_N_STAGES
} ReconStage;

/* Called by who runs a pass; all may be %NULL, and are called from several threads. */
typedef struct
{
  /* A stage has done the images [first, first + n). */
  void (*done)     (ReconStage             stage,
                    guint                  first,
                    guint                  n,
                    double                 seconds,
                    gpointer               user_data);
  /* Work on images that are not finished yet has grown by so many images' worth, or is no longer counted because a
   * block is finished. */
  void (*progress) (double                 images,
                    gpointer               user_data);
  /* A device has done its last block. */
  void (*cost)     (const char            *name,
                    double                 seconds,
                    gpointer               user_data);
  /* Tasks are prepared on a device. */
  void (*prepared) (const ReconDeviceInfo *info,
                    guint                  n_prepared,
                    guint                  n_tasks,
                    gpointer               user_data);
  /* A task, or a stage, has worked from one time to another, in microseconds of the monotonic clock. */
  void (*trace)    (const char            *what,
                    const char            *where,
                    guint                  first,
                    guint                  n,
                    gint64                 start,
                    gint64                 end,
                    gpointer               user_data);
  /* What a sink was fed stands. */
  void (*fed)      (guint                  node,
                    ReconArray            *array,
                    gpointer               user_data);
  gpointer user_data;
} ReconExecutorFuncs;

gboolean recon_executor_run (ReconPlan                 *plan,
                             ReconPass                 *pass,
                             const guint8              *finished,
                             const ReconExecutorFuncs  *funcs,
                             GCancellable              *cancellable,
                             GError                   **error);

G_END_DECLS
