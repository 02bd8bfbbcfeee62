/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "compute/device.h"

G_BEGIN_DECLS

/* Compiled programs on the user's disk, for sources that are made while the program runs. */
cl_program recon_program_cache_build (ReconDevice  *device,
                                      const char   *source,
                                      const char   *options,
                                      GError      **error);

void recon_cache_touch (const char *path);
void recon_cache_prune (const char *folder,
                        const char *magic,
                        const char *kept,
                        guint64     most_bytes);

G_END_DECLS
