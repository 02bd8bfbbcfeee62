/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "base/resume.h"
#include "graph/job.h"

G_BEGIN_DECLS

/* For those who make jobs; who runs one needs job.h only. */

/* Called in the job's thread before anything else: decides what can only be decided then, such as an axis that has to
 * be found, and may change the graph's parameters. */
typedef gboolean (*ReconJobPrepareFunc) (ReconJob       *job,
                                         gpointer        user_data,
                                         GCancellable   *cancellable,
                                         GError        **error);

ReconJob     *recon_job_new          (ReconGraph           *graph,
                                      GPtrArray            *devices,
                                      guint64               memory_limit,
                                      ReconLog             *log);
void          recon_job_set_rules    (ReconJob             *self,
                                      ReconResume           resume,
                                      gboolean              strict);
void          recon_job_set_prepare  (ReconJob             *self,
                                      ReconJobPrepareFunc   prepare,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy);

G_END_DECLS
