/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>

#include "client/client-private.h"
#include "config/config-file.h"
#include "wire/transport.h"

/* Calls of the worker's methods. Types of replies are checked by GDBus; a reply of another type is an error. */

typedef struct
{
  const char  *method;
  GVariant    *parameters;
  const char  *reply_type; /* (nullable) */
  GUnixFDList *fds;        /* (nullable): of the reply */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_variant_unref (call->parameters);
  g_clear_object (&call->fds);
  g_free (call);
}

/* A failing connection means that the worker has ended, and is reported so. */
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
                                            call->method, call->parameters,
                                            call->reply_type != NULL ? G_VARIANT_TYPE (call->reply_type) : NULL,
                                            G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL,
                                            g_task_get_cancellable (task), replied_cb, task);
}

/* Texts as parameters: the first of two is a name or a configuration with names in it. Names in files can be any bytes,
 * but D-Bus has UTF-8 only. */
GVariant *
_recon_client_new_text (const char *text)
{
  return g_utf8_validate (text, -1, NULL) ? g_variant_new ("(s)", text) : NULL;
}

GVariant *
_recon_client_new_text_and_options (const char *text,
                                    GVariant   *options)
{
  g_autoptr (GVariant) own = g_variant_ref_sink (options);

  return g_utf8_validate (text, -1, NULL) ? g_variant_new ("(s@a{sv})", text, own) : NULL;
}

/* Calls a method of the worker. @parameters: (nullable): %NULL if a name is not UTF-8. @method and @reply_type stay as
 * they are. */
void
_recon_client_call (ReconClient         *self,
                    const char          *method,
                    GVariant            *parameters,
                    const char          *reply_type,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call;

  g_task_set_source_tag (task, _recon_client_call);
  if (parameters == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                               _ ("A name that is not UTF-8 can't be given to a worker. Rename the file or folder."));
      return;
    }

  call = g_new (Call, 1);
  *call = (Call) { method, g_variant_ref_sink (parameters), reply_type, NULL };
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

  if (fds != NULL && call != NULL)
    *fds = g_steal_pointer (&call->fds);

  return reply;
}

/* Sends the calls that have waited for the worker, or fails them if there is none. */
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

/**
 * recon_client_inspect_async:
 * @self: a client
 * @path: a file, folder or pattern, as [input] has them
 * @cancellable: (nullable): ends waiting; the worker goes on
 * @callback: for recon_client_answer_finish()
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

  _recon_client_call (self, "Inspect", _recon_client_new_text (path), "(a{sv})", cancellable, callback, user_data);
}

/**
 * recon_client_find_scan_async:
 * @self: a client
 * @path: a folder or file of a scan
 * @cancellable: (nullable): ends waiting; the worker goes on
 * @callback: for recon_client_answer_finish()
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

  _recon_client_call (self, "FindScan", _recon_client_new_text (path), "(a{sv})", cancellable, callback, user_data);
}

/**
 * recon_client_resolve_async:
 * @self: a client
 * @config: a configuration
 * @cancellable: (nullable): ends waiting; the worker goes on
 * @callback: for recon_client_answer_finish()
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
  g_autofree char *text = NULL;

  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (RECON_IS_CONFIG (config));

  text = recon_config_to_data (config, FALSE);
  _recon_client_call (self, "Resolve", _recon_client_new_text (text), "(a{sv})", cancellable, callback, user_data);
}

/* Asks for the worker's OpenCL devices. */
void
recon_client_list_devices_async (ReconClient         *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (RECON_IS_CLIENT (self));

  _recon_client_call (self, "ListDevices", g_variant_new ("()"), "(aa{sv})", cancellable, callback, user_data);
}

/**
 * recon_client_answer_finish:
 * @self: a client
 * @result: of one of the functions above
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a dictionary, or an array of them, as Worker1.xml says of the method of that
 *   name; types of values are not checked
 */
GVariant *
recon_client_answer_finish (ReconClient   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr (GVariant) reply = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  reply = _recon_client_call_finish (self, result, NULL, error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  ReconClient *self = RECON_CLIENT (object);
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GVariant) message = recon_client_answer_finish (self, result, &error);
  ReconAxisResult *found = message != NULL ? recon_axis_result_from_message (message, &error) : NULL;

  /* D-Bus forgets a call that nobody waits for, and the worker would go on. */
  if (message == NULL && cancellable != NULL && g_cancellable_is_cancelled (cancellable) &&
      self->state == RECON_CLIENT_READY)
    _recon_client_call (self, "CancelFindAxis",
                        g_variant_new ("(u)", GPOINTER_TO_UINT (g_task_get_task_data (task))), NULL, NULL, NULL, NULL);

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
  GVariant *options;
  GTask *task;
  guint search;

  g_return_if_fail (RECON_IS_CLIENT (self));
  g_return_if_fail (RECON_IS_CONFIG (config));
  g_return_if_fail (settings != NULL);

  search = ++self->n_searches;
  options = recon_axis_settings_to_message (settings, search);
  text = recon_config_to_data (config, FALSE);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, recon_client_find_axis_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (search), NULL);
  _recon_client_call (self, "FindAxis", _recon_client_new_text_and_options (text, options), "(a{sv})", cancellable,
                      found_cb, task);
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
