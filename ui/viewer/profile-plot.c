/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/profile-plot.h"

#include <glib/gi18n.h>
#include <math.h>

#include "viewer/ticks.h"

#define PAD 8.0
#define TICK 4.0
#define TICK_WIDTH 90.0  /* room for a number */
#define TICK_HEIGHT 28.0

struct _ReconProfilePlot
{
  GtkWidget     parent_instance;

  ReconProfile *profile;
  double        low; /* of the vertical axis */
  double        high;
  double        pointer; /* x in the widget, negative if the pointer is elsewhere */
  char         *cursor;
};

G_DEFINE_FINAL_TYPE (ReconProfilePlot, recon_profile_plot, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CURSOR,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* Where the curve is drawn. */
typedef struct
{
  double x, y, width, height;
} Field;

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

static void
get_text_size (GtkWidget  *widget,
               const char *text,
               int        *width,
               int        *height)
{
  g_autoptr (PangoLayout) layout = make_text (widget, text);

  pango_layout_get_pixel_size (layout, width, height);
}

/* The numbers of the vertical axis decide how much room is left. */
static void
get_field (ReconProfilePlot *self,
           ReconTicks       *ticks,
           Field            *field)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int widest = 0, height = 0;

  get_text_size (widget, "0", &widest, &height);
  field->y = PAD;
  field->height = MAX (gtk_widget_get_height (widget) - 2 * PAD - height - TICK, 1);
  recon_ticks_choose (ticks, self->low, self->high, (guint) MAX (field->height / TICK_HEIGHT, 2));

  for (guint i = 0; i < ticks->n; i++)
    {
      g_autofree char *text = recon_ticks_format (ticks, i);
      int width;

      get_text_size (widget, text, &width, &height);
      widest = MAX (widest, width);
    }
  field->x = 2 * PAD + widest + TICK;
  field->width = MAX (gtk_widget_get_width (widget) - field->x - 2 * PAD, 1);
}

static double
value_to_y (ReconProfilePlot *self,
            const Field      *field,
            double            value)
{
  return field->y + field->height * (self->high - value) / (self->high - self->low);
}

static guint
get_index (ReconProfilePlot *self,
           const Field      *field)
{
  double part = CLAMP ((self->pointer - field->x) / field->width, 0.0, 1.0);

  return (guint) (part * (self->profile->n - 1) + 0.5);
}

static void
append_text (GtkWidget     *widget,
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
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (x - xalign * width),
                                                          (float) floor (y - yalign * height)));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
append_box (GtkSnapshot   *snapshot,
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
snapshot_axes (ReconProfilePlot *self,
               GtkSnapshot      *snapshot,
               const Field      *field,
               const ReconTicks *vertical,
               const GdkRGBA    *colour)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double length = recon_profile_get_length (self->profile);
  double bottom = field->y + field->height;
  GdkRGBA faint = *colour;
  GdkRGBA text_colour = *colour;
  ReconTicks horizontal;

  faint.alpha *= 0.15f;
  text_colour.alpha *= 0.7f;

  for (guint i = 0; i < vertical->n; i++)
    {
      g_autofree char *text = recon_ticks_format (vertical, i);
      double y = value_to_y (self, field, vertical->first + i * vertical->step);

      append_box (snapshot, &faint, field->x, floor (y), field->width, 1);
      append_text (widget, snapshot, text, &text_colour, field->x - TICK - 2, y, 1.0, 0.5);
    }

  recon_ticks_choose (&horizontal, 0.0, length, (guint) MAX (field->width / TICK_WIDTH, 2));
  for (guint i = 0; i < horizontal.n; i++)
    {
      double distance = horizontal.first + i * horizontal.step;
      double x = field->x + field->width * distance / length;
      g_autofree char *number = recon_ticks_format (&horizontal, i);
      g_autofree char *text = i + 1 == horizontal.n ? g_strdup_printf (_ ("%s px"), number) : g_strdup (number);

      append_box (snapshot, &faint, floor (x), field->y, 1, field->height + TICK);
      append_text (widget, snapshot, text, &text_colour, x, bottom + TICK, 0.5, 0.0);
    }
}

