/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <hdf5.h>

G_BEGIN_DECLS

/* An HDF5 handle of any kind, closed at the end of its scope with g_auto(). */
typedef hid_t ReconHdfObject;

void     recon_hdf_object_close     (ReconHdfObject  id);

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconHdfObject, recon_hdf_object_close, H5I_INVALID_HID)

gboolean recon_scan_hdf5_put_text   (hid_t           object,
                                     const char     *name,
                                     const char     *value);
gboolean recon_scan_hdf5_put_string (hid_t           file,
                                     const char     *path,
                                     const char     *value);
gboolean recon_scan_hdf5_put_group  (hid_t           file,
                                     const char     *path,
                                     const char     *class);
gboolean recon_scan_hdf5_put_values (hid_t           file,
                                     const char     *path,
                                     hid_t           type,
                                     gconstpointer   values,
                                     hsize_t         n,
                                     const char     *units);

G_END_DECLS
