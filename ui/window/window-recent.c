/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/window-private.h"

/* The scans and configurations that were used last, which the desktop remembers. */

#define CONFIG_MIME_TYPE "application/x-reconstruct-configuration"
#define RECENT_GROUP     "reconstruct"
#define SCAN_GROUP       "reconstruct-scan"
#define MAX_RECENT       8 /* of each */

static void
remember (GFile      *file,
          const char *group,
          const char *mime_type)
{
  const char *groups[] = { group, NULL };
  g_autofree char *uri = g_file_get_uri (file);
  GtkRecentData data = {
    .mime_type = (char *) mime_type,
    .app_name = (char *) "Reconstruct",
    .app_exec = (char *) "reconstruct-gui %u",
    .groups = (char **) groups,
    .is_private = TRUE,
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

/* It becomes the newest of the recent ones. */
void
recon_window_remember (GFile *file)
{
  remember (file, RECENT_GROUP, CONFIG_MIME_TYPE);
}

static void
scan_opened_cb (ReconWindow *self,
                const char  *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  remember (file, SCAN_GROUP, "application/octet-stream");
}

static int
compare_recent (gconstpointer a,
                gconstpointer b)
{
  GDateTime *of_a = gtk_recent_info_get_modified (*(GtkRecentInfo **) a);
  GDateTime *of_b = gtk_recent_info_get_modified (*(GtkRecentInfo **) b);

  return g_date_time_compare (of_b, of_a);
}

static GPtrArray *
list_recent (const char *group)
{
  g_autoptr (GPtrArray) recent = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_recent_info_unref);
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *item = items; item != NULL; item = item->next)
    {
      if (gtk_recent_info_has_group (item->data, group))
        g_ptr_array_add (recent, gtk_recent_info_ref (item->data));
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  g_ptr_array_sort (recent, compare_recent);
  if (recent->len > MAX_RECENT)
    g_ptr_array_set_size (recent, MAX_RECENT);

  return g_steal_pointer (&recent);
}

static void
use_settings_cb (GtkButton   *button,
                 ReconWindow *self)
{
  gtk_popover_popdown (self->recent_popover);
  recon_window_use_settings (self, g_object_get_data (G_OBJECT (button), "file"));
}

static GtkWidget *
make_settings_button (ReconWindow *self,
                      GFile       *file,
                      const char  *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-paste-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Use Settings of %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "file", g_object_ref (file), g_object_unref);
  g_signal_connect (button, "clicked", G_CALLBACK (use_settings_cb), self);

  return button;
}

static GtkWidget *
make_row (ReconWindow   *self,
          GtkRecentInfo *info,
          gboolean       is_scan)
{
  g_autoptr (GFile) file = g_file_new_for_uri (gtk_recent_info_get_uri (info));
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *place = folder != NULL ? g_file_get_parse_name (folder) : g_strdup ("");
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", shown, "subtitle", place,
                                 "title-lines", 1, "subtitle-lines", 1, "activatable", TRUE, NULL);

  gtk_widget_set_sensitive (row, gtk_recent_info_exists (info));
  if (!is_scan)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_settings_button (self, file, shown));
  g_object_set_data (G_OBJECT (row), "is-scan", GINT_TO_POINTER (is_scan));
  g_object_set_data_full (G_OBJECT (row), "file", g_steal_pointer (&file), g_object_unref);

  return row;
}

static void
append_rows (ReconWindow *self,
             const char  *group,
             gboolean     is_scan)
{
  g_autoptr (GPtrArray) recent = list_recent (group);

  for (guint i = 0; i < recent->len; i++)
    gtk_list_box_append (self->recent_list, make_row (self, g_ptr_array_index (recent, i), is_scan));
}

/* The newest stand first; those that are gone are dimmed. */
static void
recent_shown_cb (ReconWindow *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->recent_list, 0)) != NULL)
    gtk_list_box_remove (self->recent_list, GTK_WIDGET (row));

  append_rows (self, SCAN_GROUP, TRUE);
  append_rows (self, RECENT_GROUP, FALSE);
}

/* Above the first row of each kind. */
static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       user_data)
{
  gpointer is_scan = g_object_get_data (G_OBJECT (row), "is-scan");
  GtkWidget *label;

  if (before != NULL && g_object_get_data (G_OBJECT (before), "is-scan") == is_scan)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (is_scan != NULL ? _ ("Scans") : _ ("Configurations"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_top (label, 9);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_list_box_row_set_header (row, label);
}

static void
recent_activated_cb (ReconWindow   *self,
                     GtkListBoxRow *row)
{
  GFile *file = g_object_get_data (G_OBJECT (row), "file");

  gtk_popover_popdown (self->recent_popover);
  if (g_object_get_data (G_OBJECT (row), "is-scan") != NULL)
    recon_form_open_scan (self->form, g_file_peek_path (file));
  else
    recon_window_open_in_application (self, file);
}

void
recon_window_init_recent (ReconWindow *self)
{
  gtk_list_box_set_header_func (self->recent_list, header_cb, NULL, NULL);
  g_signal_connect_object (self->form, "scan-opened", G_CALLBACK (scan_opened_cb), self, G_CONNECT_SWAPPED);
}

void
recon_window_install_recent (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, recent_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, recent_activated_cb);
}
