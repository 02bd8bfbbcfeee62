/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/switch-row.h"

struct _ReconSwitchRow
{
  AdwActionRow  parent_instance;

  GtkImage     *icon;
  GtkSwitch    *control;
  gboolean      updating;
};

static void recon_switch_row_field_init (ReconFieldInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReconSwitchRow, recon_switch_row, ADW_TYPE_ACTION_ROW,
                               G_IMPLEMENT_INTERFACE (RECON_TYPE_FIELD, recon_switch_row_field_init))

static void
recon_switch_row_show_value (ReconField *field,
                             gboolean    tidy)
{
  ReconSwitchRow *self = RECON_SWITCH_ROW (field);
  g_autofree char *text = recon_field_format (field);

  self->updating = TRUE;
  gtk_switch_set_active (self->control, g_str_equal (text, "yes"));
  self->updating = FALSE;
}

static void
recon_switch_row_show_note (ReconField      *field,
                            ReconFieldLevel  level,
                            const char      *note)
{
  ReconSwitchRow *self = RECON_SWITCH_ROW (field);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), note != NULL ? note : "");
  recon_field_show_icon (self->icon, level);
}

static GtkWidget *
recon_switch_row_get_control (ReconField *field)
{
  return GTK_WIDGET (RECON_SWITCH_ROW (field)->control);
}

static void
recon_switch_row_field_init (ReconFieldInterface *iface)
{
  iface->show_value = recon_switch_row_show_value;
  iface->show_note = recon_switch_row_show_note;
  iface->get_control = recon_switch_row_get_control;
}

static void
active_cb (ReconSwitchRow *self)
{
  if (!self->updating)
    recon_field_commit (RECON_FIELD (self), gtk_switch_get_active (self->control) ? "yes" : "no");
}

static void
recon_switch_row_class_init (ReconSwitchRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/switch-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconSwitchRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ReconSwitchRow, control);
  gtk_widget_class_bind_template_callback (widget_class, active_cb);
}

static void
recon_switch_row_init (ReconSwitchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
