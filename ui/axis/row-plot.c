/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/row-plot.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels of the widget. */
#define TICK_WIDTH  70.0 /* room for a number */
#define RADIUS      3.5
#define CAP         3.0  /* half the width of an error bar's end */
#define HEIGHT      150

/* The least that the vertical axis shows, in columns: noise of a hundredth should not look like a mountain. */
#define LEAST_RANGE 0.2

struct _ReconRowPlot
{
  ReconPlot        parent_instance;

  ReconAxisResult *result; /* (nullable) */
  ReconPlotField   range; /* rows across, columns upwards; where it is drawn is known when it is */
  int              selected;
};

G_DEFINE_FINAL_TYPE (ReconRowPlot, recon_row_plot, RECON_TYPE_PLOT)

enum
{
  ROW_CHOSEN,
  N_SIGNALS
};

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
  ReconPlotField *range = &self->range;
  gboolean any_used = FALSE;
  double margin;

  range->first = range->low = G_MAXDOUBLE;
  range->last = range->high = -G_MAXDOUBLE;
  for (guint i = 0; i < result->n_rows; i++)
    any_used = any_used || (result->rows[i].used && isfinite (result->rows[i].axis));
  for (guint i = 0; i < result->n_rows; i++)
    {
      const ReconAxisRow *row = &result->rows[i];
      double bar = isfinite (row->uncertainty) ? row->uncertainty : 0;

      range->first = MIN (range->first, row->row);
      range->last = MAX (range->last, row->row);
      if (!isfinite (row->axis) || (any_used && !row->used))
        continue;
      range->low = MIN (range->low, row->axis - bar);
      range->high = MAX (range->high, row->axis + bar);
    }
  if (range->low > range->high)
    range->low = range->high = isfinite (result->axis) ? result->axis : 0;

  margin = MAX ((range->high - range->low) * 0.15, (LEAST_RANGE - (range->high - range->low)) / 2);
  range->low -= margin;
  range->high += margin;
  margin = MAX ((range->last - range->first) * 0.05, 0.5);
  range->first -= margin;
  range->last += margin;
}

/* What is off the line may be beyond what is shown. */
static double
axis_to_y (const ReconPlotField *field,
           double                axis)
{
  return recon_plot_to_y (field, CLAMP (axis, field->low, field->high));
}

/* The first number says what they are. */
static char *
label_row (const ReconTicks *ticks,
           guint             i)
{
  g_autofree char *number = recon_ticks_format (ticks, i);

  return i == 0 ? g_strdup_printf (_ ("row %s"), number) : g_steal_pointer (&number);
}

static void
draw_point (cairo_t              *cr,
            const ReconPlotField *field,
            const ReconAxisRow   *row,
            gboolean              selected)
{
  double x = recon_plot_to_x (field, row->row), y = axis_to_y (field, row->axis);

  cairo_set_line_width (cr, 1);
  if (isfinite (row->uncertainty) && row->axis >= field->low && row->axis <= field->high)
    {
      double top = axis_to_y (field, row->axis + row->uncertainty);
      double bottom = axis_to_y (field, row->axis - row->uncertainty);

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

static gboolean
recon_row_plot_get_ranges (ReconPlot      *plot,
                           ReconPlotField *field)
{
  ReconRowPlot *self = RECON_ROW_PLOT (plot);

  *field = self->range;

  return self->result != NULL && self->result->n_rows > 0;
}

static void
recon_row_plot_draw (ReconPlot              *plot,
                     GtkSnapshot            *snapshot,
                     const ReconPlotField   *field,
                     const ReconPlotColours *colours)
{
  ReconRowPlot *self = RECON_ROW_PLOT (plot);
  cairo_t *cr = recon_plot_append_cairo (plot, snapshot);

  if (isfinite (self->result->axis))
    {
      gdk_cairo_set_source_rgba (cr, &colours->accent);
      cairo_set_line_width (cr, 1.5);
      cairo_move_to (cr, field->x, axis_to_y (field, get_line (self->result, field->first)));
      cairo_line_to (cr, field->x + field->width, axis_to_y (field, get_line (self->result, field->last)));
      cairo_stroke (cr);
    }
  gdk_cairo_set_source_rgba (cr, &colours->text);
  for (guint i = 0; i < self->result->n_rows; i++)
    if (isfinite (self->result->rows[i].axis))
      draw_point (cr, field, &self->result->rows[i], (int) i == self->selected);
  cairo_destroy (cr);
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
  ReconPlotField field;
  double nearest = G_MAXDOUBLE;
  int best = -1;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (!recon_plot_get_field (RECON_PLOT (self), &field))
    return;

  for (guint i = 0; i < self->result->n_rows; i++)
    {
      double distance = fabs (recon_plot_to_x (&field, self->result->rows[i].row) - x);

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
  int step = (int) g_variant_get_double (steps);
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
  ReconPlotClass *plot_class = RECON_PLOT_CLASS (klass);

  object_class->finalize = recon_row_plot_finalize;
  plot_class->minimum_size[0] = plot_class->natural_size[0] = 160;
  plot_class->minimum_size[1] = plot_class->natural_size[1] = HEIGHT;
  plot_class->has_vertical = TRUE;
  plot_class->has_grid = FALSE;
  plot_class->tick_width = TICK_WIDTH;
  plot_class->label = label_row;
  plot_class->get_ranges = recon_row_plot_get_ranges;
  plot_class->draw = recon_row_plot_draw;

  signals[ROW_CHOSEN] = g_signal_new ("row-chosen", RECON_TYPE_ROW_PLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "rowplot");
  recon_plot_add_arrow_keys (widget_class, 0, step_cb, 1);
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
}
