/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* dup3, fallocate, memfd_create */
#include "config.h"

#include "phantom/scan-sink.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "phantom/scan-hdf5-put.h"

/* One file with everything, in one of two layouts:
 *
 *   DXchange  /exchange/data, data_dark, data_white, data_white_post (frames after the projections),
 *             theta (degrees)
 *   NXtomo    /entry/instrument/detector/data with all frames as they are taken, image_key (0 projection,
 *             1 flat, 2 dark), /entry/sample/rotation_angle (degrees)
 *
 * Datasets are contiguous: frames are written, and rows of them read, without a cache of chunks. Their size is known,
 * so the disk gives its room at the start: HDF5 1.10 cannot close a file whose flush has failed, and then breaks at the
 * end of the program. */

typedef struct
{
  ReconScanSink        parent;
  const ReconRawScan  *scan;
  char                *path;
  hid_t                file;
  hid_t                dataset[RECON_N_RAW_KINDS]; /* may be the same for several kinds */
  guint                first[RECON_N_RAW_KINDS];   /* frame of the dataset that is the kind's frame 0 */
} Hdf5Sink;

/* The innermost entry names the cause; of a system call that failed, the system's own words will do. */
static herr_t
innermost_cb (unsigned            n,
              const H5E_error2_t *entry,
              void               *user_data)
{
  static const char words[] = "error message = '";
  char **text = user_data;
  const char *start = entry->desc != NULL ? strstr (entry->desc, words) : NULL;

  if (n > 0 || entry->desc == NULL)
    return 0;

  if (start != NULL)
    *text = g_strndup (start + strlen (words), strcspn (start + strlen (words), "'"));
  else
    *text = g_strdup (entry->desc);

  return 0;
}

/* Takes the cause from HDF5's stack of errors. */
static gboolean
fail (const char  *path,
      GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *cause = NULL;

  H5Ewalk2 (H5E_DEFAULT, H5E_WALK_UPWARD, innermost_cb, &cause);
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s: %s."),
               name, cause != NULL ? cause : _ ("HDF5 gives no reason"));

  return FALSE;
}

/* HDF5 prints its errors unless it is told not to; the caller's setting comes back afterwards. */
typedef struct
{
  H5E_auto2_t  func;
  void        *data;
} Quiet;

static Quiet
be_quiet (void)
{
  Quiet old = { NULL, NULL };

  H5Eget_auto2 (H5E_DEFAULT, &old.func, &old.data);
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);

  return old;
}

static void
be_loud (Quiet *old)
{
  H5Eset_auto2 (H5E_DEFAULT, old->func, old->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Quiet, be_loud)

static hid_t
sample_type (const ReconRawScan *scan)
{
  return recon_raw_scan_is_float (scan) ? H5T_NATIVE_FLOAT : H5T_NATIVE_UINT16;
}

static hid_t
put_stack (Hdf5Sink   *self,
           const char *path,
           guint       n_frames)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  hsize_t shape[3] = { n_frames, settings->rows, settings->width };
  g_auto (ReconHdfObject) space = H5Screate_simple (3, shape, NULL);
  g_auto (ReconHdfObject) creation = H5Pcreate (H5P_DATASET_CREATE);

  /* Every sample is written: filling first would write all twice. */
  if (space < 0 || creation < 0 || H5Pset_fill_time (creation, H5D_FILL_TIME_NEVER) < 0 ||
      H5Pset_alloc_time (creation, H5D_ALLOC_TIME_EARLY) < 0)
    return H5I_INVALID_HID;

  return H5Dcreate2 (self->file, path, sample_type (self->scan), space, H5P_DEFAULT, creation, H5P_DEFAULT);
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
lay_out_dxchange (Hdf5Sink *self)
{
  static const char *const paths[RECON_N_RAW_KINDS] = {
    [RECON_RAW_DARK] = "/exchange/data_dark",
    [RECON_RAW_FLAT] = "/exchange/data_white",
    [RECON_RAW_PROJECTION] = "/exchange/data",
    [RECON_RAW_FLAT_AFTER] = "/exchange/data_white_post",
  };
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  g_autofree double *degrees = angles_in_degrees (settings);

  if (!recon_scan_hdf5_put_string (self->file, "/implements", "exchange") ||
      !recon_scan_hdf5_put_group (self->file, "/exchange", NULL))
    return FALSE;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      guint n = recon_raw_scan_get_n_frames (self->scan, kind);

      if (n == 0)
        continue;

      self->dataset[kind] = put_stack (self, paths[kind], n);

      if (self->dataset[kind] < 0 || !recon_scan_hdf5_put_text (self->dataset[kind], "units", "counts"))
        return FALSE;
    }

  return recon_scan_hdf5_put_text (self->dataset[RECON_RAW_PROJECTION], "axes", "theta:y:x") &&
         recon_scan_hdf5_put_values (self->file, "/exchange/theta", H5T_NATIVE_DOUBLE, degrees, settings->n_angles,
                                     "deg");
}

