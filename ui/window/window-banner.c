/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/window-private.h"

/* What was last said about the window's state, most urgent first. */
void
recon_window_update_banner (ReconWindow *self)
{
  ReconClientState state = recon_client_get_state (self->client);
  g_autofree char *title = NULL;
  const char *button = NULL;
  const char *failure;
  guint n_problems = 0;

  g_object_get (self->form, "n-problems", &n_problems, NULL);

  if (state == RECON_CLIENT_LOST)
    {
      title = g_strdup_printf (_ ("The part of the program that computes has ended: %s"),
                               recon_client_get_lost_reason (self->client));
      button = _ ("_Restart");
    }
  else if (recon_window_get_failure (self, &failure))
    {
      title = g_strdup (failure);
      button = _ ("_Details");
    }
  else if (self->no_device != NULL)
    {
      title = g_strdup (self->no_device);
      button = _ ("Look _Again");
    }
  else if (n_problems > 0)
    {
      title = g_strdup_printf (ngettext ("%u setting needs attention", "%u settings need attention", n_problems),
                               n_problems);
      button = _ ("_Show");
    }

  g_object_set (self->banner, "title", title != NULL ? title : "", "button-label", button != NULL ? button : "",
                "revealed", title != NULL, NULL);
}

static void
banner_clicked_cb (ReconWindow *self)
{
  if (recon_client_get_state (self->client) == RECON_CLIENT_LOST)
    recon_client_start (self->client);
  else if (recon_window_get_failure (self, NULL))
    recon_window_show_failure (self);
  else if (self->no_device != NULL)
    recon_window_list_devices (self);
  else
    {
      adw_view_stack_set_visible_child_name (self->pages, "reconstruction");
      g_object_set (self, "show-form", TRUE, NULL);
      recon_form_show_problem (self->form);
    }
}

void
recon_window_install_banner (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, banner_clicked_cb);
}
