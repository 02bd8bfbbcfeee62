/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a worker should not be: run as a process of its own instead of one. */
int fake_worker_run (const char *kind);

G_END_DECLS
