/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/sink.h"
#include "graph/task.h"
#include "tasks/register.h"

G_BEGIN_DECLS

/* What tasks declare, as far as others know them. */
extern const ReconTaskInfo recon_flat_field_info;
extern const ReconTaskInfo recon_filter_info;
extern const ReconTaskInfo recon_backproject_info;

/* All tasks that there are, by name. */
GType      *recon_tasks_list (guint       *n);
ReconTask  *recon_task_new   (const char  *name,
                              GError     **error);

G_END_DECLS
