/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5-view.h"

G_BEGIN_DECLS

gboolean    recon_hdf5_storage_check      (hid_t                 dataset,
                                           const char           *path,
                                           GError              **error);
void        recon_hdf5_storage_list_files (hid_t                 dataset,
                                           GPtrArray            *files);
guint64     recon_hdf5_count_unwritten    (hid_t                 dataset,
                                           guint64              *n_chunks);
guint       recon_hdf5_get_batch          (hid_t                 dataset,
                                           const ReconHdf5View  *view,
                                           int                   axis);
ReconHdf5Id recon_hdf5_create_access      (hid_t                 dataset,
                                           const ReconHdf5View  *view,
                                           gsize                 sample_bytes);

G_END_DECLS
