/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/visibility.h"
#include "graph/graph.h"
#include "graph/trace.h"

RECON_BEGIN_DECLS

typedef enum
{
  RECON_JOB_QUEUED,
  RECON_JOB_PREPARING,
  RECON_JOB_RUNNING,
  RECON_JOB_DONE,
  RECON_JOB_FAILED,
  RECON_JOB_CANCELLED,
} ReconJobState;

typedef struct
{
  ReconJobState state;
  guint         n_slices;  /* of the whole job */
  guint         n_done;    /* those of an earlier run included */
  guint         n_kept;    /* once it has failed or was cancelled: those that a later job can go on from */
  double        work;      /* slices' worth of work done: those that are done, and what is done of others; never less
                            * than it was */
  guint         n_prepared;   /* steps prepared on devices, which takes long where kernels are compiled */
  guint         n_to_prepare;
  const char   *preparing;    /* (nullable): the device, interned, while it does that */
  double        rate;      /* slices a second, or 0 while unknown */
  double        remaining; /* seconds, or a negative number while unknown */
  double        elapsed;   /* seconds since the start */
  double        read_seconds, compute_seconds, write_seconds; /* time each stage was at work */
} ReconJobProgress;

/* One run of one graph. Its images are those of its first sink. */
#define RECON_TYPE_JOB (recon_job_get_type ())
G_DECLARE_FINAL_TYPE (ReconJob, recon_job, RECON, JOB, GObject)

/* Called in a thread of the job, which waits for it, when images stand: those from `first` on. */
typedef void (*ReconTapFunc) (guint        first,
                              guint        n,
                              guint        height,
                              guint        width,
                              const float *images,
                              gpointer     user_data);

ReconGraph   *recon_job_get_graph    (ReconJob             *self);
guint         recon_job_get_n_slices (ReconJob             *self);
void          recon_job_set_trace    (ReconJob             *self,
                                      ReconTrace           *trace);
void          recon_job_set_tap      (ReconJob             *self,
                                      ReconTapFunc          tap,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy);

gboolean      recon_job_run          (ReconJob             *self,
                                      GCancellable         *cancellable,
                                      GError              **error);
void          recon_job_run_async    (ReconJob             *self,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean      recon_job_run_finish   (ReconJob             *self,
                                      GAsyncResult         *result,
                                      GError              **error);

void          recon_job_get_progress (ReconJob             *self,
                                      ReconJobProgress     *progress);
gboolean      recon_job_is_finished  (ReconJob             *self,
                                      guint                 slice);

char         *recon_job_format_costs (ReconJob             *self);

RECON_END_DECLS
