/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/task.h"

G_BEGIN_DECLS

/* Parameters are in task-parameters.c. */
ReconValue *_recon_task_get_values  (ReconTask *self);
void        _recon_task_set_initial (ReconTask *self);

G_END_DECLS
