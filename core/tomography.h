/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "engine/job.h"
#include "log.h"

G_BEGIN_DECLS

ReconJob *recon_tomography_new_job (ReconConfig  *config,
                                    gboolean      resume,
                                    ReconLog     *log,
                                    GError      **error);

G_END_DECLS
