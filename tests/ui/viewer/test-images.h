/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/scene.h"

G_BEGIN_DECLS

/* An image of 17 · row + column + noise by @seed, or with seed 0 without any. */
ReconImage *test_image_new     (guint          width,
                                guint          height,
                                guint          seed);
ReconImage *test_image_take    (guint          width,
                                guint          height,
                                float         *values);

/* A picture of one image or two, full as they are. */
ReconPicture *test_picture_new (ReconImage    *first,
                                ReconImage    *second,
                                ReconOverlay   overlay);

G_END_DECLS
