/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/dbus-server.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>

#include "wire/transport.h"
#include "wire/worker-image.h"
#include "worker1-interface.h"

/* Serves one client over D-Bus until it has left, or the program is told to end, and the service is closed. GDBus
 * checks the types of arguments and answers. Pixels go in sealed memory where file descriptors can be passed, else in
 * the messages themselves, as many as it takes. */

/* How long a client has to read the last messages. One that never reads would keep the worker for ever. */
#define FLUSH_SECONDS 3

/* What the task that serves has. */
typedef struct
{
  ReconService    *service;
  GDBusConnection *connection;    /* (nullable): once the client has introduced itself */
  guint            registration;
  GSource         *cancel_source; /* (nullable) */
  GSource         *flush_timeout; /* (nullable): gives up on a client that doesn't read */
  guint            n_tokens;
  GHashTable      *pixels;        /* token → GBytes that are sent in parts */
} Server;

static void
server_free (gpointer data)
{
  Server *self = data;

  g_clear_object (&self->connection);
  g_object_unref (self->service);
  g_hash_table_unref (self->pixels);
  g_free (self);
}

/* Bytes for a message: a part of others. */
static GVariant *
new_part (GBytes *bytes,
          gsize   offset)
{
  gsize n = MIN (g_bytes_get_size (bytes) - offset, RECON_PART_BYTES);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, offset, n);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, part, TRUE);
}

/* One call. */
typedef struct
{
  Server                *server;
  GDBusMethodInvocation *invocation;
  GVariantDict          *image;  /* (nullable): the answer, if it is an image */
  GBytes                *pixels; /* (nullable): then */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->image, g_variant_dict_unref);
  g_clear_pointer (&call->pixels, g_bytes_unref);
  g_free (call);
}

static void
send_inline (Call *call)
{
  Server *self = call->server;

  g_variant_dict_insert_value (call->image, "pixels", new_part (call->pixels, 0));
  if (g_bytes_get_size (call->pixels) > RECON_PART_BYTES)
    {
      guint token = ++self->n_tokens;

      g_hash_table_insert (self->pixels, GUINT_TO_POINTER (token), g_bytes_ref (call->pixels));
      g_variant_dict_insert (call->image, "token", "u", token);
    }
  g_dbus_method_invocation_return_value (call->invocation,
                                         g_variant_new ("(@a{sv})", g_variant_dict_end (call->image)));
}

static void
seal_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Call *call = task_data;

  g_task_return_int (task, recon_sealed_memory_new (call->pixels, NULL));
}

static void
sealed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ReconService) service = g_object_ref (RECON_SERVICE (object));
  Call *call = user_data;
  int fd = (int) g_task_propagate_int (G_TASK (result), NULL);

  /* Where there is no shared memory, pixels still go inline. */
  if (fd < 0)
    send_inline (call);
  else
    {
      g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

      g_variant_dict_insert (call->image, "memory", "h", 0);
      g_dbus_method_invocation_return_value_with_unix_fd_list (
          call->invocation, g_variant_new ("(@a{sv})", g_variant_dict_end (call->image)), fds);
    }
  recon_service_release (service);
}

static void
answer_cb (GVariant     *answer,
           GBytes       *pixels,
           const GError *error,
           gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr (GVariant) image = NULL;
  g_autofree char *valid = NULL;

  if (answer == NULL)
    {
      valid = g_utf8_make_valid (error->message, -1);
      g_dbus_method_invocation_return_error_literal (call->invocation, error->domain, error->code, valid);
    }
  else if (pixels == NULL)
    g_dbus_method_invocation_return_value (call->invocation, answer);
  else
    {
      image = g_variant_get_child_value (answer, 0);
      call->image = g_variant_dict_new (image);
      call->pixels = g_bytes_ref (pixels);
    }

  if (pixels != NULL && recon_transport_passes_fds (call->server->connection))
    {
      g_autoptr (GTask) task = g_task_new (call->server->service, NULL, sealed_cb, call);

      g_task_set_source_tag (task, answer_cb);
      g_task_set_task_data (task, call, call_free);
      recon_service_hold (call->server->service);
      g_task_run_in_thread (task, seal_thread);
      return;
    }

  if (pixels != NULL)
    send_inline (call);
  call_free (call);
}

static void
get_pixels (Server                *self,
            GVariant              *arguments,
            GDBusMethodInvocation *invocation)
{
  guint64 offset;
  guint token;
  GBytes *bytes;

  g_variant_get (arguments, "(ut)", &token, &offset);
  bytes = g_hash_table_lookup (self->pixels, GUINT_TO_POINTER (token));
  if (bytes == NULL || offset >= g_bytes_get_size (bytes))
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                             _ ("There are no pixels from byte %" G_GUINT64_FORMAT
                                                " on for the token %u."),
                                             offset, token);
      return;
    }

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@ay)", new_part (bytes, (gsize) offset)));
  if (g_bytes_get_size (bytes) - (gsize) offset <= RECON_PART_BYTES)
    g_hash_table_remove (self->pixels, GUINT_TO_POINTER (token));
}

