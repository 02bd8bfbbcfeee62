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

/* Who runs a pass; called from several threads. */
typedef struct
{
  /* A stage has done the images [first, first + n), or a task has for the stage that computes (interned; otherwise it
   * is %NULL), somewhere (a device, or the stage), from one time to another in microseconds of the monotonic clock. */
  void (*worked)   (ReconStage             stage,
                    const char            *task,
                    const char            *where,
                    guint                  first,
                    guint                  n,
                    gint64                 start,
                    gint64                 end,
                    gpointer               user_data);
  /* Work on images that are not finished yet has grown by so many images' worth, or is no longer counted because a
   * block is finished. */
  void (*progress) (double                 images,
                    gpointer               user_data);
  /* Tasks are prepared on a device. */
  void (*prepared) (const ReconDeviceInfo *info,
                    guint                  n_prepared,
                    guint                  n_tasks,
                    gpointer               user_data);
  /* (nullable): what a sink was fed stands. */
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
