/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-storage.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* How a dataset lies in files: what it takes to read it is asked for here, because HDF5 finds out late (a missing
 * filter) or not at all (missing files of a virtual dataset read as zeros). */

#define MAX_NAME 1024

/* Filters that are in use at light sources, by their registered number. */
static const struct
{
  H5Z_filter_t id;
  const char  *name;
} filter_names[] = {
  { H5Z_FILTER_DEFLATE, "deflate" }, { H5Z_FILTER_SZIP, "szip" },
  { 307, "bzip2" },                  { 32000, "LZF" },
  { 32001, "blosc" },                { 32004, "LZ4" },
  { 32008, "bitshuffle" },           { 32013, "ZFP" },
  { 32015, "Zstandard" },            { 32017, "SZ" },
  { 32018, "FCIDECOMP" },            { 32019, "JPEG" },
  { 32026, "blosc2" },
};

/* Filters may be marked as optional: then chunks were written without one that the writer did not have. */
static gboolean
is_filter_unused (hid_t dataset,
                  guint i)
{
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  hsize_t offset[H5S_MAX_RANK];
  unsigned mask = 0;

  if (space < 0 || H5Dget_chunk_info (dataset, space, 0, offset, &mask, NULL, NULL) < 0)
    return FALSE;

  return (mask & (1u << i)) != 0;
}

static gboolean
check_filters (hid_t        dataset,
               hid_t        creation,
               const char  *path,
               GError     **error)
{
  int n = H5Pget_nfilters (creation);

  for (int i = 0; i < n && i < 32; i++)
    {
      char name[MAX_NAME] = "";
      const char *shown = name;
      unsigned flags, config;
      gsize n_values = 0;
      H5Z_filter_t id = H5Pget_filter2 (creation, (unsigned) i, &flags, &n_values, NULL, sizeof name, name, &config);

      if (id < 0)
        {
          recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The filters of %s cannot be read"), path);
          return FALSE;
        }
      if (H5Zfilter_avail (id) > 0 || ((flags & H5Z_FLAG_OPTIONAL) && is_filter_unused (dataset, (guint) i)))
        continue;

      for (guint j = 0; j < G_N_ELEMENTS (filter_names); j++)
        if (filter_names[j].id == id)
          shown = filter_names[j].name;
      if (*shown == '\0' || !g_utf8_validate (shown, -1, NULL))
        shown = _ ("no name");

      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is compressed with the HDF5 filter %d (%s), which is not installed. Install its HDF5 plug-in "
                      "(and set HDF5_PLUGIN_PATH to its folder), or write the file without it."),
                   path, (int) id, shown);
      return FALSE;
    }

  return TRUE;
}

/* The folder of the file that holds @dataset, which differs from the opened one behind an external link. */
static char *
get_folder (hid_t dataset)
{
  g_autofree char *file = NULL;
  gssize length = H5Fget_name (dataset, NULL, 0);

  if (length <= 0)
    return g_strdup (".");

  file = g_malloc0 ((gsize) length + 1);
  H5Fget_name (dataset, file, (gsize) length + 1);

  return g_path_get_dirname (file);
}

/* The size of the file @name that a dataset in @folder names, or −1 where it is in none of HDF5's places. */
static goffset
find_file (const char *folder,
           const char *name,
           const char *prefix)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *beside = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
  g_autofree char *moved = g_build_filename (folder, base, NULL);
  g_autofree char *prefixed = prefix != NULL ? g_build_filename (prefix, name, NULL) : g_strdup (name);
  const char *places[] = { beside, moved, prefixed, name };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (places[i]);
      g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                                                      NULL, NULL);

      if (info != NULL)
        return g_file_info_get_size (info);
    }

  return -1;
}

static gboolean
check_external (hid_t        dataset,
                hid_t        creation,
                const char  *path,
                GError     **error)
{
  int n = H5Pget_external_count (creation);
  g_autofree char *folder = n > 0 ? get_folder (dataset) : NULL;

  for (int i = 0; i < n; i++)
    {
      char name[MAX_NAME + 1] = "";
      off_t offset;
      hsize_t size;
      goffset found;

      if (H5Pget_external (creation, (unsigned) i, MAX_NAME, name, &offset, &size) < 0)
        {
          recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The external files of %s cannot be read"), path);
          return FALSE;
        }

      found = find_file (folder, name, g_getenv ("HDF5_EXTFILE_PREFIX"));
      if (found < 0)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                       _ ("%s keeps its data in the file %s, which does not exist in %s. Put it there."), path, name,
                       folder);
          return FALSE;
        }
      if (size != H5F_UNLIMITED && (offset < 0 || size > (guint64) found || (guint64) offset > (guint64) found - size))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                       _ ("%s keeps its data in the file %s, which is truncated: it has %" G_GOFFSET_FORMAT
                          " bytes. Copy it again."),
                       path, name, found);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_virtual (hid_t        dataset,
               hid_t        creation,
               const char  *path,
               GError     **error)
{
  g_autofree char *folder = get_folder (dataset);
  gsize n = 0;

  if (H5Pget_virtual_count (creation, &n) < 0)
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The sources of %s cannot be read"), path);
      return FALSE;
    }

  for (gsize i = 0; i < n; i++)
    {
      char name[MAX_NAME] = "";

      if (H5Pget_virtual_filename (creation, i, name, sizeof name) < 0)
        {
          recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The sources of %s cannot be read"), path);
          return FALSE;
        }

      /* A dot is the file itself; a pattern may end anywhere. */
      if (g_str_equal (name, ".") || strstr (name, "%b") != NULL)
        continue;
      if (find_file (folder, name, g_getenv ("HDF5_VDS_PREFIX")) >= 0)
        continue;

      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is put together from other files, of which %s does not exist in %s. Put it there."), path,
                   name, folder);
      return FALSE;
    }

  return TRUE;
}

/**
 * recon_hdf5_storage_check:
 * @dataset: a dataset
 * @path: what the user calls it, for messages
 * @error: return location
 *
 * Looks for what is needed to read @dataset beside the file: filters, files with its raw data, files that a virtual
 * dataset shows. The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT naming what is missing, or #RECON_ERROR_READ
 */
gboolean
recon_hdf5_storage_check (hid_t        dataset,
                          const char  *path,
                          GError     **error)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;

  if (creation < 0 || H5Dget_space_status (dataset, &status) < 0)
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s is damaged"), path);
      return FALSE;
    }

  switch (H5Pget_layout (creation))
    {
    case H5D_COMPACT:
      return TRUE;

    case H5D_VIRTUAL:
      return check_virtual (dataset, creation, path, error);

    case H5D_CONTIGUOUS:
      if (H5Pget_external_count (creation) > 0)
        return check_external (dataset, creation, path, error);
      break;

    case H5D_CHUNKED:
      if (!check_filters (dataset, creation, path, error))
        return FALSE;
      break;

    default:
      g_set_error (error, RECON_ERROR, RECON_ERROR_READ, _ ("%s is stored in a way that HDF5 does not know."), path);
      return FALSE;
    }

  if (status == H5D_SPACE_STATUS_NOT_ALLOCATED)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s was never written: the file has its size but no data. Choose another dataset."), path);
      return FALSE;
    }

  return TRUE;
}
