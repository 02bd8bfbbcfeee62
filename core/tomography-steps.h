/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "io/scan.h"
#include "steps/backproject.h"
#include "steps/filter.h"
#include "steps/flat-field.h"
#include "steps/references.h"

G_BEGIN_DECLS

/* What the steps of the standard pipeline are made from, by a configuration and the scan that it describes: the same
 * for jobs and for previews. Pointers in the settings are the scan's. */
void     recon_tomography_get_flat_field   (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            ReconFlatFieldSettings    *settings);
void     recon_tomography_get_filter       (ReconConfig               *config,
                                            ReconFilterSettings       *settings);
gboolean recon_tomography_get_box          (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            ReconBox                  *box,
                                            GError                   **error);
void     recon_tomography_get_backproject  (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            const ReconBox            *box,
                                            const double              *weights,
                                            ReconBackprojectSettings  *settings);

/* What looks wrong before any work: tomography-check.c. */
gboolean recon_tomography_check_scan       (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            ReconLog                  *log,
                                            GCancellable              *cancellable,
                                            GError                   **error);

/* Projections without light: tomography-lost.c. */
gboolean recon_tomography_leave_out_lost   (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            ReconLog                  *log,
                                            gboolean                  *has_looked,
                                            GError                   **error);

G_END_DECLS
