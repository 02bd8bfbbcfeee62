/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/sink.h"

G_BEGIN_DECLS

guint recon_sample_slices (const ReconArrayInfo  *images,
                           const ReconSinkStart  *start,
                           GArray                *values,
                           GCancellable          *cancellable,
                           GError               **error);

G_END_DECLS
