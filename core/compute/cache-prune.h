/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void recon_cache_touch (const char *path);
void recon_cache_prune (const char *folder,
                        const char *magic,
                        const char *kept,
                        guint64     most_bytes);

G_END_DECLS
