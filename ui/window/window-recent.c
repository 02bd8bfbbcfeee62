/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/window-private.h"

/* The configurations that were used last, which the desktop remembers. */

#define CONFIG_MIME_TYPE "application/x-reconstruct-configuration"
#define RECENT_GROUP     "reconstruct"
#define MAX_RECENT       10

/* It becomes the newest of the recent ones. */
void
recon_window_remember (GFile *file)
{
  static const char *groups[] = { RECENT_GROUP, NULL };
  g_autofree char *uri = g_file_get_uri (file);
  GtkRecentData data = {
    .mime_type = (char *) CONFIG_MIME_TYPE,
    .app_name = (char *) "Reconstruct",
    .app_exec = (char *) "reconstruct-gui %u",
    .groups = (char **) groups,
    .is_private = TRUE,
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
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
list_recent (void)
{
  g_autoptr (GPtrArray) recent = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_recent_info_unref);
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *item = items; item != NULL; item = item->next)
    {
      if (gtk_recent_info_has_group (item->data, RECENT_GROUP))
        g_ptr_array_add (recent, gtk_recent_info_ref (item->data));
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  g_ptr_array_sort (recent, compare_recent);
  if (recent->len > MAX_RECENT)
    g_ptr_array_set_size (recent, MAX_RECENT);

  return g_steal_pointer (&recent);
}

/* The newest stand first; those that are gone are dimmed. */
static void
recent_shown_cb (ReconWindow *self)
{
  g_autoptr (GPtrArray) recent = list_recent ();
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->recent_list, 0)) != NULL)
    gtk_list_box_remove (self->recent_list, GTK_WIDGET (row));

  for (guint i = 0; i < recent->len; i++)
    {
      GtkRecentInfo *info = g_ptr_array_index (recent, i);
      const char *uri = gtk_recent_info_get_uri (info);
      g_autoptr (GFile) file = g_file_new_for_uri (uri);
      g_autoptr (GFile) folder = g_file_get_parent (file);
      g_autofree char *name = g_file_get_basename (file);
      g_autofree char *place = folder != NULL ? g_file_get_parse_name (folder) : NULL;
      g_autofree char *markup = g_markup_escape_text (name, -1);
      g_autofree char *place_markup = g_markup_escape_text (place != NULL ? place : "", -1);
      GtkWidget *widget = g_object_new (ADW_TYPE_ACTION_ROW, "title", markup, "subtitle", place_markup, "activatable",
                                        TRUE, NULL);

      gtk_widget_set_sensitive (widget, gtk_recent_info_exists (info));
      g_object_set_data_full (G_OBJECT (widget), "file", g_steal_pointer (&file), g_object_unref);
      gtk_list_box_append (self->recent_list, widget);
    }
}

static void
recent_activated_cb (ReconWindow   *self,
                     GtkListBoxRow *row)
{
  gtk_popover_popdown (self->recent_popover);
  recon_window_open_in_application (self, g_object_get_data (G_OBJECT (row), "file"));
}

void
recon_window_install_recent (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, recent_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, recent_activated_cb);
}
