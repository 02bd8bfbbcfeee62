/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "base/resume.h"
#include "base/visibility.h"
#include "config/configuration.h"
#include "graph/job.h"

RECON_BEGIN_DECLS

ReconGraph *recon_tomography_make_graph (ReconConfig  *config,
                                         ReconLog     *log,
                                         GError      **error);

ReconJob *recon_tomography_new_job (ReconConfig  *config,
                                    ReconResume   resume,
                                    ReconLog     *log,
                                    GError      **error);

RECON_END_DECLS
