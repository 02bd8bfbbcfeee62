/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* Compiled programs on the user's disk, for sources that are made while the program runs. */
cl_program recon_program_cache_build (ReconDevice  *device,
                                      const char   *source,
                                      const char   *options,
                                      GError      **error);

G_END_DECLS
