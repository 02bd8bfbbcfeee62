/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/choice-row.h"


struct _ReconChoiceRow
{
  AdwComboRow  parent_instance;

  GtkImage    *icon;
  const char **words; /* (array zero-terminated=1): as files have them, in the order of the list */
  gboolean     updating;
};

static void recon_choice_row_field_init (ReconFieldInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReconChoiceRow, recon_choice_row, ADW_TYPE_COMBO_ROW,
                               G_IMPLEMENT_INTERFACE (RECON_TYPE_FIELD, recon_choice_row_field_init))

static void
recon_choice_row_setup (ReconField *field)
{
  ReconChoiceRow *self = RECON_CHOICE_ROW (field);
  ReconParameter parameter = recon_field_get_parameter (field);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  self->words = recon_parameter_get_words (parameter);
  for (guint i = 0; self->words[i] != NULL; i++)
    gtk_string_list_append (titles, recon_parameter_get_word_title (parameter, self->words[i]));

  self->updating = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  self->updating = FALSE;
}

static void
recon_choice_row_show_value (ReconField *field,
                             gboolean    tidy)
{
  ReconChoiceRow *self = RECON_CHOICE_ROW (field);
  g_autofree char *text = recon_field_format (field);

  self->updating = TRUE;
  for (guint i = 0; self->words[i] != NULL; i++)
    if (g_str_equal (self->words[i], text))
      adw_combo_row_set_selected (ADW_COMBO_ROW (self), i);
  self->updating = FALSE;
}

static void
recon_choice_row_show_note (ReconField      *field,
                            ReconFieldLevel  level,
                            const char      *note)
{
  ReconChoiceRow *self = RECON_CHOICE_ROW (field);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), note != NULL ? note : "");
  recon_field_show_icon (self->icon, level);
}

static GtkWidget *
recon_choice_row_get_control (ReconField *field)
{
  return GTK_WIDGET (field);
}

static void
recon_choice_row_field_init (ReconFieldInterface *iface)
{
  iface->setup = recon_choice_row_setup;
  iface->show_value = recon_choice_row_show_value;
  iface->show_note = recon_choice_row_show_note;
  iface->get_control = recon_choice_row_get_control;
}

static void
selected_cb (ReconChoiceRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (!self->updating && self->words != NULL && selected != GTK_INVALID_LIST_POSITION)
    recon_field_commit (RECON_FIELD (self), self->words[selected]);
}

static void
recon_choice_row_finalize (GObject *object)
{
  g_free (RECON_CHOICE_ROW (object)->words);

  G_OBJECT_CLASS (recon_choice_row_parent_class)->finalize (object);
}

static void
recon_choice_row_class_init (ReconChoiceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_choice_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/choice-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconChoiceRow, icon);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
recon_choice_row_init (ReconChoiceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
