/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "form/form-private.h"
#include "form/message-words.h"

/* Opening a scan: the worker says what it consists of, that goes into the document in one step to undo, and what is
 * unclear is asked. */

/* A question under way: what the worker is asked of a path, or what the user is. */
typedef struct
{
  GWeakRef        form;
  GCancellable   *cancellable; /* tells this scan from newer ones */
  char           *path;
  GVariant       *found;     /* (nullable): the worker's answer */
  gsize           next;      /* of its questions */
  ReconParameter  parameter; /* that the user is asked for; RECON_NO_PARAMETER: which scan */
} Opening;

static void
opening_free (Opening *self)
{
  g_weak_ref_clear (&self->form);
  g_object_unref (self->cancellable);
  g_free (self->path);
  g_clear_pointer (&self->found, g_variant_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
opening_closure_free (gpointer  opening,
                      GClosure *closure)
{
  opening_free (opening);
}

/* A scan that was opened. As long as the document has its input, undone and redone or not, the row is about it. */
typedef struct
{
  char     *path;
  GVariant *found;
  char     *input;
} Opened;

static void
opened_free (Opened *self)
{
  g_free (self->path);
  g_variant_unref (self->found);
  g_free (self->input);
  g_free (self);
}

static char *
describe_input (ReconForm *self)
{
  ReconConfig *config = recon_document_get_config (self->document);

  return g_strdup_printf ("%s\n%s", recon_config_get_text (config, RECON_PARAM_PROJECTIONS),
                          recon_config_get_text (config, RECON_PARAM_SINOGRAMS));
}

static Opened *
find_opened (ReconForm *self)
{
  g_autofree char *input = describe_input (self);

  for (guint i = 0; self->scans != NULL && i < self->scans->len; i++)
    {
      Opened *opened = self->scans->pdata[i];

      if (g_str_equal (opened->input, input))
        return opened;
    }

  return NULL;
}

/* What the document has now is of this scan. */
static void
remember (ReconForm     *self,
          const Opening *opening)
{
  Opened *known = find_opened (self);
  Opened *opened = g_new0 (Opened, 1);

  opened->path = g_strdup (opening->path);
  opened->found = g_variant_ref (opening->found);
  opened->input = describe_input (self);
  if (known != NULL)
    g_ptr_array_remove (self->scans, known);
  if (self->scans == NULL)
    self->scans = g_ptr_array_new_with_free_func ((GDestroyNotify) opened_free);
  g_ptr_array_add (self->scans, opened);
  self->scan_noted = TRUE;
  _recon_form_show_scan (self);
}

/* Shows again in the row what the document's scan is, when that is another one, or after something else was said. */
void
_recon_form_show_scan (ReconForm *self)
{
  const Opened *opened = find_opened (self);

  if (self->scan_path != NULL || (opened == self->scan_shown && !self->scan_noted))
    return;

  self->scan_shown = opened;
  self->scan_noted = FALSE;
  if (opened != NULL)
    recon_scan_row_set_found (self->scan_row, opened->path, opened->found);
  else
    recon_scan_row_set_found (self->scan_row, NULL, NULL);
}

static Opening *
opening_new (ReconForm    *form,
             GCancellable *cancellable,
             const char   *path)
{
  Opening *self = g_new0 (Opening, 1);

  g_weak_ref_init (&self->form, form);
  self->cancellable = g_object_ref (cancellable);
  self->path = g_strdup (path);
  self->parameter = RECON_NO_PARAMETER;

  return self;
}

static void ask_next (ReconForm *self,
                      Opening   *opening);

/* Where the slices of a scan go unless the user says otherwise: into it or beside it, if that is allowed. */
static char *
choose_output (const char *path)
{
  gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char *parent = is_folder ? g_strdup (path) : g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autofree char *name = NULL;
  char *dot;

  if (!is_folder && (dot = strrchr (base, '.')) != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, "-slices", NULL);

  if (access (parent, W_OK) == 0)
    return g_build_filename (parent, is_folder ? "slices" : name, NULL);

  return g_build_filename (documents != NULL ? documents : g_get_home_dir (), name, NULL);
}

static void
apply (ReconForm  *self,
       const char *path,
       GVariant   *found)
{
  g_autoptr (GVariant) values = g_variant_lookup_value (found, "values", G_VARIANT_TYPE ("a{ss}"));
  g_autofree char *output = choose_output (path);
  GVariantIter iter;
  const char *name, *value;

  recon_document_begin_group (self->document, _ ("Scan"));
  for (guint i = 0; i < recon_parameter_count (); i++)
    if (recon_parameter_get_spec (i)->flags & RECON_PARAMETER_OF_SCAN)
      recon_document_set (self->document, i, recon_parameter_get_spec (i)->initial, NULL);

  if (values != NULL)
    {
      g_variant_iter_init (&iter, values);
      while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
        {
          ReconParameter parameter;

          if (recon_parameter_find_name (name, &parameter))
            recon_document_set (self->document, parameter, value, NULL);
        }
    }
  recon_document_set (self->document, RECON_PARAM_OUTPUT_PATH, output, NULL);
  recon_document_end_group (self->document);
}

static void
answered_cb (Opening    *opening,
             const char *response,
             GtkWidget  *dialog)
{
  const char *value = g_object_get_data (G_OBJECT (dialog), "value");
  g_autoptr (ReconForm) self = g_weak_ref_get (&opening->form);

  if (self == NULL || g_cancellable_is_cancelled (opening->cancellable))
    return;

  if (value != NULL && opening->parameter == RECON_NO_PARAMETER)
    {
      recon_form_open_scan (self, value);
      return;
    }

  if (value != NULL)
    {
      recon_document_set (self->document, opening->parameter, value, NULL);
      remember (self, opening);
    }
  else if (opening->parameter == RECON_NO_PARAMETER)
    {
      _recon_form_forget_scan (self);
      return;
    }

  ask_next (self, opening);
}

static void
chosen_cb (AdwMessageDialog *dialog,
           GtkListBoxRow    *row)
{
  g_object_set_data_full (G_OBJECT (dialog), "value", g_strdup (g_object_get_data (G_OBJECT (row), "value")), g_free);
  adw_message_dialog_response (dialog, "choose");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static GtkWidget *
make_candidates (AdwMessageDialog  *dialog,
                 const char       **candidates)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                      "propagate-natural-height", TRUE, "max-content-height", 320, NULL);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Candidates"), -1);
  for (gsize i = 0; candidates[i] != NULL; i++)
    {
      g_autofree char *name = g_path_get_basename (candidates[i]);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), candidates[i]);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "value", g_strdup (candidates[i]), g_free);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  g_signal_connect_swapped (list, "row-activated", G_CALLBACK (chosen_cb), dialog);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);

  return scrolled;
}

