/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Names without a version mean the same in HDF5 1.10 to 2: include HDF5 by this header only. */
#define H5_USE_110_API
#include <hdf5.h>

#include <glib.h>

#include "base/error.h"

G_BEGIN_DECLS

/* An HDF5 handle of any kind (file, dataset, type, property list …), closed at the end of its scope:
 *
 *   g_auto (ReconHdf5Id) dataset = H5Dopen2 (…);
 */
typedef hid_t ReconHdf5Id;

void             recon_hdf5_id_close     (ReconHdf5Id   id);

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconHdf5Id, recon_hdf5_id_close, H5I_INVALID_HID)

/* Every use of HDF5 happens while this is held; see recon_hdf5_lock(). */
GRecMutexLocker *recon_hdf5_lock         (void);

char            *recon_hdf5_error_text   (void);
gboolean         recon_hdf5_set_error    (GError      **error,
                                          ReconError    code,
                                          const char   *format,
                                          ...) G_GNUC_PRINTF (3, 4);

gboolean         recon_hdf5_is_file      (const char   *file);
gboolean         recon_hdf5_split_path   (const char   *path,
                                          char        **file,
                                          char        **object);
ReconHdf5Id      recon_hdf5_file_open    (const char   *file,
                                          GError      **error);
ReconHdf5Id      recon_hdf5_dataset_open (hid_t         root,
                                          const char   *file,
                                          const char   *path,
                                          GError      **error);
H5O_type_t       recon_hdf5_get_type     (hid_t         root,
                                          const char   *path);
gboolean         recon_hdf5_is_same      (hid_t         root,
                                          const char   *a,
                                          const char   *b);
gboolean         recon_hdf5_link_exists  (hid_t         root,
                                          const char   *path);

G_END_DECLS
