/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/row-plot.h"

#include <glib/gi18n.h>
#include <math.h>

#include "viewer/plot-parts.h"

/* Pixels of the widget. */
#define TICK_WIDTH  70.0 /* room for a number */
#define RADIUS      3.5
#define CAP         3.0  /* half the width of an error bar's end */
#define HEIGHT      150

/* The least that the vertical axis shows, in columns: noise of a hundredth should not look like a mountain. */
#define LEAST_RANGE 0.2

struct _ReconRowPlot
{
  GtkWidget        parent_instance;

  ReconAxisResult *result; /* (nullable) */
  double           first;  /* of the horizontal axis: rows */
  double           last;
  double           low;    /* of the vertical axis: columns */
  double           high;
  int              selected;
};

G_DEFINE_FINAL_TYPE (ReconRowPlot, recon_row_plot, GTK_TYPE_WIDGET)

enum
{
  PROP_SELECTED = 1,
  N_PROPERTIES
};

enum
{
  ROW_CHOSEN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static double
get_line (const ReconAxisResult *result,
          double                 row)
{
  double tilt = isfinite (result->tilt) && isfinite (result->middle_row) ? result->tilt : 0;

  return tilt != 0 ? result->axis + (row - result->middle_row) * tan (tilt * G_PI / 180) : result->axis;
}

/* The points of the line decide on what is shown; others may be far away, and are then at the edge. */
static void
choose_range (ReconRowPlot *self)
{
  const ReconAxisResult *result = self->result;
  gboolean any_used = FALSE;
  double margin;

  self->first = self->low = G_MAXDOUBLE;
  self->last = self->high = -G_MAXDOUBLE;
  for (guint i = 0; i < result->n_rows; i++)
    any_used = any_used || (result->rows[i].used && isfinite (result->rows[i].axis));
  for (guint i = 0; i < result->n_rows; i++)
    {
      const ReconAxisRow *row = &result->rows[i];
      double bar = isfinite (row->uncertainty) ? row->uncertainty : 0;

      self->first = MIN (self->first, row->row);
      self->last = MAX (self->last, row->row);
      if (!isfinite (row->axis) || (any_used && !row->used))
        continue;
      self->low = MIN (self->low, row->axis - bar);
      self->high = MAX (self->high, row->axis + bar);
    }
  if (self->low > self->high)
    self->low = self->high = isfinite (result->axis) ? result->axis : 0;

  margin = MAX ((self->high - self->low) * 0.15, (LEAST_RANGE - (self->high - self->low)) / 2);
  self->low -= margin;
  self->high += margin;
  margin = MAX ((self->last - self->first) * 0.05, 0.5);
  self->first -= margin;
  self->last += margin;
}

static double
row_to_x (ReconRowPlot         *self,
          const ReconPlotField *field,
          double                row)
{
  return field->x + field->width * (row - self->first) / (self->last - self->first);
}

static double
axis_to_y (ReconRowPlot         *self,
           const ReconPlotField *field,
           double                axis)
{
  return field->y + field->height * (self->high - CLAMP (axis, self->low, self->high)) / (self->high - self->low);
}

static void
append_axes (ReconRowPlot         *self,
             GtkSnapshot          *snapshot,
             const ReconPlotField *field,
             const ReconTicks     *vertical,
             const GdkRGBA        *colour)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkRGBA faint = *colour, dim = *colour;
  ReconTicks horizontal;

  faint.alpha *= 0.15f;
  dim.alpha *= 0.7f;
  for (guint i = 0; i < vertical->n; i++)
    {
      g_autofree char *text = recon_ticks_format (vertical, i);
      double y = axis_to_y (self, field, vertical->first + i * vertical->step);

      recon_plot_append_box (snapshot, &faint, field->x, floor (y), field->width, 1);
      recon_plot_append_text (widget, snapshot, text, &dim, field->x - RECON_PLOT_TICK - 2, y, 1, 0.5);
    }

