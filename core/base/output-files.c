/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* renameat2 */
#include "config.h"

#include "base/output-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"

/* Output is often put where others may write too. Below temporary names nothing is followed and nothing is opened that
 * was there before: files are made anew, folders are held by their descriptors.
 *
 * Functions that take a folder's descriptor look for the last part of a path in it; with AT_FDCWD for the path. */

/* How often a file of the name may come back while it is being replaced. */
#define MOST_TRIES 3

static const char *
name_in (int         folder,
         const char *path)
{
  const char *slash = strrchr (path, '/');

  return folder == AT_FDCWD || slash == NULL ? path : slash + 1;
}

/**
 * recon_set_write_error:
 * @error: return location
 * @path: the file that could not be written
 * @code: errno, or 0 where the cause is known only as text
 * @detail: (nullable): the cause in a library's words, used where @code is 0
 *
 * Says which output could not be written, and why. Whether a part of it is kept to go on from, who runs the job knows.
 *
 * Returns: %FALSE, so that a function can end with it
 */
gboolean
recon_set_write_error (GError     **error,
                       const char  *path,
                       int          code,
                       const char  *detail)
{
  const char *cause = code != 0 ? g_strerror (code) : detail != NULL ? detail : _ ("unknown cause");

  if (code == ENOSPC || code == EDQUOT)
    return recon_fail (error, RECON_ERROR_WRITE, _ ("%s could not be written: %s. Free space and run again."), path,
                       cause);

  return recon_fail (error, RECON_ERROR_WRITE, _ ("%s could not be written: %s. Remove the cause and run again."), path,
                     cause);
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

  return recon_set_write_error (error, path, errno, NULL);
}

/**
 * recon_file_exists:
 * @folder: the folder, or AT_FDCWD
 * @path: a path
 *
 * Returns: whether there is something of the name, be it a link that leads nowhere
 */
