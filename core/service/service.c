/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-private.h"

#include "wire/messages.h"

/* Calls, and the service's end: when it is to close jobs are cancelled, which leaves what they have finished in
 * good order, and it is closed when the last thread is through. */

G_DEFINE_FINAL_TYPE (ReconService, recon_service, G_TYPE_OBJECT)

enum
{
  EVENT,
  CLOSING,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char         *name;
  const char         *type;   /* of the arguments */
  ReconServiceMethod *method; /* (nullable): then it is a question */
  ReconServiceQuery  *query;
} methods[] = {
  { "Inspect", "(s)", NULL, _recon_service_inspect },
  { "FindScan", "(s)", NULL, _recon_service_find_scan },
  { "Resolve", "(s)", NULL, _recon_service_resolve },
  { "ListDevices", "()", NULL, _recon_service_list_devices },
  { "ReadImage", "(su)", NULL, _recon_service_read_image },
  { "FindAxis", "(sa{sv})", _recon_service_find_axis, NULL },
  { "CancelFindAxis", "(u)", _recon_service_cancel_find_axis, NULL },
  { "Submit", "(sa{sv})", _recon_service_submit, NULL },
  { "Start", "(u)", _recon_service_start, NULL },
  { "Continue", "(ua{ss}a{sv})", _recon_service_continue, NULL },
  { "Cancel", "(u)", _recon_service_cancel, NULL },
  { "Wait", "(u)", _recon_service_wait, NULL },
  { "List", "()", _recon_service_list, NULL },
  { "Describe", "(u)", _recon_service_describe, NULL },
  { "Remove", "(u)", _recon_service_remove, NULL },
  { "GetImage", "(uu)", _recon_service_get_image, NULL },
};

static void
recon_service_finalize (GObject *object)
{
  ReconService *self = RECON_SERVICE (object);

  g_queue_clear (&self->queue);
  g_queue_clear (&self->waits);
  g_hash_table_unref (self->jobs);
  g_ptr_array_unref (self->leaving);
  recon_slice_store_unref (self->slices);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (recon_service_parent_class)->finalize (object);
}

static void
recon_service_class_init (ReconServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recon_service_finalize;

  signals[EVENT] = g_signal_new ("event", RECON_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 G_TYPE_STRING, G_TYPE_VARIANT);
  signals[CLOSING] = g_signal_new ("closing", RECON_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
  signals[CLOSED] = g_signal_new ("closed", RECON_TYPE_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  0);
}

static void
recon_service_init (ReconService *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->leaving = g_ptr_array_new_with_free_func (g_object_unref);
  self->slices = recon_slice_store_new ();
  g_queue_init (&self->queue);
  g_queue_init (&self->waits);
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

void
_recon_service_emit (ReconService *self,
                     const char   *name,
                     GVariant     *arguments)
{
  g_signal_emit (self, signals[EVENT], 0, name, arguments);
}

static gboolean
is_busy (ReconService *self)
{
  GHashTableIter iter;
  gpointer job;

  if (self->n_held > 0 || self->leaving->len > 0)
    return TRUE;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    {
      if (recon_service_job_is_alive (job))
        return TRUE;
    }

  return FALSE;
}

void
_recon_service_close_if_idle (ReconService *self)
{
  if (!self->closing || self->closed || is_busy (self))
    return;

  self->closed = TRUE;
  g_signal_emit (self, signals[CLOSED], 0);
}

/**
 * recon_service_close:
 * @self: a service
 *
 * Cancels what is under way and takes no more work. When all of it has come to its end, "closed" is emitted.
 */
void
recon_service_close (ReconService *self)
{
  g_autoptr (GList) jobs = NULL;

  if (self->closing)
    return;

  self->closing = TRUE;
  g_signal_emit (self, signals[CLOSING], 0);
  _recon_service_cancel_search (self);
  _recon_service_end_warm_up (self);
  jobs = g_hash_table_get_values (self->jobs);
  for (GList *link = jobs; link != NULL; link = link->next)
    recon_service_job_cancel (link->data);
  _recon_service_close_if_idle (self);
}

void
recon_service_hold (ReconService *self)
{
  self->n_held++;
}

void
recon_service_release (ReconService *self)
{
  self->n_held--;
  _recon_service_close_if_idle (self);
}

/* Calls. */

static void
end_call (ReconServiceCall *call,
          GVariant         *answer,
          GBytes           *pixels,
          const GError     *error)
{
  g_autoptr (ReconService) self = call->service;

  call->callback (answer, pixels, error, call->user_data);
  g_variant_unref (call->arguments);
  g_free (call);

  recon_service_release (self);
}

void
_recon_service_answer (ReconServiceCall *call,
                       GVariant         *answer)
{
  g_autoptr (GVariant) own = g_variant_take_ref (answer);

  end_call (call, own, NULL, NULL);
}

void
_recon_service_answer_image (ReconServiceCall *call,
                             ReconWorkerImage *image)
{
  g_autoptr (ReconWorkerImage) own = image;
  g_autoptr (GVariantDict) message = recon_worker_image_to_message (own);
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new ("(@a{sv})", g_variant_dict_end (message)));

  end_call (call, answer, recon_image_get_bytes (own->image), NULL);
}

void
_recon_service_fail (ReconServiceCall *call,
                     GError           *error)
{
  end_call (call, NULL, NULL, error);
  g_error_free (error);
}

static void
query_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  const ReconServiceCall *call = task_data;
  GError *error = NULL;
  gpointer answer = call->query (call->arguments, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, NULL);
  else
    g_task_return_error (task, error);
}

static void
queried_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  ReconServiceCall *call = user_data;
  GError *error = NULL;
  gpointer answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer == NULL)
    _recon_service_fail (call, error);
  else if (call->query == _recon_service_read_image)
    _recon_service_answer_image (call, answer);
  else
    _recon_service_answer (call, answer);
}

/**
 * recon_service_call:
 * @self: a service
 * @method: one of Worker1.xml
 * @arguments: a tuple of the type that it has there
 * @callback: called once with the answer, maybe before this function returns
 * @user_data: (closure): for @callback
 */
void
recon_service_call (ReconService       *self,
                    const char         *method,
                    GVariant           *arguments,
                    ReconServiceAnswer  callback,
                    gpointer            user_data)
{
  ReconServiceCall *call = g_new (ReconServiceCall, 1);
  gsize i = 0;

  *call = (ReconServiceCall) { g_object_ref (self), g_variant_ref_sink (arguments), NULL, callback, user_data };
  recon_service_hold (self);

  while (i < G_N_ELEMENTS (methods) && !g_str_equal (methods[i].name, method))
    i++;
  if (i == G_N_ELEMENTS (methods))
    _recon_service_fail (call, g_error_new (G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD, "There is no method %s.",
                                            method));
  else if (!g_variant_is_of_type (call->arguments, G_VARIANT_TYPE (methods[i].type)))
    _recon_service_fail (call, g_error_new (G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS, "%s has arguments %s, not %s.",
                                            method, methods[i].type, g_variant_get_type_string (call->arguments)));
  else if (methods[i].method != NULL)
    methods[i].method (self, call);
  else
    {
      g_autoptr (GTask) task = g_task_new (self, NULL, queried_cb, call);

      call->query = methods[i].query;
      g_task_set_source_tag (task, recon_service_call);
      g_task_set_task_data (task, call, NULL);
      g_task_run_in_thread (task, query_thread);
    }
}