  recon_ticks_choose (&horizontal, self->first, self->last, (guint) MAX (field->width / TICK_WIDTH, 2));
  for (guint i = 0; i < horizontal.n; i++)
    {
      g_autofree char *number = recon_ticks_format (&horizontal, i);
      g_autofree char *text = i == 0 ? g_strdup_printf (_ ("row %s"), number) : g_strdup (number);
      double x = row_to_x (self, field, horizontal.first + i * horizontal.step);

      recon_plot_append_box (snapshot, &faint, floor (x), field->y + field->height, 1, RECON_PLOT_TICK);
      recon_plot_append_text (widget, snapshot, text, &dim, x, field->y + field->height + RECON_PLOT_TICK, 0.5, 0);
    }
}

static void
draw_point (ReconRowPlot         *self,
            cairo_t              *cr,
            const ReconPlotField *field,
            const ReconAxisRow   *row,
            gboolean              selected)
{
  double x = row_to_x (self, field, row->row), y = axis_to_y (self, field, row->axis);

  cairo_set_line_width (cr, 1);
  if (isfinite (row->uncertainty) && row->axis >= self->low && row->axis <= self->high)
    {
      double top = axis_to_y (self, field, row->axis + row->uncertainty);
      double bottom = axis_to_y (self, field, row->axis - row->uncertainty);

      cairo_move_to (cr, x, top);
      cairo_line_to (cr, x, bottom);
      cairo_move_to (cr, x - CAP, top);
      cairo_line_to (cr, x + CAP, top);
      cairo_move_to (cr, x - CAP, bottom);
      cairo_line_to (cr, x + CAP, bottom);
      cairo_stroke (cr);
    }

  cairo_set_line_width (cr, 1.5);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, RADIUS, 0, 2 * G_PI);
  if (row->used)
    cairo_fill_preserve (cr);
  cairo_stroke (cr);
  if (selected)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, 2 * RADIUS, 0, 2 * G_PI);
      cairo_stroke (cr);
    }
}

static void
recon_row_plot_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  ReconRowPlot *self = RECON_ROW_PLOT (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                               (float) gtk_widget_get_height (widget));
  GdkRGBA colour, accent;
  ReconTicks vertical;
  ReconPlotField field;
  cairo_t *cr;

  if (self->result == NULL || self->result->n_rows == 0)
    return;

  gtk_style_context_get_color (style, &colour);
  if (!gtk_style_context_lookup_color (style, "accent_color", &accent))
    accent = colour;

  recon_plot_get_field (GTK_WIDGET (self), self->low, self->high, &vertical, &field);
  append_axes (self, snapshot, &field, &vertical, &colour);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  if (isfinite (self->result->axis))
    {
      gdk_cairo_set_source_rgba (cr, &accent);
      cairo_set_line_width (cr, 1.5);
      cairo_move_to (cr, field.x, axis_to_y (self, &field, get_line (self->result, self->first)));
      cairo_line_to (cr, field.x + field.width, axis_to_y (self, &field, get_line (self->result, self->last)));
      cairo_stroke (cr);
    }
  gdk_cairo_set_source_rgba (cr, &colour);
  for (guint i = 0; i < self->result->n_rows; i++)
    if (isfinite (self->result->rows[i].axis))
      draw_point (self, cr, &field, &self->result->rows[i], (int) i == self->selected);
  cairo_destroy (cr);
}

static void
recon_row_plot_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 160;
}

/* Says what a glance tells: all of it, or the row that is chosen. */
static void
describe (ReconRowPlot *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = self->result != NULL ? self->result->n_rows : 0;

  g_string_append_printf (text, ngettext ("Axis of %u row", "Axis of %u rows", n), n);
  if (self->selected >= 0)
    {
      const ReconAxisRow *row = &self->result->rows[self->selected];

      g_string_append_printf (text, _ ("; row %.0f: %.2f ± %.2f px"), row->row, row->axis, row->uncertainty);
      if (!row->used)
        g_string_append (text, _ (", not used"));
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               self->selected >= 0 ? text->str : _ ("Choose a Row for the Test Slices (←, →)"));
}

