/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* From a search of the axis to a configuration that has the number. */

double       recon_axis_result_get_column (const ReconAxisResult *self);
void         recon_axis_result_store      (const ReconAxisResult *self,
                                           ReconConfig           *config);
ReconAxisResult *recon_axis_find_in       (ReconScan                *scan,
                                           ReconConfig              *config,
                                           const ReconAxisSettings  *settings,
                                           GCancellable             *cancellable,
                                           GError                  **error);
ReconConfig *recon_axis_resolve           (ReconConfig   *config,
                                           ReconScan     *scan,
                                           ReconLog      *log,
                                           GCancellable  *cancellable,
                                           GError       **error);

G_END_DECLS
