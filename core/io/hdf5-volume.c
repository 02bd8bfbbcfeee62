/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-output.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "io/hdf5-nexus.h"

/* The file, for the path /entry/data/data:
 *
 *   /                NXroot, default "entry"
 *   /entry           NXentry, default "data"
 *   /entry/process   NXprocess: program, version, configuration (text)
 *   /entry/data      NXdata, signal "data", axes z, y, x
 *   /entry/data/z    detector row of each slice, px
 *   /entry/data/y    row of the full slice, px
 *   /entry/data/x    column of the full slice, px
 *   /entry/data/data the slices (z, y, x), per px or per mm
 *
 * Another path moves what is in /entry/data to its own group, to which the defaults then lead; /entry/process stays.
 * All axes count pixels as they are in the rest of the program, with the size of one beside. */

#define PROCESS "/entry/process"

/* As much as programs cache of a dataset if nobody asks for more. */
#define CHUNK_BYTES (1024 * 1024)
#define DEFLATE_LEVEL 3

static hid_t
memory_type (ReconOutputType type)
{
  const hid_t types[] = {
    [RECON_OUTPUT_TYPE_FLOAT32] = H5T_NATIVE_FLOAT,
    [RECON_OUTPUT_TYPE_UINT16] = H5T_NATIVE_UINT16,
    [RECON_OUTPUT_TYPE_UINT8] = H5T_NATIVE_UINT8,
  };

  return types[type];
}

static hid_t
file_type (ReconOutputType type)
{
  const hid_t types[] = {
    [RECON_OUTPUT_TYPE_FLOAT32] = H5T_IEEE_F32LE,
    [RECON_OUTPUT_TYPE_UINT16] = H5T_STD_U16LE,
    [RECON_OUTPUT_TYPE_UINT8] = H5T_STD_U8LE,
  };

  return types[type];
}

/**
 * recon_hdf5_volume_check_path:
 * @dataset: path of the slices in the file
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if @dataset is no absolute path of a dataset, or collides with other objects
 */
gboolean
recon_hdf5_volume_check_path (const char  *dataset,
                              GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (dataset, "/", -1);
  guint n = g_strv_length (parts);
  const char *name = n > 0 ? parts[n - 1] : "";

  for (guint i = 1; i < n; i++)
    if (*parts[i] == '\0' || strcmp (parts[i], ".") == 0 || strcmp (parts[i], "..") == 0)
      return recon_fail (error, RECON_ERROR_CONFIG, _ ("%s is no path of a dataset. Write it like /entry/data/data."),
                         dataset);

  if (strcmp (name, "x") == 0 || strcmp (name, "y") == 0 || strcmp (name, "z") == 0 ||
      strcmp (dataset, "/entry") == 0 || strcmp (dataset, PROCESS) == 0 || g_str_has_prefix (dataset, PROCESS "/"))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("The slices cannot be the dataset %s, because the axes x, y, z and the configuration in %s "
                          "have such names. Choose another name."),
                       dataset, PROCESS);

  return TRUE;
}

static const char *
group_class (guint    depth,
             gboolean last)
{
  if (depth == 0)
    return "NXentry";

  return last ? "NXdata" : "NXcollection";
}

/* Makes the groups that the dataset lies in, each the default of the one around it. Returns the innermost. */
static ReconHdf5Id
make_groups (hid_t root,
             GStrv parts,
             guint n)
{
  hid_t group = H5Gopen2 (root, "/", H5P_DEFAULT);

  if (group < 0)
    return H5I_INVALID_HID;

  for (guint i = 0; i < n; i++)
    {
      g_auto (ReconHdf5Id) outer = group;

      group = H5I_INVALID_HID;
      if (!recon_nexus_put_text (outer, "default", parts[i]))
        return H5I_INVALID_HID;
      group = recon_nexus_make_group (outer, parts[i], group_class (i, i + 1 == n));
      if (group < 0)
        return H5I_INVALID_HID;
    }

  return group;
}

