/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/failure-window.h"
#include "window/notify.h"
#include "window/run-progress.h"
#include "window/window-private.h"

/* Runs of jobs: what is asked before, what is shown meanwhile and afterwards. The worker makes one after the other. */

#define LOG_LINES_OF_FAILURE 200

typedef struct
{
  ReconWindow    *window; /* outlives its runs */
  ReconClientJob *job;
  char           *output;
  GtkWidget      *row; /* in the list of runs */
} Run;

/* What is to be run once it is known that nothing is lost by it. */
typedef struct
{
  ReconWindow *window;
  ReconConfig *config;
  gboolean     resume;
} Request;

static void
run_free (Run *run)
{
  g_signal_handlers_disconnect_by_data (run->job, run);
  gtk_list_box_remove (run->window->jobs_list, run->row);
  g_object_unref (run->job);
  g_free (run->output);
  g_free (run);
}

static void
request_free (Request *request)
{
  g_object_unref (request->window);
  g_object_unref (request->config);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

void
recon_window_init_run (ReconWindow *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) run_free);
}

gboolean
recon_window_is_running (ReconWindow *self)
{
  return self->runs != NULL && self->runs->len > 0;
}

gboolean
recon_window_get_failure (ReconWindow  *self,
                          const char  **text)
{
  if (text != NULL)
    *text = self->failure;

  return self->failure != NULL;
}

static void
clear_failure (ReconWindow *self)
{
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->failure_log, g_free);
  recon_window_update_banner (self);
}

void
recon_window_show_failure (ReconWindow *self)
{
  g_autofree char *message = g_strdup (self->failure);
  g_autofree char *details =
      g_strdup_printf (_ ("Reconstruct %s, GTK %u.%u.%u\nDevice: %s\nConfiguration: %s\n\n%s"), RECON_VERSION,
                       gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                       gtk_label_get_label (self->device_label), gtk_label_get_label (self->file_label),
                       self->failure_log);

  clear_failure (self);
  gtk_window_present (GTK_WINDOW (recon_failure_window_new (GTK_WINDOW (self), message, details)));
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
  guint n = self->runs->len;
  g_autofree char *text = g_strdup_printf (ngettext ("%u run", "%u runs", n), n);

  gtk_menu_button_set_label (self->jobs_button, text);
  gtk_widget_set_visible (GTK_WIDGET (self->jobs_button), n > 1);
  update_inhibition (self);
  recon_window_update_actions (self);
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
say_done (Run *run)
{
  guint n_slices;
  double elapsed;
  g_autofree char *seconds = NULL;
  g_autofree char *text = NULL;

  g_object_get (run->job, "n-slices", &n_slices, "elapsed", &elapsed, NULL);
  seconds = recon_format_seconds (elapsed);
  text = g_strdup_printf (ngettext ("%u slice in %s", "%u slices in %s", n_slices), n_slices, seconds);
  toast_with_button (run->window, text, _ ("_Open Folder"), "win.open-folder", run->output);
  notify_desktop (run->window, _ ("Reconstruction Finished"), text);
}

static void
say_cancelled (Run *run)
{
  guint n_slices, n_done;
  g_autofree char *text = NULL;

  g_object_get (run->job, "n-slices", &n_slices, "n-done", &n_done, NULL);
  if (n_done == 0)
    {
      recon_window_toast (run->window, _ ("Reconstruction cancelled"));
      return;
    }

  text = g_strdup_printf (_ ("Cancelled; %u of %u slices are finished"), n_done, n_slices);
  toast_with_button (run->window, text, _ ("Con_tinue"), "win.resume", NULL);
}

static void
say_failed (Run *run)
{
  ReconWindow *self = run->window;
  const char *message = recon_client_job_get_message (run->job);
  guint n_slices, n_done;

  g_object_get (run->job, "n-slices", &n_slices, "n-done", &n_done, NULL);
  g_free (self->failure);
  g_free (self->failure_log);
  if (n_done > 0)
    self->failure = g_strdup_printf (_ ("Reconstruction stopped after slice %u of %u: %s"), n_done, n_slices, message);
  else
    self->failure = g_strdup (message);
  recon_window_log (self, RECON_LOG_ERROR, self->failure);
  self->failure_log = recon_log_pane_format (self->log, LOG_LINES_OF_FAILURE);
  recon_window_update_banner (self);
  notify_desktop (self, _ ("Reconstruction Failed"), self->failure);
}

/* The next one that waits is what the viewer shows. */
static void
show_current_run (ReconWindow *self)
{
  if (self->runs->len > 0)
    recon_viewer_pane_set_run (self->viewer, ((Run *) g_ptr_array_index (self->runs, 0))->job);
}

static void
run_state_cb (Run *run)
{
  ReconWindow *self = run->window;
  const char *state = recon_client_job_get_state (run->job);
  g_autofree char *text = recon_run_progress_describe (run->job);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (run->row), text);
  if (!recon_client_job_has_ended (run->job))
    return;

  if (g_str_equal (state, "done"))
    say_done (run);
  else if (g_str_equal (state, "cancelled"))
    say_cancelled (run);
  else
    say_failed (run);

  g_ptr_array_remove (self->runs, run); /* frees it */
  show_current_run (self);
  update_jobs (self);
  recon_form_check (self->form);
}

