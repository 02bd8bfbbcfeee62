/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "config/config-file.h"
#include "window/window-private.h"

/* Opening and saving of configurations, images that are exported, and what would be lost. */

#define AUTOSAVE_DELAY_MS 2000

typedef void (*FileFunc) (ReconWindow *self,
                          GFile       *file);

static void
chooser_response_cb (GtkFileChooserNative *chooser,
                     int                   response,
                     gpointer              user_data)
{
  ReconWindow *self = user_data;
  FileFunc func = (FileFunc) g_object_get_data (G_OBJECT (chooser), "func");
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  g_object_set_data (G_OBJECT (self), "chooser", NULL);
  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    func (self, file);
}

/* Shows a dialog; @func hears of the file that is chosen. One at a time. */
static GtkFileChooser *
choose (ReconWindow          *self,
        const char           *title,
        GtkFileChooserAction  action,
        FileFunc              func)
{
  GtkFileChooserNative *chooser;

  if (g_object_get_data (G_OBJECT (self), "chooser") != NULL)
    return NULL;

  chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_object_set_data (G_OBJECT (chooser), "func", func);
  g_object_set_data_full (G_OBJECT (self), "chooser", chooser, g_object_unref);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);

  return GTK_FILE_CHOOSER (chooser);
}

static void
show_chooser (GtkFileChooser *chooser)
{
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
add_config_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) configurations = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (configurations, _ ("Configurations"));
  gtk_file_filter_add_pattern (configurations, "*.conf");
  gtk_file_chooser_add_filter (chooser, configurations);
  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

/* Something went wrong that the user has to know before going on. */
static void
show_error (ReconWindow *self,
            const char  *heading,
            const char  *text)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
  recon_window_log (self, RECON_LOG_ERROR, text);
}

static void
log_record_cb (ReconLog   *log,
               int         level,
               const char *text,
               gpointer    user_data)
{
  recon_window_log (user_data, level, text);
}

/* Whether it is data rather than a configuration. */
gboolean
recon_window_is_scan (GFile *file)
{
  static const char *const suffixes[] = { ".tif", ".tiff", ".h5", ".hdf5", ".hdf", ".nxs", ".nx" };
  const char *path = g_file_peek_path (file);
  g_autofree char *folded = path != NULL ? g_ascii_strdown (path, -1) : NULL;

  if (path == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (folded, suffixes[i]))
      return TRUE;

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

/**
 * recon_window_open:
 * @self: a window
 * @file: a configuration, or a scan
 *
 * Opens it in this window; what was there is gone, so ask before.
 */
void
recon_window_open (ReconWindow *self,
                   GFile       *file)
{
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RECON_IS_WINDOW (self));

  if (recon_window_is_scan (file))
    {
      recon_form_open_scan (self->form, g_file_peek_path (file));
      return;
    }

  g_signal_connect (log, "record", G_CALLBACK (log_record_cb), self);
  if (recon_document_load (self->document, file, log, &error))
    recon_window_remember (file);
  else
    show_error (self, _ ("The Configuration Could Not Be Opened"), error->message);
}

/**
 * recon_window_restore:
 * @self: a window
 * @autosave: what an earlier program has left
 */
void
recon_window_restore (ReconWindow *self,
                      GFile       *autosave)
{
  g_autoptr (GError) error = NULL;

  if (!recon_document_restore (self->document, autosave, &error))
    show_error (self, _ ("The Changes Could Not Be Restored"), error->message);
}

/* It looks for a window that shows the file already, or one that shows nothing yet. */
void
recon_window_open_in_application (ReconWindow *self,
                                  GFile       *file)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  g_application_open (application, &file, 1, "");
}

static void
open_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  GtkFileChooser *chooser = choose (RECON_WINDOW (widget), _ ("Open Configuration"), GTK_FILE_CHOOSER_ACTION_OPEN,
                                    recon_window_open_in_application);

  if (chooser == NULL)
    return;
  add_config_filters (chooser);
  show_chooser (chooser);
}

static gboolean
save_to (ReconWindow *self,
         GFile       *file)
{
  g_autoptr (GError) error = NULL;

  if (!recon_document_save (self->document, file, &error))
    {
      show_error (self, _ ("The Configuration Could Not Be Saved"), error->message);
      return FALSE;
    }

  recon_window_remember (file);
  recon_window_toast (self, _ ("Configuration saved"));

  return TRUE;
}

static gboolean
close_cb (gpointer user_data)
{
  gtk_window_close (user_data);

  return G_SOURCE_REMOVE;
}

/* Not at once: the dialog whose answer this is would outlive the window that it belongs to, which GTK doesn't
 * expect. */
static void
close_now (ReconWindow *self)
{
  self->closing = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
}

static void
save_and_close (ReconWindow *self,
                GFile       *file)
{
  if (save_to (self, file))
    close_now (self);
}

static void
save_chosen (ReconWindow *self,
             GFile       *file)
{
  save_to (self, file);
}

