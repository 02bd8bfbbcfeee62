/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/device-row.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ReconDeviceRow
{
  AdwComboRow  parent_instance;

  GtkImage    *icon;
  GVariant    *devices;  /* (nullable): as Worker1.ListDevices has them */
  GPtrArray   *values;   /* (element-type utf8): in the order of the list, as files have them */
  gboolean     updating;
};

static void recon_device_row_field_init (ReconFieldInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReconDeviceRow, recon_device_row, ADW_TYPE_COMBO_ROW,
                               G_IMPLEMENT_INTERFACE (RECON_TYPE_FIELD, recon_device_row_field_init))

static const struct
{
  const char *value;
  const char *title;
} kinds[] = {
  { "auto", N_ ("Automatic: GPUs, else Processors") },
  { "all", N_ ("All Devices") },
  { "gpu", N_ ("GPUs") },
  { "cpu", N_ ("Processors") },
};

static void
add (ReconDeviceRow *self,
     GtkStringList  *titles,
     const char     *value,
     const char     *title)
{
  g_ptr_array_add (self->values, g_strdup (value));
  gtk_string_list_append (titles, title);
}

/* A name means all devices in whose names it is found, so that one of several alike is meant by its number. */
static gboolean
names_one (ReconDeviceRow *self,
           const char     *name)
{
  guint n = 0;

  for (gsize i = 0; i < g_variant_n_children (self->devices); i++)
    {
      g_autoptr (GVariant) device = g_variant_get_child_value (self->devices, i);
      const char *other = "";

      g_variant_lookup (device, "name", "&s", &other);
      n += strstr (other, name) != NULL;
    }

  return n == 1;
}

static void
add_devices (ReconDeviceRow *self,
             GtkStringList  *titles)
{
  for (gsize i = 0; self->devices != NULL && i < g_variant_n_children (self->devices); i++)
    {
      g_autoptr (GVariant) device = g_variant_get_child_value (self->devices, i);
      g_autofree char *value = NULL;
      const char *name = NULL;

      if (g_variant_lookup (device, "refusal", "&s", NULL) || !g_variant_lookup (device, "name", "&s", &name))
        continue;

      value = names_one (self, name) && !g_ascii_isdigit (*name) ? g_strdup (name)
                                                                 : g_strdup_printf ("%" G_GSIZE_FORMAT, i);
      add (self, titles, value, name);
    }
}

/* Makes the list anew; the present value is in it, whatever it is. */
static void
fill (ReconDeviceRow *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char *present = recon_field_format (RECON_FIELD (self));
  guint selected;

  g_ptr_array_set_size (self->values, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    add (self, titles, kinds[i].value, _ (kinds[i].title));
  add_devices (self, titles);

  if (!g_ptr_array_find_with_equal_func (self->values, present, g_str_equal, &selected))
    {
      selected = self->values->len;
      add (self, titles, present, present);
    }

  self->updating = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->updating = FALSE;
}

static void
recon_device_row_show_value (ReconField *field,
                             gboolean    tidy)
{
  ReconDeviceRow *self = RECON_DEVICE_ROW (field);
  g_autofree char *present = recon_field_format (field);
  guint selected;

  if (!g_ptr_array_find_with_equal_func (self->values, present, g_str_equal, &selected))
    {
      fill (self);
      return;
    }

  self->updating = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->updating = FALSE;
}

static void
recon_device_row_show_note (ReconField      *field,
                            ReconFieldLevel  level,
                            const char      *note)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (field), note != NULL ? note : "");
  recon_field_show_icon (RECON_DEVICE_ROW (field)->icon, level);
}

static GtkWidget *
recon_device_row_get_control (ReconField *field)
{
  return GTK_WIDGET (field);
}

static void
recon_device_row_field_init (ReconFieldInterface *iface)
{
  iface->show_value = recon_device_row_show_value;
  iface->show_note = recon_device_row_show_note;
  iface->get_control = recon_device_row_get_control;
}

static void
selected_cb (ReconDeviceRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (!self->updating && selected < self->values->len)
    {
      g_autofree char *value = g_strdup (self->values->pdata[selected]);

      recon_field_commit (RECON_FIELD (self), value);
    }
}

/**
 * recon_device_row_set_devices:
 * @self: a row
 * @devices: (nullable): what Worker1.ListDevices says
 *
 * Offers each device that can be used.
 */
void
recon_device_row_set_devices (ReconDeviceRow *self,
                              GVariant       *devices)
{
  g_return_if_fail (RECON_IS_DEVICE_ROW (self));

  if (devices != NULL)
    g_variant_ref (devices);
  g_clear_pointer (&self->devices, g_variant_unref);
  self->devices = devices;
  fill (self);
}

static void
recon_device_row_finalize (GObject *object)
{
  ReconDeviceRow *self = RECON_DEVICE_ROW (object);

  g_clear_pointer (&self->devices, g_variant_unref);
  g_ptr_array_unref (self->values);

  G_OBJECT_CLASS (recon_device_row_parent_class)->finalize (object);
}

static void
recon_device_row_class_init (ReconDeviceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recon_device_row_finalize;
}

static void
recon_device_row_init (ReconDeviceRow *self)
{
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->icon), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
}
