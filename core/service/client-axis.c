/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/client-axis.h"

#include <glib/gi18n-lib.h>

#include "config/config-file.h"
#include "service/client-private.h"
#include "service/messages.h"

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  ReconClient *self = RECON_CLIENT (object);
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply = _recon_client_call_finish (self, result, NULL, &error);
  g_autoptr (GVariant) told = NULL;
  ReconAxisResult *found;

  /* D-Bus forgets a call that nobody waits for, and the worker would go on. */
  if (reply == NULL && cancellable != NULL && g_cancellable_is_cancelled (cancellable) &&
      self->state == RECON_CLIENT_READY)
    _recon_client_call (self, "CancelFindAxis",
                        g_variant_new ("(u)", GPOINTER_TO_UINT (g_task_get_task_data (task))), NULL, NULL, NULL, NULL);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  told = g_variant_get_child_value (reply, 0);
  found = recon_axis_result_from_message (told, &error);
  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) recon_axis_result_free);
  else
    g_task_return_error (task, error);
}

/**
 * recon_client_find_axis_async:
 * @self: a client
 * @config: a configuration
 * @settings: how to search
 * @cancellable: (nullable): ends the search, in the worker too
 * @callback: called with the result
 * @user_data: (closure): for @callback
 *
 * Asks where the rotation axis of a scan is. A worker searches for one at a time: an earlier search ends with
 * %G_IO_ERROR_CANCELLED.
 */
void
recon_client_find_axis_async (ReconClient             *self,
                              ReconConfig             *config,
                              const ReconAxisSettings *settings,
                              GCancellable            *cancellable,
                              GAsyncReadyCallback      callback,
                              gpointer                 user_data)
{
  g_autofree char *text = NULL;
  g_autoptr (GTask) task = NULL;
  guint search;

  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (RECON_IS_CONFIG (config));
  g_return_if_fail (settings != NULL);

  search = ++self->n_searches;
  text = recon_config_to_data (config, FALSE);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, recon_client_find_axis_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (search), NULL);
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                               _ ("A name that is not UTF-8 can't be given to a worker. Rename the file or folder."));
      return;
    }

  _recon_client_call (self, "FindAxis",
                      g_variant_new ("(s@a{sv})", text, recon_axis_settings_to_message (settings, search)),
                      G_VARIANT_TYPE ("(a{sv})"), cancellable, found_cb, g_steal_pointer (&task));
}

/**
 * recon_client_find_axis_finish:
 * @self: a client
 * @result: of recon_client_find_axis_async()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was found; that there is no axis is a result too
 */
ReconAxisResult *
recon_client_find_axis_finish (ReconClient   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
