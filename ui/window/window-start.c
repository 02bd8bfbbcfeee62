/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "form/message-words.h"
#include "form/problems.h"
#include "window/window-private.h"

/* What is asked before a run starts, so that nothing is lost by it: neither an earlier result nor what an interrupted
 * run has finished. */

/* What is to be run once that is known. */
typedef struct
{
  ReconWindow *window;
  ReconConfig *config;
  ReconResume  resume;
  GVariant    *resolved; /* (nullable): what the worker says of it */
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->window);
  g_object_unref (request->config);
  g_clear_pointer (&request->resolved, g_variant_unref);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
free_request_cb (gpointer  data,
                 GClosure *closure)
{
  request_free (data);
}

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

/* Return takes the safe way, and it is to be seen which that is. Takes the request. */
static void
present (AdwMessageDialog *dialog,
         const char       *safe,
         GCallback         answered,
         Request          *request)
{
  GtkWidget *button;

  adw_message_dialog_set_default_response (dialog, safe);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", answered, request, free_request_cb, 0);
  gtk_window_present (GTK_WINDOW (dialog));

  button = gtk_window_get_default_widget (GTK_WINDOW (dialog));
  if (button != NULL)
    gtk_window_set_focus (GTK_WINDOW (dialog), button);
}

/* What an interrupted run has left has been asked about. */
static void
start (Request *request)
{
  guint n_done = 0;

  g_variant_lookup (request->resolved, "interrupted", "(uu)", &n_done, NULL);
  recon_window_start_run (request->window, request->config, n_done > 0 ? RECON_RESUME_ANEW : RECON_RESUME_NO);
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
      start (request);
    }
  else if (g_str_equal (response, "another"))
    choose_output (request->window);
}

/* Where the slices go: what may be lost there is not to be guessed from a name that many folders have. */
static char *
describe_place (Request *request)
{
  const char *path = recon_config_get_text (request->config, RECON_PARAM_OUTPUT_PATH);
  g_autofree char *place = g_canonicalize_filename (path, NULL);

  return g_filename_display_name (place);
}

/* Takes the request. */
static void
ask_to_overwrite (Request    *request,
                  const char *what)
{
  g_autofree char *place = describe_place (request);
  /* Of a relative path it says the name. */
  gboolean told = strstr (what, place) != NULL;
  g_autofree char *body = g_strdup_printf (_ ("There is an earlier result: %s. It will be lost.%s%s"), what,
                                           told ? "" : "\n\n", told ? "" : place);
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (request->window), _ ("Overwrite the Earlier Result?"), body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "another", _ ("Choose _Another Folder…"),
                                    "overwrite", _ ("_Overwrite"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "overwrite", ADW_RESPONSE_DESTRUCTIVE);
  present (dialog, "cancel", G_CALLBACK (overwrite_response_cb), request);
}

/* Takes the request. */
static void
start_anew (Request *request)
{
  g_autoptr (Request) owned = request;
  const char *what;

  if (!recon_config_get_boolean (request->config, RECON_PARAM_OVERWRITE) &&
      g_variant_lookup (request->resolved, "output-exists", "&s", &what))
    ask_to_overwrite (g_steal_pointer (&owned), what);
  else
    start (owned);
}

static Request *
request_copy (const Request *request)
{
  Request *copy = g_new0 (Request, 1);

  copy->window = g_object_ref (request->window);
  copy->config = g_object_ref (request->config);
  copy->resume = request->resume;
  copy->resolved = g_variant_ref (request->resolved);

  return copy;
}

static void
continue_response_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      gpointer          user_data)
{
  Request *request = user_data;

  if (g_str_equal (response, "continue"))
    recon_window_start_run (request->window, request->config, RECON_RESUME_CHECKED);
  else if (g_str_equal (response, "trust"))
    recon_window_start_run (request->window, request->config, RECON_RESUME_TRUSTING);
  else if (g_str_equal (response, "anew"))
    start_anew (request_copy (request));
}

