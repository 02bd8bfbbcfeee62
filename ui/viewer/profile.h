/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/layer.h"

G_BEGIN_DECLS

/* Values along a line. Positions are of pixels as they are read: the first one's centre is (0, 0). */
typedef struct
{
  double  x0, y0;
  double  x1, y1;
  guint   n;
  double *values;  /* NaN where there is none */
  double  minimum; /* of the finite values; NaN where there are none */
  double  maximum;
} ReconProfile;

ReconProfile *recon_profile_new          (const ReconPicture *picture,
                                          ReconOverlay        overlay,
                                          double              shift,
                                          double              x0,
                                          double              y0,
                                          double              x1,
                                          double              y1);
void          recon_profile_free         (ReconProfile       *self);
double        recon_profile_get_length   (const ReconProfile *self);
double        recon_profile_get_distance (const ReconProfile *self,
                                          guint               i);
void          recon_profile_get_position (const ReconProfile *self,
                                          guint               i,
                                          double             *x,
                                          double             *y);
char         *recon_profile_to_csv       (const ReconProfile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconProfile, recon_profile_free)

G_END_DECLS
