/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/scene.h"

G_BEGIN_DECLS

gboolean recon_export_texture (GdkTexture        *texture,
                               GFile             *file,
                               GError           **error);
gboolean recon_export_png     (const ReconScene  *scene,
                               GFile             *file,
                               GError           **error);
gboolean recon_export_tiff    (const ReconScene  *scene,
                               GFile             *file,
                               GError           **error);
gboolean recon_export_text    (const char        *text,
                               GFile             *file,
                               GError           **error);

G_END_DECLS
