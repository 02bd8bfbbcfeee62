/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* fallocate */
#include "config.h"

#include "phantom/raw-scan-writer.h"

#include <errno.h>
#include <fcntl.h>

#include "base/output-files.h"
#include "io/hdf5-nexus.h"

/* One file with everything, in one of two layouts:
 *
 *   DXchange  /exchange/data, data_dark, data_white, data_white_post (frames after the projections),
 *             theta (degrees)
 *   NXtomo    /entry/instrument/detector/data with all frames as they are taken, image_key (0 projection,
 *             1 flat, 2 dark), /entry/sample/rotation_angle (degrees)
 *
 * Datasets are contiguous: frames are written in any order, and rows of them read, without a cache of chunks. Their
 * size is known, so the disk gives its room at the start. */

struct _ReconScanHdf5
{
  const ReconRawScan *scan;
  char               *path;
  hid_t               file;
  hid_t               dataset[RECON_N_RAW_KINDS]; /* may be the same for several kinds */
  guint               first[RECON_N_RAW_KINDS];   /* frame of the dataset that is the kind's frame 0 */
};

static hid_t
sample_type (const ReconRawScan *scan)
{
  return recon_raw_scan_is_float (scan) ? H5T_NATIVE_FLOAT : H5T_NATIVE_UINT16;
}

static hid_t
make_stack (ReconScanHdf5 *self,
            const char    *path,
            guint          n_frames)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  hsize_t shape[3] = { n_frames, settings->rows, settings->width };
  g_auto (ReconHdf5Id) space = H5Screate_simple (3, shape, NULL);
  g_auto (ReconHdf5Id) creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t dataset = H5I_INVALID_HID;

  /* Every sample is written: filling first would write all twice. */
  if (space >= 0 && creation >= 0 && H5Pset_fill_time (creation, H5D_FILL_TIME_NEVER) >= 0 &&
      H5Pset_alloc_time (creation, H5D_ALLOC_TIME_EARLY) >= 0)
    dataset = H5Dcreate2 (self->file, path, sample_type (self->scan), space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (dataset >= 0 && recon_nexus_put_text (dataset, "units", "counts"))
    return dataset;

  recon_hdf5_id_close (dataset);

  return H5I_INVALID_HID;
}

static gboolean
make_group (ReconScanHdf5 *self,
            const char    *path,
            const char    *nx_class)
{
  g_auto (ReconHdf5Id) group = recon_nexus_make_group (self->file, path, nx_class);

  return group >= 0;
}

static gboolean
make_angles (ReconScanHdf5 *self,
             const char    *path,
             const double  *angles,
             guint          n,
             const char    *units)
{
  return recon_nexus_make_values (self->file, path, H5T_NATIVE_DOUBLE, H5T_NATIVE_DOUBLE, angles, n, units, NULL);
}

static double *
angles_in_degrees (const ReconRawScanSettings *settings)
{
  double *degrees = g_new (double, settings->n_angles);

  for (guint i = 0; i < settings->n_angles; i++)
    degrees[i] = settings->angles[i] * (180.0 / G_PI);

  return degrees;
}

static gboolean
lay_out_dxchange (ReconScanHdf5 *self)
{
  static const char *const paths[RECON_N_RAW_KINDS] = {
    [RECON_RAW_DARK] = "/exchange/data_dark",
    [RECON_RAW_FLAT] = "/exchange/data_white",
    [RECON_RAW_PROJECTION] = "/exchange/data",
    [RECON_RAW_FLAT_AFTER] = "/exchange/data_white_post",
  };
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  g_autofree double *degrees = angles_in_degrees (settings);

  if (!recon_nexus_make_text (self->file, "/implements", "exchange") ||
      !make_group (self, "/exchange", NULL))
    return FALSE;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      guint n = recon_raw_scan_get_n_frames (self->scan, kind);

      if (n > 0 && (self->dataset[kind] = make_stack (self, paths[kind], n)) < 0)
        return FALSE;
    }

  return recon_nexus_put_text (self->dataset[RECON_RAW_PROJECTION], "axes", "theta:y:x") &&
         make_angles (self, "/exchange/theta", degrees, settings->n_angles, "deg");
}

/* Frames before and after the projections get the angle at which the stage stands then. */
static gboolean
make_image_keys (ReconScanHdf5 *self,
                 guint          n_frames)
{
  static const int keys[RECON_N_RAW_KINDS] = {
    [RECON_RAW_DARK] = 2,
    [RECON_RAW_FLAT] = 1,
    [RECON_RAW_PROJECTION] = 0,
    [RECON_RAW_FLAT_AFTER] = 1,
  };
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  g_autofree double *degrees = angles_in_degrees (settings);
  g_autofree double *angle = g_new (double, n_frames);
  g_autofree int *key = g_new (int, n_frames);

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      guint n = recon_raw_scan_get_n_frames (self->scan, kind);

      for (guint i = 0; i < n; i++)
        {
          guint stands_at = kind == RECON_RAW_FLAT_AFTER ? settings->n_angles - 1 : 0;

          if (kind == RECON_RAW_PROJECTION)
            stands_at = i;

          key[self->first[kind] + i] = keys[kind];
          angle[self->first[kind] + i] = degrees[stands_at];
        }
    }

  return recon_nexus_make_values (self->file, "/entry/instrument/detector/image_key", H5T_NATIVE_INT, H5T_NATIVE_INT,
                                  key, n_frames, NULL, NULL) &&
         make_angles (self, "/entry/sample/rotation_angle", angle, n_frames, "degree");
}

