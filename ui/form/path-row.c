/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/path-row.h"

#include <glib/gi18n.h>

#include "form/dataset-choices.h"
#include "form/datasets-popover.h"
#include "form/scan-row.h"

struct _ReconPathRow
{
  ReconTextRow          parent_instance;

  GtkMenuButton        *browse;
  GtkMenuButton        *datasets;
  GVariant             *answer;      /* (nullable): of Worker1.Inspect, about the file that the row names */
  GVariant             *projections; /* (nullable): the same about the projections */
  GtkFileChooserNative *chooser; /* (nullable): while it is open */
};

static void recon_path_row_field_init (ReconFieldInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReconPathRow, recon_path_row, RECON_TYPE_TEXT_ROW,
                               G_IMPLEMENT_INTERFACE (RECON_TYPE_FIELD, recon_path_row_field_init))

static ReconFieldInterface *parent_field_iface;

static ReconParameterFiles
get_kinds (ReconPathRow *self)
{
  return recon_parameter_get_spec (recon_field_get_parameter (RECON_FIELD (self)))->files;
}

static void
take_path (ReconPathRow *self,
           const char   *path)
{
  /* What was typed just before is a step of its own. */
  recon_document_end_visit (recon_field_get_document (RECON_FIELD (self)));
  recon_field_commit (RECON_FIELD (self), path);
  recon_field_finish (RECON_FIELD (self));
}

static ReconDatasetChoices *
make_choices (ReconPathRow *self)
{
  g_autofree char *value = recon_field_format (RECON_FIELD (self));

  if (self->answer == NULL)
    return NULL;

  return recon_dataset_choices_new (recon_field_get_parameter (RECON_FIELD (self)), value, self->answer,
                                    self->projections);
}

/* Called whenever the popover is about to open, so that it shows what is known now. */
static void
fill_popover (GtkMenuButton *button,
              gpointer       user_data)
{
  g_autoptr (ReconDatasetChoices) choices = make_choices (user_data);

  if (choices != NULL)
    recon_datasets_popover_fill (RECON_DATASETS_POPOVER (gtk_menu_button_get_popover (button)), choices);
}

static void
chosen_cb (ReconPathRow *self,
           const char   *value)
{
  take_path (self, value);
  gtk_widget_grab_focus (GTK_WIDGET (self->datasets));
}

/**
 * recon_path_row_set_answer:
 * @self: a row
 * @answer: (nullable): what Worker1.Inspect says of its path; %NULL while that is not known
 * @projections: (nullable): what it says of the projections'
 *
 * Offers the datasets of an HDF5 file, if there are several that could serve.
 */
void
recon_path_row_set_answer (ReconPathRow *self,
                           GVariant     *answer,
                           GVariant     *projections)
{
  g_autofree char *value = NULL;
  g_autoptr (ReconDatasetChoices) choices = NULL;

  g_return_if_fail (RECON_IS_PATH_ROW (self));

  /* Until there is an answer, that about the same file remains: a choice in it is no other file. */
  value = recon_field_format (RECON_FIELD (self));
  if (answer != NULL || (self->answer != NULL && !recon_dataset_choices_is_about (self->answer, value)))
    {
      g_clear_pointer (&self->answer, g_variant_unref);
      self->answer = answer != NULL ? g_variant_ref (answer) : NULL;
    }
  g_clear_pointer (&self->projections, g_variant_unref);
  self->projections = projections != NULL ? g_variant_ref (projections) : NULL;

  choices = make_choices (self);
  gtk_widget_set_visible (GTK_WIDGET (self->datasets), choices != NULL);
}


/**
 * recon_path_row_take_files:
 * @self: a row
 * @files: (element-type GFile): what was dropped on it; several stand for the folder that holds them
 *
 * Returns: whether that makes a path of this computer
 */