static AdwMessageDialog *
new_continue_dialog (Request    *request,
                     const char *heading,
                     const char *problem)
{
  g_autofree char *place = describe_place (request);
  g_autofree char *body = NULL;
  guint n_done = 0, n_slices = 0;

  g_variant_lookup (request->resolved, "interrupted", "(uu)", &n_done, &n_slices);
  body = g_strdup_printf (_ ("%u of %u slices are finished. Starting anew throws them away.\n\n%s%s%s"), n_done,
                          n_slices, place, problem != NULL ? "\n\n" : "", problem != NULL ? problem : "");

  return ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (request->window), heading, body));
}

/* What an interrupted run has finished is not thrown away unasked. Takes the request. */
static void
ask_to_continue (Request *request)
{
  const char *message = NULL;
  gboolean input_changed = FALSE;
  g_autofree char *problem = NULL;
  AdwMessageDialog *dialog;

  g_variant_lookup (request->resolved, "resume-problem", "&s", &message);
  g_variant_lookup (request->resolved, "input-changed", "b", &input_changed);
  if (message != NULL)
    problem = recon_message_words_reword (message);

  dialog = new_continue_dialog (request,
                                problem == NULL || input_changed ? _ ("Continue the Interrupted Run?")
                                                                 : _ ("Throw the Interrupted Run Away?"),
                                problem);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "anew", _ ("_Start Anew"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "anew", ADW_RESPONSE_DESTRUCTIVE);
  if (input_changed)
    adw_message_dialog_add_response (dialog, "trust", _ ("Continue _Anyway"));
  else if (problem == NULL)
    {
      adw_message_dialog_add_response (dialog, "continue", _ ("C_ontinue"));
      adw_message_dialog_set_response_appearance (dialog, "continue", ADW_RESPONSE_SUGGESTED);
    }
  present (dialog, problem == NULL ? "continue" : "cancel", G_CALLBACK (continue_response_cb), request);
}

static void
resolved_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Request) request = user_data;
  ReconWindow *self = request->window;
  g_autoptr (GError) error = NULL;
  ReconParameter parameter;
  const char *text = NULL;
  gboolean input_changed = FALSE, interrupted;
  guint n_done = 0;

  request->resolved = recon_client_answer_finish (RECON_CLIENT (object), result, &error);
  if (self->form == NULL)
    return; /* closed meanwhile */

  if (request->resolved == NULL)
    {
      gboolean known = recon_problems_find (request->config, error, &parameter);

      recon_window_fail (self, error->message, known ? (int) parameter : -1, FALSE);
      return;
    }
  if (g_variant_lookup (request->resolved, "output-problem", "&s", &text))
    {
      parameter = RECON_PARAM_OUTPUT_PATH;
      recon_problems_find_text (request->config, text, &parameter);
      recon_window_fail (self, text, (int) parameter, FALSE);
      return;
    }

  interrupted = g_variant_lookup (request->resolved, "interrupted", "(uu)", &n_done, NULL) && n_done > 0;
  g_variant_lookup (request->resolved, "input-changed", "b", &input_changed);
  if (interrupted && (request->resume == RECON_RESUME_NO || input_changed))
    ask_to_continue (g_steal_pointer (&request));
  else if (request->resume != RECON_RESUME_NO)
    recon_window_start_run (self, request->config, request->resume);
  else
    start_anew (g_steal_pointer (&request));
}

static void
run_cb (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);
  Request *request = g_new0 (Request, 1);

  recon_document_end_visit (self->document);
  recon_window_clear_failure (self);
  request->window = g_object_ref (self);
  request->config = recon_config_copy (recon_document_get_config (self->document));
  request->resume = g_str_equal (action_name, "win.resume") ? RECON_RESUME_CHECKED : RECON_RESUME_NO;
  recon_client_resolve_async (self->client, request->config, NULL, resolved_cb, request);
}

void
recon_window_install_start (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "win.queue", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "win.resume", NULL, run_cb);
}
