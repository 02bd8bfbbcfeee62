/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/viewport.h"

G_BEGIN_DECLS

/* A length that one reads at a glance, and what it is in the image. */
typedef struct
{
  double pixels; /* of the image */
  char   text[32];
} ReconScaleBar;

gboolean recon_scale_bar_choose (ReconScaleBar *self,
                                 double         pixel_size,
                                 double         room);

G_END_DECLS