gboolean
recon_path_row_take_files (ReconPathRow *self,
                           GSList       *files)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (RECON_IS_PATH_ROW (self), FALSE);

  file = recon_files_get_common (files);
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path == NULL)
    return FALSE;

  take_path (self, path);

  return TRUE;
}

/**
 * recon_path_row_has_choices:
 * @self: a row
 *
 * Returns: whether it offers datasets to choose from
 */
gboolean
recon_path_row_has_choices (ReconPathRow *self)
{
  g_return_val_if_fail (RECON_IS_PATH_ROW (self), FALSE);

  return gtk_widget_get_visible (GTK_WIDGET (self->datasets));
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         ReconPathRow  *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  return recon_path_row_take_files (self, files);
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             ReconPathRow    *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      path = file != NULL ? g_file_get_path (file) : NULL;
      if (path != NULL)
        take_path (self, path);
    }

  g_clear_object (&self->chooser);
}

/* The folder in which the present value lies, if there is one. */
static GFile *
get_present_folder (ReconPathRow *self)
{
  g_autofree char *text = recon_field_format (RECON_FIELD (self));
  g_autofree char *folder = NULL;

  if (*text == '\0')
    return NULL;

  folder = g_path_get_dirname (text);

  return g_file_test (folder, G_FILE_TEST_IS_DIR) ? g_file_new_for_path (folder) : NULL;
}

static void
choose (ReconPathRow         *self,
        GtkFileChooserAction  action,
        const char           *title)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GFile) folder = get_present_folder (self);

  if (self->chooser != NULL)
    {
      gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
      return;
    }

  self->chooser = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action,
                                               _ ("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
choose_folder (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  choose (RECON_PATH_ROW (widget), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("Choose a Folder"));
}

static void
choose_file (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  gboolean save = get_kinds (RECON_PATH_ROW (widget)) & RECON_FILES_SAVE;

  choose (RECON_PATH_ROW (widget), save ? GTK_FILE_CHOOSER_ACTION_SAVE : GTK_FILE_CHOOSER_ACTION_OPEN,
          _ ("Choose a File"));
}

static void
recon_path_row_setup (ReconField *field)
{
  ReconPathRow *self = RECON_PATH_ROW (field);
  const char *title = recon_parameter_get_title (recon_field_get_parameter (field));
  g_autofree char *label = g_strdup_printf (_ ("Browse for %s"), title);
  g_autofree char *datasets_label = g_strdup_printf (_ ("Datasets for %s"), title);
  g_autoptr (GMenu) menu = g_menu_new ();

  parent_field_iface->setup (field);

  if (get_kinds (self) & RECON_FILES_FOLDER)
    g_menu_append (menu, _ ("Choose _Folder…"), "path.choose-folder");
  g_menu_append (menu, _ ("Choose _File…"), "path.choose-file");
  gtk_menu_button_set_menu_model (self->browse, G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->browse), label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->datasets), datasets_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->browse), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->datasets), GTK_ACCESSIBLE_PROPERTY_LABEL, datasets_label, -1);
}

static void
recon_path_row_field_init (ReconFieldInterface *iface)
{
  parent_field_iface = g_type_interface_peek_parent (iface);
  iface->setup = recon_path_row_setup;
}

static void
recon_path_row_dispose (GObject *object)
{
  ReconPathRow *self = RECON_PATH_ROW (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->answer, g_variant_unref);
  g_clear_pointer (&self->projections, g_variant_unref);

  G_OBJECT_CLASS (recon_path_row_parent_class)->dispose (object);
}

static void
recon_path_row_class_init (ReconPathRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_path_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/path-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconPathRow, browse);
  gtk_widget_class_bind_template_child (widget_class, ReconPathRow, datasets);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_install_action (widget_class, "path.choose-folder", NULL, choose_folder);
  gtk_widget_class_install_action (widget_class, "path.choose-file", NULL, choose_file);
}

static void
recon_path_row_init (ReconPathRow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_type_ensure (RECON_TYPE_DATASETS_POPOVER);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->datasets, fill_popover, self, NULL);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}
