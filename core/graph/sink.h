/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base/resume.h"
#include "graph/task.h"

G_BEGIN_DECLS

/* What a sink is told when it begins. */
typedef struct
{
  ReconResume   resume; /* whether to go on with what an earlier job has left */
  JsonNode     *graph;  /* (nullable): what makes its input, see recon_graph_to_json() */
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

  gboolean (*begin)      (ReconSink             *self,
                          const ReconSinkStart  *start,
                          guint8                *finished,
                          GCancellable          *cancellable,
                          GError               **error);
  gboolean (*end)        (ReconSink             *self,
                          GError               **error);
  guint    (*count_kept) (ReconSink             *self); /* (nullable) */
  /* (nullable): leaves what was written to a later job, after a failure */
  void     (*stop)       (ReconSink             *self);
  /* (nullable): where the result goes, for graphs with two sinks of one place */
  char    *(*get_place)  (ReconSink             *self);
};

gboolean  recon_sink_begin      (ReconSink             *self,
                                 const ReconSinkStart  *start,
                                 guint8                *finished,
                                 GCancellable          *cancellable,
                                 GError               **error);
gboolean  recon_sink_end        (ReconSink             *self,
                                 GError               **error);
guint     recon_sink_count_kept (ReconSink             *self);
void      recon_sink_stop       (ReconSink             *self);
char     *recon_sink_get_place  (ReconSink             *self);

G_END_DECLS
