/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/words-button.h"

#include <glib/gi18n.h>


/* A menu beside a number, of the words that leave it to the program in several ways. */

#define GROUP  "words"
#define ACTION "choose"

static void
choose_cb (ReconField *field,
           GVariant   *word)
{
  recon_document_end_visit (recon_field_get_document (field));
  recon_field_commit (field, g_variant_get_string (word, NULL));
  recon_field_finish (field);
}

/* None of them is marked where the document has a number. */
static void
update_state (GSimpleAction *action,
              ReconDocument *document)
{
  ReconParameter parameter = (ReconParameter) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (action), "parameter"));
  const char *word = recon_config_get_word (recon_document_get_config (document), parameter);

  g_simple_action_set_state (action, g_variant_new_string (word != NULL ? word : ""));
}

static GMenuModel *
make_menu (ReconParameter parameter)
{
  const char *const *words = recon_parameter_get_spec (parameter)->words;
  GMenu *menu = g_menu_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (recon_parameter_get_word_title (parameter, words[i]), NULL);

      g_menu_item_set_action_and_target (item, GROUP "." ACTION, "s", words[i]);
      g_menu_append_item (menu, item);
    }

  return G_MENU_MODEL (menu);
}

/**
 * recon_words_button_is_needed:
 * @parameter: a parameter
 *
 * Returns: whether there is more than one way to leave it to the program
 */
gboolean
recon_words_button_is_needed (ReconParameter parameter)
{
  const char *const *words = recon_parameter_get_spec (parameter)->words;

  return words != NULL && words[0] != NULL && words[1] != NULL;
}

/**
 * recon_words_button_new:
 * @field: a row whose parameter needs it; the button goes into it
 *
 * Returns: (transfer floating): a button with a menu
 */
GtkWidget *
recon_words_button_new (ReconField *field)
{
  ReconParameter parameter = recon_field_get_parameter (field);
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) menu = make_menu (parameter);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action =
      g_simple_action_new_stateful (ACTION, G_VARIANT_TYPE_STRING, g_variant_new_string (""));
  const char *label = _ ("Leave It to the Program");

  g_object_set_data (G_OBJECT (action), "parameter", GUINT_TO_POINTER (parameter));
  g_signal_connect_object (action, "activate", G_CALLBACK (choose_cb), field, G_CONNECT_SWAPPED);
  g_signal_connect_object (recon_field_get_document (field), "changed", G_CALLBACK (update_state), action,
                           G_CONNECT_SWAPPED);
  update_state (action, recon_field_get_document (field));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (button, GROUP, G_ACTION_GROUP (group));

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return button;
}
