/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/finder-private.h"

G_BEGIN_DECLS

gboolean recon_finder_read_log (ReconFinder             *self,
                                const ReconFinderFolder *folder);
gboolean recon_finder_log_has_angles (const char *path);

G_END_DECLS
