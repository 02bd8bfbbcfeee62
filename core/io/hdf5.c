/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* External files that stay open with the file that links to them. */
#define EXTERNAL_FILES 16

/**
 * recon_hdf5_id_close:
 * @id: a handle of any kind, an invalid one, or %H5P_DEFAULT
 *
 * Drops a reference on an HDF5 object, which closes it with the last one. The reason of an error before, which other
 * calls of HDF5 forget, is kept. The lock is held.
 */
void
recon_hdf5_id_close (ReconHdf5Id id)
{
  hid_t stack = H5I_INVALID_HID;

  /* 0 is H5P_DEFAULT. */
  if (id <= 0)
    return;

  if (H5Eget_num (H5E_DEFAULT) > 0)
    stack = H5Eget_current_stack ();

  H5Idec_ref (id);

  /* This closes the copy. */
  if (stack >= 0)
    H5Eset_current_stack (stack);
}

/**
 * recon_hdf5_lock:
 *
 * Waits until no other thread is in HDF5. Some builds of HDF5 are not safe with threads, and those that
 * are do no more than this. Handles must be closed before the lock is dropped: declare it first.
 *
 *   g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
 *
 * The lock may be taken again by the thread that has it. While it is held, HDF5 prints nothing.
 *
 * Returns: (transfer full): the lock, dropped when it is freed
 */
GRecMutexLocker *
recon_hdf5_lock (void)
{
  static GRecMutex mutex;
  static gsize is_set_up;
  GRecMutexLocker *lock = g_rec_mutex_locker_new (&mutex);

  /* All files are closed in time. What HDF5 would do at the exit of the program is try once more to write those that
   * it could not write before, on a full disk, and crash. This has to come before anything else of HDF5. */
  if (g_once_init_enter (&is_set_up))
    {
      H5dont_atexit ();
      g_once_init_leave (&is_set_up, 1);
    }

  /* The setting belongs to the thread, or to the process where HDF5 knows no threads. */
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);

  return lock;
}

static herr_t
take_text_cb (unsigned            n,
              const H5E_error2_t *entry,
              void               *data)
{
  char **text = data;

  /* The search for filter plug-ins reports folders that nobody asked for. */
  if (entry->desc == NULL || *entry->desc == '\0' || (entry->func_name && g_str_has_prefix (entry->func_name, "H5PL")))
    return 0;

  *text = g_utf8_make_valid (entry->desc, -1);

  return 1;
}

/**
 * recon_hdf5_error_text:
 *
 * Returns: (transfer full): what the last HDF5 call of this thread failed of: the innermost entry of the
 *   error stack, which is the one that names the cause
 */
char *
recon_hdf5_error_text (void)
{
  char *text = NULL;

  H5Ewalk2 (H5E_DEFAULT, H5E_WALK_UPWARD, take_text_cb, &text);

  if (text == NULL)
    return g_strdup (_ ("HDF5 gives no reason"));

  return text;
}

/**
 * recon_hdf5_set_error:
 * @error: return location
 * @code: the code in #RECON_ERROR
 * @format: what was tried, without a full stop
 *
 * Reports the failure of the HDF5 call just before, with HDF5's own words after the given ones.
 *
 * Returns: %FALSE, so that a function can end with it
 */
gboolean
recon_hdf5_set_error (GError     **error,
                      ReconError   code,
                      const char  *format,
                      ...)
{
  g_autofree char *reason = recon_hdf5_error_text ();
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  return recon_fail (error, code, "%s: %s.", what, reason);
}

/**
 * recon_hdf5_is_file:
 * @file: a path
 *
 * Returns: whether @file is a regular file that begins as HDF5 files do
 */
gboolean
recon_hdf5_is_file (const char *file)
{
  g_autoptr (GRecMutexLocker) lock = NULL;

  /* Opening a pipe would wait for its other end. */
  if (!g_file_test (file, G_FILE_TEST_IS_REGULAR))
    return FALSE;

  lock = recon_hdf5_lock ();

  return H5Fis_hdf5 (file) > 0;
}

