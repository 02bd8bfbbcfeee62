/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"
#include "form/document.h"
#include "window/image-source.h"

G_BEGIN_DECLS

/* Asks the worker for the image that is looked at: a preview, or one of a result.
 *
 * Property: "busy" (boolean, read-only): what was asked for last has not come yet.
 * Signals: "image" (ReconWorkerImage *): what was asked for last, to be copied by whoever keeps it; "failed" (const
 * char *): why it doesn't come. */
#define RECON_TYPE_IMAGE_LOADER (recon_image_loader_get_type ())
G_DECLARE_FINAL_TYPE (ReconImageLoader, recon_image_loader, RECON, IMAGE_LOADER, GObject)

ReconImageLoader *recon_image_loader_new     (ReconDocument    *document,
                                              ReconClient      *client);
void              recon_image_loader_ask     (ReconImageLoader *self,
                                              ReconImageSource  source,
                                              guint             index);
gboolean          recon_image_loader_ask_raw (ReconImageLoader *self,
                                              guint             index);
void              recon_image_loader_drop    (ReconImageLoader *self);
void              recon_image_loader_set_run (ReconImageLoader *self,
                                              ReconClientJob   *run);

void              recon_image_loader_set_result (ReconImageLoader *self,
                                                 const char       *path);

G_END_DECLS
