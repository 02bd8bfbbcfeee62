/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "geometry/geometry.h"

G_BEGIN_DECLS

/* A share of all transmissions that is hardly worth a warning if they can't be. */
#define RECON_FEW_TRANSMISSIONS 1e-3

/* What the correction of a scan has met with: transmissions that can't be, and pixels that can't be used. Steps on
 * several devices add to it, from their threads; sums don't depend on who comes first. */
typedef struct _ReconTransmissions ReconTransmissions;

/* A row that was corrected. */
typedef struct
{
  guint         slice;
  guint         n_angles;
  const guint8 *states; /* width: #ReconPixelState */
  const guint  *n_low;  /* (nullable): width: in how many projections the transmission was clipped to the least */
  const guint  *n_odd;  /* (nullable): width: in how many it was no number or beyond all reason */
} ReconTransmissionsRow;

ReconTransmissions *recon_transmissions_new    (guint                         width,
                                                double                        clip_minimum,
                                                gboolean                      bridges);
ReconTransmissions *recon_transmissions_ref    (ReconTransmissions           *self);
void                recon_transmissions_unref  (ReconTransmissions           *self);
void                recon_transmissions_add    (ReconTransmissions           *self,
                                                const ReconTransmissionsRow  *row);
double              recon_transmissions_get_share (ReconTransmissions        *self);
char               *recon_transmissions_describe_pixels (ReconTransmissions  *self,
                                                         const ReconGeometry *geometry);
char               *recon_transmissions_describe_values (ReconTransmissions  *self,
                                                         const ReconGeometry *geometry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTransmissions, recon_transmissions_unref)

G_END_DECLS
