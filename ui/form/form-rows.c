/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "config/conditions.h"
#include "form/form-private.h"
#include "form/spin-row.h"

/* Which row is where, and which apply: both follow from what the parameters declare. */

static void
find_axis_cb (ReconForm *self)
{
  g_signal_emit_by_name (self, "find-axis");
}

static void
add_axis_button (ReconForm *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("find-location-symbolic");
  const char *label = _ ("Find the Axis");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (find_axis_cb), self);
  recon_spin_row_add_suffix (RECON_SPIN_ROW (self->rows[RECON_PARAM_AXIS]), button);
}

/* All parameters as the form has them one below the other: as users see them, but for those that are to stand below
 * another one. */
static GArray *
list_in_order (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (ReconParameter));

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      ReconParameter parameter = recon_parameter_nth (i);

      if (recon_parameter_get_spec (parameter)->after == NULL)
        g_array_append_val (list, parameter);
    }

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      ReconParameter parameter = recon_parameter_nth (i);
      const char *after = recon_parameter_get_spec (parameter)->after;
      guint place = 0;

      if (after == NULL)
        continue;
      while (place < list->len && g_array_index (list, ReconParameter, place) != recon_parameter (after))
        place++;
      g_array_insert_val (list, MIN (place + 1, list->len), parameter);
    }

  return list;
}

/* The section in which a form has a parameter: that of the row below which it stands. */
static const char *
get_section (ReconParameter parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);

  return spec->after != NULL ? get_section (recon_parameter (spec->after)) : spec->section;
}

static AdwExpanderRow *
add_expander (AdwPreferencesGroup         *group,
              const ReconParameterSection *section)
{
  GtkWidget *expander = adw_expander_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander),
                                 section->more != NULL ? _ (section->more) : _ ("More Settings"));
  adw_preferences_group_add (group, expander);

  return ADW_EXPANDER_ROW (expander);
}

/* Adds a section's rows to a group, those for experts in what can be unfolded below the others. */
static void
add_section (ReconForm                   *self,
             AdwPreferencesGroup         *group,
             const ReconParameterSection *section,
             GArray                      *list)
{
  AdwExpanderRow *expander = NULL;

  for (guint advanced = 0; advanced < 2; advanced++)
    for (guint i = 0; i < list->len; i++)
      {
        ReconParameter parameter = g_array_index (list, ReconParameter, i);
        gboolean is_advanced = (recon_parameter_get_spec (parameter)->flags & RECON_PARAMETER_ADVANCED) != 0;
        GtkWidget *row;

        if (is_advanced != (advanced == 1) || get_section (parameter) != section->name)
          continue;

        row = recon_field_new (self->document, parameter);
        self->rows[parameter] = RECON_FIELD (row);
        g_array_append_val (self->order, parameter);
        if (!is_advanced)
          {
            adw_preferences_group_add (group, row);
            continue;
          }
        if (expander == NULL)
          expander = add_expander (group, section);
        self->expanders[parameter] = expander;
        adw_expander_row_add_row (expander, row);
      }
}

/* The first group is there, with what chooses the input. What is found near the projections stands above the rows of
 * darks and flats. */
static AdwPreferencesGroup *
add_group (ReconForm                   *self,
           const ReconParameterSection *section)
{
  gboolean is_first = self->groups->len == 0;
  AdwPreferencesGroup *group = is_first ? self->input_group : ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ (section->title));
  g_ptr_array_add (self->groups, group);
  if (!is_first)
    adw_preferences_page_add (self->page, group);
  if (get_section (RECON_PARAM_FLATS) == section->name)
    adw_preferences_group_add (group, GTK_WIDGET (self->nearby_row));

  return group;
}

/* Makes a row for every parameter, in the order of reading. */
void
_recon_form_build_rows (ReconForm *self)
{
  g_autoptr (GArray) list = list_in_order ();

  for (guint i = 0; i < recon_section_count (); i++)
    {
      const ReconParameterSection *section = recon_section_get (i);
      AdwPreferencesGroup *group;

      if (section->within != NULL)
        continue;

      group = add_group (self, section);
      add_section (self, group, section, list);
      for (guint k = 0; k < recon_section_count (); k++)
        if (g_strcmp0 (recon_section_get (k)->within, section->name) == 0)
          add_section (self, group, recon_section_get (k), list);
    }

  add_axis_button (self);
}

static gboolean
is_empty (ReconForm      *self,
          ReconParameter  parameter)
{
  return *recon_config_get_text (recon_document_get_config (self->document), parameter) == '\0';
}

/* What conditions look at: the input of the kind that is chosen is as good as given. */
static ReconConfig *
copy_with_input (ReconForm *self)
{
  ReconConfig *config = recon_config_copy (recon_document_get_config (self->document));
  ReconParameter input = self->sinograms ? RECON_PARAM_SINOGRAMS : RECON_PARAM_PROJECTIONS;

  if (is_empty (self, input))
    recon_config_parse (config, input, "?", NULL);

  return config;
}

/* Shows the rows that apply, and those that keep a run from starting. */
void
_recon_form_update_rules (ReconForm *self)
{
  gboolean has_projections = !is_empty (self, RECON_PARAM_PROJECTIONS);
  gboolean has_sinograms = !is_empty (self, RECON_PARAM_SINOGRAMS);
  g_autoptr (ReconConfig) config = NULL;

  if (has_projections || has_sinograms)
    self->sinograms = has_sinograms && !has_projections;

  self->updating = TRUE;
  gtk_check_button_set_active (self->sinograms ? self->sinograms_check : self->projections_check, TRUE);
  self->updating = FALSE;

  config = copy_with_input (self);
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      gboolean is_wrong = recon_field_get_level (self->rows[i]) == RECON_FIELD_ERROR;
      gboolean shown = is_wrong || recon_parameter_applies (i, config);

      gtk_widget_set_visible (GTK_WIDGET (self->rows[i]), shown && _recon_form_is_wanted (self, i));
    }
  _recon_form_update_sections (self);
}

/* Puts a value aside, or takes it back if nothing has come in its place. */
static void
exchange (ReconForm      *self,
          ReconParameter  parameter,
          gboolean        aside)
{
  ReconConfig *config = recon_document_get_config (self->document);
  const char *text = NULL;

  if (aside && !recon_config_is_default (config, parameter))
    {
      g_free (self->remembered[parameter]);
      self->remembered[parameter] = recon_config_format (config, parameter);
      text = recon_parameter_get_spec (parameter)->initial;
    }
  else if (!aside && recon_config_is_default (config, parameter))
    text = self->remembered[parameter];

  if (text != NULL)
    recon_document_set (self->document, parameter, text, NULL);
}

/* Sinograms take neither projections nor their references, and the other way round: what does not apply is put aside,
 * and comes back with its kind of input. One step to undo. */
void
_recon_form_set_sinograms (ReconForm *self,
                           gboolean   sinograms)
{
  const ReconParameter of_projections[] = {
    RECON_PARAM_PROJECTIONS, RECON_PARAM_DARKS, RECON_PARAM_FLATS, RECON_PARAM_FLATS_AFTER,
    recon_parameter ("flat-field.correct"),
  };

  if (self->sinograms == sinograms)
    return;

  self->sinograms = sinograms;
  recon_document_begin_group (self->document, _ ("Kind of Input"));
  exchange (self, RECON_PARAM_SINOGRAMS, !sinograms);
  for (gsize i = 0; i < G_N_ELEMENTS (of_projections); i++)
    exchange (self, of_projections[i], sinograms);
  recon_document_end_group (self->document);
  _recon_form_update_rules (self);
}