static void
cancel_row_cb (Run *run)
{
  recon_client_job_cancel (run->job);
}

static GtkWidget *
new_row (Run *run)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("process-stop-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Cancel This Run"));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (cancel_row_cb), run);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), run->output);

  return row;
}

static void
start (ReconWindow *self,
       ReconConfig *config,
       gboolean     resume)
{
  Run *run = g_new0 (Run, 1);

  clear_failure (self);
  run->window = self;
  run->output = g_strdup (recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH));
  run->job = recon_client_run (self->client, config, resume);
  run->row = new_row (run);
  gtk_list_box_append (self->jobs_list, run->row);
  g_ptr_array_add (self->runs, run);
  g_signal_connect_swapped (run->job, "notify::state", G_CALLBACK (run_state_cb), run);

  if (self->runs->len == 1)
    show_current_run (self);
  update_jobs (self);
}

/* Before. */

static void
output_chosen_cb (GtkFileChooserNative *chooser,
                  int                   response,
                  gpointer              user_data)
{
  g_autoptr (GtkFileChooserNative) self_reference = chooser;
  ReconWindow *self = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response != GTK_RESPONSE_ACCEPT || file == NULL || g_file_peek_path (file) == NULL)
    return;

  recon_document_end_visit (self->document);
  recon_document_set (self->document, RECON_PARAM_OUTPUT_PATH, g_file_peek_path (file), NULL);
  recon_document_end_visit (self->document);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.run", NULL);
}

static void
choose_output (ReconWindow *self)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_ ("Choose Folder for the Slices"), GTK_WINDOW (self),
                                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (output_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
overwrite_response_cb (AdwMessageDialog *dialog,
                       const char       *response,
                       gpointer          user_data)
{
  Request *request = user_data;

  if (g_str_equal (response, "overwrite"))
    {
      recon_config_parse (request->config, RECON_PARAM_OVERWRITE, "yes", NULL);
      start (request->window, request->config, FALSE);
    }
  else if (g_str_equal (response, "another"))
    choose_output (request->window);
}

static void
free_request_cb (gpointer  data,
                 GClosure *closure)
{
  request_free (data);
}

static void
ask_to_overwrite (Request    *request,
                  const char *what)
{
  g_autofree char *body = g_strdup_printf (_ ("There is an earlier result: %s. It will be lost."), what);
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (request->window), _ ("Overwrite the Earlier Result?"), body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "another", _ ("Choose _Another Folder…"),
                                    "overwrite", _ ("_Overwrite"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "overwrite", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (overwrite_response_cb), request, free_request_cb, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
resolved_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Request) request = user_data;
  ReconWindow *self = request->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) resolved = recon_client_resolve_finish (RECON_CLIENT (object), result, &error);
  const char *what = NULL;

  if (self->form == NULL)
    return; /* closed meanwhile */

  if (resolved == NULL)
    {
      g_free (self->failure);
      g_free (self->failure_log);
      self->failure = g_strdup (error->message);
      self->failure_log = recon_log_pane_format (self->log, LOG_LINES_OF_FAILURE);
      recon_window_log (self, RECON_LOG_ERROR, error->message);
      recon_window_update_banner (self);
      return;
    }

  if (!request->resume && !recon_config_get_boolean (request->config, RECON_PARAM_OVERWRITE) &&
      g_variant_lookup (resolved, "output-exists", "&s", &what))
    ask_to_overwrite (g_steal_pointer (&request), what);
  else
    start (self, request->config, request->resume);
}

static void
run_cb (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);
  Request *request = g_new0 (Request, 1);

  recon_document_end_visit (self->document);
  clear_failure (self);
  request->window = g_object_ref (self);
  request->config = recon_config_copy (recon_document_get_config (self->document));
  request->resume = g_str_equal (action_name, "win.resume");
  recon_client_resolve_async (self->client, request->config, NULL, resolved_cb, request);
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);

  if (self->runs->len > 0)
    recon_client_job_cancel (((Run *) g_ptr_array_index (self->runs, 0))->job);
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
    recon_client_job_cancel (((Run *) g_ptr_array_index (self->runs, i))->job);
  g_ptr_array_set_size (self->runs, 0);
  update_jobs (self);
}

void
recon_window_install_run (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "win.queue", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "win.resume", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "win.open-folder", "s", open_folder_cb);
}
