/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/score-curve.h"

#include <glib/gi18n.h>
#include <math.h>

#include "viewer/plot-parts.h"

/* Pixels of the widget. */
#define PAD_SIDE   18.0
#define PAD_TOP    20.0 /* room for the mark's number */
#define TICK_WIDTH 90.0 /* room for a number */
#define HEIGHT     112
#define HANDLE     6.0
#define DOT        2.0

/* The words at the left end are left out where the mark is. */
#define WORDS_WIDTH 130.0

/* What the arrow keys move the mark by, in columns; with Control, plain, with Shift. */
#define STEP_FINE   0.01
#define STEP        0.05
#define STEP_COARSE 1.0

struct _ReconScoreCurve
{
  GtkWidget parent_instance;

  double   *axes; /* growing */
  double   *scores;
  guint     n;    /* of those that are drawn: 0, or 2 at least */
  double    estimate; /* NaN: none */
  double    uncertainty;
  double    mark;
  double    dragged_from;
};

G_DEFINE_FINAL_TYPE (ReconScoreCurve, recon_score_curve, GTK_TYPE_WIDGET)

enum
{
  PROP_MARK = 1,
  N_PROPERTIES
};

enum
{
  MARK_MOVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
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

static double
get_bottom (ReconScoreCurve *self)
{
  int width, height;

  recon_plot_measure_text (GTK_WIDGET (self), "0", &width, &height);

  return gtk_widget_get_height (GTK_WIDGET (self)) - height - RECON_PLOT_TICK;
}

static double
to_x (ReconScoreCurve *self,
      double           axis)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * PAD_SIDE;

  return PAD_SIDE + (axis - get_first (self)) / (get_last (self) - get_first (self)) * width;
}

static double
from_x (ReconScoreCurve *self,
        double           x)
{
  double width = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - 2 * PAD_SIDE, 1);
  double axis = get_first (self) + (x - PAD_SIDE) / width * (get_last (self) - get_first (self));

  return CLAMP (axis, get_first (self), get_last (self));
}

static void
append_ticks (ReconScoreCurve *self,
              GtkSnapshot     *snapshot,
              double           bottom,
              const GdkRGBA   *colour)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double width = gtk_widget_get_width (widget) - 2 * PAD_SIDE;
  GdkRGBA faint = *colour, dim = *colour;
  ReconTicks ticks;

  faint.alpha *= 0.15f;
  dim.alpha *= 0.7f;
  recon_ticks_choose (&ticks, get_first (self), get_last (self), (guint) MAX (width / TICK_WIDTH, 2));
  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *number = recon_ticks_format (&ticks, i);
      g_autofree char *text = i + 1 == ticks.n ? g_strdup_printf (_ ("%s px"), number) : g_strdup (number);
      double x = to_x (self, ticks.first + i * ticks.step);

      recon_plot_append_box (snapshot, &faint, floor (x), PAD_TOP, 1, bottom - PAD_TOP + RECON_PLOT_TICK);
      recon_plot_append_text (widget, snapshot, text, &dim, x, bottom + RECON_PLOT_TICK, 0.5, 0);
    }
  recon_plot_append_box (snapshot, &faint, PAD_SIDE, floor (bottom), MAX (width, 0), 1);
}

static void
append_estimate (ReconScoreCurve *self,
                 GtkSnapshot     *snapshot,
                 double           bottom,
                 const GdkRGBA   *colour)
{
  double left = CLAMP (self->estimate - self->uncertainty, get_first (self), get_last (self));
  double right = CLAMP (self->estimate + self->uncertainty, get_first (self), get_last (self));
  GdkRGBA light = *colour;
  double x;

  light.alpha *= 0.25f;
  left = to_x (self, left);
  right = to_x (self, right);
  x = MIN (left, (left + right) / 2 - 2);
  recon_plot_append_box (snapshot, &light, x, PAD_TOP, MAX (right - left, 4), bottom - PAD_TOP);
}

