/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/pairs.h"
#include "axis/sinogram.h"

G_BEGIN_DECLS

ReconAxisPairs *recon_axis_pair_find     (const ReconAxisSinogram *sinogram);
double          recon_axis_pair_get_bias (const ReconAxisSinogram *sinogram);

ReconAxisPairs *recon_axis_full_turn_find (const ReconAxisSinogram *sinogram);

G_END_DECLS
