/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/task.h"

G_BEGIN_DECLS

/* What tasks declare, as far as others know them. */
extern const ReconTaskInfo recon_flat_field_info;
extern const ReconTaskInfo recon_filter_info;
extern const ReconTaskInfo recon_backproject_info;

G_END_DECLS
