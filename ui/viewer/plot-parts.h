/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/ticks.h"

G_BEGIN_DECLS

/* What plots have in common: room around their field, small numbers, thin lines. */
#define RECON_PLOT_PAD  8.0
#define RECON_PLOT_TICK 4.0

/* Where the curve is drawn, in the widget. */
typedef struct
{
  double x, y, width, height;
} ReconPlotField;

void recon_plot_get_field    (GtkWidget      *widget,
                              double          low,
                              double          high,
                              ReconTicks     *ticks,
                              ReconPlotField *field);

void recon_plot_measure_text (GtkWidget     *widget,
                              const char    *text,
                              int           *width,
                              int           *height);
void recon_plot_append_text  (GtkWidget     *widget,
                              GtkSnapshot   *snapshot,
                              const char    *text,
                              const GdkRGBA *colour,
                              double         x,
                              double         y,
                              double         xalign,
                              double         yalign);
void recon_plot_append_box   (GtkSnapshot   *snapshot,
                              const GdkRGBA *colour,
                              double         x,
                              double         y,
                              double         width,
                              double         height);

G_END_DECLS
