/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "request/axis-result.h"
#include "viewer/plot.h"

G_BEGIN_DECLS

/* The axis that each row of the detector has, with its uncertainty, and the line through them: rows that are not in it
 * are hollow. A point is chosen with the pointer or the arrow keys.
 *
 * Signal "row-chosen" (double row): by the user. */
#define RECON_TYPE_ROW_PLOT (recon_row_plot_get_type ())
G_DECLARE_FINAL_TYPE (ReconRowPlot, recon_row_plot, RECON, ROW_PLOT, ReconPlot)

GtkWidget *recon_row_plot_new          (void);
void       recon_row_plot_set_result   (ReconRowPlot          *self,
                                        const ReconAxisResult *result);
int        recon_row_plot_get_selected (ReconRowPlot          *self);
void       recon_row_plot_set_selected (ReconRowPlot          *self,
                                        int                    selected);

G_END_DECLS
