/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5-type.h"

G_BEGIN_DECLS

guint64     recon_hdf5_count_unwritten (hid_t                  dataset,
                                        guint64               *n_chunks);
guint       recon_hdf5_get_batch       (hid_t                  dataset,
                                        const ReconHdf5Shape  *shape);
guint       recon_hdf5_get_batch_rows  (hid_t                  dataset,
                                        const ReconHdf5Shape  *shape);
ReconHdf5Id recon_hdf5_create_access   (hid_t                  dataset,
                                        const ReconHdf5Shape  *shape);

G_END_DECLS
