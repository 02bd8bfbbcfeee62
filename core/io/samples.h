/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

gsize recon_sample_type_get_bytes (ReconSampleType  type);
void  recon_samples_to_float      (ReconSampleType  type,
                                   gconstpointer    samples,
                                   gsize            n,
                                   float           *values);

G_END_DECLS
