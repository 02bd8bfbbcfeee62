/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "axis/axis-query.h"
#include "form/document.h"

G_BEGIN_DECLS

/* The controls beside the overlay: the axis, the search for it, and how the projections are laid upon each other.
 *
 * Signal "row-chosen" (double row): the user wants to look at that row of the detector. */
#define RECON_TYPE_AXIS_PANEL (recon_axis_panel_get_type ())
G_DECLARE_FINAL_TYPE (ReconAxisPanel, recon_axis_panel, RECON, AXIS_PANEL, AdwBin)

void recon_axis_panel_connect      (ReconAxisPanel  *self,
                                    ReconDocument   *document,
                                    ReconAxisQuery  *search);
void recon_axis_panel_find        (ReconAxisPanel  *self);
void recon_axis_panel_set_resolved (ReconAxisPanel  *self,
                                    GVariant        *resolved);

G_END_DECLS
