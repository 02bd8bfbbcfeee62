/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "options.h"

G_BEGIN_DECLS

gboolean recon_scan_argument_is_data (const char    *path);
gboolean recon_scan_argument_apply   (ReconOptions  *options,
                                      const char    *path,
                                      ReconLog      *log,
                                      GError       **error);

G_END_DECLS
