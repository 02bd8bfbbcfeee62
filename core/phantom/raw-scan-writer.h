/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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

/* A folder that receives a scan: everything is made in a folder inside it, and moved when it is complete. */
typedef struct
{
  char     *path;
  char     *staging; /* where to make the scan, with the names in scan-folder.c */
  gboolean  created; /* the folder was not there before */
} ReconScanFolder;

ReconScanFolder *recon_scan_folder_open        (const char       *path,
                                                gboolean          overwrite,
                                                GError          **error);
gboolean         recon_scan_folder_commit      (ReconScanFolder  *self,
                                                GError          **error);
void             recon_scan_folder_free        (ReconScanFolder  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconScanFolder, recon_scan_folder_free)

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
