/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"
#include "io/series.h"

G_BEGIN_DECLS

#define RECON_TYPE_TIFF_READER (recon_tiff_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconTiffReader, recon_tiff_reader, RECON, TIFF_READER, ReconReader)

gboolean         recon_tiff_reader_can_open     (const char       *path);
ReconReader     *recon_tiff_reader_open         (const char       *path,
                                                 ReconSeriesKind   wanted,
                                                 GError          **error);
gboolean         recon_tiff_reader_is_series    (ReconTiffReader  *self);
ReconSeriesGaps *recon_tiff_reader_find_gaps    (ReconTiffReader  *self);
GPtrArray       *recon_tiff_reader_get_warnings (ReconTiffReader  *self);

G_END_DECLS
