/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "phantom/raw-scan.h"

G_BEGIN_DECLS

/* What the detector and the beam are like, the same in all frames of a scan. */
void recon_raw_scan_make_beam (const ReconRawScanSettings *settings,
                               double                      shift,
                               double                      brightness,
                               float                      *beam);
void recon_raw_scan_make_gain (const ReconRawScanSettings *settings,
                               float                      *gain);
void recon_raw_scan_make_dead (const ReconRawScanSettings *settings,
                               guint8                     *dead);

G_END_DECLS
