/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/plot.h"

G_BEGIN_DECLS

/* How good slices look for axes in a range: a curve, what was found with its uncertainty as a band, and a mark for the
 * axis in use, which can be dragged or moved with the arrow keys.
 *
 * Signal "mark-moved" (double axis): by the user. */
#define RECON_TYPE_SCORE_CURVE (recon_score_curve_get_type ())
G_DECLARE_FINAL_TYPE (ReconScoreCurve, recon_score_curve, RECON, SCORE_CURVE, ReconPlot)

GtkWidget *recon_score_curve_new          (void);
void       recon_score_curve_set_scores   (ReconScoreCurve *self,
                                           const double    *axes,
                                           const double    *scores,
                                           guint            n);
void       recon_score_curve_set_estimate (ReconScoreCurve *self,
                                           double           axis,
                                           double           uncertainty);
void       recon_score_curve_set_mark     (ReconScoreCurve *self,
                                           double           mark);

G_END_DECLS
