/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/service-job.h"

G_BEGIN_DECLS

/* A continuous job: single images, again and again while the configuration changes. */
#define RECON_TYPE_SERVICE_PREVIEW (recon_service_preview_get_type ())
G_DECLARE_FINAL_TYPE (ReconServicePreview, recon_service_preview, RECON, SERVICE_PREVIEW, ReconServiceJob)

ReconServiceJob *recon_service_preview_new      (const ReconPreviewRequest *request);
void             recon_service_preview_get_request (ReconServicePreview    *self,
                                                    ReconPreviewRequest    *request);
guint            recon_service_preview_continue (ReconServicePreview       *self,
                                                 const ReconPreviewRequest *request);

G_END_DECLS
