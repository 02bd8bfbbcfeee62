/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan.h"
#include "steps/source.h"
#include "steps/transmissions.h"

G_BEGIN_DECLS

#define RECON_TYPE_READ_SCAN (recon_read_scan_get_type ())
G_DECLARE_FINAL_TYPE (ReconReadScan, recon_read_scan, RECON, READ_SCAN, ReconSource)

/* What is looked for in what is read. */
typedef struct
{
  double   dark_scale;
  gboolean lost_beam; /* whether the first block shows projections without light */
  gboolean strict;    /* whether all that is odd makes an error of the report */
  gboolean force;     /* whether to go on without the beam */
} ReconReadScanChecks;

ReconSource *recon_read_scan_new        (ReconScan                 *scan,
                                         ReconTransmissions        *transmissions);
void         recon_read_scan_set_checks (ReconReadScan             *self,
                                         const ReconReadScanChecks *checks);

G_END_DECLS
