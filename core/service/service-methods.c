/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/config-file.h"
#include "error.h"
#include "service/service-preview.h"
#include "service/service-private.h"
#include "service/service-run.h"

/* Methods that are about jobs, and what jobs have to say. */

typedef struct
{
  ReconServiceJob       *job;
  GDBusMethodInvocation *invocation;
} WaitCall;

static void
answer_waits (ReconService    *self,
              ReconServiceJob *job)
{
  if (!recon_service_job_has_ended (job) && recon_service_job_get_state (job) != RECON_SERVICE_IDLE)
    return;

  for (GList *link = self->waits.head, *next; link != NULL; link = next)
    {
      WaitCall *wait = link->data;

      next = link->next;
      if (wait->job != job)
        continue;

      recon_dbus_worker1_complete_wait (self->skeleton, wait->invocation, recon_service_job_get_state_name (job),
                                        recon_service_job_get_message (job));
      g_free (wait);
      g_queue_delete_link (&self->waits, link);
    }
}

static void
refuse_waits (ReconService    *self,
              ReconServiceJob *job)
{
  for (GList *link = self->waits.head, *next; link != NULL; link = next)
    {
      WaitCall *wait = link->data;

      next = link->next;
      if (wait->job != job)
        continue;

      g_dbus_method_invocation_return_error (wait->invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                             _ ("Job %u was removed."), recon_service_job_get_number (job));
      g_free (wait);
      g_queue_delete_link (&self->waits, link);
    }
}

/* The job whose turn it is next begins if none runs. */
void
_recon_service_begin_next (ReconService *self)
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

/* What is compiled ahead waits for them. */
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
  gboolean ended = recon_service_job_has_ended (job);

  count_working (self);
  if (!g_hash_table_contains (self->jobs, GUINT_TO_POINTER (recon_service_job_get_number (job))))
    {
      if (ended)
        g_ptr_array_remove (self->leaving, job);
      _recon_service_end_if_idle (self);
      return;
    }

  recon_dbus_worker1_emit_state_changed (self->skeleton, recon_service_job_get_number (job),
                                         recon_service_job_get_state_name (job), recon_service_job_get_message (job));
  answer_waits (self, job);
  if (!ended)
    return;

  if (self->running == job)
    self->running = NULL;
  _recon_service_begin_next (self);
  _recon_service_end_if_idle (self);
}

static void
progress_cb (ReconServiceJob *job,
             ReconService    *self)
{
  g_auto (GVariantDict) progress = G_VARIANT_DICT_INIT (NULL);

  recon_service_job_describe (job, &progress);
  recon_dbus_worker1_emit_progress (self->skeleton, recon_service_job_get_number (job), g_variant_dict_end (&progress));
}

static void
block_done_cb (ReconServiceJob *job,
               guint            first,
               guint            n,
               ReconService    *self)
{
  recon_dbus_worker1_emit_block_done (self->skeleton, recon_service_job_get_number (job), first, n);
}

static void
image_done_cb (ReconServiceJob *job,
               guint            serial,
               ReconService    *self)
{
  recon_dbus_worker1_emit_image_done (self->skeleton, recon_service_job_get_number (job), serial);
}

