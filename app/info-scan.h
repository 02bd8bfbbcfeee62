/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/scan-finder.h"

G_BEGIN_DECLS

void recon_info_print_row  (const char          *label,
                            const char          *format,
                            ...) G_GNUC_PRINTF (2, 3);
void recon_info_print_scan (ReconFoundScan      *found,
                            const ReconContents *contents);

G_END_DECLS
