/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "application/application.h"

#include <glib/gi18n.h>

#include "window/window.h"

struct _ReconApplication
{
  AdwApplication  parent_instance;

  ReconClient    *client;
  GSettings      *settings; /* (nullable) */
  gboolean        offered;  /* autosaved changes have been offered */
};

G_DEFINE_FINAL_TYPE (ReconApplication, recon_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accelerators[3];
} accelerators[] = {
  { "app.new-window", { "<Ctrl>n" } },
  { "app.quit", { "<Ctrl>q" } },
  { "window.close", { "<Ctrl>w" } },
  { "win.open", { "<Ctrl>o" } },
  { "win.open-scan-folder", { "<Ctrl><Shift>o" } },
  { "win.find", { "<Ctrl>f" } },
  { "win.save", { "<Ctrl>s" } },
  { "win.save-as", { "<Ctrl><Shift>s" } },
  { "win.run", { "<Ctrl>r", "F5" } },
  { "win.page('reconstruction')", { "<Alt>1" } },
  { "win.page('axis')", { "<Alt>2" } },
  { "win.show-form", { "F9" } },
  { "win.show-log", { "<Ctrl>l" } },
  { "win.fullscreen", { "F11" } },
};

static ReconWindow *
new_window (ReconApplication *self)
{
  return recon_window_new (ADW_APPLICATION (self), self->client, self->settings);
}

/* An empty window that may as well show what is opened, or a new one. */
static ReconWindow *
window_for_file (ReconApplication *self,
                 GFile            *file)
{
  ReconWindow *untouched = NULL;

  for (GList *item = gtk_application_get_windows (GTK_APPLICATION (self)); item != NULL; item = item->next)
    {
      GFile *shown;

      if (!RECON_IS_WINDOW (item->data))
        continue;

      shown = recon_document_get_file (recon_window_get_document (item->data));
      if (shown != NULL && g_file_equal (shown, file))
        return item->data;
      if (recon_window_is_untouched (item->data))
        untouched = item->data;
    }

  return untouched != NULL ? untouched : new_window (self);
}

static void
restore_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     gpointer          user_data)
{
  ReconWindow *window = RECON_WINDOW (gtk_window_get_transient_for (GTK_WINDOW (dialog)));
  GPtrArray *files = g_object_get_data (G_OBJECT (dialog), "files");

  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      if (!g_str_equal (response, "restore"))
        {
          g_file_delete (file, NULL, NULL);
          continue;
        }

      if (!recon_window_is_untouched (window))
        window = new_window (user_data);
      recon_window_restore (window, file);
      gtk_window_present (GTK_WINDOW (window));
    }
}

