/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/trial-slice.h"

G_BEGIN_DECLS

ReconAxisEstimate recon_axis_slice_search (const ReconAxisSinogram *sinogram,
                                           ReconAxisMethod          method,
                                           const ReconAxisRange    *range);
ReconAxisEstimate recon_axis_slice_refine (const ReconAxisSinogram *sinogram,
                                           ReconAxisMethod          method,
                                           double                   axis,
                                           double                   reach,
                                           guint                    columns);
void              recon_axis_slice_curve  (const ReconAxisSinogram *sinogram,
                                           ReconAxisMethod          method,
                                           double                   first,
                                           double                   step,
                                           double                  *values,
                                           guint                    n,
                                           guint                    columns);

G_END_DECLS
