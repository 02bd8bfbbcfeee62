/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/output-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fail.h"

/**
 * recon_folder_make:
 * @folder: a folder that shall exist
 * @made: (element-type utf8): the folders that had to be made are appended, outer ones first
 * @error: return location
 *
 * Makes a folder and those that it lies in. If this fails, the folders made so far are in @made.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_folder_make (const char  *folder,
                   GPtrArray   *made,
                   GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  int code;

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (strcmp (parent, folder) != 0 && !recon_folder_make (parent, made, error))
    return FALSE;

  if (g_mkdir (folder, 0777) == 0)
    {
      g_ptr_array_add (made, g_strdup (folder));
      return TRUE;
    }

  code = errno;
  if (code == EEXIST && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;

  return recon_fail (error, RECON_ERROR_WRITE,
                     _ ("The folder %s could not be made: %s. Choose another output.path or allow writing there."),
                     folder, code == EEXIST ? _ ("a file has this name") : g_strerror (code));
}

/**
 * recon_folder_unmake:
 * @made: (element-type utf8): what recon_folder_make() made
 *
 * Removes those folders again, as far as they are empty.
 */
void
recon_folder_unmake (GPtrArray *made)
{
  while (made->len > 0)
    {
      g_rmdir (g_ptr_array_index (made, made->len - 1));
      g_ptr_array_set_size (made, (int) made->len - 1);
    }
}

/**
 * recon_folder_open:
 * @path: a folder that exists
 * @follow: whether it may be a link to one
 * @error: return location
 *
 * Returns: a descriptor of the folder, or -1 with #RECON_ERROR_WRITE
 */
int
recon_folder_open (const char  *path,
                   gboolean     follow,
                   GError     **error)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW), 0);
  int code = errno;

  if (fd >= 0)
    return fd;

  if (!follow && g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                 _ ("%s is a link, and unfinished slices are not put where links lead. Remove it or choose another "
                    "output.path."),
                 path);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                 _ ("The folder %s could not be opened: %s. Choose another output.path or allow reading it."), path,
                 g_strerror (code));

  return -1;
}

/**
 * recon_folder_list:
 * @folder: a descriptor
 *
 * Returns: (transfer full) (element-type filename): the names in the folder, without those of itself and its parent
 */
GPtrArray *
recon_folder_list (int folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  int fd = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      if (fd >= 0)
        close (fd);
      return names;
    }

  while ((entry = readdir (dir)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (dir);

  return names;
}

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
  return recon_fail (error, RECON_ERROR_WRITE,
                     _ ("The folder %s cannot be written to: %s. Choose another output.path or allow writing there."),
                     folder, g_strerror (code));
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