/* Asks the user for the next thing that is unclear. */
static void
ask_next (ReconForm *self,
          Opening   *opening)
{
  g_autoptr (GVariant) questions = g_variant_lookup_value (opening->found, "questions", G_VARIANT_TYPE ("aa{sv}"));
  g_autofree const char **candidates = NULL;
  g_autoptr (GVariant) question = NULL;
  const char *name = "", *text = "";
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  Opening *following;
  GtkWidget *dialog;

  if (questions == NULL || opening->next >= g_variant_n_children (questions))
    return;

  question = g_variant_get_child_value (questions, opening->next);
  g_variant_lookup (question, "parameter", "&s", &name);
  g_variant_lookup (question, "text", "&s", &text);
  g_variant_lookup (question, "candidates", "^a&s", &candidates);

  following = opening_new (self, opening->cancellable, opening->path);
  following->found = g_variant_ref (opening->found);
  following->next = opening->next + 1;
  recon_parameter_find_name (name, &following->parameter);

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                   following->parameter == RECON_NO_PARAMETER ? _ ("Which Scan?")
                                                                              : _ ("What Belongs to This Scan?"),
                                   text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "none",
                                   following->parameter == RECON_NO_PARAMETER ? _ ("_Cancel") : _ ("_Leave Out"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "none");
  if (candidates != NULL && candidates[0] != NULL)
    adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog),
                                        make_candidates (ADW_MESSAGE_DIALOG (dialog), candidates));
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), following, opening_closure_free,
                         G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
