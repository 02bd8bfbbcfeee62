/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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

G_END_DECLS
