/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/window-private.h"

/* What the window hears of the worker besides its jobs: whether it is there, what devices it has, what it logs. */

static void
show_devices (ReconWindow *self,
              GVariant    *devices)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_usable = 0;

  for (gsize i = 0; i < g_variant_n_children (devices); i++)
    {
      g_autoptr (GVariant) device = g_variant_get_child_value (devices, i);
      const char *name = "", *refusal = NULL;

      g_variant_lookup (device, "name", "&s", &name);
      if (g_variant_lookup (device, "refusal", "&s", &refusal))
        continue;
      if (n_usable++ == 0)
        g_string_assign (text, name);
    }

  if (n_usable > 1)
    g_string_append_printf (text, ngettext (" and %u more", " and %u more", n_usable - 1), n_usable - 1);
  gtk_label_set_label (self->device_label, text->str);
  g_clear_pointer (&self->no_device, g_free);
  if (n_usable == 0)
    self->no_device = g_strdup (_ ("No OpenCL device can be used. Install a driver: pocl-opencl-icd for the processor, "
                                   "or that of your GPU."));
  recon_window_update_banner (self);
}

static void
devices_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ReconWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) devices = recon_client_list_devices_finish (RECON_CLIENT (object), result, &error);

  if (self->form == NULL)
    return; /* closed meanwhile */

  if (devices != NULL)
    show_devices (self, devices);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) &&
           !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_free (self->no_device);
      self->no_device = g_strdup (error->message);
      recon_window_update_banner (self);
    }
}

void
recon_window_list_devices (ReconWindow *self)
{
  recon_client_list_devices_async (self->client, NULL, devices_cb, g_object_ref (self));
}

static void
client_state_cb (ReconWindow *self)
{
  switch (recon_client_get_state (self->client))
    {
    case RECON_CLIENT_READY:
      recon_window_list_devices (self);
      break;
    case RECON_CLIENT_LOST:
      recon_window_log (self, RECON_LOG_ERROR, recon_client_get_lost_reason (self->client));
      break;
    case RECON_CLIENT_STARTING:
    case RECON_CLIENT_STOPPED:
    default:
      break;
    }
  recon_window_update_actions (self);
  recon_window_update_banner (self);
}

static void
client_log_cb (ReconWindow *self,
               guint        job,
               int          level,
               gint64       time,
               const char  *text)
{
  recon_log_pane_append (self->log, level, time, text);
}

void
recon_window_init_worker (ReconWindow *self)
{
  g_signal_connect_object (self->client, "notify::state", G_CALLBACK (client_state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "log", G_CALLBACK (client_log_cb), self, G_CONNECT_SWAPPED);
  client_state_cb (self);
}
