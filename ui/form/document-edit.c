/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "config/config-paths.h"
#include "form/document-private.h"

/* A text as it stands in the document's file, as the configuration takes it. */
static char *
translate (ReconDocument  *self,
           ReconParameter  parameter,
           const char     *text)
{
  g_autofree char *folder = _recon_document_dup_folder (self);

  if (folder == NULL || recon_parameter_get_spec (parameter)->type != RECON_PARAMETER_PATH)
    return g_strdup (text);

  return recon_path_from_folder (text, folder);
}

/**
 * recon_document_means:
 * @self: a document
 * @parameter: a parameter
 * @text: a text as it stands in files
 *
 * Returns: whether @text is another way to write the present value
 */
gboolean
recon_document_means (ReconDocument  *self,
                      ReconParameter  parameter,
                      const char     *text)
{
  g_autoptr (ReconConfig) scratch = recon_config_new ();
  g_autofree char *translated = NULL;
  g_autofree char *meant = NULL;
  g_autofree char *present = NULL;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  translated = translate (self, parameter, text);
  if (!recon_config_parse (scratch, parameter, translated, NULL))
    return FALSE;

  meant = recon_config_format (scratch, parameter);
  present = recon_config_format (self->config, parameter);

  return g_str_equal (meant, present);
}

/**
 * recon_document_set:
 * @self: a document
 * @parameter: a parameter
 * @text: its value, as it stands in files: a relative path starts from the folder of the document's file, if it has one
 * @error: return location
 *
 * Returns: %FALSE with an error of recon_config_parse(); the value is then what it was
 */
gboolean
recon_document_set (ReconDocument   *self,
                    ReconParameter   parameter,
                    const char      *text,
                    GError         **error)
{
  g_autofree char *translated = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (parameter < recon_parameter_count (), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  translated = translate (self, parameter, text);
  before = recon_config_format (self->config, parameter);
  g_object_freeze_notify (G_OBJECT (self->config));
  if (!recon_config_parse (self->config, parameter, translated, error))
    {
      g_object_thaw_notify (G_OBJECT (self->config));
      return FALSE;
    }

  /* Who hears of the new value finds everything else up to date. */
  after = recon_config_format (self->config, parameter);
  if (!g_str_equal (before, after))
    {
      recon_history_add (self->history, parameter, before, after);
      _recon_document_update (self);
    }
  g_object_thaw_notify (G_OBJECT (self->config));

  if (!g_str_equal (before, after) && !recon_history_is_grouping (self->history))
    _recon_document_emit_changed (self);

  return TRUE;
}

/* What is about files and permission rather than about how slices are made. */
static gboolean
is_of_place (ReconParameter parameter)
{
  return recon_parameter_get_spec (parameter)->type == RECON_PARAMETER_PATH || parameter == RECON_PARAM_ANGLE_UNIT ||
         parameter == RECON_PARAM_OVERWRITE;
}

/**
 * recon_document_use_settings:
 * @self: a document
 * @other: the configuration of another scan
 *
 * Takes all settings of the other one but its files, as one step.
 */
void
recon_document_use_settings (ReconDocument *self,
                             ReconConfig   *other)
{
  g_return_if_fail (RECON_IS_DOCUMENT (self));
  g_return_if_fail (RECON_IS_CONFIG (other));

  recon_document_begin_group (self, _ ("Settings"));
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *text = recon_config_format (other, i);

      if (!is_of_place (i))
        recon_document_set (self, i, text, NULL);
    }
  recon_document_end_group (self);
}

/**
 * recon_document_end_visit:
 * @self: a document
 *
 * The next change is a step of its own, also of the same parameter.
 */
void
recon_document_end_visit (ReconDocument *self)
{
  g_return_if_fail (RECON_IS_DOCUMENT (self));

  recon_history_close (self->history);
  _recon_document_update (self);
}

/**
 * recon_document_begin_group:
 * @self: a document
 * @label: what undoing will undo, such as "Input"; translated
 *
 * What is set until the group ends is one step, and one #ReconDocument::changed at its end. Groups may be within
 * groups, and then belong to the outermost.
 */
void
recon_document_begin_group (ReconDocument *self,
                            const char    *label)
{
  g_return_if_fail (RECON_IS_DOCUMENT (self));
  g_return_if_fail (label != NULL);

  recon_history_begin_group (self->history, label);
}

/**
 * recon_document_end_group:
 * @self: a document
 */
void
recon_document_end_group (ReconDocument *self)
{
  gboolean changed;

  g_return_if_fail (RECON_IS_DOCUMENT (self));

  changed = recon_history_end_group (self->history);
  _recon_document_update (self);
  if (changed)
    _recon_document_emit_changed (self);
}

/**
 * recon_document_undo:
 * @self: a document
 *
 * Takes the last step back, if there is one.
 */
void
recon_document_undo (ReconDocument *self)
{
  g_return_if_fail (RECON_IS_DOCUMENT (self));

  if (!recon_history_undo (self->history, self->config))
    return;

  _recon_document_update (self);
  _recon_document_emit_changed (self);
}

/**
 * recon_document_redo:
 * @self: a document
 *
 * Does the step again that was taken back last, if there is one.
 */
void
recon_document_redo (ReconDocument *self)
{
  g_return_if_fail (RECON_IS_DOCUMENT (self));

  if (!recon_history_redo (self->history, self->config))
    return;

  _recon_document_update (self);
  _recon_document_emit_changed (self);
}
