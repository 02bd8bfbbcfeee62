/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "base/visibility.h"

RECON_BEGIN_DECLS

/* One operation on arrays, with parameters and ports of its own. A task without inputs is a source, one without outputs
 * a sink. This is what those see of it who put tasks into graphs; how tasks are made is in task.h. */
#define RECON_TYPE_TASK (recon_task_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconTask, recon_task, RECON, TASK, GObject)

const char *recon_task_get_name (ReconTask   *self);
gboolean    recon_task_set      (ReconTask   *self,
                                 const char  *key,
                                 const char  *text,
                                 GError     **error);

RECON_END_DECLS
