/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>

#include "config/config-file.h"
#include "service/client-private.h"
#include "service/transport.h"

/* Calls of the worker's methods. Types of replies are checked by GDBus; a reply of another type is an error. */

typedef struct
{
  char               *method;
  GVariant           *parameters;
  const GVariantType *reply_type;
  GUnixFDList        *fds; /* (nullable): of the reply */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->method);
  g_variant_unref (call->parameters);
  g_clear_object (&call->fds);
  g_free (call);
}

/* What went wrong on the way is told as the end of the worker, which it is. */
static GError *
tidy_error (GError *error)
{
  if (g_dbus_error_is_remote_error (error))
    {
      g_dbus_error_strip_remote_error (error);
      return error;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) || error->domain == G_DBUS_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    {
      g_error_free (error);
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED,
                                  _ ("The worker ended before it answered. Start it again."));
    }

  return error;
}

static void
replied_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  GVariant *reply =
      g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), &call->fds, result, &error);

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, tidy_error (error));
}

/* Takes the task. Some calls take as long as a job: there is no time limit. */
static void
send_call (ReconClient *self,
           GTask       *task)
{
  const Call *call = g_task_get_task_data (task);

  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, RECON_WORKER_PATH, RECON_WORKER_INTERFACE,
                                            call->method, call->parameters, call->reply_type,
                                            G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL,
                                            g_task_get_cancellable (task), replied_cb, task);
}

/* Calls @method of the worker. @reply_type: stays as it is. */
void
_recon_client_call (ReconClient         *self,
                    const char          *method,
                    GVariant            *parameters,
                    const GVariantType  *reply_type,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  *call = (Call) { .method = g_strdup (method), .parameters = g_variant_ref_sink (parameters),
                   .reply_type = reply_type };
  g_task_set_source_tag (task, _recon_client_call);
  g_task_set_task_data (task, call, call_free);

  if (self->state == RECON_CLIENT_STARTING)
    g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  else if (self->state == RECON_CLIENT_READY && self->connection != NULL)
    send_call (self, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("There is no worker. Start it again."));
}

GVariant *
_recon_client_call_finish (ReconClient   *self,
                           GAsyncResult  *result,
                           GUnixFDList  **fds,
                           GError       **error)
{
  Call *call = g_task_get_task_data (G_TASK (result));
  GVariant *reply = g_task_propagate_pointer (G_TASK (result), error);

  if (fds != NULL)
    *fds = g_steal_pointer (&call->fds);

  return reply;
}

/* Sends what has waited for the worker, or says that there is none. */
void
_recon_client_end_waiting (ReconClient *self)
{
  GTask *task;

  while (self->state != RECON_CLIENT_STARTING && (task = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (self->state == RECON_CLIENT_READY)
        {
          send_call (self, task);
          continue;
        }

      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The worker did not start."));
      g_object_unref (task);
    }
}

/* The public calls give the only value of the reply. */

static void
value_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) reply = NULL;
  GError *error = NULL;

  reply = _recon_client_call_finish (RECON_CLIENT (object), result, NULL, &error);
  if (reply != NULL)
    g_task_return_pointer (task, g_variant_get_child_value (reply, 0), (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

/* @text: (transfer full) (nullable): the only parameter */
static void
call_for_value (ReconClient         *self,
                const char          *method,
                char                *text,
                const char          *reply_type,
                gpointer             tag,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  g_autofree char *own = text;
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  if (own != NULL && !g_utf8_validate (own, -1, NULL))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                               _ ("A name that is not UTF-8 can't be given to a worker. Rename the file or folder."));
      g_object_unref (task);
      return;
    }

  _recon_client_call (self, method, own != NULL ? g_variant_new ("(s)", own) : g_variant_new ("()"),
                      G_VARIANT_TYPE (reply_type), cancellable, value_cb, task);
}

/**
 * recon_client_inspect_async:
 * @self: a client
 * @path: a file, folder or pattern, as [input] has them
 * @cancellable: (nullable): ends waiting; the worker goes on
 * @callback: called with the result
 * @user_data: (closure): for @callback
 *
 * Asks what a path holds.
 */
void
recon_client_inspect_async (ReconClient         *self,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (path != NULL);

  call_for_value (self, "Inspect", g_strdup (path), "(a{sv})", recon_client_inspect_async, cancellable, callback,
                  user_data);
}

/**
 * recon_client_inspect_finish:
 * @self: a client
 * @result: of recon_client_inspect_async()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a dictionary as of Inspect in Worker1.xml; types of values are not checked
 */
GVariant *
recon_client_inspect_finish (ReconClient   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * recon_client_find_scan_async:
 * @self: a client
 * @path: a folder or file of a scan
 * @cancellable: (nullable): ends waiting; the worker goes on
 * @callback: called with the result
 * @user_data: (closure): for @callback
 *
 * Asks what a scan consists of.
 */
void
recon_client_find_scan_async (ReconClient         *self,
                              const char          *path,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (path != NULL);

  call_for_value (self, "FindScan", g_strdup (path), "(a{sv})", recon_client_find_scan_async, cancellable, callback,
                  user_data);
}

/**
 * recon_client_find_scan_finish:
 * @self: a client
 * @result: of recon_client_find_scan_async()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a dictionary as of FindScan in Worker1.xml; types of values are not checked
 */
GVariant *
recon_client_find_scan_finish (ReconClient   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * recon_client_resolve_async:
 * @self: a client
 * @config: a configuration
 * @cancellable: (nullable): ends waiting; the worker goes on
 * @callback: called with the result
 * @user_data: (closure): for @callback
 *
 * Asks what a configuration comes to.
 */
void
recon_client_resolve_async (ReconClient         *self,
                            ReconConfig         *config,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (RECON_IS_CONFIG (config));

  call_for_value (self, "Resolve", recon_config_to_data (config, FALSE), "(a{sv})", recon_client_resolve_async,
                  cancellable, callback, user_data);
}

/**
 * recon_client_resolve_finish:
 * @self: a client
 * @result: of recon_client_resolve_async()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a dictionary as of Resolve in Worker1.xml; types of values are not checked
 */
GVariant *
recon_client_resolve_finish (ReconClient   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * recon_client_list_devices_async:
 * @self: a client
 * @cancellable: (nullable): ends waiting
 * @callback: called with the result
 * @user_data: (closure): for @callback
 *
 * Asks for the worker's OpenCL devices.
 */
void
recon_client_list_devices_async (ReconClient         *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (RECON_IS_CLIENT (self));

  call_for_value (self, "ListDevices", NULL, "(aa{sv})", recon_client_list_devices_async, cancellable, callback,
                  user_data);
}

/**
 * recon_client_list_devices_finish:
 * @self: a client
 * @result: of recon_client_list_devices_async()
 * @error: return location
 *
 * Returns: (transfer full) (nullable): an array of dictionaries as of ListDevices in Worker1.xml
 */
GVariant *
recon_client_list_devices_finish (ReconClient   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
