/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/client-private.h"
#include "wire/transport.h"

/* Starting and losing the worker. It is gone when its process has ended and all its messages have been read; where one
 * of the two happens alone, a timer sees to the other. */
#define GONE_MS 3000

/* Lets go of process and connection, whatever they are up to. */
static void
disconnect (ReconClient *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->connecting != NULL)
    g_cancellable_cancel (self->connecting);
  g_clear_object (&self->connecting);

  if (self->connection != NULL)
    {
      g_dbus_connection_signal_unsubscribe (self->connection, self->subscription);
      g_signal_handlers_disconnect_by_data (self->connection, self);
      if (!g_dbus_connection_is_closed (self->connection))
        g_dbus_connection_close (self->connection, NULL, NULL, NULL);
    }
  g_clear_object (&self->connection);

  if (self->process != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->process, self);
      recon_client_process_leave (self->process);
    }
  g_clear_object (&self->process);
  g_clear_pointer (&self->trouble, g_free);
  self->process_ended = FALSE;
  self->closed = FALSE;
}

/* All that was under way ends before the state is notified, so that handlers can start a new worker. */
static void
end_in_state (ReconClient      *self,
              ReconClientState  state,
              const char       *reason)
{
  g_autoptr (GPtrArray) jobs = g_steal_pointer (&self->jobs);

  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  disconnect (self);
  self->state = state;
  g_free (self->lost_reason);
  self->lost_reason = g_strdup (reason);

  for (guint i = 0; i < jobs->len; i++)
    _recon_client_job_end (jobs->pdata[i], state == RECON_CLIENT_LOST ? "failed" : "cancelled", reason);
  _recon_client_end_waiting (self);

  _recon_client_notify (self);
}

static void
lose (ReconClient *self)
{
  g_autofree char *end = self->process != NULL && self->process_ended
                             ? recon_client_process_describe_end (self->process)
                             : NULL;
  g_autofree char *reason = NULL;

  if (self->trouble != NULL && end != NULL)
    reason = g_strdup_printf ("%s %s", self->trouble, end);
  else
    reason = g_strdup (self->trouble != NULL ? self->trouble : end);
  end_in_state (self, RECON_CLIENT_LOST, reason != NULL ? reason : _ ("The worker is gone."));
}

static gboolean
gone_cb (gpointer user_data)
{
  g_autoptr (ReconClient) self = g_object_ref (user_data);

  self->timer = 0;
  if (self->process_ended)
    lose (self);
  else
    recon_client_process_kill (self->process);

  return G_SOURCE_REMOVE;
}

static void
lose_if_gone (ReconClient *self)
{
  if (self->process_ended && (self->closed || self->connection == NULL))
    lose (self);
  else if (self->timer == 0)
    self->timer = g_timeout_add (GONE_MS, gone_cb, self);
}

/* The worker can't be used; it goes, and then it is known how it ended. */
static void
give_up (ReconClient *self,
         const char  *trouble)
{
  if (self->trouble == NULL)
    self->trouble = g_strdup (trouble);
  if (self->connection != NULL && !g_dbus_connection_is_closed (self->connection))
    g_dbus_connection_close (self->connection, NULL, NULL, NULL);
  recon_client_process_kill (self->process);
  lose_if_gone (self);
}

static void
process_line_cb (ReconClient *self,
                 const char  *line)
{
  _recon_client_log (self, 0, RECON_LOG_INFO, g_get_real_time (), line);
}

static void
process_ended_cb (ReconClient *self)
{
  g_autoptr (ReconClient) alive = g_object_ref (self);

  self->process_ended = TRUE;
  lose_if_gone (self);
}

static void
connection_closed_cb (ReconClient  *self,
                      gboolean      vanished,
                      const GError *error)
{
  g_autoptr (ReconClient) alive = g_object_ref (self);

  self->closed = TRUE;
  /* Without the worker's being at fault the stream just ends. */
  if (error != NULL && !vanished && !self->process_ended)
    {
      g_autofree char *trouble = g_strdup_printf (_ ("The worker spoke nonsense: %s."), error->message);

      give_up (self, trouble);
      return;
    }

  lose_if_gone (self);
}

/* The data of callbacks while the worker starts, which must not keep the client alive. */
typedef struct
{
  GWeakRef      client;
  GCancellable *cancellable; /* (nullable) */
} Attempt;

static Attempt *
attempt_new (ReconClient *self)
{
  Attempt *attempt = g_new0 (Attempt, 1);

  g_weak_ref_init (&attempt->client, self);
  if (self->connecting != NULL)
    attempt->cancellable = g_object_ref (self->connecting);

  return attempt;
}

