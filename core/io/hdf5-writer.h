/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/file-writer.h"

G_BEGIN_DECLS

#define RECON_TYPE_HDF5_WRITER (recon_hdf5_writer_get_type ())
G_DECLARE_FINAL_TYPE (ReconHdf5Writer, recon_hdf5_writer, RECON, HDF5_WRITER, ReconFileWriter)

ReconWriter *recon_hdf5_writer_new        (const char  *path,
                                           GError     **error);
gboolean     recon_hdf5_writer_split_path (const char  *path,
                                           char       **file,
                                           char       **dataset);
char        *recon_hdf5_writer_find_bare  (const char  *path);

G_END_DECLS
