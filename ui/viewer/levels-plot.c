/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/levels-plot.h"

#include <glib/gi18n.h>

#include "viewer/colour-bar.h"
#include "viewer/handle.h"

#define NATURAL_WIDTH 320
#define PLOT_HEIGHT 120
#define BAR_HEIGHT 10
#define HANDLES_HEIGHT 24
#define SIDE 12 /* room for half a handle at either end */

typedef enum
{
  HANDLE_LOW,
  HANDLE_MIDDLE,
  HANDLE_HIGH,
  N_HANDLES
} Handle;

struct _ReconLevelsPlot
{
  GtkWidget       parent_instance;

  GtkWidget      *handles[N_HANDLES];
  ReconHistogram  histogram;
  ReconLevels     levels;
  ReconColourMap  map;
  GdkTexture     *colours;
  gboolean        logarithmic;
};

G_DEFINE_FINAL_TYPE (ReconLevelsPlot, recon_levels_plot, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_LOGARITHMIC,
  N_PROPERTIES
};

enum
{
  LEVELS_MOVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static double
get_plot_width (ReconLevelsPlot *self)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (self)) - 2 * SIDE, 1);
}

/* Levels may lie outside the histogram; their handles then wait at its end. */
static double
value_to_x (ReconLevelsPlot *self,
            double           value)
{
  double part = (value - self->histogram.low) / (self->histogram.high - self->histogram.low);

  return SIDE + CLAMP (part, 0.0, 1.0) * get_plot_width (self);
}

static double
get_handle_value (ReconLevelsPlot *self,
                  Handle           handle)
{
  const ReconLevels *levels = &self->levels;

  return handle == HANDLE_LOW ? levels->low : handle == HANDLE_HIGH ? levels->high : (levels->low + levels->high) / 2.0;
}

static void
move_handle (ReconLevelsPlot *self,
             Handle           handle,
             double           value)
{
  double half = (self->levels.high - self->levels.low) / 2.0;
  double least = (self->histogram.high - self->histogram.low) / (4.0 * RECON_HISTOGRAM_BINS);
  double low = self->levels.low, high = self->levels.high;

  switch (handle)
    {
    case HANDLE_LOW:
      low = MIN (value, high - least);
      break;
    case HANDLE_HIGH:
      high = MAX (value, low + least);
      break;
    case HANDLE_MIDDLE:
    default:
      low = value - half;
      high = value + half;
    }

  g_signal_emit (self, signals[LEVELS_MOVED], 0, low, high);
}

static Handle
find_handle (ReconLevelsPlot *self,
             GtkWidget       *widget)
{
  Handle handle = HANDLE_LOW;

  while (handle < HANDLE_HIGH && self->handles[handle] != widget)
    handle++;

  return handle;
}

static void
dragged_cb (ReconLevelsPlot *self,
            double           x,
            double           y,
            GtkWidget       *widget)
{
  double part = (x - SIDE) / get_plot_width (self);

  move_handle (self, find_handle (self, widget),
               self->histogram.low + part * (self->histogram.high - self->histogram.low));
}

static void
stepped_cb (ReconLevelsPlot *self,
            int              dx,
            int              dy,
            GtkWidget       *widget)
{
  Handle handle = find_handle (self, widget);
  double step = (self->histogram.high - self->histogram.low) / RECON_HISTOGRAM_BINS;

  move_handle (self, handle, get_handle_value (self, handle) + (dx - dy) * step);
}

static void
recon_levels_plot_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : PLOT_HEIGHT + BAR_HEIGHT + HANDLES_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : *minimum;
}

static void
recon_levels_plot_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  ReconLevelsPlot *self = RECON_LEVELS_PLOT (widget);

  for (Handle handle = 0; handle < N_HANDLES; handle++)
    recon_handle_allocate_at (RECON_HANDLE (self->handles[handle]),
                              value_to_x (self, get_handle_value (self, handle)), height - HANDLES_HEIGHT / 2.0);
}

static void
snapshot_bins (ReconLevelsPlot *self,
               GtkSnapshot     *snapshot,
               const GdkRGBA   *colour)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (SIDE, 0, (float) get_plot_width (self), PLOT_HEIGHT);
  double width = get_plot_width (self) / RECON_HISTOGRAM_BINS;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);

  cairo_move_to (cr, SIDE, PLOT_HEIGHT);
  for (guint i = 0; i < RECON_HISTOGRAM_BINS; i++)
    {
      double y = PLOT_HEIGHT * (1.0 - 0.97 * recon_histogram_get_height (&self->histogram, i, self->logarithmic));

      cairo_line_to (cr, SIDE + i * width, y);
      cairo_line_to (cr, SIDE + (i + 1) * width, y);
    }
  cairo_line_to (cr, SIDE + RECON_HISTOGRAM_BINS * width, PLOT_HEIGHT);
  cairo_close_path (cr);
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
append_box (GtkSnapshot   *snapshot,
            const GdkRGBA *colour,
            double         x0,
            double         x1,
            double         y,
            double         height)
{
  if (x1 > x0)
    gtk_snapshot_append_color (snapshot, colour,
                               &GRAPHENE_RECT_INIT ((float) x0, (float) y, (float) (x1 - x0), (float) height));
}

