/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/plot.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels of the widget. */
#define PAD         8.0
#define PAD_SIDE    18.0 /* where there is no vertical axis */
#define PAD_TOP     20.0 /* room for words */
#define TICK        4.0
#define TICK_HEIGHT 26.0 /* room for a number of the vertical axis */

G_DEFINE_ABSTRACT_TYPE (ReconPlot, recon_plot, GTK_TYPE_WIDGET)

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

static void
get_colours (GtkWidget        *widget,
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

/* The numbers of the vertical axis decide how much room is left beside them, those of the other one have room below.
 * @ticks: (out caller-allocates): of the vertical axis, if there is one */
static gboolean
get_field (ReconPlot      *self,
           ReconPlotField *field,
           ReconTicks     *ticks)
{
  const ReconPlotClass *klass = RECON_PLOT_GET_CLASS (self);
  GtkWidget *widget = GTK_WIDGET (self);
  int widest = 0, height = 0;

  if (!klass->get_ranges (self, field))
    return FALSE;

  recon_plot_measure_text (widget, "0", &widest, &height);
  if (!klass->has_vertical)
    {
      field->x = PAD_SIDE;
      field->y = PAD_TOP;
      field->width = MAX (gtk_widget_get_width (widget) - 2 * PAD_SIDE, 1);
      field->height = gtk_widget_get_height (widget) - PAD_TOP - height - TICK;
      return TRUE;
    }

  field->y = PAD;
  field->height = MAX (gtk_widget_get_height (widget) - 2 * PAD - height - TICK, 1);
  recon_ticks_choose (ticks, field->low, field->high, (guint) MAX (field->height / TICK_HEIGHT, 2));
  for (guint i = 0; i < ticks->n; i++)
    {
      g_autofree char *text = recon_ticks_format (ticks, i);
      int width;

      recon_plot_measure_text (widget, text, &width, &height);
      widest = MAX (widest, width);
    }
  field->x = PAD + widest + TICK + 2;
  field->width = MAX (gtk_widget_get_width (widget) - field->x - 2 * PAD, 1);

  return TRUE;
}

/**
 * recon_plot_get_field:
 * @self: a plot
 * @field: (out caller-allocates): where its curve is
 *
 * Returns: whether there is something to draw
 */
gboolean
recon_plot_get_field (ReconPlot      *self,
                      ReconPlotField *field)
{
  ReconTicks ticks;

  return get_field (self, field, &ticks);
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

/* Returns: (transfer full): to draw anywhere in a plot */
cairo_t *
recon_plot_append_cairo (ReconPlot   *self,
                         GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);

  return gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                                   (float) gtk_widget_get_height (widget)));
}

/* Lines across the field, numbers on the left. */
static void
append_vertical (GtkWidget              *widget,
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
      recon_plot_append_text (widget, snapshot, text, &colours->dim, field->x - TICK - 2, y, 1, 0.5);
    }
}

/* Lines down to the numbers, which are below the field. */
static void
append_horizontal (GtkWidget              *widget,
                   GtkSnapshot            *snapshot,
                   const ReconPlotField   *field,
                   const ReconPlotColours *colours)
{
  const ReconPlotClass *klass = RECON_PLOT_GET_CLASS (widget);
  double bottom = field->y + field->height;
  double top = klass->has_grid ? field->y : bottom;
  ReconTicks ticks;

  recon_ticks_choose (&ticks, field->first, field->last, (guint) MAX (field->width / klass->tick_width, 2));
  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = klass->label (&ticks, i);
      double x = recon_plot_to_x (field, ticks.first + i * ticks.step);

      recon_plot_append_box (snapshot, &colours->faint, floor (x), top, 1, bottom - top + TICK);
      recon_plot_append_text (widget, snapshot, text, &colours->dim, x, bottom + TICK, 0.5, 0);
    }
}

static void
recon_plot_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  ReconPlot *self = RECON_PLOT (widget);
  const ReconPlotClass *klass = RECON_PLOT_GET_CLASS (self);
  ReconPlotColours colours;
  ReconPlotField field;
  ReconTicks vertical;

  if (!get_field (self, &field, &vertical))
    return;

  get_colours (widget, &colours);
  if (klass->has_vertical)
    append_vertical (widget, snapshot, &field, &vertical, &colours);
  append_horizontal (widget, snapshot, &field, &colours);
  klass->draw (self, snapshot, &field, &colours);
}

static void
recon_plot_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  const ReconPlotClass *klass = RECON_PLOT_GET_CLASS (widget);

  *minimum = klass->minimum_size[orientation];
  *natural = klass->natural_size[orientation];
}

/* The last number has the unit. */
static char *
label_pixels (const ReconTicks *ticks,
              guint             i)
{
  g_autofree char *number = recon_ticks_format (ticks, i);

  return i + 1 == ticks->n ? g_strdup_printf (_ ("%s px"), number) : g_steal_pointer (&number);
}

static void
recon_plot_class_init (ReconPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = recon_plot_snapshot;
  widget_class->measure = recon_plot_measure;
  klass->label = label_pixels;
  klass->has_grid = TRUE;
  klass->tick_width = 90;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
recon_plot_init (ReconPlot *self)
{
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
