/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-panel.h"

#include <glib/gi18n.h>

#include "axis/axis-finder.h"
#include "form/field.h"

struct _ReconAxisPanel
{
  AdwBin               parent_instance;

  AdwPreferencesGroup *axis_group;
  ReconAxisFinder     *finder;
  GtkWidget           *offset_row;
  GtkLabel            *offset_label;
  GtkButton           *middle_button;
  GtkLabel            *first_label;
  GtkLabel            *second_label;

  ReconDocument       *document;
  GVariant            *resolved;
};

G_DEFINE_FINAL_TYPE (ReconAxisPanel, recon_axis_panel, ADW_TYPE_BIN)

enum
{
  ROW_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_offset (ReconAxisPanel *self)
{
  ReconConfig *config = recon_document_get_config (self->document);
  gboolean automatic = recon_config_is_automatic (config, RECON_PARAM_AXIS);
  g_autofree char *text = NULL;
  double axis = 0;
  guint width;

  gtk_widget_set_sensitive (GTK_WIDGET (self->middle_button), !automatic);
  if (self->resolved == NULL || !g_variant_lookup (self->resolved, "width-as-read", "u", &width))
    {
      gtk_label_set_label (self->offset_label, "–");
      return;
    }

  if (!automatic)
    axis = recon_config_get_number (config, RECON_PARAM_AXIS);
  else if (!g_variant_lookup (self->resolved, "axis", "d", &axis))
    axis = (width - 1) / 2.0;

  text = g_strdup_printf (_ ("%+.2f px"), axis - (width - 1) / 2.0);
  gtk_label_set_label (self->offset_label, text);
}

static void
update_projections (ReconAxisPanel *self)
{
  guint numbers[2];
  GtkLabel *const labels[] = { self->first_label, self->second_label };
  gboolean found = self->resolved != NULL &&
                   g_variant_lookup (self->resolved, "opposite", "(uu)", &numbers[0], &numbers[1]);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *text = found ? g_strdup_printf ("%u", numbers[i]) : g_strdup ("–");

      gtk_label_set_label (labels[i], text);
    }
}

static void
middle_clicked_cb (ReconAxisPanel *self)
{
  recon_document_end_visit (self->document);
  recon_document_set (self->document, RECON_PARAM_AXIS,
                      recon_parameter_get_spec (RECON_PARAM_AXIS)->automatic, NULL);
  recon_document_end_visit (self->document);
}

static void
row_chosen_cb (ReconAxisPanel *self,
               double          row)
{
  g_signal_emit (self, signals[ROW_CHOSEN], 0, row);
}

static void
recon_axis_panel_dispose (GObject *object)
{
  ReconAxisPanel *self = RECON_AXIS_PANEL (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_AXIS_PANEL);
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (recon_axis_panel_parent_class)->dispose (object);
}

static void
recon_axis_panel_class_init (ReconAxisPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = recon_axis_panel_dispose;

  signals[ROW_CHOSEN] = g_signal_new ("row-chosen", RECON_TYPE_AXIS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  g_type_ensure (RECON_TYPE_AXIS_FINDER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/axis-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, axis_group);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, finder);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, offset_row);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, offset_label);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, middle_button);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, first_label);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisPanel, second_label);
  gtk_widget_class_bind_template_callback (widget_class, middle_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_chosen_cb);
}

static void
recon_axis_panel_init (ReconAxisPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * recon_axis_panel_connect:
 * @self: a new panel
 * @document: whose axis it shows
 * @search: the search for it
 *
 * To be called once.
 */
void
recon_axis_panel_connect (ReconAxisPanel *self,
                          ReconDocument  *document,
                          ReconAxisQuery *search)
{
  g_return_if_fail (RECON_IS_AXIS_PANEL (self));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  /* The axis comes first, and what follows from it below. */
  g_object_ref (self->offset_row);
  adw_preferences_group_remove (self->axis_group, self->offset_row);
  adw_preferences_group_add (self->axis_group, recon_field_new (document, RECON_PARAM_AXIS));
  adw_preferences_group_add (self->axis_group, self->offset_row);
  g_object_unref (self->offset_row);
  recon_axis_finder_connect (self->finder, search);
  g_signal_connect_object (document, "changed", G_CALLBACK (update_offset), self, G_CONNECT_SWAPPED);
  update_offset (self);
}

/**
 * recon_axis_panel_find:
 * @self: a panel
 *
 * Begins to look for the axis, if there is a scan.
 */
void
recon_axis_panel_find (ReconAxisPanel *self)
{
  g_return_if_fail (RECON_IS_AXIS_PANEL (self));

  recon_axis_finder_start (self->finder);
}

/**
 * recon_axis_panel_set_resolved:
 * @self: a panel
 * @resolved: (nullable): what the worker says of the configuration
 */
void
recon_axis_panel_set_resolved (ReconAxisPanel *self,
                               GVariant       *resolved)
{
  g_return_if_fail (RECON_IS_AXIS_PANEL (self));

  if (resolved != NULL)
    g_variant_ref (resolved);
  g_clear_pointer (&self->resolved, g_variant_unref);
  self->resolved = resolved;
  recon_axis_finder_set_ready (self->finder, resolved != NULL);
  update_offset (self);
  update_projections (self);
}
