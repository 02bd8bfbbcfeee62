/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/ticks.h"

G_BEGIN_DECLS

/* What plots have in common: room around their field, axes with small numbers and thin lines, keys that step. */
#define RECON_PLOT_PAD  8.0
#define RECON_PLOT_TICK 4.0

/* Where the curve is drawn, in pixels of the widget, and what its edges stand for. */
typedef struct
{
  double x, y, width, height;
  double first, last; /* of the horizontal axis */
  double low, high;   /* of the vertical axis */
} ReconPlotField;

typedef struct
{
  GdkRGBA text;
  GdkRGBA accent;
  GdkRGBA dim;   /* of numbers */
  GdkRGBA faint; /* of lines behind the curve */
} ReconPlotColours;

/* Returns: (transfer full): what stands at a tick */
typedef char *(*ReconPlotLabelFunc) (const ReconTicks *ticks,
                                     guint             i);

void   recon_plot_get_colours       (GtkWidget              *widget,
                                     ReconPlotColours       *colours);
void   recon_plot_make_room         (GtkWidget              *widget,
                                     ReconPlotField         *field,
                                     ReconTicks             *ticks);
double recon_plot_to_x              (const ReconPlotField   *field,
                                     double                  value);
double recon_plot_to_y              (const ReconPlotField   *field,
                                     double                  value);

void   recon_plot_append_vertical   (GtkWidget              *widget,
                                     GtkSnapshot            *snapshot,
                                     const ReconPlotField   *field,
                                     const ReconTicks       *ticks,
                                     const ReconPlotColours *colours);
void   recon_plot_append_horizontal (GtkWidget              *widget,
                                     GtkSnapshot            *snapshot,
                                     const ReconPlotField   *field,
                                     double                  top,
                                     double                  room,
                                     ReconPlotLabelFunc      label,
                                     const ReconPlotColours *colours);
char  *recon_plot_label_pixels      (const ReconTicks       *ticks,
                                     guint                   i);

void   recon_plot_measure_text      (GtkWidget              *widget,
                                     const char             *text,
                                     int                    *width,
                                     int                    *height);
void   recon_plot_append_text       (GtkWidget              *widget,
                                     GtkSnapshot            *snapshot,
                                     const char             *text,
                                     const GdkRGBA          *colour,
                                     double                  x,
                                     double                  y,
                                     double                  xalign,
                                     double                  yalign);
void   recon_plot_append_box        (GtkSnapshot            *snapshot,
                                     const GdkRGBA          *colour,
                                     double                  x,
                                     double                  y,
                                     double                  width,
                                     double                  height);

void   recon_plot_add_arrow_keys    (GtkWidgetClass         *widget_class,
                                     GdkModifierType         modifiers,
                                     GtkShortcutFunc         func,
                                     double                  step);

G_END_DECLS
