/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "form/field-private.h"

/* What a row says besides its value. */

void
_recon_field_update_accessible (ReconField *self)
{
  ReconFieldState *state = _recon_field_get_state (self);
  GtkAccessible *control = GTK_ACCESSIBLE (recon_field_get_control (self));
  const char *help = _ (recon_parameter_get_spec (state->parameter)->help);
  g_autofree char *description = state->note != NULL ? g_strconcat (state->note, " ", help, NULL) : g_strdup (help);

  gtk_accessible_update_property (control, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  recon_parameter_get_title (state->parameter),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_accessible_update_state (control, GTK_ACCESSIBLE_STATE_INVALID,
                               state->level == RECON_FIELD_ERROR ? GTK_ACCESSIBLE_INVALID_TRUE
                                                                 : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* Says the most urgent of what there is to say. */
void
_recon_field_update_note (ReconField *self)
{
  ReconFieldState *state = _recon_field_get_state (self);
  ReconFieldLevel level = RECON_FIELD_PLAIN;
  ReconFieldLevel before = state->level;
  const char *note = state->hint;

  if (state->refused_shown)
    {
      level = RECON_FIELD_ERROR;
      note = state->refused;
    }
  else if (state->unavailable != NULL)
    note = state->unavailable;
  else if (state->check != NULL)
    {
      level = state->check_level;
      note = state->check;
    }

  if (level == before && g_strcmp0 (note, state->note) == 0)
    return;

  state->level = level;
  g_free (state->note);
  state->note = g_strdup (note);

  set_class (GTK_WIDGET (self), "error", level == RECON_FIELD_ERROR);
  set_class (GTK_WIDGET (self), "warning", level == RECON_FIELD_WARNING);
  RECON_FIELD_GET_IFACE (self)->show_note (self, level, state->note);
  _recon_field_update_accessible (self);

  if (level != before)
    g_signal_emit_by_name (self, "level-changed");
}

ReconFieldLevel
recon_field_get_level (ReconField *self)
{
  g_return_val_if_fail (RECON_IS_FIELD (self), RECON_FIELD_PLAIN);

  return _recon_field_get_state (self)->level;
}

/**
 * recon_field_get_note:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it says below its title
 */
const char *
recon_field_get_note (ReconField *self)
{
  g_return_val_if_fail (RECON_IS_FIELD (self), NULL);

  return _recon_field_get_state (self)->note;
}

/**
 * recon_field_set_hint:
 * @self: a row
 * @hint: (nullable): what an automatic value comes to, or what a value is in other units
 */
void
recon_field_set_hint (ReconField *self,
                      const char *hint)
{
  ReconFieldState *state = _recon_field_get_state (self);

  g_free (state->hint);
  state->hint = g_strdup (hint);
  _recon_field_update_note (self);
}

/**
 * recon_field_set_check:
 * @self: a row
 * @level: how it turned out
 * @text: (nullable): what came of looking at the value; %NULL while that is not known
 */
void
recon_field_set_check (ReconField      *self,
                       ReconFieldLevel  level,
                       const char      *text)
{
  ReconFieldState *state = _recon_field_get_state (self);

  state->check_level = level;
  g_free (state->check);
  state->check = g_strdup (text);
  _recon_field_update_note (self);
}

/**
 * recon_field_set_unavailable:
 * @self: a row
 * @reason: (nullable): why the parameter has no effect for the data at hand; %NULL if it has
 */
void
recon_field_set_unavailable (ReconField *self,
                             const char *reason)
{
  ReconFieldState *state = _recon_field_get_state (self);

  if (g_strcmp0 (reason, state->unavailable) == 0)
    return;

  g_free (state->unavailable);
  state->unavailable = g_strdup (reason);
  gtk_widget_set_sensitive (GTK_WIDGET (self), reason == NULL);
  _recon_field_update_note (self);
}

/**
 * recon_field_show_below:
 * @label: the lowest line of a row
 * @level: what is said
 * @note: (nullable): the text
 */
void
recon_field_show_below (GtkLabel        *label,
                        ReconFieldLevel  level,
                        const char      *note)
{
  gtk_label_set_text (label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (label), note != NULL);
  set_class (GTK_WIDGET (label), "dim-label", level != RECON_FIELD_ERROR && level != RECON_FIELD_WARNING);
}

/**
 * recon_field_show_icon:
 * @icon: the picture of a row
 * @level: what it stands for
 */
void
recon_field_show_icon (GtkImage        *icon,
                       ReconFieldLevel  level)
{
  static const char *const names[] = { NULL, "object-select-symbolic", "dialog-warning-symbolic",
                                       "dialog-error-symbolic" };

  gtk_widget_set_visible (GTK_WIDGET (icon), names[level] != NULL);
  gtk_image_set_from_icon_name (icon, names[level]);
}
