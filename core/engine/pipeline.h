/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ledger.h"
#include "engine/plan.h"
#include "engine/worker.h"
#include "steps/sink.h"
#include "steps/source.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_STAGE_READ,
  RECON_STAGE_COMPUTE,
  RECON_STAGE_WRITE,
  RECON_N_STAGES
} ReconStage;

/* Called in the thread of a stage after it has done a block. */
typedef void (*ReconPipelineFunc) (ReconStage        stage,
                                   const ReconBlock *block,
                                   double            seconds,
                                   gpointer          user_data);

/* Called in the thread of a device after its last block. */
typedef void (*ReconPipelineCostFunc) (const char *name,
                                       double      seconds,
                                       gpointer    user_data);

/* Called in the thread of a stage: work on blocks that are not finished yet has grown by so many slices' worth, or is
 * no longer counted because a block is finished. */
typedef void (*ReconPipelineProgressFunc) (double   slices,
                                           gpointer user_data);

/* Called in the thread that writes, when a block stands on disk: its slices, n × height × width. */
typedef void (*ReconTapFunc) (const ReconBlock *block,
                              const float      *slices,
                              gpointer          user_data);

typedef struct
{
  ReconSource       *source;
  ReconGraph        *graph;
  ReconSink         *sink;
  GPtrArray         *devices; /* (element-type ReconDeviceInfo) */
  const ReconPlan   *plan;
  ReconSourceInfo    source_info;
  const guint8      *finished; /* source_info.n_slices flags: slices that need not be made */
  ReconLedger       *ledger;   /* (nullable) */
  ReconPipelineFunc  done;
  ReconPipelineCostFunc cost; /* hears what each step has cost */
  ReconPipelineProgressFunc progress;
  ReconWorkerPreparedFunc   prepared; /* hears how steps are prepared, in the thread of a device */
  gpointer           done_data;
  ReconTapFunc       tap; /* (nullable) */
  gpointer           tap_data;
} ReconPipelineSettings;

gboolean recon_pipeline_run (const ReconPipelineSettings  *settings,
                             GCancellable                 *cancellable,
                             GError                      **error);

G_END_DECLS
