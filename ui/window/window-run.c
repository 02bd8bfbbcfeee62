/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "form/message-words.h"
#include "form/problems.h"
#include "window/failure-window.h"
#include "window/notify.h"
#include "window/run-progress.h"
#include "window/run-record.h"
#include "window/window-private.h"

/* Runs of jobs: what is shown while they go on and when they have ended. The worker makes one after the other. */

/* Of a run's log is remembered what fits in here, its end. */
#define MOST_LOG_BYTES (64 << 10)

static void
run_free (ReconWindowRun *run)
{
  g_signal_handlers_disconnect_by_data (run->job, run);
  g_object_unref (run->job);
  g_object_unref (run->config);
  g_string_free (run->log, TRUE);
  g_free (run->output);
  g_free (run);
}

void
recon_window_init_run (ReconWindow *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) run_free);
  self->failure_parameter = -1;
}

gboolean
recon_window_is_running (ReconWindow *self)
{
  return self->runs != NULL && self->runs->len > 0;
}

/* What went wrong last. */

void
recon_window_clear_failure (ReconWindow *self)
{
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->failure_log, g_free);
  g_clear_pointer (&self->failure_value, g_free);
  g_clear_pointer (&self->lost_message, g_free);
  g_clear_pointer (&self->lost_output, g_free);
  self->failure_parameter = -1;
  recon_window_update_banner (self);
}

/**
 * recon_window_fail:
 * @self: a window
 * @message: what went wrong, as the core says it
 * @parameter: the #ReconParameter that can mend it, or -1
 * @of_run: whether a run has failed, and not what is asked before
 *
 * Says so until something is done about it.
 */
void
recon_window_fail (ReconWindow *self,
                   const char  *message,
                   int          parameter,
                   gboolean     of_run)
{
  recon_window_clear_failure (self);
  self->failure = recon_message_words_reword (message);
  self->failure_parameter = parameter;
  self->failure_of_run = of_run;
  if (parameter >= 0)
    self->failure_value = recon_config_format (recon_document_get_config (self->document), (ReconParameter) parameter);
  recon_window_log (self, RECON_LOG_ERROR, self->failure);
  self->failure_log = recon_log_pane_format (self->log, 200);
  recon_window_update_banner (self);
}

/* The configuration has changed: a failure is past when what caused it is another, or that is not known. */
void
recon_window_review_failure (ReconWindow *self)
{
  g_autofree char *value = NULL;

  if (self->failure == NULL)
    return;
  if (self->failure_parameter >= 0)
    value = recon_config_format (recon_document_get_config (self->document), (ReconParameter) self->failure_parameter);
  if (value == NULL || g_strcmp0 (value, self->failure_value) != 0)
    recon_window_clear_failure (self);
}

/* Whether the configuration's slices go to this absolute path. */
static gboolean
is_output (ReconWindow *self,
           const char  *place)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_OUTPUT_PATH);
  g_autofree char *output = g_canonicalize_filename (path, NULL);

  return g_str_equal (output, place);
}

/**
 * recon_window_review_lost_run:
 * @self: a window
 * @resolved: (nullable): what the worker says of the configuration
 *
 * Of a run that has ended with its worker, the next one knows how far it has come: says so with the failure.
 */
void
recon_window_review_lost_run (ReconWindow *self,
                              GVariant    *resolved)
{
  guint n_done = 0, n_slices = 0;

  if (resolved == NULL || self->failure == NULL || self->lost_output == NULL || !is_output (self, self->lost_output))
    return;

  g_variant_lookup (resolved, "interrupted", "(uu)", &n_done, &n_slices);
  g_free (self->failure);
  if (n_done > 0)
    self->failure = g_strdup_printf (_ ("Reconstruction stopped after slice %u of %u: %s"), n_done, n_slices,
                                     self->lost_message);
  else if (g_variant_lookup (resolved, "output-exists", "&s", NULL))
    self->failure = g_strdup_printf (_ ("%s No slice was finished; the earlier result is kept."), self->lost_message);
  else
    self->failure = g_strdup_printf (_ ("%s No slice was finished."), self->lost_message);
  g_clear_pointer (&self->lost_message, g_free);
  g_clear_pointer (&self->lost_output, g_free);
}

void
recon_window_show_failure (ReconWindow *self)
{
  g_autofree char *details =
      g_strdup_printf (_ ("Reconstruct %s, GTK %u.%u.%u\nDevice: %s\nConfiguration: %s\n\n%s"), RECON_VERSION,
                       gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                       gtk_label_get_label (self->device_label), gtk_label_get_label (self->file_label),
                       self->failure_log);

  gtk_window_present (GTK_WINDOW (recon_failure_window_new (GTK_WINDOW (self), self->failure, details)));
}

