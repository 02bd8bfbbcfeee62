/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/choices.h"
#include <gio/gio.h>

G_BEGIN_DECLS

/* Several images of one size become one, pixel by pixel. */
typedef struct _ReconReducer ReconReducer;

ReconReducer *recon_reducer_new             (ReconReduction      method,
                                             guint               n_images,
                                             gsize               n_pixels);
void          recon_reducer_free            (ReconReducer       *self);
void          recon_reducer_add             (ReconReducer       *self,
                                             guint               image,
                                             gsize               first,
                                             const float        *pixels,
                                             gsize               n);
void          recon_reducer_finish          (ReconReducer       *self,
                                             float              *result);
gsize         recon_reducer_bytes_per_pixel (ReconReduction      method,
                                             guint               n_images);

float         recon_reduce_median           (float              *values,
                                             guint               n_values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconReducer, recon_reducer_free)

G_END_DECLS
