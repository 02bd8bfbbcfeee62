/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The scan that the form is about: opens another one, and says what was found in it for what and why.
 *
 * Signal "open" (string path): a folder or a file was chosen or dropped. */
#define RECON_TYPE_SCAN_ROW (recon_scan_row_get_type ())
G_DECLARE_FINAL_TYPE (ReconScanRow, recon_scan_row, RECON, SCAN_ROW, AdwExpanderRow)

void     recon_scan_row_set_busy   (ReconScanRow *self,
                                    const char   *path);
void     recon_scan_row_set_found  (ReconScanRow *self,
                                    const char   *path,
                                    GVariant     *found);
void     recon_scan_row_set_error  (ReconScanRow *self,
                                    const char   *path,
                                    const char   *message);
void     recon_scan_row_choose     (ReconScanRow *self,
                                    gboolean      folder);
gboolean recon_scan_row_take_files (ReconScanRow *self,
                                    GSList       *files);

/* What stands for several files: the folder that holds them all. */
GFile   *recon_files_get_common    (GSList       *files);

G_END_DECLS