/**
 * recon_hdf5_split_path:
 * @path: a path as users write it
 * @file: (out) (transfer full): the file
 * @object: (out) (transfer full): the object in it, beginning with a slash
 *
 * Takes "scan.h5:/entry/data" apart. The colon is the last one that a slash follows and a file precedes;
 * a path that exists as a whole is not split.
 *
 * Returns: whether @path has two parts
 */
gboolean
recon_hdf5_split_path (const char  *path,
                       char       **file,
                       char       **object)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;

  for (const char *colon = path + strlen (path); colon > path; colon--)
    {
      g_autofree char *left = NULL;

      if (colon[0] != ':' || colon[1] != '/')
        continue;

      left = g_strndup (path, (gsize) (colon - path));
      if (!g_file_test (left, G_FILE_TEST_IS_REGULAR))
        continue;

      *file = g_steal_pointer (&left);
      *object = g_strdup (colon + 1);
      return TRUE;
    }

  return FALSE;
}

static void
set_open_error (const char  *file,
                GError     **error)
{
  g_autofree char *reason = recon_hdf5_error_text ();

  if (strstr (reason, "unable to lock file") != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                 _ ("%s cannot be locked for reading: %s. Wait until the program that writes it has closed it; if none "
                    "does (some network file systems have no locks), set HDF5_USE_FILE_LOCKING=FALSE."),
                 file, reason);
  else if (strstr (reason, "already open for write") != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                 _ ("%s is still being written, or its writer crashed: %s. Close the writer, or repair the file with "
                    "h5clear --status."),
                 file, reason);
  else if (strstr (reason, "truncated file") != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                 _ ("%s is truncated: %s. Copy the file again."), file, reason);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                 _ ("The HDF5 file %s cannot be opened: %s. Copy the file again, or check its permissions."),
                 file, reason);
}

/**
 * recon_hdf5_file_open:
 * @file: a path
 * @error: return location
 *
 * Opens a file for reading only. The lock is held.
 *
 * Returns: the file, or an invalid handle with #RECON_ERROR_INPUT where it does not exist or is no HDF5
 *   file, #RECON_ERROR_READ where it is damaged, truncated, locked or forbidden
 */
ReconHdf5Id
recon_hdf5_file_open (const char  *file,
                      GError     **error)
{
  g_auto (ReconHdf5Id) access = H5I_INVALID_HID;
  hid_t id;
  htri_t is_hdf5;

  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return recon_fail_id (error, RECON_ERROR_INPUT, _ ("%s does not exist."), file);
  if (!g_file_test (file, G_FILE_TEST_IS_REGULAR))
    return recon_fail_id (error, RECON_ERROR_INPUT, _ ("%s is not a file; choose an HDF5 file."), file);

  is_hdf5 = H5Fis_hdf5 (file);
  if (is_hdf5 == 0)
    return recon_fail_id (error, RECON_ERROR_INPUT, _ ("%s is not an HDF5 file."), file);

  access = H5Pcreate (H5P_FILE_ACCESS);
  if (access < 0 || H5Pset_elink_file_cache_size (access, EXTERNAL_FILES) < 0)
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s cannot be opened"), file);
      return H5I_INVALID_HID;
    }

  id = H5Fopen (file, H5F_ACC_RDONLY, access);
  if (id < 0)
    {
      set_open_error (file, error);
      return H5I_INVALID_HID;
    }

  return id;
}

/* Says why nothing is found at @path: which part of it is missing, or which link leads nowhere. */
static void
set_object_error (hid_t        root,
                  const char  *file,
                  const char  *path,
                  GError     **error)
{
  g_autofree char *reason = recon_hdf5_error_text ();
  g_autofree char *broken = recon_hdf5_find_broken_link (root, path);
  g_autofree char *target = broken != NULL ? recon_hdf5_link_target (root, broken) : NULL;
  g_autofree char *datasets = NULL;

  if (target != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s in %s links to %s, which cannot be opened: %s. Put what is missing there; files are looked "
                      "for beside the one with the link."),
                   broken, file, target, reason);
      return;
    }
  if (broken != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_READ, _ ("%s in %s is damaged: %s. Copy the file again."), broken,
                   file, reason);
      return;
    }

  datasets = recon_hdf5_describe_datasets (root, "/");
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("%s has no %s. %s"), file, path, datasets);
}