static void
snapshot_colours (ReconLevelsPlot *self,
                  GtkSnapshot     *snapshot,
                  double           low,
                  double           high)
{
  const guint32 *table = recon_colour_map_get_table (self->map);
  const guint32 ends[2] = { table[0], table[RECON_COLOUR_MAP_SIZE - 1] };
  double right = SIDE + get_plot_width (self);
  GdkRGBA colours[2];

  for (guint i = 0; i < 2; i++)
    colours[i] = (GdkRGBA) {
      (ends[i] >> 16 & 0xff) / 255.0f, (ends[i] >> 8 & 0xff) / 255.0f, (ends[i] & 0xff) / 255.0f, 1.0f,
    };
  append_box (snapshot, &colours[0], SIDE, low, PLOT_HEIGHT, BAR_HEIGHT);
  append_box (snapshot, &colours[1], high, right, PLOT_HEIGHT, BAR_HEIGHT);

  if (self->colours == NULL)
    self->colours = recon_colour_bar_make_texture (self->map);
  if (high > low)
    gtk_snapshot_append_texture (snapshot, self->colours,
                                 &GRAPHENE_RECT_INIT ((float) low, PLOT_HEIGHT, (float) (high - low), BAR_HEIGHT));
}

static void
recon_levels_plot_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  ReconLevelsPlot *self = RECON_LEVELS_PLOT (widget);
  double low = value_to_x (self, self->levels.low), high = value_to_x (self, self->levels.high);
  double right = SIDE + get_plot_width (self);
  GdkRGBA colour, faint;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  faint = colour;
  faint.alpha = 0.07f;
  append_box (snapshot, &faint, SIDE, right, 0, PLOT_HEIGHT);
  append_box (snapshot, &faint, low, high, 0, PLOT_HEIGHT);

  colour.alpha = 0.75f;
  snapshot_bins (self, snapshot, &colour);
  append_box (snapshot, &colour, low - 0.5, low + 0.5, 0, PLOT_HEIGHT);
  append_box (snapshot, &colour, high - 0.5, high + 0.5, 0, PLOT_HEIGHT);
  snapshot_colours (self, snapshot, low, high);

  for (Handle handle = 0; handle < N_HANDLES; handle++)
    gtk_widget_snapshot_child (widget, self->handles[handle], snapshot);
}

static void
recon_levels_plot_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LOGARITHMIC:
      g_value_set_boolean (value, RECON_LEVELS_PLOT (object)->logarithmic);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_levels_plot_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ReconLevelsPlot *self = RECON_LEVELS_PLOT (object);

  switch (id)
    {
    case PROP_LOGARITHMIC:
      if (self->logarithmic == g_value_get_boolean (value))
        break;
      self->logarithmic = g_value_get_boolean (value);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_levels_plot_dispose (GObject *object)
{
  ReconLevelsPlot *self = RECON_LEVELS_PLOT (object);

  for (Handle handle = 0; handle < N_HANDLES; handle++)
    g_clear_pointer (&self->handles[handle], gtk_widget_unparent);
  g_clear_object (&self->colours);

  G_OBJECT_CLASS (recon_levels_plot_parent_class)->dispose (object);
}

static void
recon_levels_plot_class_init (ReconLevelsPlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_levels_plot_get_property;
  object_class->set_property = recon_levels_plot_set_property;
  object_class->dispose = recon_levels_plot_dispose;
  widget_class->measure = recon_levels_plot_measure;
  widget_class->size_allocate = recon_levels_plot_size_allocate;
  widget_class->snapshot = recon_levels_plot_snapshot;

  properties[PROP_LOGARITHMIC] =
    g_param_spec_boolean ("logarithmic", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * ReconLevelsPlot::levels-moved:
   * @self: the plot
   * @low: the lower level that is wanted
   * @high: the higher one
   */
  signals[LEVELS_MOVED] = g_signal_new ("levels-moved", RECON_TYPE_LEVELS_PLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "levelsplot");
}

static void
recon_levels_plot_init (ReconLevelsPlot *self)
{
  self->histogram.high = 1.0;
  recon_levels_set (&self->levels, 0.0, 1.0);

  self->handles[HANDLE_LOW] = recon_handle_new (_ ("Low level"), "level");
  self->handles[HANDLE_MIDDLE] = recon_handle_new (_ ("Both levels"), "middle");
  self->handles[HANDLE_HIGH] = recon_handle_new (_ ("High level"), "level");
  for (Handle handle = 0; handle < N_HANDLES; handle++)
    {
      g_signal_connect_swapped (self->handles[handle], "dragged", G_CALLBACK (dragged_cb), self);
      g_signal_connect_swapped (self->handles[handle], "stepped", G_CALLBACK (stepped_cb), self);
      gtk_widget_set_parent (self->handles[handle], GTK_WIDGET (self));
    }
}

/**
 * recon_levels_plot_set_histogram:
 * @self: a plot
 * @histogram: what is drawn; copied
 */
void
recon_levels_plot_set_histogram (ReconLevelsPlot      *self,
                                 const ReconHistogram *histogram)
{
  self->histogram = *histogram;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * recon_levels_plot_set_levels:
 * @self: a plot
 * @levels: where the handles stand; copied
 */
void
recon_levels_plot_set_levels (ReconLevelsPlot   *self,
                              const ReconLevels *levels)
{
  self->levels = *levels;
  for (Handle handle = 0; handle < N_HANDLES; handle++)
    {
      double value = get_handle_value (self, handle);
      g_autofree char *text = g_strdup_printf ("%.5g", value);

      recon_handle_set_value (RECON_HANDLE (self->handles[handle]), value, text);
    }
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * recon_levels_plot_set_colour_map:
 * @self: a plot
 * @map: which colours the levels give
 */
void
recon_levels_plot_set_colour_map (ReconLevelsPlot *self,
                                  ReconColourMap   map)
{
  if (self->map == map)
    return;

  self->map = map;
  g_clear_object (&self->colours);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
