/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/finder-folders.h"

G_BEGIN_DECLS

char *recon_finder_describe_files (const ReconFinderFolder *folder,
                                   GPtrArray               *names);

G_END_DECLS
