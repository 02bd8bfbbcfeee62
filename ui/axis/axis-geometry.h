/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* Which columns of the detector an image of a scan shows. */
typedef struct
{
  double crop_left; /* columns as read that are left out on the left */
  double bin;       /* columns as read that became one */
  guint  width;     /* columns of the image */
} ReconAxisGeometry;

double recon_axis_geometry_get_axis     (ReconConfig             *config,
                                         GVariant                *resolved);
void   recon_axis_geometry_init         (ReconAxisGeometry       *self,
                                         ReconConfig             *config,
                                         guint                    width);
double recon_axis_geometry_to_shift     (const ReconAxisGeometry *self,
                                         double                   axis);
double recon_axis_geometry_from_shift   (const ReconAxisGeometry *self,
                                         double                   shift);
guint  recon_axis_geometry_row_to_slice (ReconConfig             *config,
                                         double                   row,
                                         guint                    n_slices);

G_END_DECLS