static void
release_pixels (Server                *self,
                GVariant              *arguments,
                GDBusMethodInvocation *invocation)
{
  guint token;

  g_variant_get (arguments, "(u)", &token);
  g_hash_table_remove (self->pixels, GUINT_TO_POINTER (token));
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
method_call (GDBusConnection       *connection,
             const char            *sender,
             const char            *path,
             const char            *interface,
             const char            *method,
             GVariant              *arguments,
             GDBusMethodInvocation *invocation,
             gpointer               user_data)
{
  Server *self = user_data;

  if (g_str_equal (method, "GetPixels"))
    get_pixels (self, arguments, invocation);
  else if (g_str_equal (method, "ReleasePixels"))
    release_pixels (self, arguments, invocation);
  else
    {
      Call *call = g_new (Call, 1);

      *call = (Call) { self, invocation, NULL, NULL };
      recon_service_call (self->service, method, arguments, answer_cb, call);
    }
}

static GVariant *
get_property (GDBusConnection  *connection,
              const char       *sender,
              const char       *path,
              const char       *interface,
              const char       *property,
              GError          **error,
              gpointer          user_data)
{
  return g_variant_new_string (RECON_VERSION);
}

static void
event_cb (Server     *self,
          const char *name,
          GVariant   *arguments)
{
  g_dbus_connection_emit_signal (self->connection, NULL, RECON_WORKER_PATH, RECON_WORKER_INTERFACE, name, arguments,
                                 NULL);
}

/* Takes the task. */
static void
end_serving (GTask *own_task)
{
  g_autoptr (GTask) task = own_task;
  Server *self = g_task_get_task_data (task);

  g_source_destroy (self->flush_timeout);
  g_clear_pointer (&self->flush_timeout, g_source_unref);
  g_task_return_boolean (task, TRUE);
}

static void
flushed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const Server *self = g_task_get_task_data (task);

  /* The client may be gone. */
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (object), result, NULL);
  g_dbus_connection_close (G_DBUS_CONNECTION (object), NULL, NULL, NULL);
  if (self->flush_timeout != NULL)
    end_serving (g_steal_pointer (&task));
}

static gboolean
give_up_cb (gpointer task)
{
  end_serving (g_object_ref (task));

  return G_SOURCE_REMOVE;
}

static void
closed_cb (GTask *task)
{
  Server *self = g_task_get_task_data (task);

  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->connection, self->service);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_signal_handlers_disconnect_by_data (self->service, task);
  g_dbus_connection_unregister_object (self->connection, self->registration);

  self->flush_timeout = g_timeout_source_new_seconds (FLUSH_SECONDS);
  g_source_set_callback (self->flush_timeout, give_up_cb, g_object_ref (task), g_object_unref);
  g_source_attach (self->flush_timeout, g_main_context_get_thread_default ());
  g_dbus_connection_flush (self->connection, NULL, flushed_cb, g_object_ref (task));
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      service)
{
  recon_service_close (service);

  return G_SOURCE_REMOVE;
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call, .get_property = get_property };
  g_autoptr (GTask) task = user_data;
  Server *self = g_task_get_task_data (task);
  GError *error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->connection = g_dbus_connection_new_finish (result, &error);
  if (self->connection == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&error, _ ("The client did not introduce itself. "));
  if (self->connection != NULL)
    self->registration = g_dbus_connection_register_object (
        self->connection, RECON_WORKER_PATH, (GDBusInterfaceInfo *) &org_reconstruct_worker1_interface, &vtable, self,
        NULL, &error);
  if (self->registration == 0)
    {
      g_task_return_error (task, error);
      return;
    }

  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), self->service, NULL);
      g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
    }
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (recon_service_close), self->service);
  g_signal_connect_swapped (self->service, "event", G_CALLBACK (event_cb), self);
  g_signal_connect_data (self->service, "closed", G_CALLBACK (closed_cb), g_object_ref (task),
                         (GClosureNotify) (GCallback) g_object_unref, G_CONNECT_SWAPPED);
  g_dbus_connection_start_message_processing (self->connection);
  recon_service_warm_up (self->service);

  /* A client may have left before the signal was connected. */
  if (g_dbus_connection_is_closed (self->connection))
    recon_service_close (self->service);
}

/**
 * recon_dbus_server_run_async:
 * @service: what does the work
 * @stream: to the client
 * @cancellable: (nullable): ends serving as a client does that leaves
 * @callback: called in this main context when the client has left, or @cancellable was cancelled, and the service is
 *   closed
 * @user_data: (closure): for @callback
 *
 * Does what the client asks for. A service serves once.
 */
void
recon_dbus_server_run_async (ReconService        *service,
                             GIOStream           *stream,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;
  Server *self;

  g_return_if_fail (RECON_IS_SERVICE (service));

  recon_transport_register_errors ();
  self = g_new0 (Server, 1);
  self->service = g_object_ref (service);
  self->pixels = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);

  task = g_task_new (service, cancellable, callback, user_data);
  g_task_set_source_tag (task, recon_dbus_server_run_async);
  g_task_set_task_data (task, self, server_free);
  /* Being cancelled is an orderly end. */
  g_task_set_check_cancellable (task, FALSE);
  recon_transport_serve (stream, cancellable, connected_cb, task);
}

gboolean
recon_dbus_server_run_finish (ReconService  *service,
                              GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
