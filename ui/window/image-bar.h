/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "window/image-choice.h"

G_BEGIN_DECLS

/* The bar below an image that says which one it is, and where another one is chosen. What is shown and whether it is
 * live are the actions viewer.source and viewer.live of who is around it.
 *
 * Signal: "index-chosen" (uint): of another image, from 0. */
#define RECON_TYPE_IMAGE_BAR (recon_image_bar_get_type ())
G_DECLARE_FINAL_TYPE (ReconImageBar, recon_image_bar, RECON, IMAGE_BAR, GtkWidget)

void recon_image_bar_show (ReconImageBar          *self,
                           const ReconImageChoice *choice);

G_END_DECLS