/* What a program that crashed has left. */
static void
offer_autosaves (ReconApplication *self,
                 ReconWindow      *window)
{
  g_autoptr (GPtrArray) files = recon_document_list_autosaves ();
  GtkWidget *dialog;

  if (self->offered)
    return;
  self->offered = TRUE;
  if (files->len == 0)
    return;

  dialog = adw_message_dialog_new (GTK_WINDOW (window), _ ("Restore Changes?"),
                                   _ ("Reconstruct ended before changes of a configuration were saved."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "discard", _ ("_Discard"), "restore", _ ("_Restore"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "restore", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "restore");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "restore");
  g_object_set_data_full (G_OBJECT (dialog), "files", g_steal_pointer (&files), (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (restore_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
recon_application_activate (GApplication *application)
{
  ReconApplication *self = RECON_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (new_window (self));
  gtk_window_present (window);
  if (RECON_IS_WINDOW (window))
    offer_autosaves (self, RECON_WINDOW (window));
}

static void
recon_application_open (GApplication  *application,
                        GFile        **files,
                        int            n_files,
                        const char    *hint)
{
  ReconApplication *self = RECON_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      ReconWindow *window = window_for_file (self, files[i]);
      GFile *shown = recon_document_get_file (recon_window_get_document (window));

      gtk_window_present (GTK_WINDOW (window));
      if (shown == NULL || !g_file_equal (shown, files[i]))
        recon_window_open (window, files[i]);
    }
}

static void
new_window_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  gtk_window_present (GTK_WINDOW (new_window (user_data)));
}

/* Windows may ask before they close; the program ends with the last one. */
static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *item = windows; item != NULL; item = item->next)
    gtk_window_close (item->data);
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Reconstruct",
                         "application-icon", RECON_APP_ID,
                         "version", RECON_VERSION,
                         "comments", _ ("From raw tomography scans to slices and volumes"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

static void
style_cb (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  const char *word = g_variant_get_string (value, NULL);
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (word, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (word, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
  g_simple_action_set_state (action, value);
}

static const GActionEntry entries[] = {
  { "new-window", new_window_cb },
  { "quit", quit_cb },
  { "about", about_cb },
  { "style", NULL, "s", "'system'", style_cb },
};

/* Returns: (transfer full) (nullable): where this program is: in a build tree or in an installed prefix */
static char *
get_folder (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);

  return path != NULL ? g_path_get_dirname (path) : NULL;
}

/* What runs from a build tree has its own worker, not an installed one. If there is none, starting the bare name says
 * what is missing. */
static char *
find_worker (void)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, "reconstruct", NULL) : NULL;
  char *path;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  path = g_find_program_in_path ("reconstruct");

  return path != NULL ? path : g_strdup ("reconstruct");
}

/* The state of windows, nothing that a reconstruction depends on. The schema is looked for in the build tree that the
 * program runs from, then where schemas are installed. Returns: (transfer full) (nullable): %NULL if it is nowhere,
 * windows then forget their state */
static GSettings *
new_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) own = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *folder = get_folder ();
  g_autofree char *data = folder != NULL ? g_build_filename (folder, "..", "data", NULL) : NULL;

  if (data != NULL)
    own = g_settings_schema_source_new_from_directory (data, source, TRUE, NULL);
  if (own != NULL)
    source = own;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, RECON_APP_ID, TRUE);
  if (schema == NULL)
    return NULL;

  return g_settings_new_full (schema, NULL, NULL);
}

static void
recon_application_startup (GApplication *application)
{
  ReconApplication *self = RECON_APPLICATION (application);
  g_autofree char *program = find_worker ();
  const char *const argv[] = { program, "worker", "--stdio", NULL };

  G_APPLICATION_CLASS (recon_application_parent_class)->startup (application);

  self->settings = new_settings ();
  self->client = recon_client_new (argv);
  recon_client_start (self->client);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           (const char **) accelerators[i].accelerators);
}

static void
recon_application_shutdown (GApplication *application)
{
  ReconApplication *self = RECON_APPLICATION (application);

  if (self->client != NULL)
    recon_client_stop (self->client);
  g_clear_object (&self->client);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (recon_application_parent_class)->shutdown (application);
}

static void
recon_application_class_init (ReconApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = recon_application_startup;
  application_class->activate = recon_application_activate;
  application_class->open = recon_application_open;
  application_class->shutdown = recon_application_shutdown;
}

static void
recon_application_init (ReconApplication *self)
{
}

/**
 * recon_application_new:
 *
 * Returns: (transfer full): the program, to be run
 */
ReconApplication *
recon_application_new (void)
{
  return g_object_new (RECON_TYPE_APPLICATION, "application-id", RECON_APP_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/reconstruct/Reconstruct", NULL);
}

/**
 * recon_application_get_client:
 * @self: the program, started
 *
 * Returns: (transfer none): the worker that all windows share
 */
ReconClient *
recon_application_get_client (ReconApplication *self)
{
  g_return_val_if_fail (RECON_IS_APPLICATION (self), NULL);

  return self->client;
}

/**
 * recon_application_get_settings:
 * @self: the program, started
 *
 * Returns: (transfer none) (nullable): the state of windows
 */
GSettings *
recon_application_get_settings (ReconApplication *self)
{
  g_return_val_if_fail (RECON_IS_APPLICATION (self), NULL);

  return self->settings;
}
