/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis.h"
#include "service/client.h"

G_BEGIN_DECLS

void             recon_client_find_axis_async  (ReconClient              *self,
                                                ReconConfig              *config,
                                                const ReconAxisSettings  *settings,
                                                GCancellable             *cancellable,
                                                GAsyncReadyCallback       callback,
                                                gpointer                  user_data);
ReconAxisResult *recon_client_find_axis_finish (ReconClient              *self,
                                                GAsyncResult             *result,
                                                GError                  **error);

G_END_DECLS
