/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "config/choices.h"
#include "form/field-info.h"
#include "form/form-private.h"
#include "form/spin-row.h"

/* Which row is where, and which apply. */

typedef enum
{
  SECTION_INPUT,
  SECTION_INPUT_MORE,
  SECTION_FLAT_FIELD,
  SECTION_FLAT_FIELD_MORE,
  SECTION_RECONSTRUCTION,
  SECTION_RECONSTRUCTION_MORE,
  SECTION_COMPUTE,
  SECTION_OUTPUT,
  SECTION_OUTPUT_MORE,
  N_SECTIONS
} Section;

/* Titles of those that are folded away at first. */
static const char *const section_titles[N_SECTIONS] = {
  [SECTION_INPUT_MORE] = N_ ("More Input Settings"),
  [SECTION_FLAT_FIELD_MORE] = N_ ("More Correction Settings"),
  [SECTION_RECONSTRUCTION_MORE] = N_ ("More Reconstruction Settings"),
  [SECTION_COMPUTE] = N_ ("Device and Memory"),
  [SECTION_OUTPUT_MORE] = N_ ("More Output Settings"),
};

static const struct
{
  ReconParameter parameter;
  Section        section;
} places[] = {
  { RECON_PARAM_PROJECTIONS, SECTION_INPUT },
  { RECON_PARAM_SINOGRAMS, SECTION_INPUT },
  { RECON_PARAM_CORRECT, SECTION_INPUT },
  { RECON_PARAM_ROTATE, SECTION_INPUT_MORE },
  { RECON_PARAM_FLIP, SECTION_INPUT_MORE },
  { RECON_PARAM_Y_START, SECTION_INPUT_MORE },
  { RECON_PARAM_Y_STOP, SECTION_INPUT_MORE },
  { RECON_PARAM_Y_STEP, SECTION_INPUT_MORE },
  { RECON_PARAM_ANGLE_START, SECTION_INPUT_MORE },
  { RECON_PARAM_ANGLE_STOP, SECTION_INPUT_MORE },
  { RECON_PARAM_ANGLE_EVERY, SECTION_INPUT_MORE },
  { RECON_PARAM_EXCLUDE, SECTION_INPUT_MORE },
  { RECON_PARAM_CROP_LEFT, SECTION_INPUT_MORE },
  { RECON_PARAM_CROP_RIGHT, SECTION_INPUT_MORE },
  { RECON_PARAM_BIN, SECTION_INPUT_MORE },
  { RECON_PARAM_ANGLES, SECTION_INPUT_MORE },
  { RECON_PARAM_ANGLE_UNIT, SECTION_INPUT_MORE },
  { RECON_PARAM_STRICT, SECTION_INPUT_MORE },
  { RECON_PARAM_REDUCTION, SECTION_FLAT_FIELD },
  { RECON_PARAM_ABSORPTIVITY, SECTION_FLAT_FIELD },
  { RECON_PARAM_FIX_NAN_INF, SECTION_FLAT_FIELD },
  { RECON_PARAM_DARKS, SECTION_FLAT_FIELD },
  { RECON_PARAM_FLATS, SECTION_FLAT_FIELD },
  { RECON_PARAM_INTERPOLATE, SECTION_FLAT_FIELD },
  { RECON_PARAM_FLATS_AFTER, SECTION_FLAT_FIELD },
  { RECON_PARAM_DARK_SCALE, SECTION_FLAT_FIELD_MORE },
  { RECON_PARAM_CLIP_MINIMUM, SECTION_FLAT_FIELD_MORE },
  { RECON_PARAM_METHOD, SECTION_RECONSTRUCTION },
  { RECON_PARAM_AXIS, SECTION_RECONSTRUCTION },
  { RECON_PARAM_ANGLE_STEP, SECTION_RECONSTRUCTION },
  { RECON_PARAM_ANGLE_OFFSET, SECTION_RECONSTRUCTION },
  { RECON_PARAM_FILTER, SECTION_RECONSTRUCTION },
  { RECON_PARAM_FILTER_CUTOFF, SECTION_RECONSTRUCTION },
  { RECON_PARAM_FILTER_ORDER, SECTION_RECONSTRUCTION },
  { RECON_PARAM_PADDING, SECTION_RECONSTRUCTION_MORE },
  { RECON_PARAM_ROI, SECTION_RECONSTRUCTION_MORE },
  { RECON_PARAM_CIRCLE, SECTION_RECONSTRUCTION_MORE },
  { RECON_PARAM_PIXEL_SIZE, SECTION_RECONSTRUCTION_MORE },
  { RECON_PARAM_FORCE, SECTION_RECONSTRUCTION_MORE },
  { RECON_PARAM_DEVICE, SECTION_COMPUTE },
  { RECON_PARAM_MEMORY_LIMIT, SECTION_COMPUTE },
  { RECON_PARAM_THREADS, SECTION_COMPUTE },
  { RECON_PARAM_KERNEL, SECTION_COMPUTE },
  { RECON_PARAM_VARIANT, SECTION_COMPUTE },
  { RECON_PARAM_OUTPUT_PATH, SECTION_OUTPUT },
  { RECON_PARAM_OUTPUT_FORMAT, SECTION_OUTPUT },
  { RECON_PARAM_OUTPUT_TYPE, SECTION_OUTPUT },
  { RECON_PARAM_OUTPUT_MINIMUM, SECTION_OUTPUT },
  { RECON_PARAM_OUTPUT_MAXIMUM, SECTION_OUTPUT },
  { RECON_PARAM_PERCENTILE_LOW, SECTION_OUTPUT },
  { RECON_PARAM_PERCENTILE_HIGH, SECTION_OUTPUT },
  { RECON_PARAM_COMPRESSION, SECTION_OUTPUT_MORE },
  { RECON_PARAM_OVERWRITE, SECTION_OUTPUT_MORE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (places) == RECON_N_PARAMETERS);

static AdwPreferencesGroup *
get_group (ReconForm *self,
           Section    section)
{
  switch (section)
    {
    case SECTION_INPUT:
    case SECTION_INPUT_MORE:
      return self->input_group;
    case SECTION_FLAT_FIELD:
    case SECTION_FLAT_FIELD_MORE:
      return self->flat_field_group;
    case SECTION_OUTPUT:
    case SECTION_OUTPUT_MORE:
      return self->output_group;
    case SECTION_RECONSTRUCTION:
    case SECTION_RECONSTRUCTION_MORE:
    case SECTION_COMPUTE:
    case N_SECTIONS:
    default:
      return self->reconstruction_group;
    }
}

static AdwExpanderRow *
add_expander (ReconForm *self,
              Section    section)
{
  GtkWidget *expander = adw_expander_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _ (section_titles[section]));
  adw_preferences_group_add (get_group (self, section), expander);

  return ADW_EXPANDER_ROW (expander);
}

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

