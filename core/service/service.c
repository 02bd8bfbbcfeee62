/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-private.h"

#include <glib/gi18n-lib.h>

#include "service/service-error.h"
#include "service/transport.h"

/* The worker's side of org.reconstruct.Worker1. Everything here is in the main thread; calls that look at files are
 * answered by threads, jobs have their own. When the connection closes or the program is told to end, jobs are
 * cancelled, which leaves what they have finished in good order, and serving ends when the last thread is through. */

/* How long a client has to read what is said last. One that never reads would keep the worker for ever. */
#define LAST_WORDS_SECONDS 3

G_DEFINE_FINAL_TYPE (ReconService, recon_service, G_TYPE_OBJECT)

enum
{
  LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
recon_service_finalize (GObject *object)
{
  ReconService *self = RECON_SERVICE (object);

  g_clear_object (&self->connection);
  g_object_unref (self->skeleton);
  g_queue_clear (&self->queue);
  g_hash_table_unref (self->jobs);
  g_ptr_array_unref (self->leaving);
  g_hash_table_unref (self->pixels);
  recon_slice_store_unref (self->slices);

  G_OBJECT_CLASS (recon_service_parent_class)->finalize (object);
}

static void
recon_service_class_init (ReconServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_service_finalize;

  signals[LEFT] = g_signal_new ("left", RECON_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
recon_service_init (ReconService *self)
{
  recon_service_error_register ();

  self->skeleton = recon_dbus_worker1_skeleton_new ();
  recon_dbus_worker1_set_version (self->skeleton, RECON_VERSION);
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->leaving = g_ptr_array_new_with_free_func (g_object_unref);
  self->pixels = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  self->slices = recon_slice_store_new ();
  g_queue_init (&self->queue);
  g_queue_init (&self->waits);

  _recon_service_connect_methods (self);
  _recon_service_connect_inspect (self);
  _recon_service_connect_find (self);
  _recon_service_connect_looks (self);
  _recon_service_connect_images (self);
  _recon_service_connect_axis (self);
}

ReconServiceJob *
_recon_service_find_job (ReconService          *self,
                         GDBusMethodInvocation *invocation,
                         guint                  number)
{
  ReconServiceJob *job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (number));

  if (job == NULL)
    g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no job %u."),
                                           number);

  return job;
}

void
_recon_service_return_error (GDBusMethodInvocation *invocation,
                             GError                *error)
{
  g_autofree char *valid = g_utf8_make_valid (error->message, -1);

  g_dbus_method_invocation_return_error_literal (invocation, error->domain, error->code, valid);
  g_error_free (error);
}

typedef struct
{
  GDBusMethodInvocation *invocation;
  ReconServiceWork       work;
  gpointer               data;
  GDestroyNotify         data_destroy;
  GDestroyNotify         result_destroy;
  ReconServiceAnswer     answer;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  if (call->data_destroy != NULL)
    call->data_destroy (call->data);
  g_free (call);
}

static void
call_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Call *call = task_data;
  GError *error = NULL;
  gpointer result = call->work (call->data, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, call->result_destroy);
  else
    g_task_return_error (task, error);
}

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ReconService *self = RECON_SERVICE (object);
  Call *call = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  gpointer answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer != NULL)
    call->answer (self, call->invocation, answer);
  else
    _recon_service_return_error (call->invocation, error);

  self->n_calls--;
  _recon_service_end_if_idle (self);
}

void
_recon_service_work (ReconService          *self,
                     GDBusMethodInvocation *invocation,
                     ReconServiceWork       work,
                     gpointer               data,
                     GDestroyNotify         data_destroy,
                     GDestroyNotify         result_destroy,
                     ReconServiceAnswer     answer)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, called_cb, NULL);
  Call *call = g_new (Call, 1);

  *call = (Call) { invocation, work, data, data_destroy, result_destroy, answer };
  g_task_set_source_tag (task, _recon_service_work);
  g_task_set_task_data (task, call, call_free);
  self->n_calls++;
  g_task_run_in_thread (task, call_thread);
}

