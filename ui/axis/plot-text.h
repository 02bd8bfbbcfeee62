/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Small numbers in plots. */

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