/* Groups and datasets. */
static ReconHdf5Id
open_object (hid_t        root,
             const char  *file,
             const char  *path,
             GError     **error)
{
  hid_t id;

  if (*path != '/')
    return recon_fail_id (error, RECON_ERROR_INPUT, _ ("The path %s in %s must begin with a slash."), path, file);

  id = H5Oopen (root, path, recon_hdf5_link_access ());
  if (id < 0)
    set_object_error (root, file, path, error);

  return id < 0 ? H5I_INVALID_HID : id;
}

/**
 * recon_hdf5_dataset_open:
 * @root: the file
 * @file: its name, for messages
 * @path: path of a dataset
 * @error: return location
 *
 * Follows @path and the links on it. The lock is held.
 *
 * Returns: the dataset, or an invalid handle with #RECON_ERROR_INPUT and the list of datasets that exist, or the link
 *   that leads nowhere; #RECON_ERROR_READ where the file is damaged
 */
ReconHdf5Id
recon_hdf5_dataset_open (hid_t        root,
                         const char  *file,
                         const char  *path,
                         GError     **error)
{
  g_auto (ReconHdf5Id) object = open_object (root, file, path, error);
  g_autofree char *datasets = NULL;

  if (object < 0)
    return H5I_INVALID_HID;

  if (H5Iget_type (object) == H5I_DATASET && !recon_hdf5_check_dataset (object))
    {
      recon_hdf5_set_error (error, RECON_ERROR_INPUT, _ ("%s in %s is not read"), path, file);
      return H5I_INVALID_HID;
    }
  if (H5Iget_type (object) == H5I_DATASET)
    {
      hid_t id = object;

      object = H5I_INVALID_HID;
      return id;
    }

  datasets = recon_hdf5_describe_datasets (root, "/");
  return recon_fail_id (error, RECON_ERROR_INPUT, _ ("%s in %s is not a dataset. %s"), path, file, datasets);
}

/**
 * recon_hdf5_get_type:
 * @root: the file
 * @path: a path
 *
 * Returns: what is at @path at the end of all links, %H5O_TYPE_UNKNOWN if nothing is. The lock is held.
 */
H5O_type_t
recon_hdf5_get_type (hid_t       root,
                     const char *path)
{
  H5O_info_t info;

  if (H5Oget_info_by_name2 (root, path, &info, H5O_INFO_BASIC, recon_hdf5_link_access ()) < 0)
    return H5O_TYPE_UNKNOWN;

  return info.type;
}

/**
 * recon_hdf5_is_same:
 * @root: the file
 * @a: a path
 * @b: a path
 *
 * Returns: whether both lead to one object. The lock is held.
 */
gboolean
recon_hdf5_is_same (hid_t       root,
                    const char *a,
                    const char *b)
{
  H5O_info_t info_a, info_b;

  return H5Oget_info_by_name2 (root, a, &info_a, H5O_INFO_BASIC, recon_hdf5_link_access ()) >= 0 &&
         H5Oget_info_by_name2 (root, b, &info_b, H5O_INFO_BASIC, recon_hdf5_link_access ()) >= 0 &&
         info_a.fileno == info_b.fileno && info_a.addr == info_b.addr;
}

/**
 * recon_hdf5_link_exists:
 * @root: the file
 * @path: a path
 *
 * Returns: whether there is a link of that name, also one that leads nowhere. The lock is held.
 */
gboolean
recon_hdf5_link_exists (hid_t       root,
                        const char *path)
{
  if (g_str_equal (path, "/"))
    return TRUE;

  /* An error means that a group on the way is missing. */
  return H5Lexists (root, path, recon_hdf5_link_access ()) > 0;
}