static void
choose (ReconRowPlot *self,
        int           i)
{
  if (i < 0 || i == self->selected)
    return;

  recon_row_plot_set_selected (self, i);
  g_signal_emit (self, signals[ROW_CHOSEN], 0, self->result->rows[i].row);
}

static void
pressed_cb (ReconRowPlot *self,
            int           n_press,
            double        x,
            double        y)
{
  double nearest = G_MAXDOUBLE;
  ReconTicks vertical;
  ReconPlotField field;
  int best = -1;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->result == NULL || self->result->n_rows == 0)
    return;

  recon_plot_get_field (GTK_WIDGET (self), self->low, self->high, &vertical, &field);
  for (guint i = 0; i < self->result->n_rows; i++)
    {
      double distance = fabs (row_to_x (self, &field, self->result->rows[i].row) - x);

      if (!isfinite (self->result->rows[i].axis) || distance >= nearest)
        continue;
      nearest = distance;
      best = (int) i;
    }
  choose (self, best);
}

/* Steps over rows without an axis, which have no point. */
static gboolean
step_cb (GtkWidget *widget,
         GVariant  *steps,
         gpointer   user_data)
{
  ReconRowPlot *self = RECON_ROW_PLOT (widget);
  int step = g_variant_get_int32 (steps);
  int n = self->result != NULL ? (int) self->result->n_rows : 0;
  int from = self->selected >= 0 ? self->selected + step : step > 0 ? 0 : n - 1;

  for (int i = from; i >= 0 && i < n; i += step)
    {
      if (!isfinite (self->result->rows[i].axis))
        continue;
      choose (self, i);
      break;
    }

  return GDK_EVENT_STOP;
}

static void
recon_row_plot_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SELECTED:
      g_value_set_int (value, RECON_ROW_PLOT (object)->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_row_plot_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_SELECTED:
      recon_row_plot_set_selected (RECON_ROW_PLOT (object), g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_row_plot_finalize (GObject *object)
{
  g_clear_pointer (&RECON_ROW_PLOT (object)->result, recon_axis_result_free);

  G_OBJECT_CLASS (recon_row_plot_parent_class)->finalize (object);
}

static void
recon_row_plot_class_init (ReconRowPlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_row_plot_get_property;
  object_class->set_property = recon_row_plot_set_property;
  object_class->finalize = recon_row_plot_finalize;
  widget_class->snapshot = recon_row_plot_snapshot;
  widget_class->measure = recon_row_plot_measure;

  properties[PROP_SELECTED] = g_param_spec_int ("selected", NULL, NULL, -1, G_MAXINT, -1,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[ROW_CHOSEN] = g_signal_new ("row-chosen", RECON_TYPE_ROW_PLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "rowplot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Left, 0, step_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Right, 0, step_cb, "i", 1);
}

static void
recon_row_plot_init (ReconRowPlot *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->selected = -1;
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  describe (self);
}

GtkWidget *
recon_row_plot_new (void)
{
  return g_object_new (RECON_TYPE_ROW_PLOT, NULL);
}

/**
 * recon_row_plot_set_result:
 * @self: a plot
 * @result: (nullable): what it shows; it is copied
 */
void
recon_row_plot_set_result (ReconRowPlot          *self,
                           const ReconAxisResult *result)
{
  g_return_if_fail (RECON_IS_ROW_PLOT (self));

  recon_row_plot_set_selected (self, -1);
  g_clear_pointer (&self->result, recon_axis_result_free);
  if (result != NULL)
    {
      self->result = recon_axis_result_copy (result);
      choose_range (self);
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
recon_row_plot_get_selected (ReconRowPlot *self)
{
  g_return_val_if_fail (RECON_IS_ROW_PLOT (self), -1);

  return self->selected;
}

/**
 * recon_row_plot_set_selected:
 * @self: a plot
 * @selected: index of a row of the result, or -1 for none
 */
void
recon_row_plot_set_selected (ReconRowPlot *self,
                             int           selected)
{
  g_return_if_fail (RECON_IS_ROW_PLOT (self));
  g_return_if_fail (selected < (self->result != NULL ? (int) self->result->n_rows : 0));

  if (selected == self->selected)
    return;

  self->selected = selected;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}
