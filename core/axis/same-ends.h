/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/sinogram.h"

G_BEGIN_DECLS

gboolean recon_axis_sinogram_has_same_ends (const ReconAxisSinogram *sinogram);

G_END_DECLS
