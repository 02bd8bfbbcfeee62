/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/ticks.h"

G_BEGIN_DECLS

/* What a curve is drawn on: axes with small numbers and thin lines, and room around its field. */
#define RECON_TYPE_PLOT (recon_plot_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconPlot, recon_plot, RECON, PLOT, GtkWidget)

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

struct _ReconPlotClass
{
  GtkWidgetClass parent_class;

  int      minimum_size[2]; /* width and height */
  int      natural_size[2];
  gboolean has_vertical;    /* an axis of values; else there are words above the field */
  gboolean has_grid;        /* lines from the numbers of the horizontal axis to the top */
  double   tick_width;      /* pixels that one of these numbers needs */

  /* Returns: (transfer full): what stands at a tick of the horizontal axis; by default a number of pixels */
  char    *(*label)      (const ReconTicks       *ticks,
                          guint                   i);
  /* Gives the field its ranges. Returns: whether there is something to draw */
  gboolean (*get_ranges) (ReconPlot              *self,
                          ReconPlotField         *field);
  void     (*draw)       (ReconPlot              *self,
                          GtkSnapshot            *snapshot,
                          const ReconPlotField   *field,
                          const ReconPlotColours *colours);
};

gboolean recon_plot_get_field      (ReconPlot             *self,
                                    ReconPlotField        *field);
double   recon_plot_to_x           (const ReconPlotField  *field,
                                    double                 value);
double   recon_plot_to_y           (const ReconPlotField  *field,
                                    double                 value);
cairo_t *recon_plot_append_cairo   (ReconPlot             *self,
                                    GtkSnapshot           *snapshot);
void     recon_plot_add_arrow_keys (GtkWidgetClass        *widget_class,
                                    GdkModifierType        modifiers,
                                    GtkShortcutFunc        func,
                                    double                 step);

/* Small texts and boxes, of any widget. */
void     recon_plot_measure_text   (GtkWidget             *widget,
                                    const char            *text,
                                    int                   *width,
                                    int                   *height);
void     recon_plot_append_text    (GtkWidget             *widget,
                                    GtkSnapshot           *snapshot,
                                    const char            *text,
                                    const GdkRGBA         *colour,
                                    double                 x,
                                    double                 y,
                                    double                 xalign,
                                    double                 yalign);
void     recon_plot_append_box     (GtkSnapshot           *snapshot,
                                    const GdkRGBA         *colour,
                                    double                 x,
                                    double                 y,
                                    double                 width,
                                    double                 height);

G_END_DECLS
