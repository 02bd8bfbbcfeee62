/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/colour-maps.h"

G_BEGIN_DECLS

/* The colours of a map from left to right. Property "map" (string: its id). */
#define RECON_TYPE_COLOUR_BAR (recon_colour_bar_get_type ())
G_DECLARE_FINAL_TYPE (ReconColourBar, recon_colour_bar, RECON, COLOUR_BAR, GtkWidget)

GdkTexture *recon_colour_bar_make_texture (ReconColourMap map);

G_END_DECLS
