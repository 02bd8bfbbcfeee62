/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/worker.h"

G_BEGIN_DECLS

gboolean recon_tomography_warm_up (const char               *device,
                                   ReconWorkerPreparedFunc   prepared,
                                   gpointer                  user_data,
                                   GCancellable             *cancellable,
                                   GError                  **error);

G_END_DECLS
