/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "trials/trial-folder.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output-files.h"

/* Files are made in a folder of a temporary name beside the final one. What an earlier trial has left is removed only
 * when all new files are there; nothing else is ever removed, and a folder with TIFF files of others is refused: ours
 * would be taken for some of them. */

struct _ReconTrialFolder
{
  char      *path;
  char      *partial;
  GPtrArray *made;     /* folders that weren't there before */
  GPtrArray *names;    /* of the files in work */
  gboolean   finished;
};

static gboolean
is_ours (const char *name)
{
  return g_str_equal (name, "contact-sheet.png") ||
         g_regex_match_simple ("^slice_[0-9]+_axis_-?[0-9]+(\\.[0-9]+)?\\.tif$", name, 0, 0);
}

static gboolean
is_tiff (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot != NULL && (g_ascii_strcasecmp (dot, ".tif") == 0 || g_ascii_strcasecmp (dot, ".tiff") == 0);
}

static gboolean
check_names (const char  *path,
             gboolean     overwrite,
             GError     **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *shown = g_filename_display_name (path);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *shown_name = g_filename_display_name (name);

      if (is_ours (name) && !overwrite)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
                       _ ("There is an earlier trial: %s holds %s. Choose another --output or allow --overwrite."),
                       shown, shown_name);
          return FALSE;
        }
      if (!is_ours (name) && is_tiff (name))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
                       _ ("The folder %s holds other images, such as %s, among which trial slices would get lost. "
                          "Choose another --output."),
                       shown, shown_name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
remove_ours (const char  *path,
             GError     **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (is_ours (name) && !recon_file_remove (AT_FDCWD, file, error))
        return FALSE;
    }

  return TRUE;
}

/* Nothing is removed where a link leads. */
static gboolean
check_own (const char  *path,
           GError     **error)
{
  int fd = recon_folder_open (path, FALSE, error);

  if (fd < 0)
    return FALSE;
  close (fd);

  return TRUE;
}

/**
 * recon_trial_folder_open:
 * @path: the folder, which need not exist
 * @overwrite: whether the files of an earlier trial may be replaced
 * @error: return location
 *
 * Returns: (transfer full): where files may be made; %NULL with #RECON_ERROR_EXISTS or #RECON_ERROR_WRITE
 */
ReconTrialFolder *
recon_trial_folder_open (const char  *path,
                         gboolean     overwrite,
                         GError     **error)
{
  g_autoptr (ReconTrialFolder) self = g_new0 (ReconTrialFolder, 1);

  self->path = g_canonicalize_filename (path, NULL);
  self->partial = g_strconcat (self->path, ".partial", NULL);
  self->made = g_ptr_array_new_with_free_func (g_free);
  self->names = g_ptr_array_new_with_free_func (g_free);

  if (g_file_test (self->path, G_FILE_TEST_EXISTS) && !g_file_test (self->path, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("%s is a file, and trial slices are put into a folder. Choose another --output."), shown);
      return NULL;
    }

  /* A trial that was killed may have left something. */
  if (!check_names (self->path, overwrite, error) || !recon_folder_make (self->partial, self->made, error) ||
      !check_own (self->partial, error) || !remove_ours (self->partial, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_trial_folder_free:
 * @self: a folder
 *
 * Removes what was made, unless recon_trial_folder_finish() has succeeded.
 */
void
recon_trial_folder_free (ReconTrialFolder *self)
{
  if (!self->finished && self->partial != NULL)
    {
      for (guint i = 0; i < self->names->len; i++)
        {
          g_autofree char *file = g_build_filename (self->partial, g_ptr_array_index (self->names, i), NULL);

          g_unlink (file);
        }
      g_rmdir (self->partial);
      recon_folder_unmake (self->made);
    }

  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->made);
  g_free (self->partial);
  g_free (self->path);
  g_free (self);
}

/**
 * recon_trial_folder_add:
 * @self: a folder
 * @name: of a file: contact-sheet.png, or slice_NUMBER_axis_NUMBER.tif
 *
 * Returns: (transfer full): where to make it
 */
char *
recon_trial_folder_add (ReconTrialFolder *self,
                        const char       *name)
{
  g_return_val_if_fail (is_ours (name), NULL);

  g_ptr_array_add (self->names, g_strdup (name));

  return g_build_filename (self->partial, name, NULL);
}

/**
 * recon_trial_folder_finish:
 * @self: a folder whose files are complete
 * @error: return location
 *
 * Puts the files in place of those of an earlier trial.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_trial_folder_finish (ReconTrialFolder  *self,
                           GError           **error)
{
  if (!recon_folder_make (self->path, self->made, error) || !remove_ours (self->path, error))
    return FALSE;

  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      g_autofree char *from = g_build_filename (self->partial, name, NULL);
      g_autofree char *to = g_build_filename (self->path, name, NULL);

      if (!recon_file_move (from, to, error))
        return FALSE;
    }

  g_rmdir (self->partial);
  self->finished = TRUE;

  return TRUE;
}