/* Frames before and after the projections get the angle at which the stage stands then. */
static gboolean
put_image_keys (Hdf5Sink *self,
                guint     n_frames)
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

  return recon_scan_hdf5_put_values (self->file, "/entry/instrument/detector/image_key", H5T_NATIVE_INT, key, n_frames,
                                     NULL) &&
         recon_scan_hdf5_put_values (self->file, "/entry/sample/rotation_angle", H5T_NATIVE_DOUBLE, angle, n_frames,
                                     "degree");
}

static gboolean
lay_out_nxtomo (Hdf5Sink *self)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  hid_t file = self->file;
  guint n_frames = 0;
  hid_t dataset;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      self->first[kind] = n_frames;
      n_frames += recon_raw_scan_get_n_frames (self->scan, kind);
    }

  if (!recon_scan_hdf5_put_text (file, "default", "entry") ||
      !recon_scan_hdf5_put_group (file, "/entry", "NXentry") ||
      !recon_scan_hdf5_put_group (file, "/entry/instrument", "NXinstrument") ||
      !recon_scan_hdf5_put_group (file, "/entry/instrument/detector", "NXdetector") ||
      !recon_scan_hdf5_put_group (file, "/entry/sample", "NXsample") ||
      !recon_scan_hdf5_put_group (file, "/entry/data", "NXdata") ||
      !recon_scan_hdf5_put_string (file, "/entry/definition", "NXtomo") ||
      !recon_scan_hdf5_put_string (file, "/entry/title", settings->phantom->name) ||
      !recon_scan_hdf5_put_string (file, "/entry/sample/name", settings->phantom->name))
    return FALSE;

  dataset = put_stack (self, "/entry/instrument/detector/data", n_frames);

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      self->dataset[kind] = dataset;

      if (kind > 0 && dataset >= 0)
        H5Iinc_ref (dataset);
    }

  return dataset >= 0 && recon_scan_hdf5_put_text (dataset, "units", "counts") && put_image_keys (self, n_frames) &&
         H5Lcreate_hard (file, "/entry/instrument/detector/data", file, "/entry/data/data",
                         H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
         H5Lcreate_hard (file, "/entry/instrument/detector/image_key", file, "/entry/data/image_key",
                         H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
         H5Lcreate_hard (file, "/entry/sample/rotation_angle", file, "/entry/data/rotation_angle",
                         H5P_DEFAULT, H5P_DEFAULT) >= 0;
}

static gboolean
hdf5_sink_write (ReconScanSink  *sink,
                 ReconRawKind    kind,
                 guint           index,
                 gconstpointer   pixels,
                 GError        **error)
{
  Hdf5Sink *self = (Hdf5Sink *) sink;
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  hsize_t start[3] = { self->first[kind] + index, 0, 0 };
  hsize_t count[3] = { 1, settings->rows, settings->width };
  g_auto (Quiet) quiet = be_quiet ();
  g_auto (ReconHdfObject) memory = H5Screate_simple (3, count, NULL);
  g_auto (ReconHdfObject) space = H5Dget_space (self->dataset[kind]);

  if (memory < 0 || space < 0 ||
      H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL) < 0 ||
      H5Dwrite (self->dataset[kind], sample_type (self->scan), memory, space, H5P_DEFAULT, pixels) < 0)
    return fail (self->path, error);

  return TRUE;
}

