/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/profile-plot.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ReconProfilePlot
{
  ReconPlot     parent_instance;

  ReconProfile *profile;
  double        low; /* of the vertical axis */
  double        high;
  double        pointer; /* x in the widget, negative if the pointer is elsewhere */
  char         *cursor;
};

G_DEFINE_FINAL_TYPE (ReconProfilePlot, recon_profile_plot, RECON_TYPE_PLOT)

enum
{
  PROP_0,
  PROP_CURSOR,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static gboolean
recon_profile_plot_get_ranges (ReconPlot      *plot,
                               ReconPlotField *field)
{
  ReconProfilePlot *self = RECON_PROFILE_PLOT (plot);

  if (self->profile == NULL)
    return FALSE;

  field->first = 0;
  field->last = recon_profile_get_length (self->profile);
  field->low = self->low;
  field->high = self->high;

  return TRUE;
}

static guint
get_index (ReconProfilePlot     *self,
           const ReconPlotField *field)
{
  double part = CLAMP ((self->pointer - field->x) / field->width, 0.0, 1.0);

  return (guint) (part * (self->profile->n - 1) + 0.5);
}

/* The curve has a gap where there is no value. */
static void
snapshot_curve (ReconProfilePlot     *self,
                GtkSnapshot          *snapshot,
                const ReconPlotField *field,
                const GdkRGBA        *colour)
{
  const ReconProfile *profile = self->profile;
  cairo_t *cr = recon_plot_append_cairo (RECON_PLOT (self), snapshot);
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
        cairo_line_to (cr, x, recon_plot_to_y (field, profile->values[i]));
      else
        cairo_move_to (cr, x, recon_plot_to_y (field, profile->values[i]));
      drawing = TRUE;
    }
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
snapshot_pointer (ReconProfilePlot     *self,
                  GtkSnapshot          *snapshot,
                  const ReconPlotField *field,
                  const GdkRGBA        *colour)
{
  guint i;
  double x;

  if (self->pointer < 0)
    return;

  i = get_index (self, field);
  x = field->x + field->width * i / (self->profile->n - 1);
  recon_plot_append_box (snapshot, colour, floor (x), field->y, 1, field->height);
  if (isfinite (self->profile->values[i]))
    {
      double y = recon_plot_to_y (field, self->profile->values[i]);

      recon_plot_append_box (snapshot, colour, floor (x) - 2, floor (y) - 2, 5, 5);
    }
}

static void
recon_profile_plot_draw (ReconPlot              *plot,
                         GtkSnapshot            *snapshot,
                         const ReconPlotField   *field,
                         const ReconPlotColours *colours)
{
  snapshot_curve (RECON_PROFILE_PLOT (plot), snapshot, field, &colours->accent);
  snapshot_pointer (RECON_PROFILE_PLOT (plot), snapshot, field, &colours->text);
}

static void
update_cursor (ReconProfilePlot *self)
{
  g_autofree char *text = NULL;
  ReconPlotField field;

  if (self->pointer >= 0 && recon_plot_get_field (RECON_PLOT (self), &field))
    {
      guint i = get_index (self, &field);

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
  ReconPlotClass *plot_class = RECON_PLOT_CLASS (klass);

  object_class->get_property = recon_profile_plot_get_property;
  object_class->finalize = recon_profile_plot_finalize;
  plot_class->minimum_size[0] = 160;
  plot_class->minimum_size[1] = 96;
  plot_class->natural_size[0] = 320;
  plot_class->natural_size[1] = 140;
  plot_class->has_vertical = TRUE;
  plot_class->get_ranges = recon_profile_plot_get_ranges;
  plot_class->draw = recon_profile_plot_draw;

  properties[PROP_CURSOR] = g_param_spec_string ("cursor", NULL, NULL, NULL,
                                                 G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "profileplot");
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
