/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/scene.h"

G_BEGIN_DECLS

/* Scenes drawn without OpenGL. */
GdkTexture *recon_cairo_renderer_draw         (const ReconScene  *scene);
GdkTexture *recon_cairo_renderer_draw_picture (const ReconScene  *scene,
                                               GError           **error);

G_END_DECLS
