/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* What recon_tomography_check_scan() says of the values in a survey. */
void     recon_tomography_find_range       (const ReconSurvey  *survey,
                                            double             *lowest,
                                            double             *highest);
gboolean recon_tomography_check_values     (ReconConfig        *config,
                                            ReconScan          *scan,
                                            const ReconSurvey  *survey,
                                            const float        *transmissions,
                                            ReconLog           *log,
                                            GError            **error);
void     recon_tomography_report_integrals (ReconConfig        *config,
                                            ReconScan          *scan,
                                            const ReconSurvey  *survey,
                                            ReconLog           *log);

/* Of the beam: beam.c. */
void     recon_tomography_report_beam      (ReconScan          *scan,
                                            const ReconSurvey  *survey,
                                            const float        *transmissions,
                                            ReconLog           *log);

G_END_DECLS
