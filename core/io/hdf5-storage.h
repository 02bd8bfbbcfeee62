/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

gboolean recon_hdf5_storage_check      (hid_t        dataset,
                                        const char  *path,
                                        GError     **error);
void     recon_hdf5_storage_list_files (hid_t        dataset,
                                        GPtrArray   *files);

G_END_DECLS
