/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/scan-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "form/field.h"

struct _ReconScanRow
{
  AdwExpanderRow        parent_instance;

  GtkSpinner           *spinner;
  GtkImage             *icon;
  GtkMenuButton        *open_button;

  GPtrArray            *lines;   /* (element-type GtkWidget): what was found; not owned */
  GFile                *folder;  /* (nullable): where the last scan lies */
  GtkFileChooserNative *chooser; /* (nullable): while it is open */
};

G_DEFINE_FINAL_TYPE (ReconScanRow, recon_scan_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * recon_files_get_common:
 * @files: (element-type GFile): what was dropped together
 *
 * Returns: (transfer full) (nullable): the one file, or the folder that holds them all; %NULL if none does
 */
GFile *
recon_files_get_common (GSList *files)
{
  g_autoptr (GFile) folder = NULL;

  if (files == NULL || files->next == NULL)
    return files != NULL ? g_object_ref (files->data) : NULL;

  folder = g_file_get_parent (files->data);
  for (GSList *l = files->next; l != NULL && folder != NULL; l = l->next)
    if (!g_file_has_parent (l->data, folder))
      return NULL;

  return g_steal_pointer (&folder);
}

static void
open_file (ReconScanRow *self,
           GFile        *file)
{
  g_autofree char *path = g_file_get_path (file);

  g_clear_object (&self->folder);
  self->folder = g_file_get_parent (file);
  if (path != NULL)
    g_signal_emit (self, signals[OPEN], 0, path);
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             ReconScanRow    *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  if (file != NULL)
    open_file (self, file);
}

/**
 * recon_scan_row_choose:
 * @self: a row
 * @folder: whether a folder is to be chosen; else a file
 *
 * Shows a dialog.
 */
void
recon_scan_row_choose (ReconScanRow *self,
                       gboolean      folder)
{
  GtkRoot *root;

  g_return_if_fail (RECON_IS_SCAN_ROW (self));

  if (self->chooser != NULL)
    {
      gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
      return;
    }

  root = gtk_widget_get_root (GTK_WIDGET (self));
  self->chooser = gtk_file_chooser_native_new (folder ? _ ("Open Folder of a Scan") : _ ("Open File of a Scan"),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
                                                      : GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _ ("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (self->folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), self->folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
open_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  recon_scan_row_choose (RECON_SCAN_ROW (widget), g_str_equal (action_name, "scan.open-folder"));
}

/**
 * recon_scan_row_take_files:
 * @self: a row
 * @files: (element-type GFile): what was dropped; several stand for the folder that holds them
 *
 * Returns: whether that is a scan of this computer that can be looked at
 */
gboolean
recon_scan_row_take_files (ReconScanRow *self,
                           GSList       *files)
{
  g_autoptr (GFile) file = recon_files_get_common (files);

  g_return_val_if_fail (RECON_IS_SCAN_ROW (self), FALSE);

  if (file == NULL || g_file_peek_path (file) == NULL)
    return FALSE;

  open_file (self, file);

  return TRUE;
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         ReconScanRow  *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  return recon_scan_row_take_files (self, files);
}

/* Below the title: the path, or what there is to do. */
static void
show (ReconScanRow    *self,
      const char      *path,
      const char      *message,
      ReconFieldLevel  level)
{
  g_autofree char *name = path != NULL ? g_filename_display_name (path) : NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->lines->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->lines->pdata[i]);
  g_ptr_array_set_size (self->lines, 0);

  if (name == NULL)
    text = g_strdup (_ ("Open or drop a folder or a file"));
  else
    /* Most messages name the path themselves. */
    text = message == NULL                  ? g_strdup (name)
           : strstr (message, name) != NULL ? g_strdup (message)
                                            : g_strconcat (name, "\n", message, NULL);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  recon_field_show_icon (self->icon, level);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self), FALSE);
}

static void
add_line (ReconScanRow *self,
          const char   *title,
          const char   *text,
          const char   *icon_name)
{
  GtkWidget *line = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line), title);
  if (text != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (line), text);
  if (icon_name != NULL)
    adw_action_row_set_icon_name (ADW_ACTION_ROW (line), icon_name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (line), 0);

  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), line);
  g_ptr_array_add (self->lines, line);
}

