/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a worker process does, for one client: org.reconstruct.Worker1 over a stream.
 *
 * Signal "left": the client has, or serving was cancelled; what is under way comes to its end. */
#define RECON_TYPE_SERVICE (recon_service_get_type ())
G_DECLARE_FINAL_TYPE (ReconService, recon_service, RECON, SERVICE, GObject)

ReconService *recon_service_new          (void);
void          recon_service_serve_async  (ReconService         *self,
                                          GIOStream            *stream,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean      recon_service_serve_finish (ReconService         *self,
                                          GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
