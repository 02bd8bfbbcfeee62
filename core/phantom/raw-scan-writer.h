/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "phantom/raw-scan.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_SCAN_FORMAT_TIFF,
  RECON_SCAN_FORMAT_DXCHANGE,
  RECON_SCAN_FORMAT_NXTOMO,
} ReconScanFormat;

typedef enum
{
  RECON_SCAN_WRITE_NONE = 0,
  RECON_SCAN_WRITE_OVERWRITE = 1 << 0, /* replace a scan that is there */
  RECON_SCAN_WRITE_TRUTH = 1 << 1,     /* the true slices too */
} ReconScanWriteFlags;

/* Called in the caller's thread after each image. */
typedef void (*ReconScanProgressFunc) (guint    done,
                                       guint    total,
                                       gpointer user_data);

gboolean recon_raw_scan_write (const ReconRawScan     *scan,
                               const char             *folder,
                               ReconScanFormat         format,
                               ReconScanWriteFlags     flags,
                               ReconScanProgressFunc   progress,
                               gpointer                user_data,
                               GCancellable           *cancellable,
                               GError                **error);

G_END_DECLS
