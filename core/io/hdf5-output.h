/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"
#include "io/writer.h"

G_BEGIN_DECLS

/* The contents of the file that ReconHdf5Writer makes. The lock is held around all of these. */

gboolean    recon_hdf5_volume_check_path (const char         *dataset,
                                          GError            **error);
ReconHdf5Id recon_hdf5_volume_create     (hid_t              root,
                                          const char        *dataset,
                                          const ReconVolume *volume);
ReconHdf5Id recon_hdf5_volume_open       (hid_t               root,
                                          const char         *file,
                                          const char         *dataset,
                                          const ReconVolume  *volume,
                                          GError            **error);
gboolean    recon_hdf5_volume_write      (hid_t              data,
                                          const ReconVolume *volume,
                                          guint              slice,
                                          gconstpointer      pixels);
guint       recon_hdf5_volume_count_chunks (const ReconVolume  *volume);
gboolean    recon_hdf5_volume_get_sizes    (hid_t              data,
                                            const ReconVolume *volume,
                                            guint              slice,
                                            guint64           *sizes);
gboolean    recon_hdf5_volume_replay       (hid_t              data,
                                            const ReconVolume *volume,
                                            guint              slice,
                                            const guint64     *sizes);

/* What a process that was killed as it began to resume may leave beside the file. */
#define RECON_HDF5_SCRATCH ".scratch"

/* An HDF5 file of slices that is being written. The lock of HDF5 is held by whoever calls. */
typedef struct _ReconHdf5Output ReconHdf5Output;

ReconHdf5Output *recon_hdf5_output_new    (const char         *path,
                                           const char         *journal,
                                           const char         *dataset,
                                           const ReconVolume  *volume,
                                           GError            **error);
ReconHdf5Output *recon_hdf5_output_resume (const char         *path,
                                           const char         *journal,
                                           const char         *dataset,
                                           const ReconVolume  *volume,
                                           const guint8       *finished,
                                           GError            **error);
gboolean         recon_hdf5_output_write  (ReconHdf5Output    *self,
                                           guint               slice,
                                           gconstpointer       pixels,
                                           GError            **error);
gboolean         recon_hdf5_output_flush  (ReconHdf5Output    *self,
                                           GError            **error);
gboolean         recon_hdf5_output_close  (ReconHdf5Output    *self,
                                           GError            **error);
void             recon_hdf5_output_free   (ReconHdf5Output    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconHdf5Output, recon_hdf5_output_free)

G_END_DECLS
