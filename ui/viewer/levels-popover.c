/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/levels-popover.h"

#include <glib/gi18n.h>
#include <math.h>

#include "viewer/colour-bar.h"
#include "viewer/levels-plot.h"

struct _ReconLevelsPopover
{
  GtkPopover       parent_instance;

  ReconLevelsPlot *plot;
  GtkLabel        *low_label;
  GtkLabel        *high_label;
  GtkLabel        *notes_label;
  GtkEditable     *low_entry;
  GtkEditable     *high_entry;
  GtkWidget       *maps_box;

  ReconLevels      levels;
};

G_DEFINE_FINAL_TYPE (ReconLevelsPopover, recon_levels_popover, GTK_TYPE_POPOVER)

enum
{
  LEVELS_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
plot_moved_cb (ReconLevelsPopover *self,
               double              low,
               double              high)
{
  g_signal_emit (self, signals[LEVELS_MOVED], 0, low, high);
}

static void
show_number (GtkEditable *entry,
             double       value)
{
  g_autofree char *text = g_strdup_printf ("%.6g", value);

  gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_reset_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID);
  if (g_strcmp0 (gtk_editable_get_text (entry), text) != 0)
    gtk_editable_set_text (entry, text);
}

/* Numbers as the user's language writes them, or as in files. */
static gboolean
parse (GtkEditable *entry,
       double      *value)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  char *end;

  if (*text == '\0')
    return FALSE;

  *value = g_strtod (text, &end);

  return *end == '\0' && isfinite (*value);
}

static gboolean
take_number (GtkEditable *entry,
             double       current,
             double      *value)
{
  g_autofree char *shown = g_strdup_printf ("%.6g", current);

  /* What nobody has touched keeps the digits that are not shown. */
  if (g_strcmp0 (gtk_editable_get_text (entry), shown) == 0)
    {
      *value = current;
      return TRUE;
    }

  if (parse (entry, value))
    return TRUE;

  gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);

  return FALSE;
}

static void
apply_cb (ReconLevelsPopover *self)
{
  double low, high;

  if (!take_number (self->low_entry, self->levels.low, &low) ||
      !take_number (self->high_entry, self->levels.high, &high) ||
      (low == self->levels.low && high == self->levels.high))
    return;

  g_signal_emit (self, signals[LEVELS_MOVED], 0, low, high);
}

static void
watch_entry (ReconLevelsPopover *self,
             GtkEditable        *entry)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (focus, "leave", G_CALLBACK (apply_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (entry), focus);
}

/* One button for each map; the action makes them a group. */
static void
add_maps (ReconLevelsPopover *self)
{
  for (ReconColourMap map = 0; map < RECON_N_COLOUR_MAPS; map++)
    {
      const char *name = recon_colour_map_get_name (map);
      GtkWidget *bar = g_object_new (RECON_TYPE_COLOUR_BAR, "map", recon_colour_map_get_id (map), NULL);
      GtkWidget *button = g_object_new (GTK_TYPE_TOGGLE_BUTTON, "child", bar, "tooltip-text", name, "hexpand", TRUE,
                                        "action-name", "view.colour-map", "action-target",
                                        g_variant_new_string (recon_colour_map_get_id (map)), NULL);

      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      gtk_box_append (GTK_BOX (self->maps_box), button);
    }
}

static void
recon_levels_popover_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RECON_TYPE_LEVELS_POPOVER);

  G_OBJECT_CLASS (recon_levels_popover_parent_class)->dispose (object);
}

static void
recon_levels_popover_class_init (ReconLevelsPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_levels_popover_dispose;

  /**
   * ReconLevelsPopover::levels-moved:
   * @self: the popover
   * @low: the lower level that is wanted
   * @high: the higher one
   */
  signals[LEVELS_MOVED] = g_signal_new ("levels-moved", RECON_TYPE_LEVELS_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  g_type_ensure (RECON_TYPE_LEVELS_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/reconstruct/Reconstruct/viewer/levels-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, plot);
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, low_label);
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, high_label);
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, notes_label);
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, low_entry);
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, high_entry);
  gtk_widget_class_bind_template_child (widget_class, ReconLevelsPopover, maps_box);
  gtk_widget_class_bind_template_callback (widget_class, plot_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
}

static void
recon_levels_popover_init (ReconLevelsPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  recon_levels_set (&self->levels, 0.0, 1.0);
  watch_entry (self, self->low_entry);
  watch_entry (self, self->high_entry);
  add_maps (self);
}

/* What a histogram does not show. */
static char *
describe (const ReconHistogram *histogram)
{
  GString *text = g_string_new (NULL);

  if (histogram->n_values > 0)
    g_string_append_printf (text, _ ("Values %.5g to %.5g"), histogram->minimum, histogram->maximum);
  if (histogram->n_nan > 0)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, histogram->n_nan);

      g_string_append_printf (text, _ ("\nPixels without value (NaN): %s"), number);
    }

  return g_string_free (text, FALSE);
}

/**
 * recon_levels_popover_set_histogram:
 * @self: a popover
 * @histogram: what it shows; copied
 */
void
recon_levels_popover_set_histogram (ReconLevelsPopover   *self,
                                    const ReconHistogram *histogram)
{
  g_autofree char *low = g_strdup_printf ("%.4g", histogram->low);
  g_autofree char *high = g_strdup_printf ("%.4g", histogram->high);
  g_autofree char *notes = describe (histogram);

  gtk_label_set_label (self->low_label, low);
  gtk_label_set_label (self->high_label, high);
  gtk_label_set_label (self->notes_label, notes);
  recon_levels_plot_set_histogram (self->plot, histogram);
}

/**
 * recon_levels_popover_set_levels:
 * @self: a popover
 * @levels: what it shows; copied
 */
void
recon_levels_popover_set_levels (ReconLevelsPopover *self,
                                 const ReconLevels  *levels)
{
  self->levels = *levels;
  show_number (self->low_entry, levels->low);
  show_number (self->high_entry, levels->high);
  recon_levels_plot_set_levels (self->plot, levels);
}

/**
 * recon_levels_popover_set_colour_map:
 * @self: a popover
 * @map: the colours in use
 */
void
recon_levels_popover_set_colour_map (ReconLevelsPopover *self,
                                     ReconColourMap      map)
{
  recon_levels_plot_set_colour_map (self->plot, map);
}