static void
choose_save (ReconWindow *self,
             FileFunc     func)
{
  GtkFileChooser *chooser = choose (self, _ ("Save Configuration"), GTK_FILE_CHOOSER_ACTION_SAVE, func);
  GFile *file = recon_document_get_file (self->document);

  if (chooser == NULL)
    return;
  add_config_filters (chooser);
  if (file == NULL || !gtk_file_chooser_set_file (chooser, file, NULL))
    gtk_file_chooser_set_current_name (chooser, "reco.conf");
  show_chooser (chooser);
}

static void
save_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);
  GFile *file = recon_document_get_file (self->document);

  if (file != NULL)
    save_to (self, file);
  else
    choose_save (self, save_chosen);
}

static void
save_as_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  choose_save (RECON_WINDOW (widget), save_chosen);
}

static void
choose_scan_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  recon_form_choose_scan (RECON_WINDOW (widget)->form, g_str_equal (action_name, "win.open-scan-folder"));
}

static void
find_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);

  gtk_widget_activate_action (widget, "win.page", "s", "reconstruction");
  gtk_widget_set_visible (GTK_WIDGET (self->pages), TRUE);
  recon_form_start_search (self->form);
}

void
recon_window_use_settings (ReconWindow *self,
                           GFile       *file)
{
  g_autoptr (ReconConfig) other = recon_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *text = NULL;

  if (!recon_config_load (other, g_file_peek_path (file), NULL, &error))
    {
      show_error (self, _ ("The Settings Could Not Be Read"), error->message);
      return;
    }

  recon_document_use_settings (self->document, other);
  text = g_strdup_printf (_ ("Settings of %s are used"), name);
  recon_window_toast (self, text);
}

static void
use_settings_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  GtkFileChooser *chooser = choose (RECON_WINDOW (widget), _ ("Use Settings of a Configuration"),
                                    GTK_FILE_CHOOSER_ACTION_OPEN, recon_window_use_settings);

  if (chooser == NULL)
    return;
  add_config_filters (chooser);
  show_chooser (chooser);
}

/* Images. */

/* The view asks for the file and writes it beside the main loop. */
static void
export_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);
  ReconImageView *view = recon_window_get_visible_view (self);
  g_autofree char *name = g_strdup_printf ("view.%s", action_name + strlen ("win."));

  if (recon_image_view_get_image (view) == NULL)
    recon_window_toast (self, _ ("There is no image to export yet"));
  else
    gtk_widget_activate_action (GTK_WIDGET (view), name, NULL);
}

/* What would be lost. */

static gboolean
autosave_cb (gpointer user_data)
{
  ReconWindow *self = user_data;
  g_autoptr (GError) error = NULL;

  self->autosave_source = 0;
  if (!recon_document_get_modified (self->document))
    recon_document_drop_autosave (self->document);
  else if (!recon_document_autosave (self->document, &error))
    recon_window_log (self, RECON_LOG_WARNING, error->message);

  return G_SOURCE_REMOVE;
}

void
recon_window_schedule_autosave (ReconWindow *self)
{
  if (self->autosave_source == 0)
    self->autosave_source = g_timeout_add (AUTOSAVE_DELAY_MS, autosave_cb, self);
}

static void
changes_response_cb (ReconWindow *self,
                     const char  *response)
{
  GFile *file = recon_document_get_file (self->document);

  if (g_str_equal (response, "discard"))
    close_now (self);
  else if (g_str_equal (response, "save") && file != NULL)
    save_and_close (self, file);
  else if (g_str_equal (response, "save"))
    choose_save (self, save_and_close);
}

static void
ask_about_changes (ReconWindow *self)
{
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (self), _ ("Save Changes?"),
                                              _ ("The configuration has changes that are not saved."));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "discard", _ ("_Discard"), "save", _ ("_Save"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (changes_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
running_response_cb (ReconWindow *self,
                     const char  *response)
{
  if (!g_str_equal (response, "stop"))
    return;

  recon_window_cancel_runs (self);
  if (recon_document_get_modified (self->document))
    ask_about_changes (self);
  else
    close_now (self);
}

static void
ask_about_run (ReconWindow *self)
{
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (self), _ ("Stop the Reconstruction?"),
                                              _ ("A reconstruction is running. What it has finished is kept, and it "
                                                 "can be continued later."));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Go On"), "stop", _ ("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (running_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * recon_window_ask_before_close:
 * @self: a window that is to be closed
 *
 * Returns: whether the user is asked; closes the window later if that is the answer
 */
gboolean
recon_window_ask_before_close (ReconWindow *self)
{
  if (recon_window_is_running (self))
    ask_about_run (self);
  else if (recon_document_get_modified (self->document))
    ask_about_changes (self);
  else
    return FALSE;

  return TRUE;
}

void
recon_window_install_files (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "win.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "win.save-as", NULL, save_as_cb);
  gtk_widget_class_install_action (widget_class, "win.open-scan-folder", NULL, choose_scan_cb);
  gtk_widget_class_install_action (widget_class, "win.open-scan-file", NULL, choose_scan_cb);
  gtk_widget_class_install_action (widget_class, "win.use-settings", NULL, use_settings_cb);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_cb);
  gtk_widget_class_install_action (widget_class, "win.export-view", NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "win.export-png", NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "win.export-tiff", NULL, export_cb);
}
