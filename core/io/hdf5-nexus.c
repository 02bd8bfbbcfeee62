/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* dup3, memfd_create */
#include "config.h"

#include "io/hdf5-nexus.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/output-files.h"

/**
 * recon_nexus_check:
 * @success: whether the HDF5 calls just before succeeded
 * @file: the file's name
 * @error: return location
 *
 * Sets #RECON_ERROR_WRITE with HDF5's reason, or only with the system's where HDF5 gives its errno. No other HDF5 call
 * may come between the failed one and this, but for recon_hdf5_id_close().
 *
 * Returns: @success
 */
gboolean
recon_nexus_check (gboolean     success,
                   const char  *file,
                   GError     **error)
{
  g_autofree char *text = NULL;
  const char *code;

  if (success)
    return TRUE;

  text = recon_hdf5_error_text ();
  code = strstr (text, "errno = ");
  return recon_set_write_error (error, file, code != NULL ? atoi (code + strlen ("errno = ")) : 0, text);
}

static gboolean
set_metadata_cache (hid_t access)
{
  H5AC_cache_config_t config = { .version = H5AC__CURR_CACHE_CONFIG_VERSION };

  if (H5Pget_mdc_config (access, &config) < 0)
    return FALSE;

  /* Nothing goes to the disk until it is flushed; HDF5 demands the other three with it. */
  config.evictions_enabled = FALSE;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;

  return H5Pset_mdc_config (access, &config) >= 0;
}

/**
 * recon_nexus_make_access:
 *
 * Returns: a list to open a file with that is written to only when it is flushed, or an invalid handle
 */
ReconHdf5Id
recon_nexus_make_access (void)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS);

  /* Nothing is collected into larger blocks either: otherwise the place of everything would depend on when it was
   * flushed. */
  if (access < 0 || H5Pset_fclose_degree (access, H5F_CLOSE_STRONG) < 0 || H5Pset_meta_block_size (access, 0) < 0 ||
      H5Pset_small_data_block_size (access, 0) < 0 || !set_metadata_cache (access))
    return H5I_INVALID_HID;

  return access;
}

/**
 * recon_nexus_get_descriptor:
 * @file: an open file
 *
 * Returns: HDF5's own descriptor of it, or -1
 */
int
recon_nexus_get_descriptor (hid_t file)
{
  void *handle = NULL;

  if (H5Fget_vfd_handle (file, H5P_DEFAULT, &handle) < 0 || handle == NULL)
    return -1;

  return *(int *) handle;
}

/**
 * recon_nexus_exchange:
 * @file: an open file
 * @fd: what HDF5 reads and writes from now on in its place
 *
 * Returns: whether that was possible; errno says why not
 */
gboolean
recon_nexus_exchange (hid_t file,
                      int   fd)
{
  int descriptor = recon_nexus_get_descriptor (file);

  return descriptor >= 0 && fd >= 0 && dup3 (fd, descriptor, O_CLOEXEC) >= 0;
}

/**
 * recon_nexus_abandon:
 * @file: a file to be closed without writing anything more into it
 *
 * HDF5 insists on writing what it remembers when a file is closed, and breaks where it cannot: it is given a file in
 * memory for that.
 */
void
recon_nexus_abandon (hid_t file)
{
  int decoy = memfd_create ("reconstruct", MFD_CLOEXEC);

  if (decoy < 0)
    decoy = g_open ("/dev/null", O_RDWR | O_CLOEXEC, 0);
  recon_nexus_exchange (file, decoy);
  if (decoy >= 0)
    close (decoy);
}

/* A type for text of a fixed number of bytes, the last of which is 0. */
static ReconHdf5Id
text_type (gsize size)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  if (type < 0 || H5Tset_size (type, size) < 0 || H5Tset_cset (type, H5T_CSET_UTF8) < 0)
    return H5I_INVALID_HID;

  return type;
}

static gboolean
put_attribute (hid_t          object,
               const char    *name,
               hid_t          type,
               hid_t          memory_type,
               hid_t          space,
               gconstpointer  data)
{
  g_auto (ReconHdf5Id) attribute = H5I_INVALID_HID;

  if (type >= 0 && space >= 0)
    attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);

  return attribute >= 0 && H5Awrite (attribute, memory_type, data) >= 0;
}

/**
 * recon_nexus_put_text:
 * @object: a group or dataset
 * @name: name of an attribute that it does not have
 * @text: its value
 *
 * Returns: whether the attribute was made
 */
gboolean
recon_nexus_put_text (hid_t       object,
                      const char *name,
                      const char *text)
{
  g_auto (ReconHdf5Id) type = text_type (strlen (text) + 1);
  g_auto (ReconHdf5Id) space = H5Screate (H5S_SCALAR);

  return put_attribute (object, name, type, type, space, text);
}

