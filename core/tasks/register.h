/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All that the window sees of the tasks: their parameters are in the table afterwards. */
void recon_tasks_register (void);

G_END_DECLS