static gboolean
is_busy (ReconService *self)
{
  GHashTableIter iter;
  gpointer job;

  if (self->n_calls > 0 || self->leaving->len > 0)
    return TRUE;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    {
      if (recon_service_job_is_alive (job))
        return TRUE;
    }

  return FALSE;
}

static void
end_serving (ReconService *self)
{
  g_autoptr (GTask) serving = g_steal_pointer (&self->serving);

  if (self->last_words != NULL)
    g_source_destroy (self->last_words);
  g_clear_pointer (&self->last_words, g_source_unref);
  if (serving != NULL)
    g_task_return_boolean (serving, TRUE);
}

static void
flushed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ReconService) self = user_data;

  /* The last words are for a client that may be gone. */
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (object), result, NULL);
  g_dbus_connection_close (G_DBUS_CONNECTION (object), NULL, NULL, NULL);
  end_serving (self);
}

static gboolean
give_up_cb (gpointer user_data)
{
  end_serving (user_data);

  return G_SOURCE_REMOVE;
}

/* Ends serving if it is to end and all threads are through. */
void
_recon_service_end_if_idle (ReconService *self)
{
  if (!self->closing || self->serving == NULL || self->last_words != NULL || is_busy (self))
    return;

  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));

  self->last_words = g_timeout_source_new_seconds (LAST_WORDS_SECONDS);
  g_source_set_callback (self->last_words, give_up_cb, g_object_ref (self), g_object_unref);
  g_source_attach (self->last_words, g_main_context_get_thread_default ());
  g_dbus_connection_flush (self->connection, NULL, flushed_cb, g_object_ref (self));
}

static void
close_down (ReconService *self)
{
  g_autoptr (GList) jobs = NULL;

  if (self->closing)
    return;

  self->closing = TRUE;
  g_signal_emit (self, signals[LEFT], 0);
  _recon_service_cancel_search (self);
  _recon_service_end_warming (self);
  jobs = g_hash_table_get_values (self->jobs);
  for (GList *link = jobs; link != NULL; link = link->next)
    recon_service_job_cancel (link->data);
  _recon_service_end_if_idle (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  close_down (user_data);

  return G_SOURCE_REMOVE;
}

static void
served_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ReconService *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->connection = g_dbus_connection_new_finish (result, &error);
  if (self->connection == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&error, _ ("The client did not introduce itself. "));
  if (self->connection == NULL ||
      !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), self->connection,
                                         RECON_WORKER_PATH, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->serving = g_steal_pointer (&task);
  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), self, NULL);
      g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
    }
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (close_down), self);
  g_dbus_connection_start_message_processing (self->connection);
  _recon_service_warm_up_soon (self);

  /* A client may have left before anything here could hear of it. */
  if (g_dbus_connection_is_closed (self->connection))
    close_down (self);
}

/**
 * recon_service_serve_async:
 * @self: a service
 * @stream: to the client
 * @cancellable: (nullable): ends serving as a client does that leaves
 * @callback: called in this main context when the client has left, or @cancellable was cancelled, and every job has
 *   ended in good order
 * @user_data: (closure): for @callback
 *
 * Does what the client asks for. A service serves once.
 */
void
recon_service_serve_async (ReconService        *self,
                           GIOStream           *stream,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RECON_IS_SERVICE (self));
  g_return_if_fail (self->connection == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, recon_service_serve_async);
  /* Being cancelled is an orderly end. */
  g_task_set_check_cancellable (task, FALSE);
  recon_transport_serve (stream, cancellable, served_cb, task);
}

gboolean
recon_service_serve_finish (ReconService  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * recon_service_new:
 *
 * Returns: (transfer full): a service for one client
 */
ReconService *
recon_service_new (void)
{
  return g_object_new (RECON_TYPE_SERVICE, NULL);
}
