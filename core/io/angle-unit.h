/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/choices.h"

G_BEGIN_DECLS

int  recon_angle_unit_parse   (const char      *text);
void recon_angle_unit_convert (int              unit,
                               double          *angles,
                               gsize            n_angles,
                               ReconAngleUnit  *used);

G_END_DECLS
