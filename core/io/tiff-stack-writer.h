/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/file-writer.h"

G_BEGIN_DECLS

#define RECON_TYPE_TIFF_STACK_WRITER (recon_tiff_stack_writer_get_type ())
G_DECLARE_FINAL_TYPE (ReconTiffStackWriter, recon_tiff_stack_writer, RECON, TIFF_STACK_WRITER, ReconFileWriter)

ReconWriter *recon_tiff_stack_writer_new (const char  *path,
                                          GError     **error);

G_END_DECLS
