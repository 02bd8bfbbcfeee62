/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

/* Whether opening @path may wait for ever, or do something: whether it is a pipe, a device or a socket. */
static gboolean
is_irregular (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && !S_ISREG (info.st_mode) && !S_ISDIR (info.st_mode);
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
      if (is_irregular (place))
        return recon_fail_id (error, RECON_ERROR_INPUT, _ ("%s is a pipe or a device and not a file."), place);
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
  return recon_fail_id (error, RECON_ERROR_INPUT, _ ("%s does not exist (looked for in %s)."), name, folder);
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

#define MAX_NAME 1024

/* Virtual datasets of virtual datasets. */
#define MAX_DEPTH 8

#define NO_FILE " is a pipe or a device and not a file"

/* Blocks of a pattern that are looked for; more are a damaged file. */
#define MAX_BLOCKS (1 << 20)

/* For recon_hdf5_error_text(): the innermost entry is the first. */
static void
push_error (const char *place)
{
  H5Epush2 (H5E_DEFAULT, __FILE__, G_STRFUNC, __LINE__, H5E_ERR_CLS, H5E_FILE, H5E_CANTOPENFILE, "%s%s",
            place, NO_FILE);
}

/* Whether the last call of HDF5 failed of that. */
static gboolean
has_error (void)
{
  g_autofree char *text = recon_hdf5_error_text ();

  return g_str_has_suffix (text, NO_FILE);
}

/* Whether all places where HDF5 may look for @name are files, or nothing. It does not matter that HDF5 may find a file
 * before. */
static gboolean
is_allowed (const char *holder,
            const char *name,
            const char *variable)
{
  g_autoptr (GPtrArray) places = recon_hdf5_list_places (holder, name, variable);

  for (guint i = 0; i < places->len; i++)
    if (is_irregular (places->pdata[i]))
      {
        push_error (places->pdata[i]);
        return FALSE;
      }

  return TRUE;
}

/* Before HDF5 follows an external link. */
static herr_t
traverse_cb (const char *parent_file,
             const char *parent_group,
             const char *file,
             const char *object,
             unsigned   *flags,
             hid_t       access,
             void       *data)
{
  return is_allowed (parent_file, file, "HDF5_EXT_PREFIX") ? 0 : -1;
}

/**
 * recon_hdf5_link_access:
 *
 * The lock is held.
 *
 * Returns: a property list with which links are followed, to regular files only; it belongs to the process
 */
hid_t
recon_hdf5_link_access (void)
{
  static gsize list; /* an identifier is never 0 */

  if (g_once_init_enter (&list))
    {
      hid_t access = H5Pcreate (H5P_LINK_ACCESS);
      herr_t status = H5Pset_elink_cb (access, traverse_cb, NULL);

      /* Of the library's own making, it cannot fail but for lack of memory. */
      g_assert (access > 0 && status >= 0);
      g_once_init_leave (&list, (gsize) access);
    }

  return (hid_t) list;
}

/**
 * recon_hdf5_dataset_access_new:
 *
 * The lock is held.
 *
 * Returns: (transfer full): the same for datasets, to which more can be added
 */
ReconHdf5Id
recon_hdf5_dataset_access_new (void)
{
  hid_t access = H5Pcreate (H5P_DATASET_ACCESS);

  if (access >= 0 && H5Pset_elink_cb (access, traverse_cb, NULL) >= 0)
    return access;

  recon_hdf5_id_close (access);

  return H5I_INVALID_HID;
}

static gboolean
check_external (hid_t creation,
                hid_t dataset)
{
  g_autofree char *holder = NULL;
  int n = H5Pget_external_count (creation);

  if (n <= 0)
    return TRUE;

  holder = recon_hdf5_get_file_name (dataset);
  for (int i = 0; i < n; i++)
    {
      char name[MAX_NAME + 1] = "";
      off_t offset;
      hsize_t size;

      if (H5Pget_external (creation, (unsigned) i, MAX_NAME, name, &offset, &size) < 0 ||
          !is_allowed (holder, name, "HDF5_EXTFILE_PREFIX"))
        return FALSE;
    }

  return TRUE;
}

static gboolean check_dataset (hid_t dataset,
                               guint depth);

/* Opens a source as HDF5 will, but for what is no file. It need not be there. */
static gboolean
check_source (hid_t       dataset,
              const char *holder,
              const char *file_name,
              const char *name,
              guint       depth)
{
  gboolean is_same = g_str_equal (file_name, ".");
  g_autofree char *path = NULL;
  g_autofree char *absolute = *name == '/' ? g_strdup (name) : g_strconcat ("/", name, NULL);
  g_auto (ReconHdf5Id) file = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) source = H5I_INVALID_HID;

  if (!is_same && !is_allowed (holder, file_name, "HDF5_VDS_PREFIX"))
    return FALSE;

  file = is_same ? H5Iget_file_id (dataset) : recon_hdf5_open_source (holder, file_name, &path, NULL);
  if (file < 0)
    return TRUE;

  source = H5Oopen (file, absolute, recon_hdf5_link_access ());
  if (source < 0)
    return !has_error ();

  return H5Iget_type (source) != H5I_DATASET || depth >= MAX_DEPTH || check_dataset (source, depth + 1);
}

