/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/image.h"
#include "request/view.h"

G_BEGIN_DECLS

/* Pixels that a message holds beside all else; D-Bus itself ends at 64 MiB. */
#define RECON_PART_BYTES (16 * 1024 * 1024)

/* An image with what the worker says of it: see Worker1.xml. Images may be shared among threads, as nobody changes
 * them. */
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
} ReconWorkerImage;

#define RECON_TYPE_WORKER_IMAGE (recon_worker_image_get_type ())
GType             recon_worker_image_get_type (void);
ReconWorkerImage *recon_worker_image_copy     (const ReconWorkerImage  *self);
void              recon_worker_image_free     (ReconWorkerImage        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconWorkerImage, recon_worker_image_free)

/* Pixels in shared memory, of the worker and of the client, which doesn't trust it. */
int               recon_sealed_memory_new     (GBytes                  *pixels,
                                               GError                 **error);
GBytes           *recon_sealed_memory_map     (int                      fd,
                                               gsize                    bytes,
                                               GError                 **error);

G_END_DECLS
