/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A picture of float32 values in C order, row 0 on top, pixel centres counted from 0. Immutable, counted by
 * references, may be used by any thread. */
#define RECON_TYPE_IMAGE (recon_image_get_type ())
typedef struct _ReconImage ReconImage;

GType        recon_image_get_type   (void);
ReconImage  *recon_image_new        (guint        width,
                                     guint        height,
                                     GBytes      *pixels);
ReconImage  *recon_image_ref        (ReconImage  *self);
void         recon_image_unref      (ReconImage  *self);

guint        recon_image_get_width  (const ReconImage *self);
guint        recon_image_get_height (const ReconImage *self);
const float *recon_image_get_pixels (const ReconImage *self);
GBytes      *recon_image_get_bytes  (const ReconImage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconImage, recon_image_unref)

G_END_DECLS
