/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/choices.h"

G_BEGIN_DECLS

/* A full turn in radians, with room for angles that a motor reports a little beyond it. */
#define RECON_ANGLE_MAX_RADIANS (2 * G_PI + 0.01)

int  recon_angle_unit_parse   (const char      *text);
void recon_angle_unit_convert (int              unit,
                               double          *angles,
                               gsize            n_angles,
                               ReconAngleUnit  *used);

G_END_DECLS
