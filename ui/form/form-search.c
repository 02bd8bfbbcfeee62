/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "form/form-private.h"

/* Looking for rows by words: what they are called here, in files, in their help, and in other programs. */

static char *
describe (ReconParameter parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  g_autoptr (GString) text = g_string_new (recon_parameter_get_title (parameter));

  g_string_append_printf (text, " %s %s", spec->name, _ (spec->help));
  if (spec->terms != NULL)
    g_string_append_printf (text, " %s", _ (spec->terms));

  return g_utf8_casefold (text->str, -1);
}

/* Whether a row is one that is looked for; all are while nothing is. */
gboolean
_recon_form_is_wanted (ReconForm      *self,
                       ReconParameter  parameter)
{
  g_autofree char *folded = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!_recon_form_is_searching (self))
    return TRUE;

  folded = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);
  words = g_strsplit_set (folded, " ,", -1);
  text = describe (parameter);
  for (char **word = words; *word != NULL; word++)
    if (strstr (text, *word) == NULL)
      return FALSE;

  return TRUE;
}

gboolean
_recon_form_is_searching (ReconForm *self)
{
  return gtk_search_bar_get_search_mode (self->search_bar) &&
         *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
}

/* Groups of which nothing was found would be headings of nothing. */
static void
update_groups (ReconForm *self,
               gboolean   searching)
{
  for (guint i = 0; i < self->groups->len; i++)
    {
      GtkWidget *group = g_ptr_array_index (self->groups, i);
      gboolean shown = !searching;

      for (guint k = 0; k < recon_parameter_count () && !shown; k++)
        shown = gtk_widget_get_visible (GTK_WIDGET (self->rows[k])) &&
                gtk_widget_is_ancestor (GTK_WIDGET (self->rows[k]), group);
      gtk_widget_set_visible (group, shown);
    }
}

/* Whether any row of what can be folded is shown. */
static gboolean
holds_rows (ReconForm      *self,
            AdwExpanderRow *expander)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    if (self->expanders[i] == expander && gtk_widget_get_visible (GTK_WIDGET (self->rows[i])))
      return TRUE;

  return FALSE;
}

/* Unfolds what holds rows that were found, and hides what holds none. */
void
_recon_form_update_sections (ReconForm *self)
{
  gboolean searching = _recon_form_is_searching (self);
  gboolean found = FALSE;

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      AdwExpanderRow *expander = self->expanders[i];

      found |= gtk_widget_get_visible (GTK_WIDGET (self->rows[i]));
      if (expander == NULL)
        continue;

      gtk_widget_set_visible (GTK_WIDGET (expander), holds_rows (self, expander));
      if (searching && gtk_widget_get_visible (GTK_WIDGET (expander)))
        adw_expander_row_set_expanded (expander, TRUE);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (self->kind_rows); i++)
    gtk_widget_set_visible (self->kind_rows[i], !searching);
  gtk_widget_set_visible (GTK_WIDGET (self->scan_row), !searching);
  gtk_widget_set_visible (self->nothing_found, searching && !found);
  update_groups (self, searching);
}

/**
 * recon_form_start_search:
 * @self: a form
 *
 * Shows the entry in which words are typed to find rows; Escape closes it.
 */
void
recon_form_start_search (ReconForm *self)
{
  g_return_if_fail (RECON_IS_FORM (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
