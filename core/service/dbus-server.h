/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/service.h"

G_BEGIN_DECLS

/* A service over a stream, as org.reconstruct.Worker1. */

void     recon_dbus_server_run_async  (ReconService         *service,
                                       GIOStream            *stream,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean recon_dbus_server_run_finish (ReconService         *service,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
