/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "resume.h"
#include "service/service-job.h"
#include "service/slice-store.h"

G_BEGIN_DECLS

/* A job that reconstructs all slices. */
#define RECON_TYPE_SERVICE_RUN (recon_service_run_get_type ())
G_DECLARE_FINAL_TYPE (ReconServiceRun, recon_service_run, RECON, SERVICE_RUN, ReconServiceJob)

ReconServiceJob *recon_service_run_new (ReconResume      resume,
                                        ReconSliceStore *slices);

G_END_DECLS