static void
log_cb (ReconServiceJob *job,
        int              level,
        gint64           time,
        const char      *text,
        ReconService    *self)
{
  static const char *const names[] = { "warning", "info", "debug" };

  recon_dbus_worker1_emit_log (self->skeleton, recon_service_job_get_number (job), names[level], time, text);
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

static gboolean
submit_cb (ReconDBusWorker1      *skeleton,
           GDBusMethodInvocation *invocation,
           const char            *configuration,
           GVariant              *options,
           ReconService          *self)
{
  ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .reduction = 1 };
  g_autoptr (ReconServiceJob) job = NULL;
  gboolean continuous = FALSE;
  GError *error = NULL;
  guint number = self->n_made + 1;

  g_variant_lookup (options, "continuous", "b", &continuous);
  if (!read_request (options, &request, &error))
    {
      _recon_service_return_error (invocation, error);
      return TRUE;
    }

  job = continuous ? recon_service_preview_new (&request)
                   : recon_service_run_new (read_resume (options), self->slices);
  recon_service_job_set_number (job, number);
  g_signal_connect_object (job, "log", G_CALLBACK (log_cb), self, 0);
  if (!recon_config_load_data (recon_service_job_get_config (job), configuration, strlen (configuration),
                               _ ("configuration"), recon_service_job_get_log (job), &error))
    {
      _recon_service_return_error (invocation, error);
      return TRUE;
    }

  self->n_made = number;
  g_signal_connect_object (job, "state-changed", G_CALLBACK (state_changed_cb), self, 0);
  g_signal_connect_object (job, "progress", G_CALLBACK (progress_cb), self, 0);
  g_signal_connect_object (job, "block-done", G_CALLBACK (block_done_cb), self, 0);
  g_signal_connect_object (job, "image-done", G_CALLBACK (image_done_cb), self, 0);
  g_hash_table_insert (self->jobs, GUINT_TO_POINTER (number), g_steal_pointer (&job));
  recon_dbus_worker1_complete_submit (skeleton, invocation, number);

  return TRUE;
}

static gboolean
start_cb (ReconDBusWorker1      *skeleton,
          GDBusMethodInvocation *invocation,
          guint                  number,
          ReconService          *self)
{
  ReconServiceJob *job = _recon_service_find_job (self, invocation, number);

  if (job == NULL)
    return TRUE;

  if (recon_service_job_was_started (job) || recon_service_job_has_ended (job) || self->closing)
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_EXISTS,
                                             _ ("Job %u was started before. Submit another one."), number);
      return TRUE;
    }

  recon_dbus_worker1_complete_start (skeleton, invocation);
  if (recon_service_job_is_continuous (job))
    recon_service_job_start (job);
  else
    {
      recon_service_job_mark_started (job);
      g_queue_push_tail (&self->queue, job);
      _recon_service_begin_next (self);
    }

  return TRUE;
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

static gboolean
continue_cb (ReconDBusWorker1      *skeleton,
             GDBusMethodInvocation *invocation,
             guint                  number,
             GVariant              *changes,
             GVariant              *options,
             ReconService          *self)
{
  ReconServiceJob *job = _recon_service_find_job (self, invocation, number);
  ReconPreviewRequest request;
  GError *error = NULL;

  if (job == NULL)
    return TRUE;

  if (!recon_service_job_is_continuous (job) || !recon_service_job_is_alive (job))
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_FAILED,
                                             _ ("Job %u is not one that goes on: it is %s."), number,
                                             recon_service_job_get_state_name (job));
      return TRUE;
    }

  recon_service_preview_get_request (RECON_SERVICE_PREVIEW (job), &request);
  if (!read_request (options, &request, &error) ||
      !apply_changes (recon_service_job_get_config (job), changes, &error))
    {
      _recon_service_return_error (invocation, error);
      return TRUE;
    }

  recon_dbus_worker1_complete_continue (skeleton, invocation,
                                        recon_service_preview_continue (RECON_SERVICE_PREVIEW (job), &request));

  return TRUE;
}

static gboolean
cancel_cb (ReconDBusWorker1      *skeleton,
           GDBusMethodInvocation *invocation,
           guint                  number,
           ReconService          *self)
{
  ReconServiceJob *job = _recon_service_find_job (self, invocation, number);

  if (job == NULL)
    return TRUE;

  recon_dbus_worker1_complete_cancel (skeleton, invocation);
  recon_service_job_cancel (job);

  return TRUE;
}

