/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/task.h"
#include "io/scan.h"

G_BEGIN_DECLS

#define RECON_TYPE_READ_SCAN (recon_read_scan_get_type ())
G_DECLARE_FINAL_TYPE (ReconReadScan, recon_read_scan, RECON, READ_SCAN, ReconTask)

ReconScan   *recon_read_scan_get_scan        (ReconReadScan  *self);
void         recon_read_scan_set_scan        (ReconReadScan  *self,
                                              ReconScan      *scan,
                                              ReconConfig    *config);
void         recon_read_scan_set_checks      (ReconReadScan  *self,
                                              gboolean        beam);
ReconConfig *recon_read_scan_make_config     (ReconReadScan  *self);

G_END_DECLS
