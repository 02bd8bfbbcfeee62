/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan-finder.h"
#include "options.h"

G_BEGIN_DECLS

gboolean recon_other_scan_is_of  (ReconConfig     *file,
                                  ReconConfig     *used);
gboolean recon_other_scan_apply (ReconOptions    *options,
                                 ReconFoundScan  *found,
                                 ReconLog        *log,
                                 GError         **error);

G_END_DECLS
