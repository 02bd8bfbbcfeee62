/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <tiffio.h>

#include "io/reader.h"

G_BEGIN_DECLS

char     *recon_tiff_refusal_find     (TIFF            *tiff);
gboolean  recon_tiff_find_sample_type (TIFF            *tiff,
                                       ReconSampleType *type);
guint     recon_tiff_get_max_ratio    (guint16          compression);

G_END_DECLS
