/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/image.h"

G_BEGIN_DECLS

/* An image in the memory of the graphics card: an array texture of equal tiles, none larger than a texture may be.
 * Filled piece by piece, so that no frame waits for a large image. Belongs to one context, which must be current. */
typedef struct _ReconGlTiles ReconGlTiles;

ReconGlTiles *recon_gl_tiles_new          (ReconImage          *image,
                                           guint                largest_texture);
void          recon_gl_tiles_free         (ReconGlTiles        *self);
gsize         recon_gl_tiles_upload       (ReconGlTiles        *self,
                                           gsize                most_bytes);
gboolean      recon_gl_tiles_are_complete (const ReconGlTiles  *self);
ReconImage   *recon_gl_tiles_get_image    (const ReconGlTiles  *self);
guint         recon_gl_tiles_get_texture  (const ReconGlTiles  *self);
void          recon_gl_tiles_get_layout   (const ReconGlTiles  *self,
                                           int                  layout[3]);

G_END_DECLS