/* Logging out would end a run. */
static void
update_inhibition (ReconWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (application == NULL)
    return;

  if (recon_window_is_running (self) && self->inhibit_cookie == 0)
    self->inhibit_cookie =
        gtk_application_inhibit (application, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_LOGOUT |
                                 GTK_APPLICATION_INHIBIT_SUSPEND, _ ("A reconstruction is running"));
  else if (!recon_window_is_running (self) && self->inhibit_cookie != 0)
    {
      gtk_application_uninhibit (application, self->inhibit_cookie);
      self->inhibit_cookie = 0;
    }
}

static void
update_jobs (ReconWindow *self)
{
  recon_window_update_runs (self);
  update_inhibition (self);
  recon_window_update_actions (self);
  recon_window_update_banner (self);
}

static void
notify_desktop (ReconWindow *self,
                const char  *title,
                const char  *body)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (application != NULL && !gtk_window_is_active (GTK_WINDOW (self)))
    recon_notify (G_APPLICATION (application), title, body);
}

static void
toast_with_button (ReconWindow *self,
                   const char  *text,
                   const char  *button,
                   const char  *action,
                   const char  *target)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  if (target != NULL)
    adw_toast_set_action_target (toast, "s", target);
  adw_toast_set_timeout (toast, 8);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
say_done (ReconWindowRun *run)
{
  const ReconClientProgress *progress = recon_client_job_get_progress (run->job);
  g_autofree char *seconds = recon_format_seconds (progress->elapsed);
  g_autofree char *text = g_strdup_printf (ngettext ("%u slice in %s", "%u slices in %s", progress->n_slices),
                                           progress->n_slices, seconds);

  toast_with_button (run->window, text, _ ("_Open Folder"), "win.open-folder", run->output);
  recon_window_log (run->window, RECON_LOG_INFO, text);
  recon_form_set_made (run->window->form, run->output);
  notify_desktop (run->window, _ ("Reconstruction Finished"), text);
}

static void
say_cancelled (ReconWindowRun *run)
{
  const guint n_done = recon_client_job_get_progress (run->job)->n_done;
  g_autofree char *text = n_done == 0 ? g_strdup (_ ("Reconstruction cancelled"))
                                      : g_strdup_printf (_ ("Cancelled; %u of %u slices are finished"), n_done,
                                                         recon_client_job_get_progress (run->job)->n_slices);

  recon_window_log (run->window, RECON_LOG_INFO, text);

  /* The banner says how far it came and offers to go on, where that is about this output. */
  if (n_done > 0 && is_output (run->window, run->output))
    g_clear_pointer (&run->window->dismissed, g_free);
  else
    recon_window_toast (run->window, text);
}

static void
say_failed (ReconWindowRun *run)
{
  ReconWindow *self = run->window;
  const char *message = recon_client_job_get_message (run->job);
  const ReconClientProgress *progress = recon_client_job_get_progress (run->job);
  const gboolean lost = recon_client_get_state (self->client) != RECON_CLIENT_READY;
  g_autofree char *text = NULL;
  ReconParameter parameter;
  gboolean known;

  /* How far it came the next worker knows. */
  if (progress->n_done > 0 && !lost)
    text = g_strdup_printf (_ ("Reconstruction stopped after slice %u of %u: %s"), progress->n_done,
                            progress->n_slices, message);
  else
    text = g_strdup (message);

  known = recon_problems_find_text (run->config, message, &parameter);
  recon_window_fail (self, text, known ? (int) parameter : -1, TRUE);
  if (lost)
    {
      self->lost_message = g_strdup (self->failure);
      self->lost_output = g_strdup (run->output);
    }
  notify_desktop (self, _ ("Reconstruction Failed"), self->failure);
}

/* The next one that waits is what the viewer shows. */
static void
show_current_run (ReconWindow *self)
{
  if (self->runs->len > 0)
    recon_viewer_pane_set_run (self->viewer, ((ReconWindowRun *) g_ptr_array_index (self->runs, 0))->job);
}