static gboolean
close_datasets (Hdf5Sink *self)
{
  gboolean closed = TRUE;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    {
      if (self->dataset[kind] >= 0 && H5Idec_ref (self->dataset[kind]) < 0)
        closed = FALSE;

      self->dataset[kind] = H5I_INVALID_HID;
    }

  return closed;
}

static gboolean
hdf5_sink_finish (ReconScanSink  *sink,
                  GError        **error)
{
  Hdf5Sink *self = (Hdf5Sink *) sink;
  g_auto (Quiet) quiet = be_quiet ();

  /* A dataset must not be the first to find no room, when it is closed. What is still open after an error is closed by
   * hdf5_sink_free(). */
  if (H5Fflush (self->file, H5F_SCOPE_LOCAL) < 0 || !close_datasets (self) || H5Fclose (self->file) < 0)
    return fail (self->path, error);

  self->file = H5I_INVALID_HID;

  return TRUE;
}

/* The descriptor is HDF5's own. */
static int
get_descriptor (hid_t file)
{
  void *handle = NULL;

  if (H5Fget_vfd_handle (file, H5P_DEFAULT, &handle) < 0 || handle == NULL)
    return -1;

  return *(int *) handle;
}

/* Takes the room for the whole file on the disk, where the file system can do that. */
static gboolean
reserve (Hdf5Sink  *self,
         GError   **error)
{
  int fd = get_descriptor (self->file);
  hsize_t size = 0;
  g_autofree char *name = NULL;
  g_autofree char *amount = NULL;

  if (fd < 0 || H5Fget_filesize (self->file, &size) < 0)
    return fail (self->path, error);

  if (fallocate (fd, 0, 0, (off_t) size) == 0 || (errno != ENOSPC && errno != EDQUOT && errno != EFBIG))
    return TRUE;

  name = g_filename_display_name (self->path);
  amount = g_format_size (size);
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s, which takes %s: %s."),
               name, amount, g_strerror (errno));

  return FALSE;
}

/* HDF5 insists on writing what it remembers when a file is closed: it is given a file in memory for that, since the
 * disk may be full. */
static void
divert (hid_t file)
{
  int fd = get_descriptor (file);
  int decoy = memfd_create ("reconstruct", MFD_CLOEXEC);

  if (fd >= 0 && decoy >= 0)
    dup3 (decoy, fd, O_CLOEXEC);

  if (decoy >= 0)
    close (decoy);
}

static void
hdf5_sink_free (ReconScanSink *sink)
{
  Hdf5Sink *self = (Hdf5Sink *) sink;
  g_auto (Quiet) quiet = be_quiet ();

  if (self->file >= 0)
    divert (self->file);

  close_datasets (self);

  if (self->file >= 0)
    H5Fclose (self->file);

  g_free (self->path);
  g_free (self);
}

/**
 * recon_scan_hdf5_new:
 * @scan: the scan; outlives the sink
 * @nxtomo: whether the layout is NXtomo's rather than DXchange's
 * @path: file; replaced if it exists
 * @error: return location
 *
 * Returns: (transfer full): a sink, or %NULL with #RECON_ERROR_WRITE
 */
ReconScanSink *
recon_scan_hdf5_new (const ReconRawScan  *scan,
                     gboolean             nxtomo,
                     const char          *path,
                     GError             **error)
{
  g_auto (Quiet) quiet = be_quiet ();
  g_autoptr (ReconScanSink) sink = NULL;
  Hdf5Sink *self = g_new0 (Hdf5Sink, 1);

  sink = &self->parent;
  self->parent = (ReconScanSink) { hdf5_sink_write, hdf5_sink_finish, hdf5_sink_free };
  self->scan = scan;
  self->path = g_strdup (path);

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    self->dataset[kind] = H5I_INVALID_HID;

  self->file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

  if (self->file < 0 || !(nxtomo ? lay_out_nxtomo (self) : lay_out_dxchange (self)))
    {
      fail (path, error);
      return NULL;
    }

  if (!reserve (self, error))
    return NULL;

  return g_steal_pointer (&sink);
}