/* HDF5 asks for block after block, up to the first that is missing. */
static gboolean
check_blocks (hid_t       dataset,
              const char *holder,
              const char *file_name,
              const char *name,
              guint       depth)
{
  g_autofree char *folder = g_path_get_dirname (holder);

  for (guint64 block = 0; block < MAX_BLOCKS; block++)
    {
      g_autofree char *file = recon_hdf5_mapping_expand (file_name, block);
      g_autofree char *next = recon_hdf5_mapping_expand (file_name, block + 1);
      g_autofree char *source = recon_hdf5_mapping_expand (name, block);
      g_autofree char *place = g_path_is_absolute (file) ? g_strdup (file) : g_build_filename (folder, file, NULL);

      if (!check_source (dataset, holder, file, source, depth))
        return FALSE;
      if (g_str_equal (file, next) || !g_file_test (place, G_FILE_TEST_EXISTS))
        break;
    }

  return TRUE;
}

/* The sources that HDF5 opens before recon_hdf5_sources_find() looks at all of them. */
static gboolean
check_virtual (hid_t creation,
               hid_t dataset,
               guint depth)
{
  g_autofree char *holder = recon_hdf5_get_file_name (dataset);
  gsize n = 0;

  if (H5Pget_virtual_count (creation, &n) < 0)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    {
      g_auto (ReconHdf5Mapping) mapping = { 0 };

      /* The size of the dataset follows from that of the source. */
      if (recon_hdf5_mapping_read (&mapping, creation, i) && mapping.unlimited >= 0 &&
          !check_blocks (dataset, holder, mapping.file, mapping.dataset, depth))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_dataset (hid_t dataset,
               guint depth)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);

  if (creation < 0)
    return FALSE;

  switch (H5Pget_layout (creation))
    {
    case H5D_VIRTUAL:
      return check_virtual (creation, dataset, depth);
    case H5D_CONTIGUOUS:
      return check_external (creation, dataset);
    default:
      return TRUE;
    }
}

/**
 * recon_hdf5_check_dataset:
 * @dataset: a dataset that was just opened
 *
 * The lock is held.
 *
 * Returns: %FALSE with the reason for recon_hdf5_error_text() where reading from it, or asking for its size, would open
 *   what is no file
 */
gboolean
recon_hdf5_check_dataset (hid_t dataset)
{
  return check_dataset (dataset, 0);
}

/**
 * recon_hdf5_open_guarded:
 * @root: the file
 * @path: path of a dataset
 * @access: of recon_hdf5_dataset_access_new(), or %H5P_DEFAULT for one without more
 *
 * As H5Dopen2(), unless that, or reading from the dataset, would open what is no file. The lock is held.
 *
 * Returns: (transfer full): the dataset, or an invalid handle with the reason for recon_hdf5_error_text()
 */
ReconHdf5Id
recon_hdf5_open_guarded (hid_t       root,
                         const char *path,
                         hid_t       access)
{
  g_auto (ReconHdf5Id) own = access == H5P_DEFAULT ? recon_hdf5_dataset_access_new () : H5I_INVALID_HID;
  hid_t dataset = H5Dopen2 (root, path, access == H5P_DEFAULT ? own : access);

  if (dataset < 0 || recon_hdf5_check_dataset (dataset))
    return dataset;

  recon_hdf5_id_close (dataset);

  return H5I_INVALID_HID;
}