static gboolean
make_process (hid_t              root,
              const ReconVolume *volume)
{
  g_auto (ReconHdf5Id) entry = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) process = H5I_INVALID_HID;

  if (recon_hdf5_link_exists (root, "/entry"))
    entry = H5Gopen2 (root, "/entry", H5P_DEFAULT);
  else
    entry = recon_nexus_make_group (root, "entry", "NXentry");
  if (entry < 0)
    return FALSE;

  process = recon_nexus_make_group (entry, "process", "NXprocess");

  return process >= 0 && recon_nexus_make_text (process, "program", "reconstruct") &&
         recon_nexus_make_text (process, "version", RECON_VERSION) &&
         recon_nexus_make_text (process, "configuration", volume->configuration != NULL ? volume->configuration : "");
}

static gboolean
make_axis (hid_t         group,
           const char   *name,
           const double *values,
           guint         n,
           const char   *long_name)
{
  return recon_nexus_make_values (group, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values, n, "px", long_name);
}

static gboolean
make_pixel_axis (hid_t       group,
                 const char *name,
                 double      start,
                 guint       n,
                 const char *long_name)
{
  g_autofree double *values = g_new (double, n);

  for (guint i = 0; i < n; i++)
    values[i] = start + i;

  return make_axis (group, name, values, n, long_name);
}

static gboolean
make_axes (hid_t              group,
           const char        *signal,
           const ReconVolume *volume)
{
  return recon_nexus_put_text (group, "signal", signal) &&
         recon_nexus_put_texts (group, "axes", "z\0y\0x", 3, 2) &&
         make_axis (group, "z", volume->detector_row, volume->n_slices, "detector row") &&
         make_pixel_axis (group, "y", volume->y0, volume->height, "row of the slice") &&
         make_pixel_axis (group, "x", volume->x0, volume->width, "column of the slice");
}

/* Chunks of whole rows, all but the last of one slice with the same number of them. */
static hsize_t
rows_per_chunk (const ReconVolume *volume)
{
  gsize row = (gsize) volume->width * recon_output_type_get_bytes (volume->type);
  hsize_t most = MAX (CHUNK_BYTES / row, 1);
  hsize_t n_chunks = (volume->height + most - 1) / most;

  return (volume->height + n_chunks - 1) / n_chunks;
}

/* Not compressed, the slices are one piece of the file, whose place is fixed from the start: then the file's
 * structure never changes any more. */
static gboolean
set_layout (hid_t              plist,
            const ReconVolume *volume)
{
  hsize_t chunk[3] = { 1, rows_per_chunk (volume), volume->width };
  const unsigned level = DEFLATE_LEVEL;

  if (volume->compression == RECON_COMPRESSION_NONE)
    return H5Pset_layout (plist, H5D_CONTIGUOUS) >= 0 && H5Pset_alloc_time (plist, H5D_ALLOC_TIME_EARLY) >= 0 &&
           H5Pset_fill_time (plist, H5D_FILL_TIME_NEVER) >= 0;

  /* Not to be left out, as H5Pset_deflate() allows: all chunks are alike. */
  return H5Pset_chunk (plist, 3, chunk) >= 0 && H5Pset_shuffle (plist) >= 0 &&
         H5Pset_filter (plist, H5Z_FILTER_DEFLATE, H5Z_FLAG_MANDATORY, 1, &level) >= 0;
}

/* Chunks are compressed and written at once instead of being kept. */
static ReconHdf5Id
make_access (void)
{
  hid_t access = H5Pcreate (H5P_DATASET_ACCESS);

  if (access < 0 || H5Pset_chunk_cache (access, H5D_CHUNK_CACHE_NSLOTS_DEFAULT, 0, H5D_CHUNK_CACHE_W0_DEFAULT) < 0)
    return H5I_INVALID_HID;

  return access;
}

