/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "axis/axis.h"
#include "config/config-file.h"
#include "service/axis-message.h"
#include "service/service-private.h"

/* The search for the rotation axis: one at a time, in a thread, beside jobs and previews. A newer one, the client's
 * word or its leaving ends it within a moment. */

typedef struct
{
  GDBusMethodInvocation *invocation;
  guint                  number;
  ReconConfig           *config;
  ReconAxisSettings      settings;
  char                  *rows;
  ReconLog              *log;
  GMainContext          *context; /* of the service */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->config);
  g_object_unref (search->log);
  g_main_context_unref (search->context);
  g_free (search->rows);
  g_free (search);
}

typedef struct
{
  ReconService *service;
  int           level;
  gint64        time;
  char         *text;
} Record;

static void
record_free (gpointer data)
{
  Record *record = data;

  g_object_unref (record->service);
  g_free (record->text);
  g_free (record);
}

static gboolean
tell_record (gpointer data)
{
  static const char *const levels[] = { "warning", "info", "debug" };
  const Record *record = data;

  recon_dbus_worker1_emit_log (record->service->skeleton, 0, levels[record->level], record->time, record->text);

  return G_SOURCE_REMOVE;
}

/* Comes in any thread; the search's task keeps the service. */
static void
record_cb (ReconLog   *log,
           int         level,
           const char *text,
           GTask      *task)
{
  const Search *search = g_task_get_task_data (task);
  Record *record = g_new (Record, 1);

  *record = (Record) { g_object_ref (g_task_get_source_object (task)), level, g_get_real_time (),
                       g_utf8_make_valid (text, -1) };
  g_main_context_invoke_full (search->context, G_PRIORITY_DEFAULT, tell_record, record, record_free);
}

static void
search_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Search *search = task_data;
  GError *error = NULL;
  gulong handler = g_signal_connect (search->log, "record", G_CALLBACK (record_cb), task);
  ReconAxisResult *result = recon_axis_find (search->config, &search->settings, search->log, cancellable, &error);

  g_signal_handler_disconnect (search->log, handler);
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) recon_axis_result_free);
  else
    g_task_return_error (task, error);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  ReconService *self = RECON_SERVICE (object);
  const Search *search = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  g_autoptr (ReconAxisResult) found = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->search == G_TASK (result))
    self->search = NULL;
  if (found != NULL)
    recon_dbus_worker1_complete_find_axis (self->skeleton, search->invocation, recon_axis_message_tell_result (found));
  else
    _recon_service_return_error (search->invocation, error);

  self->n_calls--;
  _recon_service_end_if_idle (self);
}

/* Ends the search that is under way, if any. */
void
_recon_service_cancel_search (ReconService *self)
{
  if (self->search != NULL)
    g_cancellable_cancel (g_task_get_cancellable (self->search));
}

static gboolean
find_axis_cb (ReconDBusWorker1      *skeleton,
              GDBusMethodInvocation *invocation,
              const char            *configuration,
              GVariant              *options,
              ReconService          *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = NULL;
  Search *search = g_new0 (Search, 1);
  GError *error = NULL;

  search->invocation = invocation;
  search->config = recon_config_new ();
  search->log = recon_log_new ();
  search->context = g_main_context_ref_thread_default ();
  g_variant_lookup (options, "search", "u", &search->number);
  if (!recon_config_load_data (search->config, configuration, strlen (configuration), _ ("configuration"), search->log,
                               &error) ||
      !recon_axis_message_hear_settings (options, &search->settings, &search->rows, &error))
    {
      _recon_service_return_error (invocation, error);
      search_free (search);
      return TRUE;
    }

  task = g_task_new (self, cancellable, found_cb, NULL);
  g_task_set_source_tag (task, find_axis_cb);
  g_task_set_task_data (task, search, search_free);
  if (self->closing)
    g_cancellable_cancel (cancellable);
  _recon_service_cancel_search (self);
  self->search = task;
  self->n_calls++;
  g_task_run_in_thread (task, search_thread);

  return TRUE;
}

static gboolean
cancel_find_axis_cb (ReconDBusWorker1      *skeleton,
                     GDBusMethodInvocation *invocation,
                     guint                  number,
                     ReconService          *self)
{
  const Search *search = self->search != NULL ? g_task_get_task_data (self->search) : NULL;

  if (search != NULL && search->number == number)
    _recon_service_cancel_search (self);
  recon_dbus_worker1_complete_cancel_find_axis (skeleton, invocation);

  return TRUE;
}

void
_recon_service_connect_axis (ReconService *self)
{
  g_signal_connect (self->skeleton, "handle-find-axis", G_CALLBACK (find_axis_cb), self);
  g_signal_connect (self->skeleton, "handle-cancel-find-axis", G_CALLBACK (cancel_find_axis_cb), self);
}
