/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

#define RECON_TYPE_HDF5_READER (recon_hdf5_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconHdf5Reader, recon_hdf5_reader, RECON, HDF5_READER, ReconReader)

ReconReader *recon_hdf5_reader_open (const char  *file,
                                     const char  *dataset,
                                     GError     **error);
char        *recon_hdf5_reader_describe_missing (ReconHdf5Reader *self);

G_END_DECLS
