/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "axis/axis.h"
#include "config/config-file.h"
#include "service/service-private.h"
#include "wire/messages.h"

/* The search for the rotation axis: one at a time, in a thread, beside jobs and previews. A newer one, the client's
 * word or its leaving ends it within a moment. */

typedef struct
{
  ReconServiceCall  *call;
  guint              number;
  ReconConfig       *config;
  ReconAxisSettings  settings;
  char              *rows;
  ReconLog          *log;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->config);
  g_object_unref (search->log);
  g_free (search->rows);
  g_free (search);
}

static void
search_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const Search *search = task_data;
  GError *error = NULL;
  g_autoptr (ReconAxisResult) result = recon_axis_find (search->config, &search->settings, search->log, cancellable,
                                                        &error);

  if (result != NULL)
    g_task_return_pointer (task, g_steal_pointer (&result), (GDestroyNotify) recon_axis_result_free);
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
    _recon_service_answer (search->call, g_variant_new ("(@a{sv})", recon_axis_result_to_message (found)));
  else
    _recon_service_fail (search->call, error);
}

/* Ends the search that is under way, if any. */
void
_recon_service_cancel_search (ReconService *self)
{
  if (self->search != NULL)
    g_cancellable_cancel (g_task_get_cancellable (self->search));
}

void
_recon_service_find_axis (ReconService     *self,
                          ReconServiceCall *call)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = NULL;
  g_autoptr (GVariant) options = NULL;
  const char *configuration;
  Search *search = g_new0 (Search, 1);
  GError *error = NULL;

  search->call = call;
  search->config = recon_config_new ();
  search->log = recon_log_new ();
  g_variant_get (call->arguments, "(&s@a{sv})", &configuration, &options);
  g_variant_lookup (options, "search", "u", &search->number);
  if (!recon_config_load_data (search->config, configuration, strlen (configuration), _ ("configuration"), search->log,
                               &error) ||
      !recon_axis_settings_from_message (options, &search->settings, &search->rows, &error))
    {
      _recon_service_fail (call, error);
      search_free (search);
      return;
    }

  task = g_task_new (self, cancellable, found_cb, NULL);
  g_task_set_source_tag (task, _recon_service_find_axis);
  g_task_set_task_data (task, search, search_free);
  if (self->closing)
    g_cancellable_cancel (cancellable);
  _recon_service_cancel_search (self);
  self->search = task;
  _recon_service_follow_log (self, self->context, search->log, 0);
  g_task_run_in_thread (task, search_thread);
}

void
_recon_service_cancel_find_axis (ReconService     *self,
                                 ReconServiceCall *call)
{
  const Search *search = self->search != NULL ? g_task_get_task_data (self->search) : NULL;
  guint number;

  g_variant_get (call->arguments, "(u)", &number);
  if (search != NULL && search->number == number)
    _recon_service_cancel_search (self);
  _recon_service_answer (call, g_variant_new ("()"));
}