static void
add_texts (ReconScanRow *self,
           GVariant     *found,
           const char   *key,
           const char   *icon_name)
{
  g_autofree const char **texts = NULL;

  if (!g_variant_lookup (found, key, "^a&s", &texts))
    return;

  for (gsize i = 0; texts[i] != NULL; i++)
    add_line (self, texts[i], NULL, icon_name);
}

static void
add_values (ReconScanRow *self,
            GVariant     *found)
{
  g_autoptr (GVariant) values = g_variant_lookup_value (found, "values", G_VARIANT_TYPE ("a{ss}"));
  g_autoptr (GVariant) reasons = g_variant_lookup_value (found, "reasons", G_VARIANT_TYPE ("a{ss}"));
  GVariantIter iter;
  const char *name, *value;

  if (values == NULL)
    return;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
    {
      ReconParameter parameter;
      const char *reason = NULL;
      g_autofree char *text = NULL;

      if (!recon_parameter_find_name (name, &parameter))
        continue;

      if (reasons != NULL)
        g_variant_lookup (reasons, name, "&s", &reason);
      text = reason != NULL ? g_strdup_printf ("%s\n%s", value, reason) : g_strdup (value);
      add_line (self, recon_parameter_get_title (parameter), text, NULL);
    }
}

/**
 * recon_scan_row_set_busy:
 * @self: a row
 * @path: what is looked at
 */
void
recon_scan_row_set_busy (ReconScanRow *self,
                         const char   *path)
{
  g_return_if_fail (RECON_IS_SCAN_ROW (self));

  show (self, path, NULL, RECON_FIELD_PLAIN);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
}

/**
 * recon_scan_row_set_found:
 * @self: a row
 * @path: (nullable): a scan; %NULL for none
 * @found: (nullable): what Worker1.FindScan says of it
 */
void
recon_scan_row_set_found (ReconScanRow *self,
                          const char   *path,
                          GVariant     *found)
{
  g_autofree const char **warnings = NULL;
  gboolean warned;

  g_return_if_fail (RECON_IS_SCAN_ROW (self));

  if (path == NULL || found == NULL)
    {
      show (self, path, NULL, RECON_FIELD_PLAIN);
      return;
    }

  warned = g_variant_lookup (found, "warnings", "^a&s", &warnings) && warnings[0] != NULL;
  show (self, path, NULL, warned ? RECON_FIELD_WARNING : RECON_FIELD_GOOD);
  add_texts (self, found, "warnings", "dialog-warning-symbolic");
  add_values (self, found);
  add_texts (self, found, "notes", NULL);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self), self->lines->len > 0);
  /* What is right need not take the place of the form. */
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), warned);
}

/**
 * recon_scan_row_set_error:
 * @self: a row
 * @path: what was looked at
 * @message: why it is no scan
 */
void
recon_scan_row_set_error (ReconScanRow *self,
                          const char   *path,
                          const char   *message)
{
  g_return_if_fail (RECON_IS_SCAN_ROW (self));

  show (self, path, message, RECON_FIELD_ERROR);
}

static void
recon_scan_row_dispose (GObject *object)
{
  ReconScanRow *self = RECON_SCAN_ROW (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (recon_scan_row_parent_class)->dispose (object);
}

static void
recon_scan_row_finalize (GObject *object)
{
  g_ptr_array_unref (RECON_SCAN_ROW (object)->lines);

  G_OBJECT_CLASS (recon_scan_row_parent_class)->finalize (object);
}

static void
recon_scan_row_class_init (ReconScanRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = recon_scan_row_dispose;
  object_class->finalize = recon_scan_row_finalize;

  /**
   * ReconScanRow::open:
   * @self: the row
   * @path: a folder or a file
   *
   * Its user wants this scan.
   */
  signals[OPEN] = g_signal_new ("open", RECON_TYPE_SCAN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/scan-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconScanRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconScanRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ReconScanRow, open_button);
  gtk_widget_class_install_action (widget_class, "scan.open-folder", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "scan.open-file", NULL, open_cb);
}

static void
recon_scan_row_init (ReconScanRow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->lines = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  show (self, NULL, NULL, RECON_FIELD_PLAIN);
}