/**
 * recon_nexus_put_texts:
 * @object: a group or dataset
 * @name: name of an attribute that it does not have
 * @texts: @n texts of @size bytes each, filled up with at least one zero
 * @n: number of texts
 * @size: bytes of one
 *
 * Returns: whether the attribute was made, a list
 */
gboolean
recon_nexus_put_texts (hid_t       object,
                       const char *name,
                       const char *texts,
                       guint       n,
                       gsize       size)
{
  hsize_t dims = n;
  g_auto (ReconHdf5Id) type = text_type (size);
  g_auto (ReconHdf5Id) space = H5Screate_simple (1, &dims, NULL);

  return put_attribute (object, name, type, type, space, texts);
}

/**
 * recon_nexus_put_number:
 * @object: a group or dataset
 * @name: name of an attribute that it does not have
 * @value: its value
 *
 * Returns: whether the attribute was made, a float64
 */
gboolean
recon_nexus_put_number (hid_t       object,
                        const char *name,
                        double      value)
{
  g_auto (ReconHdf5Id) space = H5Screate (H5S_SCALAR);

  return put_attribute (object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space, &value);
}

/**
 * recon_nexus_make_plist:
 * @plist_class: class of property lists for making objects
 *
 * Returns: a list that makes objects without times, or an invalid handle
 */
ReconHdf5Id
recon_nexus_make_plist (hid_t plist_class)
{
  hid_t plist = H5Pcreate (plist_class);

  if (plist < 0 || H5Pset_obj_track_times (plist, FALSE) < 0)
    return H5I_INVALID_HID;

  return plist;
}

/* Returns the new dataset, with all its data. */
static ReconHdf5Id
make_dataset (hid_t          group,
              const char    *name,
              hid_t          type,
              hid_t          memory_type,
              hid_t          space,
              gconstpointer  data)
{
  g_auto (ReconHdf5Id) plist = recon_nexus_make_plist (H5P_DATASET_CREATE);
  hid_t dataset = H5I_INVALID_HID;

  if (plist >= 0 && type >= 0 && space >= 0)
    dataset = H5Dcreate2 (group, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  if (dataset >= 0 && H5Dwrite (dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0)
    return dataset;

  recon_hdf5_id_close (dataset);

  return H5I_INVALID_HID;
}

/**
 * recon_nexus_make_text:
 * @group: a group
 * @name: name of a new dataset
 * @text: what it holds
 *
 * Returns: whether it was made
 */
gboolean
recon_nexus_make_text (hid_t       group,
                       const char *name,
                       const char *text)
{
  g_auto (ReconHdf5Id) type = text_type (strlen (text) + 1);
  g_auto (ReconHdf5Id) space = H5Screate (H5S_SCALAR);
  g_auto (ReconHdf5Id) dataset = make_dataset (group, name, type, type, space, text);

  return dataset >= 0;
}

/**
 * recon_nexus_make_values:
 * @group: a group
 * @name: name of a new dataset
 * @type: of the values in the file
 * @memory_type: of the values given
 * @values: @n values
 * @n: number of values
 * @units: (nullable): their unit
 * @long_name: (nullable): what they are
 *
 * Returns: whether it was made
 */
gboolean
recon_nexus_make_values (hid_t          group,
                         const char    *name,
                         hid_t          type,
                         hid_t          memory_type,
                         gconstpointer  values,
                         guint          n,
                         const char    *units,
                         const char    *long_name)
{
  hsize_t dims = n;
  g_auto (ReconHdf5Id) space = H5Screate_simple (1, &dims, NULL);
  g_auto (ReconHdf5Id) dataset = make_dataset (group, name, type, memory_type, space, values);

  return dataset >= 0 && (units == NULL || recon_nexus_put_text (dataset, "units", units)) &&
         (long_name == NULL || recon_nexus_put_text (dataset, "long_name", long_name));
}

/**
 * recon_nexus_make_group:
 * @parent: a group
 * @name: name of a new group
 * @nx_class: (nullable): its NeXus class
 *
 * Returns: the group, or an invalid handle
 */
ReconHdf5Id
recon_nexus_make_group (hid_t       parent,
                        const char *name,
                        const char *nx_class)
{
  g_auto (ReconHdf5Id) plist = recon_nexus_make_plist (H5P_GROUP_CREATE);
  hid_t group = H5I_INVALID_HID;

  if (plist >= 0)
    group = H5Gcreate2 (parent, name, H5P_DEFAULT, plist, H5P_DEFAULT);
  if (group >= 0 && (nx_class == NULL || recon_nexus_put_text (group, "NX_class", nx_class)))
    return group;

  recon_hdf5_id_close (group);

  return H5I_INVALID_HID;
}
