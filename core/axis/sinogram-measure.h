/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/sinogram.h"

G_BEGIN_DECLS

void recon_axis_sinogram_measure_noise (ReconAxisSinogram *self);
void recon_axis_sinogram_measure       (ReconAxisSinogram *self);

G_END_DECLS
