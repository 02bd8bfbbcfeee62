/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

char       *recon_hdf5_get_file_name  (hid_t        object);
GPtrArray  *recon_hdf5_list_places    (const char  *holder,
                                       const char  *name,
                                       const char  *variable);
ReconHdf5Id recon_hdf5_open_source    (const char  *holder,
                                       const char  *name,
                                       char       **path,
                                       GError     **error);
gboolean    recon_hdf5_allow_files    (guint        n,
                                       const char  *path,
                                       GError     **error);
gboolean    recon_hdf5_can_open_files (const char  *path,
                                       GError     **error);

G_END_DECLS
