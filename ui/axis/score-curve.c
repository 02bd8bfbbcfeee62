/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/score-curve.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels of the widget. */
#define HEIGHT 112
#define HANDLE 6.0
#define DOT    2.0

/* The words at the left end are left out where the mark is. */
#define WORDS_WIDTH 130.0

/* What the arrow keys move the mark by, in columns; with Control, plain, with Shift. */
#define STEP_FINE   0.01
#define STEP        0.05
#define STEP_COARSE 1.0

struct _ReconScoreCurve
{
  ReconPlot parent_instance;

  double   *axes; /* growing */
  double   *scores;
  guint     n;    /* of those that are drawn: 0, or 2 at least */
  double    estimate; /* NaN: none */
  double    uncertainty;
  double    mark;
  double    dragged_from;
};

G_DEFINE_FINAL_TYPE (ReconScoreCurve, recon_score_curve, RECON_TYPE_PLOT)

enum
{
  MARK_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static double
get_first (ReconScoreCurve *self)
{
  return self->axes[0];
}

static double
get_last (ReconScoreCurve *self)
{
  return self->axes[self->n - 1];
}

static gboolean
recon_score_curve_get_ranges (ReconPlot      *plot,
                              ReconPlotField *field)
{
  ReconScoreCurve *self = RECON_SCORE_CURVE (plot);

  if (self->n == 0)
    return FALSE;

  field->first = get_first (self);
  field->last = get_last (self);
  field->low = G_MAXDOUBLE;
  field->high = -G_MAXDOUBLE;
  for (guint i = 0; i < self->n; i++)
    {
      field->low = MIN (field->low, self->scores[i]);
      field->high = MAX (field->high, self->scores[i]);
    }
  if (!(field->high > field->low))
    field->high = field->low + 1;

  return TRUE;
}

static void
append_estimate (ReconScoreCurve      *self,
                 GtkSnapshot          *snapshot,
                 const ReconPlotField *field,
                 const GdkRGBA        *colour)
{
  double least = CLAMP (self->estimate - self->uncertainty, field->first, field->last);
  double most = CLAMP (self->estimate + self->uncertainty, field->first, field->last);
  double left = recon_plot_to_x (field, least), right = recon_plot_to_x (field, most);
  GdkRGBA light = *colour;
  double x = MIN (left, (left + right) / 2 - 2);

  light.alpha *= 0.25f;
  recon_plot_append_box (snapshot, &light, x, field->y, MAX (right - left, 4), field->height);
}

static void
draw_curve (ReconScoreCurve      *self,
            cairo_t              *cr,
            const ReconPlotField *field,
            const GdkRGBA        *colour)
{
  ReconPlotField inner = *field;

  /* The highest dot is whole. */
  inner.y += DOT;
  inner.height -= DOT;

  gdk_cairo_set_source_rgba (cr, colour);
  for (guint i = 0; i < self->n; i++)
    cairo_line_to (cr, recon_plot_to_x (&inner, self->axes[i]), recon_plot_to_y (&inner, self->scores[i]));
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);

  for (guint i = 0; i < self->n; i++)
    {
      cairo_arc (cr, recon_plot_to_x (&inner, self->axes[i]), recon_plot_to_y (&inner, self->scores[i]), DOT, 0,
                 2 * G_PI);
      cairo_fill (cr);
    }
}

/* The line with the grip at its top; an axis out of the range is pointed at from the edge. */
static void
draw_mark (ReconScoreCurve      *self,
           cairo_t              *cr,
           const ReconPlotField *field,
           const GdkRGBA        *colour)
{
  double axis = CLAMP (self->mark, field->first, field->last);
  double x = floor (recon_plot_to_x (field, axis)) + 0.5;
  double bottom = field->y + field->height;

  gdk_cairo_set_source_rgba (cr, colour);
  if (axis != self->mark)
    {
      double beyond = axis < self->mark ? HANDLE + 2 : -HANDLE - 2;
      double middle = (field->y + bottom) / 2;

      cairo_move_to (cr, x, middle - HANDLE);
      cairo_line_to (cr, x + beyond, middle);
      cairo_line_to (cr, x, middle + HANDLE);
      cairo_close_path (cr);
      cairo_fill (cr);
      return;
    }

  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x, field->y);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
  cairo_move_to (cr, x - HANDLE, field->y - 2);
  cairo_line_to (cr, x + HANDLE, field->y - 2);
  cairo_line_to (cr, x, field->y + HANDLE);
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* Above the field: what the curve is, and where the mark stands. */
static void
append_words (ReconScoreCurve        *self,
              GtkSnapshot            *snapshot,
              const ReconPlotField   *field,
              const ReconPlotColours *colours)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *text = g_strdup_printf ("%.2f", self->mark);
  double x = recon_plot_to_x (field, CLAMP (self->mark, field->first, field->last));

  recon_plot_append_text (widget, snapshot, text, &colours->text, x, field->y - 3, 0.5, 1);
  if (x > WORDS_WIDTH)
    recon_plot_append_text (widget, snapshot, _ ("Score of the slice"), &colours->dim, field->x, field->y - 3, 0, 1);
}

