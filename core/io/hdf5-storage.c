/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

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
        return recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The filters of %s cannot be read"), path);
      if (H5Zfilter_avail (id) > 0 || ((flags & H5Z_FLAG_OPTIONAL) && is_filter_unused (dataset, (guint) i)))
        continue;

      for (guint j = 0; j < G_N_ELEMENTS (filter_names); j++)
        if (filter_names[j].id == id)
          shown = filter_names[j].name;
      if (*shown == '\0' || !g_utf8_validate (shown, -1, NULL))
        shown = _ ("no name");

      return recon_fail (error, RECON_ERROR_INPUT,
                         _ ("%s is compressed with the HDF5 filter %d (%s), which is not installed. Install its HDF5 "
                            "plug-in (and set HDF5_PLUGIN_PATH to its folder), or write the file without it."),
                         path, (int) id, shown);
    }

  return TRUE;
}

/* Where the file @name with raw data of a dataset in @holder is; %NULL where it is in none of HDF5's places. */
static char *
find_file (const char *holder,
           const char *name)
{
  g_autoptr (GPtrArray) places = recon_hdf5_list_places (holder, name, "HDF5_EXTFILE_PREFIX");

  for (guint i = 0; i < places->len; i++)
    if (g_file_test (places->pdata[i], G_FILE_TEST_EXISTS))
      return g_strdup (places->pdata[i]);

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
        return recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The external files of %s cannot be read"), path);

      place = find_file (holder, name);
      found = place != NULL ? get_size (place) : -1;
      if (found < 0)
        return recon_fail (error, RECON_ERROR_INPUT,
                           _ ("%s keeps its data in the file %s, which does not exist in %s. Put it there."), path,
                           name, folder);
      if (size != H5F_UNLIMITED && (offset < 0 || size > (guint64) found || (guint64) offset > (guint64) found - size))
        return recon_fail (error, RECON_ERROR_READ,
                           _ ("%s keeps its data in the file %s, which is truncated: it has %" G_GOFFSET_FORMAT
                              " bytes. Copy it again."),
                           path, name, found);
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
    return recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s is damaged"), path);

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
      return recon_fail (error, RECON_ERROR_READ, _ ("%s is stored in a way that HDF5 does not know."), path);
    }

  if (status == H5D_SPACE_STATUS_NOT_ALLOCATED)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s was never written: the file has its size but no data. Choose another dataset."), path);

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
      place = find_file (holder, name);
      if (place != NULL)
        g_ptr_array_add (files, place);
    }
}

/* The most that unpacked chunks may take beside what is read. */
#define MAX_CACHE ((guint64) 32 << 20)

/* HDF5's own size of the cache. */
#define MIN_CACHE ((guint64) 1 << 20)

/**
 * recon_hdf5_count_unwritten:
 * @dataset: a dataset
 * @n_chunks: (out): number of chunks that it should have
 *
 * Counts what a scan that was stopped early leaves out. The lock is held.
 *
 * Returns: number of chunks that were never written and read as the fill value, mostly 0
 */
guint64
recon_hdf5_count_unwritten (hid_t    dataset,
                            guint64 *n_chunks)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  hsize_t chunk[H5S_MAX_RANK], n_written = 0;
  ReconHdf5Shape shape;

  *n_chunks = 1;

  if (creation < 0 || space < 0 || H5Pget_layout (creation) != H5D_CHUNKED || !recon_hdf5_shape_get (dataset, &shape))
    return 0;
  if (H5Pget_chunk (creation, H5S_MAX_RANK, chunk) != shape.rank)
    return 0;

  for (int i = 0; i < shape.rank; i++)
    if (chunk[i] == 0 || !g_uint64_checked_mul (n_chunks, *n_chunks, (shape.dims[i] + chunk[i] - 1) / chunk[i]))
      return 0;

  if (H5Dget_num_chunks (dataset, space, &n_written) < 0 || n_written >= *n_chunks)
    return 0;

  return *n_chunks - n_written;
}

/* The chunk of a dataset of images as frames, rows and columns; and the samples in it, some perhaps of other images. */
static gboolean
get_chunk (hid_t                dataset,
           const ReconHdf5View *view,
           guint64              chunk[3],
           guint64             *n_samples)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  hsize_t dims[H5S_MAX_RANK];

  *n_samples = 1;

  if (creation < 0 || H5Pget_layout (creation) != H5D_CHUNKED)
    return FALSE;
  if (H5Pget_chunk (creation, H5S_MAX_RANK, dims) != view->rank)
    return FALSE;

  for (int i = 0; i < view->rank; i++)
    if (!g_uint64_checked_mul (n_samples, *n_samples, dims[i]))
      *n_samples = G_MAXUINT64;

  for (int i = 0; i < 3; i++)
    {
      chunk[i] = view->axes[i] < 0 ? 1 : dims[view->axes[i]];
      /* HDF5 has none such, but a damaged file may. */
      if (chunk[i] == 0 || chunk[i] > G_MAXUINT32)
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_hdf5_get_batch:
 * @dataset: a dataset
 * @view: which elements of it are images
 * @axis: 0 for frames, 1 for rows
 *
 * Returns: how many frames or rows a chunk spans; 1 where there are no chunks. The lock is held.
 */
guint
recon_hdf5_get_batch (hid_t                dataset,
                      const ReconHdf5View *view,
                      int                  axis)
{
  guint64 chunk[3], n_samples;

  if (!get_chunk (dataset, view, chunk, &n_samples))
    return 1;

  return (guint) MIN (chunk[axis], MAX (view->n[axis], 1));
}

/**
 * recon_hdf5_create_access:
 * @dataset: a dataset
 * @view: which elements of it are images
 * @sample_bytes: size of one
 *
 * A call of H5Dread() unpacks each chunk once whatever the cache is. The cache is for calls that follow: it holds
 * a layer of chunks (all rows of a batch of frames) if that is not too much, so that reading row range after row range
 * of the same frames unpacks nothing twice; else a row of chunks, else one. The lock is held.
 *
 * Returns: a property list to open @dataset with
 */
ReconHdf5Id
recon_hdf5_create_access (hid_t                dataset,
                          const ReconHdf5View *view,
                          gsize                sample_bytes)
{
  ReconHdf5Id access = recon_hdf5_dataset_access_new ();
  guint64 chunk[3], n_samples, bytes, n = 1, row, layer;
  guint slots;

  if (access < 0 || !get_chunk (dataset, view, chunk, &n_samples))
    return access;

  row = (view->n[2] + chunk[2] - 1) / chunk[2];
  if (!g_uint64_checked_mul (&bytes, n_samples, sample_bytes) || bytes > MAX_CACHE || bytes == 0 ||
      !g_uint64_checked_mul (&layer, row, (view->n[1] + chunk[1] - 1) / chunk[1]))
    return access;

  if (layer <= MAX_CACHE / bytes)
    n = layer;
  else if (row <= MAX_CACHE / bytes)
    n = row;

  /* Chunks whose numbers fall on the same slot drive each other out. */
  slots = g_spaced_primes_closest ((guint) MAX (10 * n, 521));
  H5Pset_chunk_cache (access, slots, MAX (n * bytes, MIN_CACHE), H5D_CHUNK_CACHE_W0_DEFAULT);

  return access;
}
