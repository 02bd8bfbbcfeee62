/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/colour-maps.h"
#include "viewer/histogram.h"
#include "viewer/levels.h"

G_BEGIN_DECLS

/* A histogram with handles for the levels and the colours between them.
 *
 * Property "logarithmic" (boolean). Signal "levels-moved" (double low, double high): by the handles; the plot shows
 * them when it is told. */
#define RECON_TYPE_LEVELS_PLOT (recon_levels_plot_get_type ())
G_DECLARE_FINAL_TYPE (ReconLevelsPlot, recon_levels_plot, RECON, LEVELS_PLOT, GtkWidget)

void recon_levels_plot_set_histogram  (ReconLevelsPlot      *self,
                                       const ReconHistogram *histogram);
void recon_levels_plot_set_levels     (ReconLevelsPlot      *self,
                                       const ReconLevels    *levels);
void recon_levels_plot_set_colour_map (ReconLevelsPlot      *self,
                                       ReconColourMap        map);

G_END_DECLS
