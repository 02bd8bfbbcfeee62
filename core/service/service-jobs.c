/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "config/config-file.h"
#include "config/config.h"
#include "service/service-private.h"
#include "wire/messages.h"

/* The service's jobs. */

/* Returns: (nullable): the job that a call names first, or %NULL after the call has failed */
static ReconServiceJob *
find_job (ReconService     *self,
          ReconServiceCall *call)
{
  ReconServiceJob *job;
  guint number;

  g_variant_get_child (call->arguments, 0, "u", &number);
  job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (number));
  if (job == NULL)
    _recon_service_fail (call, g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no job %u."), number));

  return job;
}

/* The job whose turn it is next begins if none runs. */
static void
start_next (ReconService *self)
{
  while (self->running == NULL && !self->closing && !g_queue_is_empty (&self->queue))
    {
      ReconServiceJob *job = g_queue_pop_head (&self->queue);

      if (recon_service_job_has_ended (job))
        continue;
      self->running = job;
      recon_service_job_start (job);
    }
}

typedef struct
{
  ReconServiceJob  *job;
  ReconServiceCall *call;
} Wait;

/* Answers the calls that wait for a job: with its state, or that it is gone. */
static void
answer_waits (ReconService    *self,
              ReconServiceJob *job,
              gboolean         removed)
{
  for (GList *link = self->waits.head, *next; link != NULL; link = next)
    {
      g_autofree Wait *wait = NULL;

      next = link->next;
      if (((const Wait *) link->data)->job != job)
        continue;

      wait = link->data;
      g_queue_delete_link (&self->waits, link);
      if (removed)
        _recon_service_fail (wait->call, g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("Job %u was removed."),
                                                      recon_service_job_get_number (job)));
      else
        _recon_service_answer (wait->call, g_variant_new ("(ss)", recon_service_job_get_state_name (job),
                                                          recon_service_job_get_message (job)));
    }
}

static void
answer_waits_if_at_rest (ReconService    *self,
                         ReconServiceJob *job)
{
  if (recon_service_job_has_ended (job) || recon_service_job_get_state (job) == RECON_SERVICE_IDLE)
    answer_waits (self, job, FALSE);
}

/* What is compiled ahead waits for jobs that somebody waits for. */
static void
count_working (ReconService *self)
{
  GHashTableIter iter;
  gpointer job;
  gint n = 0;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    {
      ReconServiceState state = recon_service_job_get_state (job);

      n += state == RECON_SERVICE_PREPARING || state == RECON_SERVICE_RUNNING;
    }
  g_atomic_int_set (&self->n_working, n);
}

static void
state_changed_cb (ReconServiceJob *job,
                  ReconService    *self)
{
  guint number = recon_service_job_get_number (job);
  gboolean ended = recon_service_job_has_ended (job);

  count_working (self);
  if (!g_hash_table_contains (self->jobs, GUINT_TO_POINTER (number)))
    {
      if (ended)
        g_ptr_array_remove (self->leaving, job);
      _recon_service_close_if_idle (self);
      return;
    }

  _recon_service_emit (self, "StateChanged", g_variant_new ("(uss)", number, recon_service_job_get_state_name (job),
                                                            recon_service_job_get_message (job)));
  answer_waits_if_at_rest (self, job);
  if (!ended)
    return;

  if (self->running == job)
    self->running = NULL;
  start_next (self);
  _recon_service_close_if_idle (self);
}

static void
event_cb (ReconServiceJob *job,
          const char      *name,
          GVariant        *arguments,
          ReconService    *self)
{
  _recon_service_emit (self, name, arguments);
}

/* What is looked at, over what it was. */
static gboolean
read_request (GVariant             *options,
              ReconPreviewRequest  *request,
              GError              **error)
{
  const char *view = NULL;

  if (g_variant_lookup (options, "view", "&s", &view) && !recon_view_parse (view, &request->view))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("There is no view '%s'. Views are projection, corrected, sinogram, slice, dark, flat "
                      "and flat-after."), view);
      return FALSE;
    }
  g_variant_lookup (options, "index", "u", &request->index);
  g_variant_lookup (options, "reduction", "u", &request->reduction);
  if (request->reduction != 1 && request->reduction != 2 && request->reduction != 4)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("The reduction is %u. It may be 1, 2 or 4."),
                   request->reduction);
      return FALSE;
    }

  return TRUE;
}

