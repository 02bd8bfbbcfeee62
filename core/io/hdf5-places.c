/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Where HDF5 looks for the source files of virtual datasets, which it does in silence: a source that is found nowhere,
 * that cannot be opened, or for which the process has too many files open, reads as the fill value. The places are
 * those of H5Pset_virtual_prefix() in the reference manual, in its order. */

/* Files of a process beside the sources of a virtual dataset. */
#define OTHER_FILES 256

/**
 * recon_hdf5_get_file_name:
 * @object: a dataset or group
 *
 * The lock is held.
 *
 * Returns: (transfer full): the file that holds @object, which differs from the opened one behind an external link
 */
char *
recon_hdf5_get_file_name (hid_t object)
{
  char *file;
  gssize length = H5Fget_name (object, NULL, 0);

  if (length <= 0)
    return g_strdup (".");

  file = g_malloc0 ((gsize) length + 1);
  H5Fget_name (object, file, (gsize) length + 1);

  return file;
}

static void
add_place (GPtrArray  *places,
           const char *folder,
           const char *name)
{
  if (folder != NULL && *folder != '\0')
    g_ptr_array_add (places, g_build_filename (folder, name, NULL));
}

/* The variable is a list of folders, and as a whole one in which ${ORIGIN} stands for the holder's. */
static void
add_prefixed (GPtrArray  *places,
              const char *variable,
              const char *folder,
              const char *name)
{
  const char *prefix = g_getenv (variable);
  g_auto (GStrv) prefixes = g_strsplit (prefix != NULL ? prefix : "", ":", -1);

  for (guint i = 0; prefixes[i] != NULL; i++)
    add_place (places, prefixes[i], name);

  if (prefix != NULL && g_str_has_prefix (prefix, "${ORIGIN}"))
    {
      g_autofree char *whole = g_strconcat (folder, prefix + strlen ("${ORIGIN}"), NULL);

      add_place (places, whole, name);
    }
  else
    add_place (places, prefix, name);
}

/**
 * recon_hdf5_list_places:
 * @holder: the file that names another one
 * @name: how it does
 * @variable: the environment variable with further folders: HDF5_VDS_PREFIX for sources of virtual datasets,
 *   HDF5_EXT_PREFIX for links, HDF5_EXTFILE_PREFIX for raw data
 *
 * Returns: (transfer full) (element-type filename): all places in which HDF5 may look for it
 */
GPtrArray *
recon_hdf5_list_places (const char *holder,
                        const char *name,
                        const char *variable)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_path_get_dirname (holder);
  g_autofree char *resolved = realpath (holder, NULL);
  g_autofree char *resolved_folder = resolved != NULL ? g_path_get_dirname (resolved) : NULL;
  g_autofree char *base = NULL;

  /* Of a file that has moved, only the last part of the name is looked for. */
  if (g_path_is_absolute (name))
    {
      g_ptr_array_add (places, g_strdup (name));
      base = g_path_get_basename (name);
      name = base;
    }

  add_prefixed (places, variable, folder, name);
  add_place (places, folder, name);
  g_ptr_array_add (places, g_strdup (name));
  add_place (places, resolved_folder, name);

  return places;
}

/**
 * recon_hdf5_open_source:
 * @holder: the file with the virtual dataset
 * @name: a source file as the dataset names it
 * @path: (out) (transfer full): where it was found
 * @error: return location
 *
 * Looks in all places in which HDF5 does, and as it does takes the first file that can be opened. The lock is held.
 *
 * Returns: the file, or an invalid handle with #RECON_ERROR_INPUT where it is in none of the places, or the error of
 *   recon_hdf5_file_open()
 */
ReconHdf5Id
recon_hdf5_open_source (const char  *holder,
                        const char  *name,
                        char       **path,
                        GError     **error)
{
  g_autoptr (GPtrArray) places = recon_hdf5_list_places (holder, name, "HDF5_VDS_PREFIX");
  g_autoptr (GError) failure = NULL;
  g_autofree char *folder = NULL;

  for (guint i = 0; i < places->len; i++)
    {
      const char *place = g_ptr_array_index (places, i);
      hid_t file;

      /* HDF5 would open it, and wait. */
      if (recon_hdf5_is_irregular (place))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("%s is a pipe or a device and not a file."), place);
          return H5I_INVALID_HID;
        }
      if (!g_file_test (place, G_FILE_TEST_EXISTS))
        continue;

      file = recon_hdf5_file_open (place, failure == NULL ? &failure : NULL);
      if (file >= 0)
        {
          *path = g_strdup (place);
          return file;
        }
    }

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return H5I_INVALID_HID;
    }

  folder = g_path_get_dirname (holder);
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("%s does not exist (looked for in %s)."), name, folder);

  return H5I_INVALID_HID;
}

/**
 * recon_hdf5_allow_files:
 * @n: files that will be open at once
 * @path: what the user calls the dataset that needs them, for messages
 * @error: return location
 *
 * HDF5 keeps the source files of a virtual dataset open, and reads those that it cannot open any more as the fill
 * value. Raises the process's soft limit of open files where @n needs that.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where the system does not allow as many
 */
gboolean
recon_hdf5_allow_files (guint        n,
                        const char  *path,
                        GError     **error)
{
  guint64 needed = (guint64) n + OTHER_FILES;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || needed <= limit.rlim_cur)
    return TRUE;

  /* All that is allowed: other datasets of the scan need theirs as well. */
  limit.rlim_cur = limit.rlim_max;
  if ((limit.rlim_max == RLIM_INFINITY || needed <= limit.rlim_max) && setrlimit (RLIMIT_NOFILE, &limit) == 0)
    return TRUE;

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s is put together from %u files, but the system allows only %" G_GUINT64_FORMAT " to be open "
                        "at once, and HDF5 would read the others as zeros. Raise the limit (ulimit -n %"
                        G_GUINT64_FORMAT ")."),
                     path, n, (guint64) limit.rlim_max, needed);
}

/**
 * recon_hdf5_can_open_files:
 * @path: what the user calls the dataset that was read, for messages
 * @error: return location
 *
 * To be called after reading from a virtual dataset: its sources stay open, so that if one could not be opened for lack
 * of descriptors, there is none left now.
 *
 * Returns: %FALSE with #RECON_ERROR_READ where no file can be opened
 */
gboolean
recon_hdf5_can_open_files (const char  *path,
                           GError     **error)
{
  int fd = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int code = errno;

  if (fd >= 0)
    close (fd);
  if (fd >= 0 || (code != EMFILE && code != ENFILE))
    return TRUE;

  return recon_fail (error, RECON_ERROR_READ,
                     _ ("%s is put together from more files than can be open at once: %s. Raise the limit (ulimit "
                        "-n)."),
                     path, g_strerror (code));
}
