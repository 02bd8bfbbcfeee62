/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/visibility.h"

RECON_BEGIN_DECLS

/* Once, before the first #ReconConfig: afterwards the parameters of all tasks are known. */
void recon_tasks_register (void);

RECON_END_DECLS