static ReconHdf5Id
make_data (hid_t              group,
           const char        *name,
           const ReconVolume *volume)
{
  hsize_t dims[3] = { volume->n_slices, volume->height, volume->width };
  g_auto (ReconHdf5Id) plist = recon_nexus_make_plist (H5P_DATASET_CREATE);
  g_auto (ReconHdf5Id) access = make_access ();
  g_auto (ReconHdf5Id) space = H5Screate_simple (3, dims, NULL);
  hid_t data = H5I_INVALID_HID;

  if (plist >= 0 && access >= 0 && space >= 0 && set_layout (plist, volume))
    data = H5Dcreate2 (group, name, file_type (volume->type), space, H5P_DEFAULT, plist, access);

  return data;
}

/* Integers have no unit: the window that leads back to values has. */
static gboolean
describe_data (hid_t              data,
               const ReconVolume *volume)
{
  gboolean sized = isfinite (volume->pixel_size);
  const char *units = sized ? "1/mm" : "1/px";

  if (sized && (!recon_nexus_put_number (data, "pixel_size", volume->pixel_size) ||
                !recon_nexus_put_text (data, "pixel_size_units", "mm")))
    return FALSE;
  if (volume->type == RECON_OUTPUT_TYPE_FLOAT32)
    return recon_nexus_put_text (data, "units", units);

  return recon_nexus_put_number (data, "minimum", volume->minimum) &&
         recon_nexus_put_number (data, "maximum", volume->maximum) &&
         recon_nexus_put_text (data, "window_units", units);
}

/**
 * recon_hdf5_volume_create:
 * @root: a new file
 * @dataset: path of the slices
 * @volume: what they are
 *
 * Makes all that the file holds but the slices themselves.
 *
 * Returns: the dataset (n_slices, height, width), or an invalid handle
 */
ReconHdf5Id
recon_hdf5_volume_create (hid_t              root,
                          const char        *dataset,
                          const ReconVolume *volume)
{
  g_auto (GStrv) parts = g_strsplit (dataset + 1, "/", -1);
  guint n_groups = g_strv_length (parts) - 1;
  g_auto (ReconHdf5Id) group = H5I_INVALID_HID;
  hid_t data;

  if (!recon_nexus_put_text (root, "NX_class", "NXroot"))
    return H5I_INVALID_HID;
  group = make_groups (root, parts, n_groups);
  if (group < 0 || !make_process (root, volume) || !make_axes (group, parts[n_groups], volume))
    return H5I_INVALID_HID;

  data = make_data (group, parts[n_groups], volume);
  if (data >= 0 && describe_data (data, volume))
    return data;

  recon_hdf5_id_close (data);

  return H5I_INVALID_HID;
}

static gboolean
data_fits (hid_t              data,
           const ReconVolume *volume)
{
  g_auto (ReconHdf5Id) space = H5Dget_space (data);
  g_auto (ReconHdf5Id) type = H5Dget_type (data);
  g_auto (ReconHdf5Id) plist = H5Dget_create_plist (data);
  hsize_t dims[3] = { 0 };
  gboolean compressed = volume->compression != RECON_COMPRESSION_NONE;

  return space >= 0 && type >= 0 && plist >= 0 && H5Sget_simple_extent_ndims (space) == 3 &&
         H5Sget_simple_extent_dims (space, dims, NULL) == 3 && dims[0] == volume->n_slices &&
         dims[1] == volume->height && dims[2] == volume->width && H5Tequal (type, file_type (volume->type)) > 0 &&
         H5Pget_layout (plist) == (compressed ? H5D_CHUNKED : H5D_CONTIGUOUS);
}

/**
 * recon_hdf5_volume_open:
 * @root: a file that recon_hdf5_volume_create() has filled
 * @file: its name, for messages
 * @dataset: path of the slices
 * @volume: what they must be
 * @error: return location
 *
 * Returns: the dataset, or an invalid handle with #RECON_ERROR_RESUME if it is not there or another one
 */
