/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-storage.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/hdf5-places.h"

/* How a dataset lies in files: what it takes to read it is asked for here, because HDF5 finds out late (a missing
 * filter) or not at all (data that was never written). */

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

/* Where the file @name with raw data of a dataset in @folder is; %NULL where it is in none of HDF5's places. */
static char *
find_file (const char *folder,
           const char *name)
{
  const char *prefix = g_getenv ("HDF5_EXTFILE_PREFIX");
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *beside = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
  g_autofree char *moved = g_build_filename (folder, base, NULL);
  g_autofree char *prefixed = prefix != NULL ? g_build_filename (prefix, name, NULL) : g_strdup (name);
  const char *places[] = { beside, moved, prefixed, name };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_file_test (places[i], G_FILE_TEST_EXISTS))
      return g_strdup (places[i]);

  return NULL;
}

/* The size of a file in bytes, or −1. */
static goffset
get_size (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL,
                                                  NULL);

  return info != NULL ? g_file_info_get_size (info) : -1;
}

static gboolean
check_external (hid_t        dataset,
                hid_t        creation,
                const char  *path,
                GError     **error)
{
  int n = H5Pget_external_count (creation);
  g_autofree char *holder = n > 0 ? recon_hdf5_get_file_name (dataset) : NULL;
  g_autofree char *folder = n > 0 ? g_path_get_dirname (holder) : NULL;

  for (int i = 0; i < n; i++)
    {
      char name[MAX_NAME + 1] = "";
      off_t offset;
      hsize_t size;
      g_autofree char *place = NULL;
      goffset found;

      if (H5Pget_external (creation, (unsigned) i, MAX_NAME, name, &offset, &size) < 0)
        {
          recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The external files of %s cannot be read"), path);
          return FALSE;
        }

      place = find_file (folder, name);
      found = place != NULL ? get_size (place) : -1;
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

/**
 * recon_hdf5_storage_check:
 * @dataset: a dataset
 * @path: what the user calls it, for messages
 * @error: return location
 *
 * Looks for what is needed to read @dataset beside the file: filters, files with its raw data. What a virtual dataset
 * needs is for recon_hdf5_sources_find(). The lock is held.
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
      return TRUE;

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

/**
 * recon_hdf5_storage_list_files:
 * @dataset: a dataset
 * @files: (element-type filename): gets the file that holds @dataset, and those with its raw data
 *
 * The lock is held.
 */
void
recon_hdf5_storage_list_files (hid_t      dataset,
                               GPtrArray *files)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  char *holder = recon_hdf5_get_file_name (dataset);
  g_autofree char *folder = g_path_get_dirname (holder);
  int n = creation >= 0 && H5Pget_layout (creation) == H5D_CONTIGUOUS ? H5Pget_external_count (creation) : 0;

  g_ptr_array_add (files, holder);
  for (int i = 0; i < n; i++)
    {
      char name[MAX_NAME + 1] = "";
      off_t offset;
      hsize_t size;
      char *place;

      if (H5Pget_external (creation, (unsigned) i, MAX_NAME, name, &offset, &size) < 0)
        continue;
      place = find_file (folder, name);
      if (place != NULL)
        g_ptr_array_add (files, place);
    }
}