static ReconResume
read_resume (GVariant *options)
{
  gboolean resume = FALSE, trust = FALSE, anew = FALSE;

  g_variant_lookup (options, "resume", "b", &resume);
  g_variant_lookup (options, "trust", "b", &trust);
  g_variant_lookup (options, "anew", "b", &anew);
  if (resume)
    return trust ? RECON_RESUME_TRUSTING : RECON_RESUME_CHECKED;

  return anew ? RECON_RESUME_ANEW : RECON_RESUME_NO;
}

void
_recon_service_submit (ReconService     *self,
                       ReconServiceCall *call)
{
  ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .reduction = 1 };
  g_autoptr (ReconServiceJob) job = NULL;
  g_autoptr (GVariant) options = NULL;
  const char *configuration;
  gboolean continuous = FALSE;
  GError *error = NULL;
  guint number = self->n_made + 1;

  g_variant_get (call->arguments, "(&s@a{sv})", &configuration, &options);
  g_variant_lookup (options, "continuous", "b", &continuous);
  if (!read_request (options, &request, &error))
    {
      _recon_service_fail (call, error);
      return;
    }

  job = continuous ? recon_service_preview_new (&request)
                   : recon_service_run_new (read_resume (options), self->slices);
  recon_service_job_set_number (job, number);
  g_signal_connect_object (job, "event", G_CALLBACK (event_cb), self, 0);
  if (!recon_config_load_data (recon_service_job_get_config (job), configuration, strlen (configuration),
                               _ ("configuration"), recon_service_job_get_log (job), &error))
    {
      _recon_service_fail (call, error);
      return;
    }

  self->n_made = number;
  g_signal_connect_object (job, "state-changed", G_CALLBACK (state_changed_cb), self, 0);
  g_hash_table_insert (self->jobs, GUINT_TO_POINTER (number), g_steal_pointer (&job));
  _recon_service_answer (call, g_variant_new ("(u)", number));
}

void
_recon_service_start (ReconService     *self,
                      ReconServiceCall *call)
{
  ReconServiceJob *job = find_job (self, call);

  if (job == NULL)
    return;

  if (recon_service_job_was_started (job) || recon_service_job_has_ended (job) || self->closing)
    {
      _recon_service_fail (call, g_error_new (G_IO_ERROR, G_IO_ERROR_EXISTS,
                                              _ ("Job %u was started before. Submit another one."),
                                              recon_service_job_get_number (job)));
      return;
    }

  _recon_service_answer (call, g_variant_new ("()"));
  if (recon_service_job_is_continuous (job))
    recon_service_job_start (job);
  else
    {
      recon_service_job_mark_started (job);
      g_queue_push_tail (&self->queue, job);
      start_next (self);
    }
}

static gboolean
apply_change (ReconConfig  *config,
              const char   *name,
              const char   *text,
              GError      **error)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 2);
  ReconParameter parameter;

  if (g_strv_length (parts) != 2 || !recon_parameter_find (parts[0], parts[1], &parameter))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("There is no parameter '%s'."), name);
      return FALSE;
    }

  return recon_config_parse (config, parameter, text, error);
}

static gboolean
apply_changes (ReconConfig  *config,
               GVariant     *changes,
               GError      **error)
{
  g_autoptr (ReconConfig) changed = recon_config_copy (config);
  GVariantIter iter;
  const char *name, *text;

  g_variant_iter_init (&iter, changes);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &text))
    {
      if (!apply_change (changed, name, text, error))
        return FALSE;
    }
  recon_config_assign (config, changed);

  return TRUE;
}

void
_recon_service_continue (ReconService     *self,
                         ReconServiceCall *call)
{
  ReconServiceJob *job = find_job (self, call);
  g_autoptr (GVariant) changes = NULL;
  g_autoptr (GVariant) options = NULL;
  ReconPreviewRequest request;
  GError *error = NULL;

  if (job == NULL)
    return;

  if (!recon_service_job_is_continuous (job) || !recon_service_job_is_alive (job))
    {
      _recon_service_fail (call, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                                              _ ("Job %u is not one that goes on: it is %s."),
                                              recon_service_job_get_number (job),
                                              recon_service_job_get_state_name (job)));
      return;
    }

  g_variant_get (call->arguments, "(u@a{ss}@a{sv})", NULL, &changes, &options);
  recon_service_preview_get_request (RECON_SERVICE_PREVIEW (job), &request);
  if (read_request (options, &request, &error) && apply_changes (recon_service_job_get_config (job), changes, &error))
    _recon_service_answer (call, g_variant_new ("(u)", recon_service_preview_continue (RECON_SERVICE_PREVIEW (job),
                                                                                       &request)));
  else
    _recon_service_fail (call, error);
}