static gboolean
wait_cb (ReconDBusWorker1      *skeleton,
         GDBusMethodInvocation *invocation,
         guint                  number,
         ReconService          *self)
{
  ReconServiceJob *job = _recon_service_find_job (self, invocation, number);
  WaitCall *wait;

  if (job == NULL)
    return TRUE;

  wait = g_new (WaitCall, 1);
  *wait = (WaitCall) { job, invocation };
  g_queue_push_tail (&self->waits, wait);
  answer_waits (self, job);

  return TRUE;
}

static gboolean
list_cb (ReconDBusWorker1      *skeleton,
         GDBusMethodInvocation *invocation,
         ReconService          *self)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(us)"));

  for (guint number = 1; number <= self->n_made; number++)
    {
      ReconServiceJob *job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (number));

      if (job != NULL)
        g_variant_builder_add (&list, "(us)", number, recon_service_job_get_state_name (job));
    }
  recon_dbus_worker1_complete_list (skeleton, invocation, g_variant_builder_end (&list));

  return TRUE;
}

static gboolean
describe_cb (ReconDBusWorker1      *skeleton,
             GDBusMethodInvocation *invocation,
             guint                  number,
             ReconService          *self)
{
  ReconServiceJob *job = _recon_service_find_job (self, invocation, number);
  g_auto (GVariantDict) description = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *configuration = NULL;

  if (job == NULL)
    return TRUE;

  configuration = recon_config_to_data (recon_service_job_get_config (job), FALSE);
  recon_service_job_describe (job, &description);
  g_variant_dict_insert (&description, "state", "s", recon_service_job_get_state_name (job));
  g_variant_dict_insert (&description, "message", "s", recon_service_job_get_message (job));
  g_variant_dict_insert (&description, "continuous", "b", recon_service_job_is_continuous (job));
  g_variant_dict_insert (&description, "configuration", "s", configuration);
  recon_dbus_worker1_complete_describe (skeleton, invocation, g_variant_dict_end (&description));

  return TRUE;
}

static gboolean
remove_cb (ReconDBusWorker1      *skeleton,
           GDBusMethodInvocation *invocation,
           guint                  number,
           ReconService          *self)
{
  g_autoptr (ReconServiceJob) job = _recon_service_find_job (self, invocation, number);

  if (job == NULL)
    return TRUE;
  g_object_ref (job);

  if (recon_service_job_was_started (job) && !recon_service_job_has_ended (job) &&
      recon_service_job_get_state (job) != RECON_SERVICE_IDLE)
    {
      g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_BUSY,
                                             _ ("Job %u is %s. Cancel it first."), number,
                                             recon_service_job_get_state_name (job));
      return TRUE;
    }

  refuse_waits (self, job);
  g_hash_table_remove (self->jobs, GUINT_TO_POINTER (number));
  if (recon_service_job_is_alive (job))
    {
      g_signal_handlers_disconnect_by_func (job, log_cb, self);
      g_ptr_array_add (self->leaving, g_object_ref (job));
      recon_service_job_cancel (job);
    }
  recon_dbus_worker1_complete_remove (skeleton, invocation);

  return TRUE;
}

void
_recon_service_connect_methods (ReconService *self)
{
  g_signal_connect (self->skeleton, "handle-submit", G_CALLBACK (submit_cb), self);
  g_signal_connect (self->skeleton, "handle-start", G_CALLBACK (start_cb), self);
  g_signal_connect (self->skeleton, "handle-continue", G_CALLBACK (continue_cb), self);
  g_signal_connect (self->skeleton, "handle-cancel", G_CALLBACK (cancel_cb), self);
  g_signal_connect (self->skeleton, "handle-wait", G_CALLBACK (wait_cb), self);
  g_signal_connect (self->skeleton, "handle-list", G_CALLBACK (list_cb), self);
  g_signal_connect (self->skeleton, "handle-describe", G_CALLBACK (describe_cb), self);
  g_signal_connect (self->skeleton, "handle-remove", G_CALLBACK (remove_cb), self);
}
