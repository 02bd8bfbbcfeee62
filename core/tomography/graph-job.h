/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "base/resume.h"
#include "base/visibility.h"
#include "config/configuration.h"
#include "graph/graph.h"
#include "graph/job.h"

RECON_BEGIN_DECLS

/* Graphs that users write, and the standard one as they get it: what runs them checks as much as for a scan. */
gboolean    recon_graph_job_check        (ReconGraph   *graph,
                                          ReconLog     *log,
                                          GError      **error);
char       *recon_graph_job_describe     (ReconGraph   *graph,
                                          ReconConfig  *compute,
                                          GError      **error);
ReconJob   *recon_graph_job_new          (ReconGraph   *graph,
                                          ReconConfig  *compute,
                                          ReconResume   resume,
                                          ReconLog     *log,
                                          GError      **error);

RECON_END_DECLS
