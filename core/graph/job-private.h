/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/executor.h"
#include "graph/job-setup.h"

G_BEGIN_DECLS

/* A job is in three files: the object (job.c), what it does in its thread (job-run.c), and what it can say of that
 * meanwhile (job-progress.c). */

typedef struct
{
  gint64 time;
  double work;
} ReconJobMark;

struct _ReconJob
{
  GObject parent_instance;

  ReconGraph          *graph;
  guint                sink;     /* the node whose images are the job's */
  guint                n_slices; /* how many it gets; the graph itself may be at work in the job's thread */
  GPtrArray           *devices;
  ReconResume          resume;
  gboolean             strict;   /* whether warnings about what was processed make an error */
  ReconTrace          *trace;    /* (nullable) */
  guint64              memory_limit;
  ReconLog            *log;
  ReconJobPrepareFunc  prepare;
  gpointer             prepare_data;
  GDestroyNotify       prepare_destroy;
  ReconTapFunc         tap;
  gpointer             tap_data;
  GDestroyNotify       tap_destroy;

  GMutex               mutex; /* guards what follows */
  ReconJobState        state;
  gint64               started;
  gint64               ended;
  guint                n_done;
  double               n_worked; /* images of all passes that are done */
  double               in_work; /* images' worth of work on what is not done */
  double               work;    /* see ReconJobProgress */
  guint                n_prepared, n_to_prepare;
  const char          *preparing;
  guint                n_kept;
  double               share;     /* of the images of all passes, those of the sink that count */
  gboolean             is_main;   /* whether the pass at work is the one of that sink */
  guint8              *finished; /* (nullable): n_slices flags, once the job runs */
  GArray              *marks;
  double               stage_seconds[RECON_N_STAGES];
  GArray              *costs; /* ReconCost of each step, all devices together */
};

void     _recon_job_mark_work (ReconJob            *self);
void     _recon_job_get_funcs (ReconJob            *self,
                               ReconExecutorFuncs  *funcs);
gboolean _recon_job_work      (ReconJob            *self,
                               GCancellable        *cancellable,
                               GError             **error);
void     _recon_job_stop      (ReconJob            *self);

G_END_DECLS
