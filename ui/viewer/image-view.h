/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/image.h"
#include "viewer/overlay.h"

G_BEGIN_DECLS

/* A picture of float32 values to look at closely: zoom, levels, colour maps, readout, line profile.
 *
 * Properties: "image" (ReconImage), "fit" (boolean), "zoom" (double, screen pixels per image pixel), "colour-map"
 * (string: grey, inverted, viridis, magma, diverging), "low", "high" (double: levels), "lock-levels" (boolean: keep
 * them when the image changes), "readout" (string, read-only), "profiling" (boolean), "description" (string: what is
 * shown, for the accessible label, such as "Slice 12 of 64"), "has-gl" (boolean, read-only), "scale-bar" (boolean),
 * "pixel-size" (double, µm; 0 if it isn't known), "value-unit" (string, nullable, such as "1/mm").
 * Actions on the widget: view.zoom-in, view.zoom-out, view.fit, view.one-to-one, view.levels, view.next-colour-map,
 * view.colour-map('viridis'), view.full-range, view.percentiles, view.lock-levels, view.profile, view.copy,
 * view.export-view (what is seen), view.export-png (all of the image), view.export-tiff (its values),
 * view.copy-profile, view.export-profile, view.scale-bar.
 * Signals: "overlay-moved" (double shift): the second image was dragged or moved with the arrow keys; "message"
 * (string): something that the user asked for is done, such as "profile.csv saved". */
#define RECON_TYPE_IMAGE_VIEW (recon_image_view_get_type ())
G_DECLARE_FINAL_TYPE (ReconImageView, recon_image_view, RECON, IMAGE_VIEW, GtkWidget)

GtkWidget  *recon_image_view_new         (void);
void        recon_image_view_set_image   (ReconImageView  *self,
                                          ReconImage      *image,
                                          guint            full_width,
                                          guint            full_height);
ReconImage *recon_image_view_get_image   (ReconImageView  *self);
void        recon_image_view_set_overlay (ReconImageView  *self,
                                          ReconImage      *second,
                                          ReconOverlay     overlay,
                                          double           shift);
gboolean    recon_image_view_export_view (ReconImageView  *self,
                                          GFile           *file,
                                          GError         **error);
gboolean    recon_image_view_export_png  (ReconImageView  *self,
                                          GFile           *file,
                                          GError         **error);
gboolean    recon_image_view_export_tiff (ReconImageView  *self,
                                          GFile           *file,
                                          GError         **error);
char       *recon_image_view_format_profile (ReconImageView *self);

G_END_DECLS
