/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/writer.h"

G_BEGIN_DECLS

#define RECON_TYPE_TIFF_SERIES_WRITER (recon_tiff_series_writer_get_type ())
G_DECLARE_FINAL_TYPE (ReconTiffSeriesWriter, recon_tiff_series_writer, RECON, TIFF_SERIES_WRITER, ReconWriter)

ReconWriter *recon_tiff_series_writer_new (const char  *path,
                                           GError     **error);

G_END_DECLS
