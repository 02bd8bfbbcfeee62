/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/plot.h"
#include "viewer/profile.h"

G_BEGIN_DECLS

/* Draws a line profile with axes.
 *
 * Property "cursor" (string, read-only, nullable): distance and value under the pointer. */
#define RECON_TYPE_PROFILE_PLOT (recon_profile_plot_get_type ())
G_DECLARE_FINAL_TYPE (ReconProfilePlot, recon_profile_plot, RECON, PROFILE_PLOT, ReconPlot)

void recon_profile_plot_set_profile (ReconProfilePlot *self,
                                     ReconProfile     *profile);

G_END_DECLS
