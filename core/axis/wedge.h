/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/cross-spectrum.h"
#include "axis/sinogram.h"

G_BEGIN_DECLS

double            recon_axis_wedge_search (const ReconAxisSinogram *sinogram,
                                           const ReconAxisRange    *range);
ReconAxisEstimate recon_axis_wedge_refine (const ReconAxisSinogram *sinogram,
                                           double                   axis);

G_END_DECLS
