/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "phantom/raw-scan.h"

G_BEGIN_DECLS

/* One HDF5 file with all frames of a scan, which several threads may write. */
typedef struct _ReconScanHdf5 ReconScanHdf5;

ReconScanHdf5 *recon_scan_hdf5_new   (const ReconRawScan  *scan,
                                      gboolean             nxtomo,
                                      const char          *path,
                                      GError             **error);
gboolean       recon_scan_hdf5_write (ReconScanHdf5       *self,
                                      ReconRawKind         kind,
                                      guint                index,
                                      gconstpointer        pixels,
                                      GError             **error);
gboolean       recon_scan_hdf5_close (ReconScanHdf5       *self,
                                      GError             **error);
void           recon_scan_hdf5_free  (ReconScanHdf5       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconScanHdf5, recon_scan_hdf5_free)

G_END_DECLS
