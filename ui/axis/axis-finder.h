/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "axis/axis-query.h"

G_BEGIN_DECLS

/* The group of the panel that lets the program find the axis: how, where, and what came of it.
 *
 * Signal "row-chosen" (double row): the user wants to look at that row of the detector. */
#define RECON_TYPE_AXIS_FINDER (recon_axis_finder_get_type ())
G_DECLARE_FINAL_TYPE (ReconAxisFinder, recon_axis_finder, RECON, AXIS_FINDER, AdwPreferencesGroup)

void recon_axis_finder_connect   (ReconAxisFinder *self,
                                  ReconAxisQuery  *search);
void recon_axis_finder_start     (ReconAxisFinder *self);
void recon_axis_finder_set_ready (ReconAxisFinder *self,
                                  gboolean         ready);

G_END_DECLS
