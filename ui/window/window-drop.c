/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/window-private.h"

/* What is dropped anywhere on the window: a configuration is opened, everything else is input. Rows of the form take
 * what is dropped on them first. */

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         gpointer       user_data)
{
  ReconWindow *self = user_data;
  GSList *files = g_value_get_boxed (value);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (GSList *item = files; item != NULL; item = item->next)
    {
      g_autofree char *path = g_file_get_path (item->data);

      if (path == NULL)
        continue;
      if (g_str_has_suffix (path, ".conf"))
        {
          GFile *file = item->data;

          g_application_open (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), &file, 1, "");
          return TRUE;
        }
      g_ptr_array_add (paths, g_steal_pointer (&path));
    }

  if (paths->len == 0)
    return FALSE;

  g_ptr_array_add (paths, NULL);

  return recon_form_drop_paths (self->form, (const char *const *) paths->pdata);
}

void
recon_window_init_drop (ReconWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (self->content, GTK_EVENT_CONTROLLER (target));
}
