/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/plot-parts.h"

#include <glib/gi18n.h>
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
 * recon_plot_get_colours:
 * @widget: the plot
 * @colours: (out caller-allocates): those of the theme
 */
void
recon_plot_get_colours (GtkWidget        *widget,
                        ReconPlotColours *colours)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  gtk_style_context_get_color (style, &colours->text);
  if (!gtk_style_context_lookup_color (style, "accent_color", &colours->accent))
    colours->accent = colours->text;
  colours->dim = colours->faint = colours->text;
  colours->dim.alpha *= 0.7f;
  colours->faint.alpha *= 0.15f;
}

/**
 * recon_plot_make_room:
 * @widget: the plot
 * @field: (inout): knows the ranges of its axes, and is told where it is: the numbers of the vertical axis decide how
 *   much room is left beside them, those of the other one have room below
 * @ticks: (out caller-allocates): of the vertical axis
 */
void
recon_plot_make_room (GtkWidget      *widget,
                      ReconPlotField *field,
                      ReconTicks     *ticks)
{
  int widest = 0, height = 0;

  recon_plot_measure_text (widget, "0", &widest, &height);
  field->y = RECON_PLOT_PAD;
  field->height = MAX (gtk_widget_get_height (widget) - 2 * RECON_PLOT_PAD - height - RECON_PLOT_TICK, 1);
  recon_ticks_choose (ticks, field->low, field->high, (guint) MAX (field->height / TICK_HEIGHT, 2));
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

double
recon_plot_to_x (const ReconPlotField *field,
                 double                value)
{
  return field->x + field->width * (value - field->first) / (field->last - field->first);
}

double
recon_plot_to_y (const ReconPlotField *field,
                 double                value)
{
  return field->y + field->height * (field->high - value) / (field->high - field->low);
}

/**
 * recon_plot_append_vertical:
 * @widget: the plot
 * @snapshot: what is drawn
 * @field: where its curve is
 * @ticks: of the vertical axis
 * @colours: those of the theme
 *
 * Draws the vertical axis: lines across the field, numbers on the left.
 */
void
recon_plot_append_vertical (GtkWidget              *widget,
                            GtkSnapshot            *snapshot,
                            const ReconPlotField   *field,
                            const ReconTicks       *ticks,
                            const ReconPlotColours *colours)
{
  for (guint i = 0; i < ticks->n; i++)
    {
      g_autofree char *text = recon_ticks_format (ticks, i);
      double y = recon_plot_to_y (field, ticks->first + i * ticks->step);

      recon_plot_append_box (snapshot, &colours->faint, field->x, floor (y), field->width, 1);
      recon_plot_append_text (widget, snapshot, text, &colours->dim, field->x - RECON_PLOT_TICK - 2, y, 1, 0.5);
    }
}

/**
 * recon_plot_append_horizontal:
 * @widget: the plot
 * @snapshot: what is drawn
 * @field: where its curve is
 * @top: where the lines of the ticks begin: at the top of the field, or at its bottom
 * @room: pixels that one number needs
 * @label: (scope call): makes the numbers
 * @colours: those of the theme
 *
 * Draws the horizontal axis: lines down to the numbers, which are below the field.
 */
void
recon_plot_append_horizontal (GtkWidget              *widget,
                              GtkSnapshot            *snapshot,
                              const ReconPlotField   *field,
                              double                  top,
                              double                  room,
                              ReconPlotLabelFunc      label,
                              const ReconPlotColours *colours)
{
  double bottom = field->y + field->height;
  ReconTicks ticks;

  recon_ticks_choose (&ticks, field->first, field->last, (guint) MAX (field->width / room, 2));
  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = label (&ticks, i);
      double x = recon_plot_to_x (field, ticks.first + i * ticks.step);

      recon_plot_append_box (snapshot, &colours->faint, floor (x), top, 1, bottom - top + RECON_PLOT_TICK);
      recon_plot_append_text (widget, snapshot, text, &colours->dim, x, bottom + RECON_PLOT_TICK, 0.5, 0);
    }
}

/**
 * recon_plot_label_pixels:
 * @ticks: of an axis in pixels
 * @i: which one
 *
 * Returns: (transfer full): its number; the last one has the unit
 */
char *
recon_plot_label_pixels (const ReconTicks *ticks,
                         guint             i)
{
  g_autofree char *number = recon_ticks_format (ticks, i);

  return i + 1 == ticks->n ? g_strdup_printf (_ ("%s px"), number) : g_steal_pointer (&number);
}

/**
 * recon_plot_add_arrow_keys:
 * @widget_class: of a plot
 * @modifiers: held with the keys
 * @func: is called with what to move by, a double
 * @step: what the right arrow moves by; the left one moves as far to the other side
 *
 * What is plotted grows to the right in every language.
 */
void
recon_plot_add_arrow_keys (GtkWidgetClass  *widget_class,
                           GdkModifierType  modifiers,
                           GtkShortcutFunc  func,
                           double           step)
{
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, modifiers, func, "d", -step);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, modifiers, func, "d", step);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Left, modifiers, func, "d", -step);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Right, modifiers, func, "d", step);
}
