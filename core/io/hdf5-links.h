/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

char *recon_hdf5_link_target      (hid_t       root,
                                   const char *path);
char *recon_hdf5_find_broken_link (hid_t       root,
                                   const char *path);

G_END_DECLS