/* The curve has a gap where there is no value. */
static void
snapshot_curve (ReconProfilePlot *self,
                GtkSnapshot      *snapshot,
                const Field      *field,
                const GdkRGBA    *colour)
{
  const ReconProfile *profile = self->profile;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) field->x - 2, (float) field->y - 2, (float) field->width + 4,
                                               (float) field->height + 4);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  gboolean drawing = FALSE;

  for (guint i = 0; i < profile->n; i++)
    {
      double x = field->x + field->width * i / (profile->n - 1);

      if (!isfinite (profile->values[i]))
        {
          drawing = FALSE;
          continue;
        }
      if (drawing)
        cairo_line_to (cr, x, value_to_y (self, field, profile->values[i]));
      else
        cairo_move_to (cr, x, value_to_y (self, field, profile->values[i]));
      drawing = TRUE;
    }
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
snapshot_pointer (ReconProfilePlot *self,
                  GtkSnapshot      *snapshot,
                  const Field      *field,
                  const GdkRGBA    *colour)
{
  guint i;
  double x;

  if (self->pointer < 0)
    return;

  i = get_index (self, field);
  x = field->x + field->width * i / (self->profile->n - 1);
  append_box (snapshot, colour, floor (x), field->y, 1, field->height);
  if (isfinite (self->profile->values[i]))
    append_box (snapshot, colour, floor (x) - 2, floor (value_to_y (self, field, self->profile->values[i])) - 2, 5, 5);
}

static void
recon_profile_plot_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  ReconProfilePlot *self = RECON_PROFILE_PLOT (widget);
  GdkRGBA colour, curve;
  ReconTicks vertical;
  Field field;

  if (self->profile == NULL)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_color", &curve))
    curve = colour;

  get_field (self, &vertical, &field);
  snapshot_axes (self, snapshot, &field, &vertical, &colour);
  snapshot_curve (self, snapshot, &field, &curve);
  snapshot_pointer (self, snapshot, &field, &colour);
}

static void
recon_profile_plot_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 96;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 140;
}

static void
update_cursor (ReconProfilePlot *self)
{
  g_autofree char *text = NULL;
  ReconTicks ticks;
  Field field;

  if (self->profile != NULL && self->pointer >= 0)
    {
      guint i;

      get_field (self, &ticks, &field);
      i = get_index (self, &field);
      text = g_strdup_printf (_ ("At %.1f px: %.6g"), recon_profile_get_distance (self->profile, i),
                              self->profile->values[i]);
    }
  if (g_strcmp0 (text, self->cursor) == 0)
    return;

  g_free (self->cursor);
  self->cursor = g_steal_pointer (&text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR]);
}

static void
motion_cb (ReconProfilePlot *self,
           double            x,
           double            y)
{
  self->pointer = x;
  update_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (ReconProfilePlot *self)
{
  self->pointer = -1;
  update_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
recon_profile_plot_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CURSOR:
      g_value_set_string (value, RECON_PROFILE_PLOT (object)->cursor);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_profile_plot_finalize (GObject *object)
{
  ReconProfilePlot *self = RECON_PROFILE_PLOT (object);

  g_clear_pointer (&self->profile, recon_profile_free);
  g_free (self->cursor);

  G_OBJECT_CLASS (recon_profile_plot_parent_class)->finalize (object);
}

static void
recon_profile_plot_class_init (ReconProfilePlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_profile_plot_get_property;
  object_class->finalize = recon_profile_plot_finalize;
  widget_class->measure = recon_profile_plot_measure;
  widget_class->snapshot = recon_profile_plot_snapshot;

  properties[PROP_CURSOR] = g_param_spec_string ("cursor", NULL, NULL, NULL,
                                                 G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "profileplot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
recon_profile_plot_init (ReconProfilePlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->pointer = -1;
  self->high = 1.0;
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

static void
describe (ReconProfilePlot *self)
{
  g_autofree char *text =
    g_strdup_printf (_ ("Profile of %.0f pixels, values %.4g to %.4g"), recon_profile_get_length (self->profile),
                     self->profile->minimum, self->profile->maximum);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/**
 * recon_profile_plot_set_profile:
 * @self: a plot
 * @profile: (transfer full) (nullable): what it shows
 */
void
recon_profile_plot_set_profile (ReconProfilePlot *self,
                                ReconProfile     *profile)
{
  g_clear_pointer (&self->profile, recon_profile_free);
  self->profile = profile;

  if (profile != NULL)
    {
      double low = isfinite (profile->minimum) ? profile->minimum : 0.0;
      double high = isfinite (profile->maximum) ? profile->maximum : 1.0;
      double margin = high > low ? (high - low) * 0.05 : MAX (fabs (high) * 0.1, 1e-3);

      self->low = low - margin;
      self->high = high + margin;
      describe (self);
    }
  update_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