ReconHdf5Id
recon_hdf5_volume_open (hid_t               root,
                        const char         *file,
                        const char         *dataset,
                        const ReconVolume  *volume,
                        GError            **error)
{
  g_auto (ReconHdf5Id) access = make_access ();
  hid_t data = access >= 0 ? H5Dopen2 (root, dataset, access) : H5I_INVALID_HID;

  if (data >= 0 && data_fits (data, volume))
    return data;

  g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
               _ ("%s holds no dataset %s of %u slices of %u × %u pixels of the type and compression to be written. "
                  "Start again without --resume."),
               file, dataset, volume->n_slices, volume->height, volume->width);
  recon_hdf5_id_close (data);

  return H5I_INVALID_HID;
}

/**
 * recon_hdf5_volume_write:
 * @data: the dataset
 * @volume: what is in the dataset
 * @slice: a slice, counted from 0
 * @pixels: height × width samples of the volume's type
 *
 * Returns: %FALSE for recon_nexus_check()
 */
gboolean
recon_hdf5_volume_write (hid_t              data,
                         const ReconVolume *volume,
                         guint              slice,
                         gconstpointer      pixels)
{
  hsize_t start[3] = { slice, 0, 0 };
  hsize_t count[3] = { 1, volume->height, volume->width };
  g_auto (ReconHdf5Id) space = H5Dget_space (data);
  g_auto (ReconHdf5Id) memory = H5Screate_simple (3, count, NULL);

  return space >= 0 && memory >= 0 && H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
         H5Dwrite (data, memory_type (volume->type), memory, space, H5P_DEFAULT, pixels) >= 0;
}

/**
 * recon_hdf5_volume_count_chunks:
 * @volume: a volume
 *
 * Returns: the number of chunks of each slice, if it is compressed
 */
guint
recon_hdf5_volume_count_chunks (const ReconVolume *volume)
{
  hsize_t rows = rows_per_chunk (volume);

  return (guint) ((volume->height + rows - 1) / rows);
}

/**
 * recon_hdf5_volume_get_sizes:
 * @data: the dataset, in chunks
 * @volume: what is in the dataset
 * @slice: a slice that was written, counted from 0
 * @sizes: (out): recon_hdf5_volume_count_chunks() sizes in bytes
 *
 * Returns: %FALSE for recon_nexus_check()
 */
gboolean
recon_hdf5_volume_get_sizes (hid_t              data,
                             const ReconVolume *volume,
                             guint              slice,
                             guint64           *sizes)
{
  guint n = recon_hdf5_volume_count_chunks (volume);

  for (guint i = 0; i < n; i++)
    {
      const hsize_t offset[3] = { slice, i * rows_per_chunk (volume), 0 };
      hsize_t size = 0;

      if (H5Dget_chunk_storage_size (data, offset, &size) < 0)
        return FALSE;
      sizes[i] = size;
    }

  return TRUE;
}

/**
 * recon_hdf5_volume_replay:
 * @data: the dataset, in chunks
 * @volume: what is in the dataset
 * @slice: a slice, counted from 0
 * @sizes: recon_hdf5_volume_count_chunks() sizes in bytes
 *
 * Gives the chunks of the slice the places that recon_hdf5_volume_write() has given chunks of these sizes, and writes
 * something there.
 *
 * Returns: %FALSE for recon_nexus_check()
 */
gboolean
recon_hdf5_volume_replay (hid_t              data,
                          const ReconVolume *volume,
                          guint              slice,
                          const guint64     *sizes)
{
  guint n = recon_hdf5_volume_count_chunks (volume);

  for (guint i = 0; i < n; i++)
    {
      const hsize_t offset[3] = { slice, i * rows_per_chunk (volume), 0 };
      g_autofree gpointer something = g_try_malloc0 (sizes[i]);

      if (something == NULL || sizes[i] == 0 ||
          H5Dwrite_chunk (data, H5P_DEFAULT, 0, offset, sizes[i], something) < 0)
        return FALSE;
    }

  return TRUE;
}
