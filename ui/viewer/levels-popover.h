/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/colour-maps.h"
#include "viewer/histogram.h"
#include "viewer/levels.h"

G_BEGIN_DECLS

/* Histogram, levels and colours. Its buttons activate the actions view.… of the widget that it belongs to.
 *
 * Signal "levels-moved" (double low, double high): by handles or entries. */
#define RECON_TYPE_LEVELS_POPOVER (recon_levels_popover_get_type ())
G_DECLARE_FINAL_TYPE (ReconLevelsPopover, recon_levels_popover, RECON, LEVELS_POPOVER, GtkPopover)

void recon_levels_popover_set_histogram  (ReconLevelsPopover   *self,
                                          const ReconHistogram *histogram);
void recon_levels_popover_set_levels     (ReconLevelsPopover   *self,
                                          const ReconLevels    *levels);
void recon_levels_popover_set_colour_map (ReconLevelsPopover   *self,
                                          ReconColourMap        map);

G_END_DECLS
