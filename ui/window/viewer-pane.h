/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "client/client.h"
#include "form/document.h"
#include "viewer/image-view.h"

G_BEGIN_DECLS

/* The right side of the window: what is looked at of a scan or of a result, with the choice of image, and the progress
 * of the run.
 *
 * Properties: "live" (boolean): slices are made anew as the configuration changes; "source" (string): one of "slice",
 * "sinogram", "projection", "corrected", "dark", "flat", "flat-after", "result"; "index" (uint): of the image,
 * from 0; "busy" (boolean, read-only).
 * Actions: viewer.source('slice'), viewer.live, viewer.step(-1), viewer.first, viewer.last. */
#define RECON_TYPE_VIEWER_PANE (recon_viewer_pane_get_type ())
G_DECLARE_FINAL_TYPE (ReconViewerPane, recon_viewer_pane, RECON, VIEWER_PANE, GtkWidget)

void            recon_viewer_pane_connect      (ReconViewerPane *self,
                                                ReconDocument   *document,
                                                ReconClient     *client);
void            recon_viewer_pane_set_resolved (ReconViewerPane *self,
                                                GVariant        *resolved);
void            recon_viewer_pane_set_run      (ReconViewerPane *self,
                                                ReconClientJob  *job);
ReconImageView *recon_viewer_pane_get_view     (ReconViewerPane *self);

void             recon_viewer_pane_set_told        (ReconViewerPane *self,
                                                    gboolean         told);
void             recon_viewer_pane_lose_run        (ReconViewerPane *self);
void             recon_viewer_pane_set_result      (ReconViewerPane *self,
                                                    const char      *path);
void             recon_viewer_pane_set_waiting_for (ReconViewerPane *self,
                                                    const char      *text);

G_END_DECLS