static void
remember (ReconWindowRun *run)
{
  const ReconClientProgress *progress = recon_client_job_get_progress (run->job);
  g_autofree char *message = recon_message_words_reword (recon_client_job_get_message (run->job));
  ReconRunRecord record = {
    .started = run->started / G_USEC_PER_SEC,
    .output = run->output,
    .state = (char *) recon_client_job_get_state (run->job),
    .message = message,
    .n_slices = progress->n_slices,
    .n_done = progress->n_done,
    .seconds = progress->elapsed,
    .log = run->log->str,
  };

  recon_run_history_add (&record);
}

/* The worker says things at times of its own, before one hears of them: a heading is not of a later time than what
 * stands below it. */
static void
append_heading (ReconWindowRun *run,
                gint64          time)
{
  g_autofree char *heading = NULL;

  if (run->has_heading)
    return;

  run->has_heading = TRUE;
  heading = g_strdup_printf (_ ("Run: %s"), run->output);
  recon_log_pane_append_heading (run->window->log, time, heading);
}

static void
end (ReconWindowRun *run)
{
  ReconWindow *self = run->window;
  const char *state = recon_client_job_get_state (run->job);
  const gboolean lost = recon_client_get_state (self->client) != RECON_CLIENT_READY;

  append_heading (run, g_get_real_time ());
  remember (run);
  if (g_str_equal (state, "done"))
    say_done (run);
  else if (g_str_equal (state, "cancelled"))
    say_cancelled (run);
  else
    say_failed (run);

  if (lost)
    recon_viewer_pane_lose_run (self->viewer);
  g_ptr_array_remove (self->runs, run); /* frees it */
  show_current_run (self);
  update_jobs (self);
  recon_form_check (self->form);
}

static void
run_state_cb (ReconWindowRun *run)
{
  if (run->started == 0 && !g_str_equal (recon_client_job_get_state (run->job), "queued"))
    run->started = g_get_real_time ();

  if (recon_client_job_has_ended (run->job))
    end (run);
  else
    recon_window_update_run_row (run);
}

static void
run_log_cb (ReconWindowRun *run,
            int             level,
            gint64          time,
            const char     *text)
{
  g_autofree char *words = recon_message_words_reword (text);

  g_string_append (run->log, words);
  g_string_append_c (run->log, '\n');
  if (run->log->len > MOST_LOG_BYTES)
    {
      const char *line = strchr (run->log->str + run->log->len - MOST_LOG_BYTES, '\n');

      g_string_erase (run->log, 0, line != NULL ? line + 1 - run->log->str : -1);
    }
  append_heading (run, time);
  recon_log_pane_append (run->window->log, level, time, words);
}

/**
 * recon_window_start_run:
 * @self: a window
 * @config: the configuration; the run has a copy
 * @resume: whether to go on with what an interrupted run has left
 *
 * Nothing more is asked. The run waits for those that were started before.
 */
void
recon_window_start_run (ReconWindow *self,
                        ReconConfig *config,
                        ReconResume  resume)
{
  ReconWindowRun *run = g_new0 (ReconWindowRun, 1);

  recon_window_clear_failure (self);
  run->window = self;
  run->config = recon_config_copy (config);
  run->output = g_canonicalize_filename (recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), NULL);
  run->log = g_string_new (NULL);
  run->job = recon_client_run (self->client, config, resume);
  g_ptr_array_add (self->runs, run);
  g_signal_connect_swapped (run->job, "log", G_CALLBACK (run_log_cb), run);
  g_signal_connect_swapped (run->job, "progress", G_CALLBACK (recon_window_update_run_row), run);
  g_signal_connect_swapped (run->job, "notify::state", G_CALLBACK (run_state_cb), run);

  if (self->runs->len == 1)
    show_current_run (self);
  update_jobs (self);
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);

  if (self->runs->len > 0)
    recon_client_job_cancel (((ReconWindowRun *) g_ptr_array_index (self->runs, 0))->job);
}

static void
open_folder_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  const char *path = g_variant_get_string (parameter, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_test (path, G_FILE_TEST_IS_DIR) ? g_object_ref (file) : g_file_get_parent (file);
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

/**
 * recon_window_cancel_runs:
 * @self: a window that closes
 *
 * What its runs have finished is kept.
 */
void
recon_window_cancel_runs (ReconWindow *self)
{
  if (self->runs == NULL)
    return;

  for (guint i = 0; i < self->runs->len; i++)
    recon_client_job_cancel (((ReconWindowRun *) g_ptr_array_index (self->runs, i))->job);
  g_ptr_array_set_size (self->runs, 0);
  update_inhibition (self);
}

void
recon_window_install_run (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "win.open-folder", "s", open_folder_cb);
}
