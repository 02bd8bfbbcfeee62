/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "image.h"
#include "preview/preview.h"

G_BEGIN_DECLS

/* Pixels that a message holds beside all else; D-Bus itself ends at 64 MiB. */
#define RECON_PART_BYTES (16 * 1024 * 1024)

/* An image with what the worker says of it: see Worker1.xml. */
typedef struct
{
  ReconImage *image;
  ReconView   view;
  guint       index;
  guint       n_images;
  guint       number;
  guint       reduction;
  guint       full_width;
  guint       full_height;
  guint       serial;
  double      seconds;
} ReconServiceImage;

const char        *recon_view_get_name         (ReconView                view);
gboolean           recon_view_parse            (const char              *name,
                                                ReconView               *view);

ReconServiceImage *recon_service_image_copy    (const ReconServiceImage *self);
void               recon_service_image_free    (ReconServiceImage       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconServiceImage, recon_service_image_free)

/* The worker's side. */
int                recon_service_image_seal    (GBytes                  *pixels,
                                                GError                 **error);
GVariantDict      *recon_service_image_tell    (const ReconServiceImage *self);

/* The client's side: what the worker tells is not trusted. */
ReconServiceImage *recon_service_image_hear    (GVariant                *told,
                                                guint                   *width,
                                                guint                   *height,
                                                gsize                   *bytes,
                                                GError                 **error);
GBytes            *recon_service_image_map     (int                      fd,
                                                gsize                    bytes,
                                                GError                 **error);
gboolean           recon_service_image_is_swapped (GVariant             *told);

G_END_DECLS