static void
attempt_free (Attempt *attempt)
{
  g_weak_ref_clear (&attempt->client);
  g_clear_object (&attempt->cancellable);
  g_free (attempt);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

static void
version_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  g_autoptr (ReconClient) self = g_weak_ref_get (&attempt->client);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autoptr (GVariant) value = NULL;
  g_autofree char *trouble = NULL;

  if (self == NULL || self->connection != G_DBUS_CONNECTION (object))
    return;

  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) &&
      g_str_equal (g_variant_get_string (value, NULL), RECON_VERSION))
    {
      self->state = RECON_CLIENT_READY;
      _recon_client_end_waiting (self);
      _recon_client_notify (self);
      return;
    }

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    trouble = g_strdup_printf (_ ("The worker is of version %s, but this program is %s. Install the same version of "
                                  "both."),
                               g_variant_get_string (value, NULL), RECON_VERSION);
  else if (error != NULL && g_dbus_error_is_remote_error (error))
    trouble = g_strdup (_ ("The worker does not say its version. Is it another program?"));
  /* Else it has ended, which is reported when it is known how. */
  if (trouble != NULL || reply != NULL)
    give_up (self, trouble != NULL ? trouble : _ ("The worker does not say its version. Is it another program?"));
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  g_autoptr (ReconClient) self = g_weak_ref_get (&attempt->client);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_finish (result, &error);

  if (self == NULL || attempt->cancellable != self->connecting)
    {
      /* Stopped in the meantime. */
      if (connection != NULL)
        g_dbus_connection_close (connection, NULL, NULL, NULL);
      return;
    }

  g_clear_object (&self->connecting);
  if (connection == NULL)
    {
      /* Most often the process has ended, or is about to as its connection is closed, and has printed why. */
      self->trouble = g_strdup_printf (_ ("The worker did not answer as one does (%s)."), error->message);
      lose_if_gone (self);
      return;
    }

  self->connection = g_steal_pointer (&connection);
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (connection_closed_cb), self);
  self->subscription = g_dbus_connection_signal_subscribe (self->connection, NULL, RECON_WORKER_INTERFACE, NULL,
                                                           RECON_WORKER_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                           _recon_client_signal_cb, self, NULL);
  g_dbus_connection_start_message_processing (self->connection);
  g_dbus_connection_call (self->connection, NULL, RECON_WORKER_PATH, "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", RECON_WORKER_INTERFACE, "Version"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL, version_cb, attempt_new (self));

  /* A worker may have ended before the signal was connected. */
  if (g_dbus_connection_is_closed (self->connection) && !self->closed)
    {
      self->closed = TRUE;
      lose_if_gone (self);
    }
}

/**
 * recon_client_start:
 * @self: a client
 *
 * Starts a worker if there is none. Calls may be made at once; they wait for it.
 */
void
recon_client_start (ReconClient *self)
{
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RECON_IS_CLIENT (self));

  if (self->state == RECON_CLIENT_STARTING || self->state == RECON_CLIENT_READY)
    return;

  self->process = recon_client_process_new ((const char *const *) self->argv, &stream, &error);
  if (self->process == NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (error->message, -1);
      g_autofree char *reason = g_strdup_printf (_ ("The worker could not be started: %s."), valid);

      end_in_state (self, RECON_CLIENT_LOST, reason);
      return;
    }

  g_signal_connect_swapped (self->process, "line", G_CALLBACK (process_line_cb), self);
  g_signal_connect_swapped (self->process, "ended", G_CALLBACK (process_ended_cb), self);
  self->state = RECON_CLIENT_STARTING;
  g_clear_pointer (&self->lost_reason, g_free);
  self->connecting = g_cancellable_new ();

  self->generation++;
  recon_transport_connect (stream, self->connecting, connected_cb, attempt_new (self));

  _recon_client_notify (self);
}

/**
 * recon_client_stop:
 * @self: a client
 *
 * Leaves the worker, which ends its jobs in good order and then itself.
 */
void
recon_client_stop (ReconClient *self)
{
  g_return_if_fail (RECON_IS_CLIENT (self));

  if (self->state != RECON_CLIENT_STARTING && self->state != RECON_CLIENT_READY)
    return;

  /* Nothing is at stake before the first word. */
  if (self->state == RECON_CLIENT_STARTING)
    recon_client_process_kill (self->process);
  end_in_state (self, RECON_CLIENT_STOPPED, NULL);
}
