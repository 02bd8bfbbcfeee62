/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/sinogram.h"

G_BEGIN_DECLS

ReconAxisEstimate recon_axis_centroid (const ReconAxisSinogram *sinogram,
                                       ReconAxisEstimate       *drift);

G_END_DECLS
