/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a worker does for one client, however the two are connected: a transport, such as dbus-server.h, passes calls
 * on, and answers and events back. They are those of org.reconstruct.Worker1.xml, with arguments of the types that
 * stand there; only how pixels travel is left to the transport, and with it GetPixels and ReleasePixels. Everything is
 * for the main context in which the service was made; files and devices are looked at in threads.
 *
 * Signals: "event" (const char *name, GVariant *arguments): what are signals in Worker1.xml; "closing": it ends what is
 * under way; "closed": all calls have been answered and all jobs have ended. */
#define RECON_TYPE_SERVICE (recon_service_get_type ())
G_DECLARE_FINAL_TYPE (ReconService, recon_service, RECON, SERVICE, GObject)

/* Comes once for each call, maybe before recon_service_call() returns.
 * @answer: (nullable): a tuple; %NULL with @error
 * @pixels: (nullable): float32, of the image that the answer describes */
typedef void (*ReconServiceAnswer) (GVariant     *answer,
                                    GBytes       *pixels,
                                    const GError *error,
                                    gpointer      user_data);

ReconService *recon_service_new     (void);
void          recon_service_warm_up (ReconService       *self);
void          recon_service_call    (ReconService       *self,
                                     const char         *method,
                                     GVariant           *arguments,
                                     ReconServiceAnswer  callback,
                                     gpointer            user_data);
void          recon_service_close   (ReconService       *self);

/* What a transport still has to do with an answer keeps the service from closing. */
void          recon_service_hold    (ReconService       *self);
void          recon_service_release (ReconService       *self);

G_END_DECLS
