/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/finder-folders.h"
#include "io/series-groups.h"

G_BEGIN_DECLS

GPtrArray *recon_finder_group_names    (GPtrArray               *names,
                                        const char              *folder);
char      *recon_finder_make_stem      (const ReconSeriesGroup  *group);
char      *recon_finder_describe_files (const ReconFinderFolder *folder,
                                        GPtrArray               *names);

G_END_DECLS
