/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/tiff-output.h"
#include "io/writer.h"

G_BEGIN_DECLS

gboolean recon_tiff_page_needs_big (const ReconVolume  *volume);
gboolean recon_tiff_page_write     (ReconTiffOutput    *output,
                                    const ReconVolume  *volume,
                                    guint               slice,
                                    gconstpointer       pixels,
                                    GError            **error);
gboolean recon_tiff_page_save      (int                 folder,
                                    const char         *path,
                                    const ReconVolume  *volume,
                                    guint               slice,
                                    gconstpointer       pixels,
                                    gboolean            sync,
                                    GError            **error);
gboolean recon_tiff_page_fits      (ReconTiffOutput    *output,
                                    const ReconVolume  *volume);

G_END_DECLS
