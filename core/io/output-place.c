/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/output-place.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "error.h"
#include "io/output-files.h"

/* Whether an output can be written shows surely only where something is written: permissions, read-only disks, quotas
 * and file systems that know no folders all have rules of their own. */

static gboolean
try_folder (const char  *folder,
            GError     **error)
{
  g_autofree char *name = g_build_filename (folder, ".reconstruct-XXXXXX", NULL);
  int code;

  if (g_mkdtemp_full (name, 0700) != NULL)
    {
      g_rmdir (name);
      return TRUE;
    }

  code = errno;
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("The folder %s cannot be written to: %s. Choose another output.path or allow writing there."), folder,
               g_strerror (code));
  return FALSE;
}

/**
 * recon_output_place_try:
 * @path: a file or folder that shall be made
 * @error: return location
 *
 * Makes the folders that it would lie in, and something in them, and removes all of that again.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if that is not possible
 */
gboolean
recon_output_place_try (const char  *path,
                        GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  gboolean success = recon_folder_make (folder, made, error) && try_folder (folder, error);

  recon_folder_unmake (made);

  return success;
}

/**
 * recon_output_place_get_free:
 * @path: a file or folder that shall be made
 * @bytes: (out): what is free where it would lie
 *
 * Returns: whether that is known
 */
gboolean
recon_output_place_get_free (const char *path,
                             guint64    *bytes)
{
  g_autofree char *folder = g_canonicalize_filename (path, NULL);
  struct statvfs space;

  /* What does not exist yet will lie in what does. */
  while (statvfs (folder, &space) != 0)
    {
      char *parent = g_path_get_dirname (folder);

      if (strcmp (parent, folder) == 0)
        {
          g_free (parent);
          return FALSE;
        }
      g_free (folder);
      folder = parent;
    }

  return g_uint64_checked_mul (bytes, (guint64) space.f_bavail, (guint64) space.f_frsize);
}
