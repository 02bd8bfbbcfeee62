/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/field.h"

#include <glib/gi18n.h>

#include "form/choice-row.h"
#include "form/device-row.h"
#include "form/field-private.h"
#include "form/path-row.h"
#include "form/row-help.h"
#include "form/spin-row.h"
#include "form/switch-row.h"
#include "form/text-row.h"

/* What all rows share: the way of a value to the document and back, and which of the things that may be said of it is
 * said. The rows differ in what they are derived from, therefore this is an interface, and what it remembers lies
 * beside the row. */

/* After so long without a change the next one is a step of its own to undo, and half a number a wrong one. */
#define PAUSE_MS 1000

G_DEFINE_INTERFACE (ReconField, recon_field, GTK_TYPE_WIDGET)

static G_DEFINE_QUARK (recon-field-state, state)

ReconFieldState *
_recon_field_get_state (ReconField *self)
{
  return g_object_get_qdata (G_OBJECT (self), state_quark ());
}

static void
state_free (ReconFieldState *state)
{
  g_clear_handle_id (&state->pause, g_source_remove);
  g_clear_object (&state->document);
  g_free (state->refused);
  g_free (state->check);
  g_free (state->hint);
  g_free (state->unavailable);
  g_free (state->note);
  g_free (state);
}

static void
recon_field_default_init (ReconFieldInterface *iface)
{
  /**
   * ReconField::level-changed:
   * @self: the row
   *
   * What recon_field_get_level() returns is another.
   */
  g_signal_new ("level-changed", RECON_TYPE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static gboolean
pause_cb (gpointer user_data)
{
  ReconFieldState *state = user_data;

  state->pause = 0;
  recon_document_end_visit (state->document);
  state->refused_shown = state->refused != NULL;
  _recon_field_update_note (state->field);

  return G_SOURCE_REMOVE;
}

static void
restart_pause (ReconFieldState *state)
{
  g_clear_handle_id (&state->pause, g_source_remove);
  state->pause = g_timeout_add (PAUSE_MS, pause_cb, state);
}

static void
value_changed_cb (ReconConfig *config,
                  GParamSpec  *pspec,
                  ReconField  *self)
{
  ReconFieldState *state = _recon_field_get_state (self);

  g_clear_pointer (&state->refused, g_free);
  state->refused_shown = FALSE;
  RECON_FIELD_GET_IFACE (self)->show_value (self, FALSE);
  _recon_field_update_note (self);
}

static void
leave_cb (GtkEventControllerFocus *controller,
          ReconField              *self)
{
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    recon_field_finish (self);
}

/* Makes the row show and edit the parameter for as long as it lives. */
static void
attach (ReconField     *self,
        ReconDocument  *document,
        ReconParameter  parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  ReconFieldInterface *iface = RECON_FIELD_GET_IFACE (self);
  g_autofree char *detail = g_strconcat ("notify::", spec->property, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  ReconFieldState *state = g_new0 (ReconFieldState, 1);

  state->field = self;
  state->document = g_object_ref (document);
  state->parameter = parameter;
  g_object_set_qdata_full (G_OBJECT (self), state_quark (), state, (GDestroyNotify) state_free);

  g_object_set (self, "title", recon_parameter_get_title (parameter), "tooltip-text", _ (spec->help), NULL);
  recon_row_help_add (GTK_WIDGET (self));
  g_signal_connect (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect_object (recon_document_get_config (document), detail, G_CALLBACK (value_changed_cb), self, 0);

  if (iface->setup != NULL)
    iface->setup (self);
  iface->show_value (self, TRUE);
  iface->show_note (self, RECON_FIELD_PLAIN, NULL);
  _recon_field_update_accessible (self);
}

/**
 * recon_field_new:
 * @document: a document
 * @parameter: one of its parameters
 *
 * Returns: (transfer floating): the kind of row that suits the parameter
 */
GtkWidget *
recon_field_new (ReconDocument  *document,
                 ReconParameter  parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  GtkWidget *row;
  GType type;

  g_return_val_if_fail (RECON_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (spec != NULL, NULL);

  switch (spec->type)
    {
    case RECON_PARAMETER_BOOLEAN:
      type = spec->automatic != NULL ? RECON_TYPE_CHOICE_ROW : RECON_TYPE_SWITCH_ROW;
      break;
    case RECON_PARAMETER_CHOICE:
      type = RECON_TYPE_CHOICE_ROW;
      break;
    case RECON_PARAMETER_INTEGER:
    case RECON_PARAMETER_NUMBER:
      type = RECON_TYPE_SPIN_ROW;
      break;
    case RECON_PARAMETER_PATH:
      type = RECON_TYPE_PATH_ROW;
      break;
    case RECON_PARAMETER_TEXT:
      type = parameter == RECON_PARAM_DEVICE ? RECON_TYPE_DEVICE_ROW : RECON_TYPE_TEXT_ROW;
      break;
    case RECON_PARAMETER_SIZE:
    case RECON_PARAMETER_BOX:
    default:
      type = RECON_TYPE_TEXT_ROW;
    }

  row = g_object_new (type, NULL);
  attach (RECON_FIELD (row), document, parameter);

  return row;
}

ReconDocument *
recon_field_get_document (ReconField *self)
{
  return _recon_field_get_state (self)->document;
}

ReconParameter
recon_field_get_parameter (ReconField *self)
{
  return _recon_field_get_state (self)->parameter;
}

/**
 * recon_field_get_control:
 * @self: a row
 *
 * Returns: (transfer none): the widget in it that has the focus, and the accessible name
 */
GtkWidget *
recon_field_get_control (ReconField *self)
{
  g_return_val_if_fail (RECON_IS_FIELD (self), NULL);

  return RECON_FIELD_GET_IFACE (self)->get_control (self);
}

/**
 * recon_field_format:
 * @self: a row
 *
 * Returns: (transfer full): the document's value as files have it
 */
char *
recon_field_format (ReconField *self)
{
  ReconFieldState *state = _recon_field_get_state (self);

  return recon_config_format (recon_document_get_config (state->document), state->parameter);
}

/**
 * recon_field_means:
 * @self: a row
 * @text: a text as files have it
 *
 * Returns: whether @text is another way to write the document's value
 */
gboolean
recon_field_means (ReconField *self,
                   const char *text)
{
  ReconFieldState *state = _recon_field_get_state (self);

  return recon_document_means (state->document, state->parameter, text);
}

/**
 * recon_field_commit:
 * @self: a row
 * @text: what its user has given, as files have it
 *
 * Puts a value into the document. Why it is refused shows when the user pauses or goes on: half a number is no mistake.
 *
 * Returns: whether it is one
 */
gboolean
recon_field_commit (ReconField *self,
                    const char *text)
{
  ReconFieldState *state = _recon_field_get_state (self);
  g_autoptr (GError) error = NULL;

  restart_pause (state);
  g_clear_pointer (&state->refused, g_free);
  state->refused_shown = FALSE;

  if (!recon_document_set (state->document, state->parameter, text, &error))
    {
      g_autoptr (GString) message = g_string_new (error->message);

      g_string_replace (message, recon_parameter_get_spec (state->parameter)->name,
                        recon_parameter_get_title (state->parameter), 1);
      state->refused = g_strdup (message->str);
    }
  _recon_field_update_note (self);

  return error == NULL;
}

/**
 * recon_field_finish:
 * @self: a row
 *
 * Its user is done with it: what comes next is another step, and what is wrong is wrong.
 */
void
recon_field_finish (ReconField *self)
{
  ReconFieldState *state = _recon_field_get_state (self);

  g_clear_handle_id (&state->pause, g_source_remove);
  recon_document_end_visit (state->document);
  state->refused_shown = state->refused != NULL;
  if (state->refused == NULL)
    RECON_FIELD_GET_IFACE (self)->show_value (self, TRUE);
  _recon_field_update_note (self);
}
