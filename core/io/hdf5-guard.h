/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

/* HDF5 opens the files that a file points to, and one that is a pipe or a device holds it up for ever. So what follows
 * links does it with these property lists, and datasets are opened by recon_hdf5_open_guarded(). */

hid_t       recon_hdf5_link_access        (void);
ReconHdf5Id recon_hdf5_dataset_access_new (void);
ReconHdf5Id recon_hdf5_open_guarded       (hid_t        root,
                                           const char  *path,
                                           hid_t        access);

gboolean    recon_hdf5_check_dataset      (hid_t        dataset);
gboolean    recon_hdf5_is_irregular       (const char  *path);

G_END_DECLS
