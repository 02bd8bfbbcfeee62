/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/canvas.h"
#include "viewer/gl-renderer.h"

G_BEGIN_DECLS

struct _ReconCanvas
{
  GtkWidget        parent_instance;

  GtkWidget       *area;
  GtkWidget       *handles[2]; /* of the line's ends */
  ReconGlRenderer *renderer;
  guint            largest_texture;
  gboolean         has_gl;
  gboolean         gl_failed; /* and would again */
  gboolean         force_gl;
  gboolean         without_gl; /* drawn by the processor */

  ReconScene       scene;
  ReconPicture    *picture; /* the scene's */
  ReconMarks       marks;
  gboolean         has_scale_bar;
  double           pixel_size; /* of the image, in µm; 0 if it isn't known */
  GdkTexture      *texture; /* of the scene without OpenGL, until it changes */
};

/* canvas.c */
void _recon_canvas_set_has_gl (ReconCanvas *self,
                               gboolean     has_gl);

/* canvas-gl.c */
void _recon_canvas_add_area   (ReconCanvas *self);

/* canvas-view.c */
void _recon_canvas_snapshot_marks (ReconCanvas           *self,
                                   GtkSnapshot           *snapshot,
                                   const graphene_rect_t *area);

G_END_DECLS
