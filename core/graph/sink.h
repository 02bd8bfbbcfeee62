/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/resume.h"
#include "graph/task.h"

G_BEGIN_DECLS

/* What a sink is told when it begins. */
typedef struct
{
  ReconResume   resume; /* whether to go on with what an earlier job has left */
  ReconLog     *log;    /* (nullable) */
  /* Makes a part of the input ahead of the job, as for a grey scale. (transfer full): %NULL on error */
  ReconArray *(*evaluate) (const ReconRegion  *region,
                           gpointer            user_data,
                           GCancellable       *cancellable,
                           GError            **error);
  gpointer      user_data;
} ReconSinkStart;

/* A task that takes arrays out of a graph, mostly into files. Its first input comes image by image (along the slowest
 * axis), in order; when process() returns, these images stand even if the process is killed right after. */
#define RECON_TYPE_SINK (recon_sink_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconSink, recon_sink, RECON, SINK, ReconTask)

struct _ReconSinkClass
{
  ReconTaskClass parent_class;

  /* Opens what the sink writes to. @finished: a flag for each image of the input; those that stand already are set.
   * Fails with #RECON_ERROR_EXISTS, #RECON_ERROR_RESUME, #RECON_ERROR_WRITE … */
  gboolean (*begin)      (ReconSink             *self,
                          const ReconSinkStart  *start,
                          guint8                *finished,
                          GCancellable          *cancellable,
                          GError               **error);
  /* Closes what was written, once all of it has come, and gives it its final name; if that fails it keeps its temporary
   * name. */
  gboolean (*end)        (ReconSink             *self,
                          GError               **error);
  /* How many images of a job that has failed a later one can go on from; none if the class says nothing. */
  guint    (*count_kept) (ReconSink             *self);
  /* Leaves what a job that has failed has written to a later one, which may begin before the graph is gone; nothing if
   * the class says nothing. */
  void     (*stop)       (ReconSink             *self);
};

G_END_DECLS
