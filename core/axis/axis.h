/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"
#include "config/config.h"
#include "io/scan.h"
#include "request/axis-result.h"

G_BEGIN_DECLS

ReconAxisResult *recon_axis_find         (ReconConfig              *config,
                                          const ReconAxisSettings  *settings,
                                          ReconLog                 *log,
                                          GCancellable             *cancellable,
                                          GError                  **error);
ReconAxisResult *recon_axis_find_in      (ReconScan                *scan,
                                          ReconConfig              *config,
                                          const ReconAxisSettings  *settings,
                                          GCancellable             *cancellable,
                                          GError                  **error);
ReconConfig     *recon_axis_resolve      (ReconConfig              *config,
                                          ReconScan                *scan,
                                          ReconLog                 *log,
                                          GCancellable             *cancellable,
                                          GError                  **error);
void             recon_axis_result_store (const ReconAxisResult    *self,
                                          ReconConfig              *config);

G_END_DECLS