void
_recon_service_cancel (ReconService     *self,
                       ReconServiceCall *call)
{
  g_autoptr (ReconServiceJob) job = find_job (self, call);

  if (job == NULL)
    return;

  g_object_ref (job);
  _recon_service_answer (call, g_variant_new ("()"));
  recon_service_job_cancel (job);
}

void
_recon_service_wait (ReconService     *self,
                     ReconServiceCall *call)
{
  ReconServiceJob *job = find_job (self, call);
  Wait *wait;

  if (job == NULL)
    return;

  wait = g_new (Wait, 1);
  *wait = (Wait) { job, call };
  g_queue_push_tail (&self->waits, wait);
  answer_waits_if_at_rest (self, job);
}

void
_recon_service_list (ReconService     *self,
                     ReconServiceCall *call)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(us)"));

  for (guint number = 1; number <= self->n_made; number++)
    {
      ReconServiceJob *job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (number));

      if (job != NULL)
        g_variant_builder_add (&list, "(us)", number, recon_service_job_get_state_name (job));
    }
  _recon_service_answer (call, g_variant_new ("(a(us))", &list));
}

void
_recon_service_describe (ReconService     *self,
                         ReconServiceCall *call)
{
  ReconServiceJob *job = find_job (self, call);
  g_auto (GVariantDict) description = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *configuration = NULL;

  if (job == NULL)
    return;

  configuration = recon_config_to_data (recon_service_job_get_config (job), FALSE);
  recon_service_job_describe (job, &description);
  g_variant_dict_insert (&description, "state", "s", recon_service_job_get_state_name (job));
  g_variant_dict_insert (&description, "message", "s", recon_service_job_get_message (job));
  g_variant_dict_insert (&description, "continuous", "b", recon_service_job_is_continuous (job));
  g_variant_dict_insert (&description, "configuration", "s", configuration);
  _recon_service_answer (call, _recon_service_new_answer (&description));
}

void
_recon_service_remove (ReconService     *self,
                       ReconServiceCall *call)
{
  g_autoptr (ReconServiceJob) job = find_job (self, call);

  if (job == NULL)
    return;
  g_object_ref (job);

  if (recon_service_job_was_started (job) && !recon_service_job_has_ended (job) &&
      recon_service_job_get_state (job) != RECON_SERVICE_IDLE)
    {
      _recon_service_fail (call, g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, _ ("Job %u is %s. Cancel it first."),
                                              recon_service_job_get_number (job),
                                              recon_service_job_get_state_name (job)));
      return;
    }

  answer_waits (self, job, TRUE);
  g_hash_table_remove (self->jobs, GUINT_TO_POINTER (recon_service_job_get_number (job)));
  if (recon_service_job_is_alive (job))
    {
      g_signal_handlers_disconnect_by_func (job, event_cb, self);
      g_ptr_array_add (self->leaving, g_object_ref (job));
      recon_service_job_cancel (job);
    }
  _recon_service_answer (call, g_variant_new ("()"));
}

static void
got_image_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      call)
{
  GError *error = NULL;
  ReconWorkerImage *image = g_task_propagate_pointer (G_TASK (result), &error);

  if (image != NULL)
    _recon_service_answer_image (call, image);
  else
    _recon_service_fail (call, error);
}

void
_recon_service_get_image (ReconService     *self,
                          ReconServiceCall *call)
{
  ReconServiceJob *job = find_job (self, call);
  g_autoptr (GTask) task = NULL;
  guint index;

  if (job == NULL)
    return;

  g_variant_get_child (call->arguments, 1, "u", &index);
  task = g_task_new (job, NULL, got_image_cb, call);
  g_task_set_source_tag (task, _recon_service_get_image);
  recon_service_job_get_image (job, index, task);
}
