/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/marks.h"
#include "viewer/scene.h"

G_BEGIN_DECLS

/* Shows a scene, by OpenGL if possible, with marks upon it.
 *
 * Property "has-gl" (boolean, read-only): OpenGL works; FALSE before the widget is realized. That the
 * processor draws nevertheless, because it does OpenGL's work as well, is not seen here.
 * Signals: "view-changed": the viewport is another one because the size is; "line-moved": by its handles. */
#define RECON_TYPE_CANVAS (recon_canvas_get_type ())
G_DECLARE_FINAL_TYPE (ReconCanvas, recon_canvas, RECON, CANVAS, GtkWidget)

ReconScene *recon_canvas_get_scene    (ReconCanvas  *self);
ReconMarks *recon_canvas_get_marks    (ReconCanvas  *self);
void        recon_canvas_set_picture  (ReconCanvas  *self,
                                       ReconPicture *picture);
void        recon_canvas_redraw       (ReconCanvas  *self);
gboolean    recon_canvas_get_has_gl   (ReconCanvas  *self);
void        recon_canvas_set_scale    (ReconCanvas  *self,
                                       gboolean      has_scale_bar,
                                       double        pixel_size);
GdkTexture *recon_canvas_draw_view    (ReconCanvas  *self,
                                       GError      **error);
void        recon_canvas_get_position (ReconCanvas  *self,
                                       double        x,
                                       double        y,
                                       double       *image_x,
                                       double       *image_y);

/* For tests of cards that can do less. Before the widget is realized. */
void        recon_canvas_limit_gl     (ReconCanvas  *self,
                                       gboolean      use_es,
                                       guint         largest_texture);

G_END_DECLS
