/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "base/error.h"
#include "config/config-file.h"
#include "config/config.h"
#include "config/config-paths.h"
#include "form/document-private.h"

/* The local path of a file. */
static char *
get_path (GFile   *file,
          GError **error)
{
  char *path = g_file_get_path (file);

  if (path == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("%s is not in a folder of this computer. Copy it to one."), uri);
    }

  return path;
}

/**
 * recon_document_load:
 * @self: a document
 * @file: a configuration file
 * @log: (nullable): hears about unknown groups and keys
 * @error: return location
 *
 * Replaces everything by what a file holds. On failure nothing changes.
 *
 * Returns: %FALSE with an error of recon_config_load()
 */
gboolean
recon_document_load (ReconDocument  *self,
                     GFile          *file,
                     ReconLog       *log,
                     GError        **error)
{
  g_autoptr (ReconConfig) loaded = recon_config_new ();
  g_autofree char *path = NULL;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  path = get_path (file, error);
  if (path == NULL || !recon_config_load (loaded, path, log, error))
    return FALSE;

  recon_document_drop_autosave (self);
  _recon_document_replace (self, loaded, file, loaded);

  return TRUE;
}

/* A default path lies in the folder of the file, which a document has only now. */
static void
place_defaults (ReconConfig *config,
                const char  *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *placed = NULL;

      if (recon_parameter_get_spec (i)->type != RECON_PARAMETER_PATH || !recon_config_is_default (config, i))
        continue;

      placed = recon_path_from_folder (recon_config_get_text (config, i), folder);
      recon_config_parse (config, i, placed, NULL);
    }
}

/**
 * recon_document_save:
 * @self: a document
 * @file: where to; its own file, or another one that becomes its own
 * @error: return location
 *
 * Comments and unknown keys of the document's file stay, also under another name.
 *
 * Returns: %FALSE with %RECON_ERROR_WRITE, or an error of recon_config_save()
 */
gboolean
recon_document_save (ReconDocument  *self,
                     GFile          *file,
                     GError        **error)
{
  g_autofree char *path = NULL;
  g_autofree char *model = NULL;
  gboolean saved;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  path = get_path (file, error);
  if (path == NULL)
    return FALSE;

  if (self->file != NULL && g_file_equal (self->file, file))
    saved = recon_config_save (self->config, path, error);
  else
    {
      model = self->file != NULL ? g_file_get_path (self->file) : NULL;
      if (model != NULL && !g_file_test (model, G_FILE_TEST_EXISTS))
        g_clear_pointer (&model, g_free);
      saved = recon_config_save_like (self->config, path, model, error);
    }
  if (!saved)
    return FALSE;

  place_defaults (self->config, path);
  _recon_document_take_saved (self, file, self->config);
  recon_document_drop_autosave (self);

  return TRUE;
}
