/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "form/message-words.h"
#include "window/window-private.h"

/* What the window hears of the worker besides its jobs: whether it is there, what devices it has, what it logs. */

static void kernels_cb (ReconWindow *self);

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
  g_free (self->devices);
  self->devices = g_strdup (text->str);
  kernels_cb (self);
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
  g_autoptr (GVariant) devices = recon_client_answer_finish (RECON_CLIENT (object), result, &error);

  if (self->form == NULL)
    return; /* closed meanwhile */

  if (devices != NULL)
    {
      show_devices (self, devices);
      recon_form_set_devices (self->form, devices);
    }
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

/* One that ends again at once would do so for ever: then the user is asked. */
#define RESTART_MS        500
#define RESTART_USEC_LEAST (30 * G_USEC_PER_SEC)

static gboolean
restart_cb (gpointer user_data)
{
  ReconWindow *self = user_data;

  self->restart_source = 0;
  self->restarted = g_get_monotonic_time ();
  recon_client_start (self->client);
  recon_window_update_banner (self);

  return G_SOURCE_REMOVE;
}

static void
restart_soon (ReconWindow *self)
{
  if (self->restart_source == 0 &&
      (self->restarted == 0 || g_get_monotonic_time () - self->restarted > RESTART_USEC_LEAST))
    self->restart_source = g_timeout_add (RESTART_MS, restart_cb, self);
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
      restart_soon (self);
      break;
    case RECON_CLIENT_STARTING:
      g_clear_handle_id (&self->restart_source, g_source_remove);
      break;
    case RECON_CLIENT_STOPPED:
    default:
      break;
    }
  recon_window_update_actions (self);
  recon_window_update_banner (self);
}

/* What the worker says on its own account. Runs are heard by the window that has started them; what previews say again
 * for every image, the form's rows and recon_window_log_warnings() say once. */
static void
client_log_cb (ReconWindow *self,
               guint        job,
               int          level,
               gint64       time,
               const char  *text)
{
  if (job == 0)
    recon_log_pane_append (self->log, level, time, text);
}

/**
 * recon_window_log_warnings:
 * @self: a window
 * @resolved: (nullable): what the worker says of the configuration
 *
 * Logs the warnings that the configuration did not have before.
 */
void
recon_window_log_warnings (ReconWindow *self,
                           GVariant    *resolved)
{
  g_autoptr (GHashTable) now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree const char **warnings = NULL;

  if (resolved == NULL || !g_variant_lookup (resolved, "warnings", "^a&s", &warnings))
    return;

  for (gsize i = 0; warnings[i] != NULL; i++)
    {
      char *text = recon_message_words_reword (warnings[i]);

      if (!g_hash_table_contains (self->said, text) && !g_hash_table_contains (now, text))
        recon_window_log (self, RECON_LOG_WARNING, text);
      g_hash_table_add (now, text);
    }
  g_hash_table_unref (self->said);
  self->said = g_steal_pointer (&now);
}

/* The first start on a device takes long, and is said to. */
static void
kernels_cb (ReconWindow *self)
{
  g_autofree char *text = NULL;
  guint n_done, n_all;
  const char *device = recon_client_get_kernels (self->client, &n_done, &n_all);

  if (*device != '\0' && n_all == 0)
    text = g_strdup_printf (_ ("Preparing kernels for %s, once"), device);
  else if (*device != '\0')
    text = g_strdup_printf (_ ("%u of %u kernels prepared, once, for %s"), n_done, n_all, device);
  gtk_label_set_label (self->device_label, text != NULL ? text : self->devices != NULL ? self->devices : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->device_label), text != NULL ? text : _ ("What Computes"));
  recon_viewer_pane_set_waiting_for (self->viewer, text);
}

void
recon_window_init_worker (ReconWindow *self)
{
  g_signal_connect_object (self->client, "notify::state", G_CALLBACK (client_state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "log", G_CALLBACK (client_log_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "notify::kernels", G_CALLBACK (kernels_cb), self, G_CONNECT_SWAPPED);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  client_state_cb (self);
}