static void
recon_score_curve_draw (ReconPlot              *plot,
                        GtkSnapshot            *snapshot,
                        const ReconPlotField   *field,
                        const ReconPlotColours *colours)
{
  ReconScoreCurve *self = RECON_SCORE_CURVE (plot);
  cairo_t *cr;

  recon_plot_append_box (snapshot, &colours->faint, field->x, floor (field->y + field->height), field->width, 1);
  if (isfinite (self->estimate))
    append_estimate (self, snapshot, field, &colours->accent);

  cr = recon_plot_append_cairo (plot, snapshot);
  draw_curve (self, cr, field, &colours->accent);
  draw_mark (self, cr, field, &colours->text);
  cairo_destroy (cr);

  append_words (self, snapshot, field, colours);
}

static void
describe (ReconScoreCurve *self)
{
  g_autofree char *text = g_strdup_printf (_ ("Score of the slice, axis at %.2f"), self->mark);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->mark, -1);
  if (self->n > 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, get_first (self),
                                    GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, get_last (self), -1);
}

static void
move_mark (ReconScoreCurve *self,
           double           mark)
{
  if (self->n == 0 || mark == self->mark)
    return;

  recon_score_curve_set_mark (self, mark);
  g_signal_emit (self, signals[MARK_MOVED], 0, mark);
}

static void
drag_to (ReconScoreCurve *self,
         double           x)
{
  ReconPlotField field;
  double axis;

  if (!recon_plot_get_field (RECON_PLOT (self), &field))
    return;

  axis = field.first + (x - field.x) / field.width * (field.last - field.first);
  move_mark (self, CLAMP (axis, field.first, field.last));
}

static void
drag_begin_cb (ReconScoreCurve *self,
               double           x)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->dragged_from = x;
  drag_to (self, x);
}

static void
drag_update_cb (ReconScoreCurve *self,
                double           dx)
{
  drag_to (self, self->dragged_from + dx);
}

static gboolean
step_mark_cb (GtkWidget *widget,
              GVariant  *step,
              gpointer   user_data)
{
  ReconScoreCurve *self = RECON_SCORE_CURVE (widget);

  move_mark (self, round ((self->mark + g_variant_get_double (step)) * 1000) / 1000);

  return GDK_EVENT_STOP;
}

static void
recon_score_curve_finalize (GObject *object)
{
  ReconScoreCurve *self = RECON_SCORE_CURVE (object);

  g_free (self->axes);
  g_free (self->scores);

  G_OBJECT_CLASS (recon_score_curve_parent_class)->finalize (object);
}

static void
recon_score_curve_class_init (ReconScoreCurveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ReconPlotClass *plot_class = RECON_PLOT_CLASS (klass);

  object_class->finalize = recon_score_curve_finalize;
  plot_class->minimum_size[0] = plot_class->natural_size[0] = 200;
  plot_class->minimum_size[1] = plot_class->natural_size[1] = HEIGHT;
  plot_class->get_ranges = recon_score_curve_get_ranges;
  plot_class->draw = recon_score_curve_draw;

  signals[MARK_MOVED] = g_signal_new ("mark-moved", RECON_TYPE_SCORE_CURVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "scorecurve");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  recon_plot_add_arrow_keys (widget_class, 0, step_mark_cb, STEP);
  recon_plot_add_arrow_keys (widget_class, GDK_CONTROL_MASK, step_mark_cb, STEP_FINE);
  recon_plot_add_arrow_keys (widget_class, GDK_SHIFT_MASK, step_mark_cb, STEP_COARSE);
}

static void
recon_score_curve_init (ReconScoreCurve *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->estimate = NAN;
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "ew-resize");
  describe (self);
}

GtkWidget *
recon_score_curve_new (void)
{
  return g_object_new (RECON_TYPE_SCORE_CURVE, NULL);
}

/**
 * recon_score_curve_set_scores:
 * @self: a curve
 * @axes: (array length=n): growing
 * @scores: (array length=n): the higher the better
 * @n: how many
 *
 * Where there are less than two, or @axes do not grow, nothing is drawn.
 */
void
recon_score_curve_set_scores (ReconScoreCurve *self,
                              const double    *axes,
                              const double    *scores,
                              guint            n)
{
  gboolean usable = n >= 2;

  g_return_if_fail (RECON_IS_SCORE_CURVE (self));

  for (guint i = 0; i < n; i++)
    usable = usable && isfinite (axes[i]) && isfinite (scores[i]) && (i == 0 || axes[i] > axes[i - 1]);

  g_free (self->axes);
  g_free (self->scores);
  self->n = usable ? n : 0;
  self->axes = g_memdup2 (axes, self->n * sizeof (double));
  self->scores = g_memdup2 (scores, self->n * sizeof (double));
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * recon_score_curve_set_estimate:
 * @self: a curve
 * @axis: what was found, or NaN for nothing
 * @uncertainty: one standard deviation
 */
void
recon_score_curve_set_estimate (ReconScoreCurve *self,
                                double           axis,
                                double           uncertainty)
{
  g_return_if_fail (RECON_IS_SCORE_CURVE (self));

  self->estimate = axis;
  self->uncertainty = uncertainty;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
recon_score_curve_set_mark (ReconScoreCurve *self,
                            double           mark)
{
  g_return_if_fail (RECON_IS_SCORE_CURVE (self));

  if (mark == self->mark)
    return;

  self->mark = mark;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
