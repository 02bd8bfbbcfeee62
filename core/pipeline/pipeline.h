/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"
#include "config/config.h"
#include "graph/graph.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* The standard graph, put together from a configuration: the same for jobs, previews and the search for the axis. */
ReconTask *recon_tomography_new_read           (ReconConfig   *config,
                                                ReconScan     *scan);
guint      recon_tomography_add_flat_field     (ReconGraph    *graph,
                                                ReconConfig   *config,
                                                ReconScan     *scan,
                                                guint          read,
                                                guint          projections,
                                                const char    *suffix);
guint      recon_tomography_add_correction     (ReconGraph    *graph,
                                                ReconConfig   *config,
                                                ReconScan     *scan,
                                                guint          read,
                                                const char    *suffix);
guint      recon_tomography_add_reconstruction (ReconGraph    *graph,
                                                ReconConfig   *config,
                                                guint          sinograms,
                                                const char    *suffix);

/* The devices that are chosen, with the kernels that are. */
GPtrArray   *recon_tomography_choose_devices   (ReconConfig  *config,
                                                ReconLog     *log,
                                                GError      **error);
ReconDevice *recon_tomography_open_device      (ReconConfig  *config,
                                                GError      **error);
guint64      recon_tomography_get_memory_limit (ReconConfig  *config);

/* What looks wrong before any work: check.c. */
gboolean recon_tomography_check_scan       (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            ReconLog                  *log,
                                            GCancellable              *cancellable,
                                            GError                   **error);

/* Projections without light: lost.c. */
gboolean recon_tomography_leave_out_lost   (ReconConfig               *config,
                                            ReconScan                 *scan,
                                            ReconLog                  *log,
                                            gboolean                  *has_looked,
                                            GError                   **error);

G_END_DECLS
