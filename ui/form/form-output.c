/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "form/form-private.h"

/* Where the output will lie, and how much room is there. Looked up without waiting: the disk may be of another
 * machine. */

static void look_at_folder (ReconForm *self,
                            GFile     *folder);

static void
show (ReconForm *self)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_OUTPUT_PATH);
  gboolean known = self->free_bytes != G_MAXUINT64;
  g_autofree char *available = known ? g_format_size (self->free_bytes) : NULL;
  g_autofree char *text = NULL;

  /* Where a relative path starts from is not to be seen in it. */
  if (g_path_is_absolute (path))
    text = known ? g_strdup_printf (_ ("%s free"), available) : NULL;
  else if (known)
    text = g_strdup_printf (_ ("%s, %s free"), self->output_place, available);
  else
    text = g_strdup (self->output_place);

  recon_field_set_hint (self->rows[RECON_PARAM_OUTPUT_PATH], text);
  _recon_form_update_checks (self);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GWeakRef *reference = user_data;
  g_autoptr (ReconForm) self = g_weak_ref_get (reference);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) parent = g_file_get_parent (G_FILE (object));
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info_finish (G_FILE (object), result, &error);

  g_weak_ref_clear (reference);
  g_free (reference);
  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* What does not exist yet will lie in what does. */
  if (info == NULL && parent != NULL)
    {
      look_at_folder (self, parent);
      return;
    }

  if (info != NULL && g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    self->free_bytes = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  show (self);
}

static void
look_at_folder (ReconForm *self,
                GFile     *folder)
{
  GWeakRef *reference = g_new0 (GWeakRef, 1);

  g_weak_ref_init (reference, self);
  g_file_query_filesystem_info_async (folder, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_DEFAULT,
                                      self->output_cancellable, looked_cb, reference);
}

/* The path without what names a dataset, or a number, in it. */
static char *
get_place (const char *path)
{
  const char *dataset = strstr (path, ".h5:");
  g_autofree char *file = dataset != NULL ? g_strndup (path, dataset + strlen (".h5") - path) : g_strdup (path);

  return g_canonicalize_filename (file, NULL);
}

/* Begins to look where the output goes now. */
void
_recon_form_look_at_output (ReconForm *self)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_OUTPUT_PATH);
  g_autofree char *place = get_place (path);
  g_autoptr (GFile) file = NULL;

  if (*path != '\0' && g_strcmp0 (place, self->output_place) == 0)
    return;

  g_cancellable_cancel (self->output_cancellable);
  g_clear_object (&self->output_cancellable);
  self->free_bytes = G_MAXUINT64;
  g_free (self->output_place);
  self->output_place = NULL;
  if (*path == '\0')
    {
      recon_field_set_hint (self->rows[RECON_PARAM_OUTPUT_PATH], NULL);
      return;
    }

  self->output_place = g_steal_pointer (&place);
  self->output_cancellable = g_cancellable_new ();
  file = g_file_new_for_path (self->output_place);
  look_at_folder (self, file);
}
