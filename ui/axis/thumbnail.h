/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "base/image.h"

G_BEGIN_DECLS

/* Small grey pictures of slices, all with the same levels so that they can be compared. */

void        recon_thumbnail_choose_levels (const ReconImage *image,
                                           float            *low,
                                           float            *high);
GdkTexture *recon_thumbnail_new           (const ReconImage *image,
                                           float             low,
                                           float             high);

G_END_DECLS
