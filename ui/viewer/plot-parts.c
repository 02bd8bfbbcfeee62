/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/plot-parts.h"

#include <math.h>

#define TICK_HEIGHT 26.0 /* room for a number */

static PangoLayout *
make_text (GtkWidget  *widget,
           const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (layout, attributes);

  return layout;
}

void
recon_plot_measure_text (GtkWidget  *widget,
                         const char *text,
                         int        *width,
                         int        *height)
{
  g_autoptr (PangoLayout) layout = make_text (widget, text);

  pango_layout_get_pixel_size (layout, width, height);
}

/**
 * recon_plot_append_text:
 * @widget: the plot
 * @snapshot: what is drawn
 * @text: a few words
 * @colour: their colour
 * @x: where they stand
 * @y: likewise
 * @xalign: what part of them is left of @x
 * @yalign: what part of them is above @y
 *
 * A text that would reach over the left or right edge of the plot is moved into it.
 */
void
recon_plot_append_text (GtkWidget     *widget,
                        GtkSnapshot   *snapshot,
                        const char    *text,
                        const GdkRGBA *colour,
                        double         x,
                        double         y,
                        double         xalign,
                        double         yalign)
{
  g_autoptr (PangoLayout) layout = make_text (widget, text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  x = MIN (x - xalign * width, gtk_widget_get_width (widget) - width);
  x = floor (MAX (x, 0));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) floor (y - yalign * height)));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

void
recon_plot_append_box (GtkSnapshot   *snapshot,
                       const GdkRGBA *colour,
                       double         x,
                       double         y,
                       double         width,
                       double         height)
{
  gtk_snapshot_append_color (snapshot, colour,
                             &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

/**
 * recon_plot_get_field:
 * @widget: the plot
 * @low: of the vertical axis
 * @high: likewise
 * @ticks: (out caller-allocates): of the vertical axis
 * @field: (out caller-allocates): where the curve is drawn: the numbers of the vertical axis decide how much room is
 *   left beside them, those of the other one have room below
 */
void
recon_plot_get_field (GtkWidget      *widget,
                      double          low,
                      double          high,
                      ReconTicks     *ticks,
                      ReconPlotField *field)
{
  int widest = 0, height = 0;

  recon_plot_measure_text (widget, "0", &widest, &height);
  field->y = RECON_PLOT_PAD;
  field->height = MAX (gtk_widget_get_height (widget) - 2 * RECON_PLOT_PAD - height - RECON_PLOT_TICK, 1);
  recon_ticks_choose (ticks, low, high, (guint) MAX (field->height / TICK_HEIGHT, 2));
  for (guint i = 0; i < ticks->n; i++)
    {
      g_autofree char *text = recon_ticks_format (ticks, i);
      int width;

      recon_plot_measure_text (widget, text, &width, &height);
      widest = MAX (widest, width);
    }
  field->x = RECON_PLOT_PAD + widest + RECON_PLOT_TICK + 2;
  field->width = MAX (gtk_widget_get_width (widget) - field->x - 2 * RECON_PLOT_PAD, 1);
}
