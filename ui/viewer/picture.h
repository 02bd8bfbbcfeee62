/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/image.h"
#include "viewer/histogram.h"
#include "viewer/overlay.h"

G_BEGIN_DECLS

#define RECON_PICTURE_MAX_LEVELS 24

/* One image or two upon each other, made ready to be looked at: halved again and again, so that what is seen from afar
 * needs few of their pixels, and counted. Immutable, counted by references, may be used by any thread. */
typedef struct _ReconPicture ReconPicture;

/* What a picture is made of. */
typedef struct
{
  ReconImage  *first;
  ReconImage  *second;      /* of an overlay, else NULL */
  guint        full_width;  /* of the first image if it were not reduced: the pixels that one zooms and reads by */
  guint        full_height;
  ReconOverlay overlay;
  double       shift;       /* of the second image to the right, in full pixels */
} ReconPictureRequest;

void                       recon_picture_request_clear (ReconPictureRequest       *self);
void                       recon_picture_request_copy  (const ReconPictureRequest *self,
                                                        ReconPictureRequest       *copy);

ReconPicture              *recon_picture_new           (const ReconPictureRequest *request,
                                                        ReconPicture              *previous);
ReconPicture              *recon_picture_ref           (ReconPicture              *self);
void                       recon_picture_unref         (ReconPicture              *self);

const ReconPictureRequest *recon_picture_get_request   (const ReconPicture        *self);
const ReconHistogram      *recon_picture_get_histogram (const ReconPicture        *self);
guint                      recon_picture_get_n_levels  (const ReconPicture        *self);
ReconImage                *recon_picture_get_level     (const ReconPicture        *self,
                                                        guint                      which,
                                                        guint                      level);

ReconImage                *recon_image_halve           (ReconImage                *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconPicture, recon_picture_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconPictureRequest, recon_picture_request_clear)

G_END_DECLS