static void
draw_curve (ReconScoreCurve *self,
            cairo_t         *cr,
            double           bottom,
            const GdkRGBA   *colour)
{
  double height = bottom - PAD_TOP - DOT;
  double least = G_MAXDOUBLE, most = -G_MAXDOUBLE;

  for (guint i = 0; i < self->n; i++)
    {
      least = MIN (least, self->scores[i]);
      most = MAX (most, self->scores[i]);
    }
  if (!(most > least))
    most = least + 1;

  gdk_cairo_set_source_rgba (cr, colour);
  for (guint i = 0; i < self->n; i++)
    cairo_line_to (cr, to_x (self, self->axes[i]), PAD_TOP + DOT + (most - self->scores[i]) / (most - least) * height);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);

  for (guint i = 0; i < self->n; i++)
    {
      cairo_arc (cr, to_x (self, self->axes[i]),
                 PAD_TOP + DOT + (most - self->scores[i]) / (most - least) * height, DOT, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

/* The line with the grip at its top; an axis out of the range is pointed at from the edge. */
static void
draw_mark (ReconScoreCurve *self,
           cairo_t         *cr,
           double           bottom,
           const GdkRGBA   *colour)
{
  double axis = CLAMP (self->mark, get_first (self), get_last (self));
  double x = floor (to_x (self, axis)) + 0.5;

  gdk_cairo_set_source_rgba (cr, colour);
  if (axis != self->mark)
    {
      double beyond = axis < self->mark ? HANDLE + 2 : -HANDLE - 2;
      double middle = (PAD_TOP + bottom) / 2;

      cairo_move_to (cr, x, middle - HANDLE);
      cairo_line_to (cr, x + beyond, middle);
      cairo_line_to (cr, x, middle + HANDLE);
      cairo_close_path (cr);
      cairo_fill (cr);
      return;
    }

  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x, PAD_TOP);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
  cairo_move_to (cr, x - HANDLE, PAD_TOP - 2);
  cairo_line_to (cr, x + HANDLE, PAD_TOP - 2);
  cairo_line_to (cr, x, PAD_TOP + HANDLE);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
recon_score_curve_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  ReconScoreCurve *self = RECON_SCORE_CURVE (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                               (float) gtk_widget_get_height (widget));
  g_autofree char *text = g_strdup_printf ("%.2f", self->mark);
  GdkRGBA colour, accent;
  double bottom, axis;
  cairo_t *cr;

  if (self->n == 0)
    return;

  gtk_style_context_get_color (style, &colour);
  if (!gtk_style_context_lookup_color (style, "accent_color", &accent))
    accent = colour;

  bottom = get_bottom (self);
  append_ticks (self, snapshot, bottom, &colour);
  if (isfinite (self->estimate))
    append_estimate (self, snapshot, bottom, &accent);

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  draw_curve (self, cr, bottom, &accent);
  draw_mark (self, cr, bottom, &colour);
  cairo_destroy (cr);

  axis = CLAMP (self->mark, get_first (self), get_last (self));
  recon_plot_append_text (widget, snapshot, text, &colour, to_x (self, axis), PAD_TOP - 3, 0.5, 1);
  if (to_x (self, axis) > WORDS_WIDTH)
    {
      colour.alpha *= 0.7f;
      recon_plot_append_text (widget, snapshot, _ ("Score of the slice"), &colour, PAD_SIDE, PAD_TOP - 3, 0, 1);
    }
}

static void
recon_score_curve_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 200;
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
drag_begin_cb (ReconScoreCurve *self,
               double           x)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->dragged_from = x;
  if (self->n > 0)
    move_mark (self, from_x (self, x));
}

static void
drag_update_cb (ReconScoreCurve *self,
                double           dx)
{
  if (self->n > 0)
    move_mark (self, from_x (self, self->dragged_from + dx));
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
recon_score_curve_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_MARK:
      g_value_set_double (value, RECON_SCORE_CURVE (object)->mark);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_score_curve_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_MARK:
      recon_score_curve_set_mark (RECON_SCORE_CURVE (object), g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
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
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    GdkModifierType modifiers;
    double          step;
  } steps[] = { { 0, STEP }, { GDK_CONTROL_MASK, STEP_FINE }, { GDK_SHIFT_MASK, STEP_COARSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, steps[i].modifiers, step_mark_cb, "d", -steps[i].step);
      gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, steps[i].modifiers, step_mark_cb, "d", steps[i].step);
      gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Left, steps[i].modifiers, step_mark_cb, "d",
                                    -steps[i].step);
      gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Right, steps[i].modifiers, step_mark_cb, "d",
                                    steps[i].step);
    }
}

static void
recon_score_curve_class_init (ReconScoreCurveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_score_curve_get_property;
  object_class->set_property = recon_score_curve_set_property;
  object_class->finalize = recon_score_curve_finalize;
  widget_class->snapshot = recon_score_curve_snapshot;
  widget_class->measure = recon_score_curve_measure;

  properties[PROP_MARK] = g_param_spec_double ("mark", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[MARK_MOVED] = g_signal_new ("mark-moved", RECON_TYPE_SCORE_CURVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "scorecurve");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  add_keys (widget_class);
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
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MARK]);
}
