/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/choices.h"
#include <glib.h>

G_BEGIN_DECLS

guint    recon_output_type_get_bytes (ReconOutputType type);

void     recon_grey_to_uint8    (const float *values,
                                 gsize        n,
                                 double       minimum,
                                 double       maximum,
                                 guint8      *grey);
void     recon_grey_to_uint16   (const float *values,
                                 gsize        n,
                                 double       minimum,
                                 double       maximum,
                                 guint16     *grey);
gboolean recon_grey_percentiles (float       *values,
                                 gsize        n,
                                 double       low,
                                 double       high,
                                 double      *minimum,
                                 double      *maximum);

G_END_DECLS
