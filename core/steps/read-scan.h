/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan.h"
#include "steps/source.h"
#include "steps/transmissions.h"

G_BEGIN_DECLS

#define RECON_TYPE_READ_SCAN (recon_read_scan_get_type ())
G_DECLARE_FINAL_TYPE (ReconReadScan, recon_read_scan, RECON, READ_SCAN, ReconSource)

ReconSource *recon_read_scan_new (ReconScan          *scan,
                                  ReconTransmissions *transmissions);

G_END_DECLS