gboolean
recon_file_exists (int         folder,
                   const char *path)
{
  struct stat status;

  return fstatat (folder, name_in (folder, path), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/**
 * recon_file_leads_nowhere:
 * @path: a path
 *
 * Returns: whether @path is a link to what does not exist
 */
gboolean
recon_file_leads_nowhere (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_SYMLINK) && !g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * recon_file_check_target:
 * @path: the file that is to be made in the end
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if @path is a folder, which no file can replace, or a device or the like,
 *   which none should
 */
gboolean
recon_file_check_target (const char  *path,
                         GError     **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return recon_fail (error, RECON_ERROR_WRITE,
                       _ ("%s is a device or the like, not a file of data. Choose another output.path."), path);

  return recon_fail (error, RECON_ERROR_WRITE,
                     _ ("%s is a folder, so no file of this name can be made. Choose another output.path."), path);
}

/**
 * recon_file_open_new:
 * @folder: the folder, or AT_FDCWD
 * @path: a file in an existing folder
 * @error: return location
 *
 * Makes an empty file for reading and writing. What has the name already, a file or a link, is removed; what a link
 * leads to, or another name of the file, is not touched.
 *
 * Returns: its descriptor, or -1 with #RECON_ERROR_WRITE
 */
int
recon_file_open_new (int          folder,
                     const char  *path,
                     GError     **error)
{
  const char *name = name_in (folder, path);
  int fd = -1;
  int code;

  for (guint i = 0; fd < 0 && i < MOST_TRIES; i++)
    {
      fd = openat (folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
      if (fd < 0 && (errno != EEXIST || (unlinkat (folder, name, 0) != 0 && errno != ENOENT)))
        break;
    }
  if (fd >= 0)
    return fd;

  code = errno;
  if (code == ENOSPC || code == EDQUOT)
    recon_set_write_error (error, path, code, NULL);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                 _ ("The file %s could not be made: %s. Choose another output.path or allow writing there."),
                 path, g_strerror (code));

  return -1;
}

/**
 * recon_file_open_old:
 * @folder: the folder, or AT_FDCWD
 * @path: a file
 * @flags: O_RDONLY, O_WRONLY or O_RDWR
 *
 * Opens a file that an earlier run has left: no link, and nothing else but a regular file; to be written to, it may not
 * be one of the names of a file that has others.
 *
 * Returns: its descriptor, or -1 with errno
 */
int
recon_file_open_old (int         folder,
                     const char *path,
                     int         flags)
{
  int fd = openat (folder, name_in (folder, path), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status = { 0 };

  if (fd < 0 || (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && (flags == O_RDONLY || status.st_nlink == 1)))
    return fd;

  close (fd);
  errno = S_ISREG (status.st_mode) ? EMLINK : EINVAL;

  return -1;
}

/* Whether the new name was free and is now that of the file. */
static gboolean
rename_to_free (int         from_folder,
                const char *from,
                int         to_folder,
                const char *to)
{
  if (renameat2 (from_folder, from, to_folder, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;

  /* Not every file system can do that. A second name cannot replace anything either. */
  if (linkat (from_folder, from, to_folder, to, 0) == 0)
    return unlinkat (from_folder, from, 0) == 0;
  if (errno == EEXIST)
    return FALSE;

  /* Nor has every one second names. */
  if (recon_file_exists (to_folder, to))
    {
      errno = EEXIST;
      return FALSE;
    }

  return renameat (from_folder, from, to_folder, to) == 0;
}

/**
 * recon_file_move_in:
 * @from_folder: the folder of @from, or AT_FDCWD
 * @from: a file or folder
 * @to_folder: the folder of @to, or AT_FDCWD
 * @to: its new name in the same file system
 * @replace: whether a file there may be replaced
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, or #RECON_ERROR_EXISTS if there is one that may not
 */
gboolean
recon_file_move_in (int          from_folder,
                    const char  *from,
                    int          to_folder,
                    const char  *to,
                    gboolean     replace,
                    GError     **error)
{
  const char *name = name_in (from_folder, from);
  const char *new_name = name_in (to_folder, to);
  int code;

  if (replace ? renameat (from_folder, name, to_folder, new_name) == 0
              : rename_to_free (from_folder, name, to_folder, new_name))
    return TRUE;

  code = errno;
  if (!replace && code == EEXIST)
    return recon_fail (error, RECON_ERROR_EXISTS,
                       _ ("%s was made by another program meanwhile. Move it away, or allow --overwrite."), to);

  return recon_fail (error, RECON_ERROR_WRITE, _ ("%s could not be renamed to %s: %s. Remove the cause and run again."),
                     from, to, g_strerror (code));
}

/**
 * recon_file_drop_old_name:
 * @from: a file
 * @to: a name that recon_file_move_in() was to give it
 *
 * Takes the old name away from a file that has both, because the process was killed in between.
 */
void
recon_file_drop_old_name (const char *from,
                   const char *to)
{
  struct stat old, new;

  if (lstat (from, &old) == 0 && lstat (to, &new) == 0 && old.st_dev == new.st_dev && old.st_ino == new.st_ino)
    g_unlink (from);
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
  return recon_file_move_in (AT_FDCWD, from, AT_FDCWD, to, TRUE, error);
}

/**
 * recon_file_remove:
 * @folder: the folder, or AT_FDCWD
 * @path: a file that need not exist
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if it still exists
 */
gboolean
recon_file_remove (int          folder,
                   const char  *path,
                   GError     **error)
{
  int code;

  if (unlinkat (folder, name_in (folder, path), 0) == 0 || errno == ENOENT || errno == ENOTDIR)
    return TRUE;

  code = errno;
  return recon_fail (error, RECON_ERROR_WRITE,
                     _ ("%s could not be removed: %s. Remove it or choose another output.path."), path,
                     g_strerror (code));
}

/**
 * recon_file_write:
 * @fd: an open file
 * @path: its path, for the message
 * @data: (array length=length): what is written at its end, or where it stands
 * @length: number of bytes
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_write (int            fd,
                  const char    *path,
                  gconstpointer  data,
                  gsize          length,
                  GError       **error)
{
  const char *bytes = data;

  for (gsize written = 0; written < length;)
    {
      gssize n = write (fd, bytes + written, length - written);

      if (n > 0)
        written += (gsize) n;
      else if (n == 0 || errno != EINTR)
        return recon_set_write_error (error, path, n == 0 ? ENOSPC : errno, NULL);
    }

  return TRUE;
}

/**
 * recon_file_store:
 * @folder: the folder, or AT_FDCWD
 * @path: a file
 * @text: all that it shall contain
 * @error: return location
 *
 * Writes a small file anew.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_file_store (int          folder,
                  const char  *path,
                  const char  *text,
                  GError     **error)
{
  int fd = recon_file_open_new (folder, path, error);
  gboolean success;

  if (fd < 0)
    return FALSE;

  success = recon_file_write (fd, path, text, strlen (text), error);
  /* Some file systems report a full disk only here. */
  if (close (fd) == 0 || !success)
    return success;

  return recon_set_write_error (error, path, errno, NULL);
}