asks_which (GVariant *found)
{
  g_autoptr (GVariant) questions = g_variant_lookup_value (found, "questions", G_VARIANT_TYPE ("aa{sv}"));
  gboolean which = FALSE;

  for (gsize i = 0; questions != NULL && i < g_variant_n_children (questions); i++)
    {
      g_autoptr (GVariant) question = g_variant_get_child_value (questions, i);
      const char *name;

      which |= g_variant_lookup (question, "parameter", "&s", &name) && *name == '\0';
    }

  return which;
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconForm) self = g_weak_ref_get (&opening->form);

  opening->found = recon_client_answer_finish (RECON_CLIENT (object), result, &error);
  if (self == NULL || g_cancellable_is_cancelled (opening->cancellable))
    return;

  g_clear_pointer (&self->scan_path, g_free);
  if (opening->found == NULL)
    {
      g_autofree char *words = recon_message_words_reword (error->message);
      g_autofree char *input = describe_input (self);
      g_autofree char *message = g_str_equal (input, "\n") ? g_strdup (words)
                                                           : g_strdup_printf (_ ("%s The scan before is kept."), words);

      /* Until the document is changed. */
      self->scan_noted = TRUE;
      recon_scan_row_set_error (self->scan_row, opening->path, message);
      return;
    }

  self->scan_noted = TRUE;
  recon_scan_row_set_found (self->scan_row, opening->path, opening->found);
  if (!asks_which (opening->found))
    {
      apply (self, opening->path, opening->found);
      remember (self, opening);
      g_signal_emit_by_name (self, "scan-opened", opening->path);
    }
  ask_next (self, opening);
}

static void
ask_worker (ReconForm *self)
{
  self->scan_cancellable = g_cancellable_new ();
  recon_client_find_scan_async (self->client, self->scan_path, self->scan_cancellable, found_cb,
                                opening_new (self, self->scan_cancellable, self->scan_path));
}

/* What is being looked at is not wanted any more. */
void
_recon_form_forget_scan (ReconForm *self)
{
  g_cancellable_cancel (self->scan_cancellable);
  g_clear_object (&self->scan_cancellable);
  g_clear_pointer (&self->scan_path, g_free);
  self->scan_waits = FALSE;
  self->scan_noted = TRUE;
  _recon_form_show_scan (self);
}

/**
 * recon_form_open_scan:
 * @self: a form
 * @path: a folder or a file
 *
 * Finds out what the scan consists of and puts that into the document, in place of another scan and of what was set
 * for that one. What is unclear is asked. #ReconForm::scan-opened tells when it is done.
 */
void
recon_form_open_scan (ReconForm  *self,
                      const char *path)
{
  g_autofree char *wanted = NULL;

  g_return_if_fail (RECON_IS_FORM (self));
  g_return_if_fail (path != NULL);

  wanted = g_strdup (path);
  g_cancellable_cancel (self->scan_cancellable);
  g_clear_object (&self->scan_cancellable);
  g_free (self->scan_path);
  self->scan_path = g_steal_pointer (&wanted);
  recon_scan_row_set_busy (self->scan_row, self->scan_path);

  /* The worker may be starting; _recon_form_client_changed() asks it then. */
  self->scan_waits = self->client == NULL || recon_client_get_state (self->client) != RECON_CLIENT_READY;
  if (!self->scan_waits)
    ask_worker (self);
}

/* Asks what could not be asked before. */
void
_recon_form_client_changed (ReconForm *self)
{
  if (!self->scan_waits || recon_client_get_state (self->client) != RECON_CLIENT_READY)
    return;

  self->scan_waits = FALSE;
  ask_worker (self);
}
