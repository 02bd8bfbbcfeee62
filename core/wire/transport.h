/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RECON_WORKER_PATH      "/org/reconstruct/Worker1"
#define RECON_WORKER_INTERFACE "org.reconstruct.Worker1"

GIOStream       *recon_transport_new         (int                    in_fd,
                                              int                    out_fd,
                                              GError               **error);
void             recon_transport_serve       (GIOStream             *stream,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
void             recon_transport_connect     (GIOStream             *stream,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
gboolean         recon_transport_passes_fds  (GDBusConnection       *connection);
void             recon_transport_register_errors (void);

G_END_DECLS
