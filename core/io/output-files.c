/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/output-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

/**
 * recon_set_write_error:
 * @error: return location
 * @path: the file that could not be written
 * @code: errno, or 0 where the cause is known only as text
 * @detail: (nullable): the cause in a library's words, used where @code is 0
 *
 * Says which output could not be written, and why. Whether a part of it is kept to go on from, who runs the job knows.
 */
void
recon_set_write_error (GError     **error,
                       const char  *path,
                       int          code,
                       const char  *detail)
{
  const char *cause = code != 0 ? g_strerror (code) : detail != NULL ? detail : _ ("unknown cause");

  if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                 _ ("%s could not be written: %s. Free space and run again."), path, cause);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                 _ ("%s could not be written: %s. Remove the cause and run again."), path, cause);
}

/**
 * recon_file_sync:
 * @fd: an open file
 * @path: its path, for the message
 * @error: return location
 *
 * Waits until what was written is on the disk, so that a power cut cannot take it away. File systems that have no disk
 * under them need not be able to.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_sync (int          fd,
                 const char  *path,
                 GError     **error)
{
  if (fdatasync (fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOSYS)
    return TRUE;

  recon_set_write_error (error, path, errno, NULL);
  return FALSE;
}

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

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("The folder %s could not be made: %s. Choose another output.path or allow writing there."),
               folder, code == EEXIST ? _ ("a file has this name") : g_strerror (code));
  return FALSE;
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
 * recon_file_check_target:
 * @path: the file that is to be made in the end
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if @path is a folder, which no file can replace
 */
gboolean
recon_file_check_target (const char  *path,
                         GError     **error)
{
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("%s is a folder, so no file of this name can be made. Choose another output.path."), path);
  return FALSE;
}

/**
 * recon_file_create:
 * @path: a file in an existing folder
 * @error: return location
 *
 * Makes an empty file, or empties one, before the work begins.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_create (const char  *path,
                   GError     **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  int code;

  if (fd >= 0 && close (fd) == 0)
    return TRUE;

  code = errno;
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("The file %s could not be made: %s. Choose another output.path or allow writing there."),
               path, g_strerror (code));
  return FALSE;
}

/**
 * recon_file_move:
 * @from: a file or folder
 * @to: its new name in the same file system; a file there is replaced
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_move (const char  *from,
                 const char  *to,
                 GError     **error)
{
  int code;

  if (g_rename (from, to) == 0)
    return TRUE;

  code = errno;
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("%s could not be renamed to %s: %s. Remove the cause and run again."),
               from, to, g_strerror (code));
  return FALSE;
}

/**
 * recon_file_move_optional:
 * @from: a file that may not exist
 * @to: its new name; without @from, a file there is removed, because it belongs to what is being replaced
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_move_optional (const char  *from,
                          const char  *to,
                          GError     **error)
{
  if (g_file_test (from, G_FILE_TEST_EXISTS))
    return recon_file_move (from, to, error);

  return recon_file_remove (to, error);
}

/**
 * recon_file_remove:
 * @path: a file that need not exist
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if it still exists
 */
gboolean
recon_file_remove (const char  *path,
                   GError     **error)
{
  int code;

  if (g_unlink (path) == 0 || errno == ENOENT || errno == ENOTDIR)
    return TRUE;

  code = errno;
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("%s could not be removed: %s. Remove it or choose another output.path."), path, g_strerror (code));
  return FALSE;
}

/**
 * recon_file_store:
 * @path: a file
 * @text: all that it shall contain
 * @error: return location
 *
 * Writes a small file anew.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_store (const char  *path,
                  const char  *text,
                  GError     **error)
{
  gsize length = strlen (text);
  gsize written = 0;
  int code = 0;
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

  if (fd < 0)
    code = errno;
  while (code == 0 && written < length)
    {
      gssize n = write (fd, text + written, length - written);

      if (n >= 0)
        written += (gsize) n;
      else if (errno != EINTR)
        code = errno;
    }
  /* Some file systems report a full disk only here. */
  if (fd >= 0 && close (fd) != 0 && code == 0)
    code = errno;
  if (code == 0)
    return TRUE;

  recon_set_write_error (error, path, code, NULL);
  return FALSE;
}
