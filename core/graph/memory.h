/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 recon_memory_available       (void);
guint64 recon_memory_available_below (const char *root);

G_END_DECLS