/* The groups of NXtomo, and in NXdata the names under which the rest is there too. */
static gboolean
lay_out_nxtomo (ReconScanHdf5 *self)
{
  static const struct
  {
    const char *path;
    const char *nx_class;
  } groups[] = {
    { "/entry", "NXentry" },
    { "/entry/instrument", "NXinstrument" },
    { "/entry/instrument/detector", "NXdetector" },
    { "/entry/sample", "NXsample" },
    { "/entry/data", "NXdata" },
  };
  static const struct
  {
    const char *path;
    const char *link;
  } links[] = {
    { "/entry/instrument/detector/data", "/entry/data/data" },
    { "/entry/instrument/detector/image_key", "/entry/data/image_key" },
    { "/entry/sample/rotation_angle", "/entry/data/rotation_angle" },
  };
  const char *name = recon_raw_scan_get_settings (self->scan)->phantom->name;
  hid_t file = self->file;
  guint n_frames = 0;

  if (!recon_nexus_put_text (file, "default", "entry"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    if (!make_group (self, groups[i].path, groups[i].nx_class))
      return FALSE;
  if (!recon_nexus_make_text (file, "/entry/definition", "NXtomo") ||
      !recon_nexus_make_text (file, "/entry/title", name) ||
      !recon_nexus_make_text (file, "/entry/sample/name", name))
    return FALSE;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      self->first[kind] = n_frames;
      n_frames += recon_raw_scan_get_n_frames (self->scan, kind);
    }
  self->dataset[0] = make_stack (self, "/entry/instrument/detector/data", n_frames);
  if (self->dataset[0] < 0)
    return FALSE;
  for (int kind = 1; kind < RECON_N_RAW_KINDS; kind++)
    {
      H5Iinc_ref (self->dataset[0]);
      self->dataset[kind] = self->dataset[0];
    }

  if (!make_image_keys (self, n_frames))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    if (H5Lcreate_hard (file, links[i].path, file, links[i].link, H5P_DEFAULT, H5P_DEFAULT) < 0)
      return FALSE;

  return TRUE;
}

/* Takes the room for the whole file on the disk, where the file system can do that. */
static gboolean
reserve (ReconScanHdf5  *self,
         GError        **error)
{
  int fd = recon_nexus_get_descriptor (self->file);
  hsize_t size = 0;

  if (!recon_nexus_check (fd >= 0 && H5Fget_filesize (self->file, &size) >= 0, self->path, error))
    return FALSE;
  if (fallocate (fd, 0, 0, (off_t) size) == 0 || (errno != ENOSPC && errno != EDQUOT && errno != EFBIG))
    return TRUE;

  return recon_set_write_error (error, self->path, errno, NULL);
}

/**
 * recon_scan_hdf5_new:
 * @scan: the scan; outlives the file
 * @nxtomo: whether the layout is NXtomo's rather than DXchange's
 * @path: file; replaced if it exists
 * @error: return location
 *
 * Returns: (transfer full): a file with all but the frames, or %NULL with #RECON_ERROR_WRITE
 */
ReconScanHdf5 *
recon_scan_hdf5_new (const ReconRawScan  *scan,
                     gboolean             nxtomo,
                     const char          *path,
                     GError             **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_autoptr (ReconScanHdf5) self = g_new0 (ReconScanHdf5, 1);

  self->scan = scan;
  self->path = g_strdup (path);
  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    self->dataset[kind] = H5I_INVALID_HID;
  self->file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

  if (!recon_nexus_check (self->file >= 0 && (nxtomo ? lay_out_nxtomo (self) : lay_out_dxchange (self)), path, error) ||
      !reserve (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_scan_hdf5_write:
 * @self: a file
 * @kind: of a frame
 * @index: which one, from 0
 * @pixels: rows × width samples
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_scan_hdf5_write (ReconScanHdf5  *self,
                       ReconRawKind    kind,
                       guint           index,
                       gconstpointer   pixels,
                       GError        **error)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  hsize_t start[3] = { self->first[kind] + index, 0, 0 };
  hsize_t count[3] = { 1, settings->rows, settings->width };
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) memory = H5Screate_simple (3, count, NULL);
  g_auto (ReconHdf5Id) space = H5Dget_space (self->dataset[kind]);

  return recon_nexus_check (memory >= 0 && space >= 0 &&
                            H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                            H5Dwrite (self->dataset[kind], sample_type (self->scan), memory, space, H5P_DEFAULT,
                                      pixels) >= 0,
                            self->path, error);
}

static void
close_datasets (ReconScanHdf5 *self)
{
  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      recon_hdf5_id_close (self->dataset[kind]);
      self->dataset[kind] = H5I_INVALID_HID;
    }
}

/**
 * recon_scan_hdf5_close:
 * @self: a file with all its frames; nothing but recon_scan_hdf5_free() is left to do with it
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_scan_hdf5_close (ReconScanHdf5  *self,
                       GError        **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  hid_t file = self->file;

  /* A dataset must not be the first to find no room, when it is closed. */
  if (!recon_nexus_check (H5Fflush (file, H5F_SCOPE_LOCAL) >= 0, self->path, error))
    return FALSE;

  close_datasets (self);
  self->file = H5I_INVALID_HID;

  return recon_nexus_check (H5Fclose (file) >= 0, self->path, error);
}

void
recon_scan_hdf5_free (ReconScanHdf5 *self)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  if (self->file >= 0)
    recon_nexus_abandon (self->file);
  close_datasets (self);
  recon_hdf5_id_close (self->file);
  g_free (self->path);
  g_free (self);
}
