/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/visibility.h"
#include "graph/task-type.h"
#include "tasks/register.h"

RECON_BEGIN_DECLS

/* All tasks that there are, by name. */
GType      *recon_tasks_list (guint       *n);
ReconTask  *recon_task_new   (const char  *name,
                              GError     **error);

RECON_END_DECLS