/* Makes a row for every parameter, in the order of reading. */
void
_recon_form_build_rows (ReconForm *self)
{
  AdwExpanderRow *expanders[N_SECTIONS] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      ReconParameter parameter = places[i].parameter;
      Section section = places[i].section;
      GtkWidget *row = recon_field_new (self->document, parameter);

      self->rows[parameter] = RECON_FIELD (row);
      self->order[i] = parameter;

      if (section_titles[section] != NULL)
        {
          if (expanders[section] == NULL)
            expanders[section] = add_expander (self, section);
          self->expanders[parameter] = expanders[section];
          adw_expander_row_add_row (expanders[section], row);
        }
      else
        adw_preferences_group_add (get_group (self, section), row);
    }

  add_axis_button (self);
}

static gboolean
is_empty (ReconForm      *self,
          ReconParameter  parameter)
{
  return *recon_config_get_text (recon_document_get_config (self->document), parameter) == '\0';
}

static gboolean
corrects (ReconForm *self)
{
  ReconConfig *config = recon_document_get_config (self->document);

  /* Sinograms are raw if darks or flats are given for them. */
  if (recon_config_is_automatic (config, RECON_PARAM_CORRECT))
    return !self->sinograms || !is_empty (self, RECON_PARAM_DARKS) || !is_empty (self, RECON_PARAM_FLATS) ||
           !is_empty (self, RECON_PARAM_FLATS_AFTER);

  return recon_config_get_boolean (config, RECON_PARAM_CORRECT);
}

/* Whether a parameter has an effect, as far as the others decide. */
static gboolean
applies (ReconForm      *self,
         ReconParameter  parameter)
{
  ReconConfig *config = recon_document_get_config (self->document);
  gboolean integers = recon_config_get_choice (config, RECON_PARAM_OUTPUT_TYPE) != RECON_OUTPUT_TYPE_FLOAT32;

  switch ((int) parameter)
    {
    case RECON_PARAM_PROJECTIONS:
      return !self->sinograms || !is_empty (self, parameter);
    case RECON_PARAM_SINOGRAMS:
      return self->sinograms || !is_empty (self, parameter);
    case RECON_PARAM_DARKS:
    case RECON_PARAM_FLATS:
    case RECON_PARAM_FLATS_AFTER:
      return corrects (self) || recon_config_is_automatic (config, RECON_PARAM_CORRECT);
    case RECON_PARAM_REDUCTION:
    case RECON_PARAM_INTERPOLATE:
    case RECON_PARAM_DARK_SCALE:
      return corrects (self);
    case RECON_PARAM_ANGLE_UNIT:
      return !is_empty (self, RECON_PARAM_ANGLES);
    case RECON_PARAM_FILTER_CUTOFF:
    case RECON_PARAM_FILTER_ORDER:
      return recon_config_get_choice (config, RECON_PARAM_FILTER) == RECON_FILTER_BUTTERWORTH;
    case RECON_PARAM_OUTPUT_MINIMUM:
    case RECON_PARAM_OUTPUT_MAXIMUM:
      return integers;
    case RECON_PARAM_PERCENTILE_LOW:
      return integers && recon_config_is_automatic (config, RECON_PARAM_OUTPUT_MINIMUM);
    case RECON_PARAM_PERCENTILE_HIGH:
      return integers && recon_config_is_automatic (config, RECON_PARAM_OUTPUT_MAXIMUM);
    default:
      return TRUE;
    }
}

/* Shows the rows that apply, and those that keep a run from starting. */
void
_recon_form_update_rules (ReconForm *self)
{
  gboolean has_projections = !is_empty (self, RECON_PARAM_PROJECTIONS);
  gboolean has_sinograms = !is_empty (self, RECON_PARAM_SINOGRAMS);

  if (has_projections || has_sinograms)
    self->sinograms = has_sinograms && !has_projections;

  self->updating = TRUE;
  gtk_check_button_set_active (self->sinograms ? self->sinograms_check : self->projections_check, TRUE);
  self->updating = FALSE;

  for (guint i = 0; i < RECON_N_PARAMETERS; i++)
    gtk_widget_set_visible (GTK_WIDGET (self->rows[i]),
                            applies (self, i) || recon_field_get_level (self->rows[i]) == RECON_FIELD_ERROR);
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
  static const ReconParameter of_projections[] = {
    RECON_PARAM_PROJECTIONS, RECON_PARAM_DARKS, RECON_PARAM_FLATS, RECON_PARAM_FLATS_AFTER, RECON_PARAM_CORRECT,
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
