/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/scene.h"

G_BEGIN_DECLS

/* Draws scenes with OpenGL 3.3 or OpenGL ES 3.0. Belongs to one context, which must be current in every call. */
typedef struct _ReconGlRenderer ReconGlRenderer;

ReconGlRenderer *recon_gl_renderer_new  (GdkGLContext      *context,
                                         guint              largest_texture,
                                         GError           **error);
void             recon_gl_renderer_free (ReconGlRenderer   *self);
gboolean         recon_gl_renderer_draw (ReconGlRenderer   *self,
                                         const ReconScene  *scene,
                                         gboolean          *complete,
                                         GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGlRenderer, recon_gl_renderer_free)

G_END_DECLS
