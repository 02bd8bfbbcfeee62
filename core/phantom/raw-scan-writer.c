/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "error.h"
#include "phantom/ordered-work.h"
#include "phantom/scan-folder.h"
#include "phantom/scan-sink.h"

typedef struct
{
  const ReconRawScan    *scan;
  const char            *folder;
  ReconScanSink         *sink;
  ReconScanProgressFunc  progress;
  gpointer               user_data;
  guint                  done;
  guint                  total;
} Writing;

/* The kind and number of the frame that is the @sequence-th of all. */
static ReconRawKind
locate (const ReconRawScan *scan,
        guint               sequence,
        guint              *index)
{
  int kind = 0;

  while (kind < RECON_N_RAW_KINDS - 1 && sequence >= recon_raw_scan_get_n_frames (scan, kind))
    sequence -= recon_raw_scan_get_n_frames (scan, kind++);

  *index = sequence;

  return kind;
}

static void
advance (Writing *self)
{
  self->done++;

  if (self->progress != NULL)
    self->progress (self->done, self->total, self->user_data);
}

static void
make_frame_cb (guint    sequence,
               gpointer buffer,
               gpointer user_data)
{
  Writing *self = user_data;
  guint index;
  ReconRawKind kind = locate (self->scan, sequence, &index);

  recon_raw_scan_frame (self->scan, kind, index, buffer);
}

static gboolean
write_frame_cb (guint           sequence,
                gconstpointer   buffer,
                gpointer        user_data,
                GError        **error)
{
  Writing *self = user_data;
  guint index;
  ReconRawKind kind = locate (self->scan, sequence, &index);

  if (!self->sink->write (self->sink, kind, index, buffer, error))
    return FALSE;

  advance (self);

  return TRUE;
}

static void
make_truth_cb (guint    row,
               gpointer buffer,
               gpointer user_data)
{
  Writing *self = user_data;

  recon_raw_scan_truth (self->scan, row, buffer);
}

static char *
describe_truth (const ReconRawScan *scan,
                guint               row)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (scan);
  char scale[G_ASCII_DTOSTR_BUF_SIZE];
  char radius[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("Linear attenuation per pixel of the phantom \"%s\": its values times %s, "
                          "its unit of length is %s pixels. Detector row %u of %u.",
                          settings->phantom->name,
                          g_ascii_dtostr (scale, sizeof scale, recon_raw_scan_get_scale (scan)),
                          g_ascii_dtostr (radius, sizeof radius, settings->radius), row, settings->rows);
}

static gboolean
write_truth_cb (guint           row,
                gconstpointer   buffer,
                gpointer        user_data,
                GError        **error)
{
  Writing *self = user_data;
  guint width = recon_raw_scan_get_settings (self->scan)->width;
  g_autofree char *description = describe_truth (self->scan, row);
  g_autofree char *name = g_strdup_printf ("slice_%05u.tif", row);
  g_autofree char *path = g_build_filename (self->folder, "truth", name, NULL);

  if (!recon_scan_tiff_save (path, width, width, TRUE, description, buffer, error))
    return FALSE;

  advance (self);

  return TRUE;
}

static gboolean
write_angles (Writing  *self,
              GError  **error)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  g_autofree char *path = g_build_filename (self->folder, "angles.txt", NULL);
  g_autoptr (GString) text = g_string_new ("# Angle of each projection in radians, in the order of the files\n");
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < settings->n_angles; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (text, "%s\n",
                              g_ascii_formatd (number, sizeof number, "%.17g", settings->angles[i]));
    }

  if (g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_NONE, 0666, &local))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write the angles: %s."), local->message);

  return FALSE;
}

static ReconScanSink *
open_sink (Writing          *self,
           ReconScanFormat   format,
           GError          **error)
{
  g_autofree char *path = NULL;

  if (format == RECON_SCAN_FORMAT_TIFF)
    return recon_scan_tiff_new (self->scan, self->folder, error);

  path = g_build_filename (self->folder, "scan.h5", NULL);

  return recon_scan_hdf5_new (self->scan, format == RECON_SCAN_FORMAT_NXTOMO, path, error);
}

static gboolean
write_frames (Writing          *self,
              ReconScanFormat   format,
              GCancellable     *cancellable,
              GError          **error)
{
  g_autoptr (ReconScanSink) sink = open_sink (self, format, error);
  guint n_frames = 0;

  if (sink == NULL)
    return FALSE;

  self->sink = sink;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    n_frames += recon_raw_scan_get_n_frames (self->scan, kind);

  return recon_ordered_work (n_frames, recon_raw_scan_frame_bytes (self->scan), make_frame_cb, write_frame_cb, self,
                             cancellable, error) &&
         sink->finish (sink, error);
}

static gboolean
write_truth (Writing       *self,
             GCancellable  *cancellable,
             GError       **error)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  gsize bytes = (gsize) settings->width * settings->width * sizeof (float);
  g_autofree char *path = g_build_filename (self->folder, "truth", NULL);

  if (g_mkdir (path, 0777) != 0)
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot create the folder %s: %s."),
                   shown, g_strerror (errno));
      return FALSE;
    }

  return recon_ordered_work (settings->rows, bytes, make_truth_cb, write_truth_cb, self, cancellable, error);
}

static guint
count_images (const ReconRawScan  *scan,
              ReconScanWriteFlags  flags)
{
  guint n = (flags & RECON_SCAN_WRITE_TRUTH) != 0 ? recon_raw_scan_get_settings (scan)->rows : 0;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    n += recon_raw_scan_get_n_frames (scan, kind);

  return n;
}

/**
 * recon_raw_scan_write:
 * @scan: a scan
 * @folder: a folder, made if it does not exist
 * @format: TIFF series with angles.txt (radians), or scan.h5 in one of two layouts (degrees)
 * @flags: what else to write and what may be replaced
 * @progress: (nullable) (scope call): called after each image
 * @user_data: for @progress
 * @cancellable: (nullable): looked at before each image
 * @error: return location
 *
 * Makes all frames and writes them, a few of them in memory at a time:
 *
 * - TIFF: projections/proj_00000.tif, darks/dark_00000.tif, flats/flat_00000.tif, flats_after/flat_00000.tif,
 *   angles.txt;
 * - DXchange: scan.h5 with /exchange/data, data_dark, data_white, data_white_post, theta;
 * - NXtomo: scan.h5 with /entry/instrument/detector/data, image_key, /entry/sample/rotation_angle;
 * - the true slices in all formats: truth/slice_00000.tif, numbered by detector row.
 *
 * All is made in a folder inside @folder and moved when it is complete; after an error nothing is left, and a scan
 * that was to be replaced is as it was. No other thread may use HDF5 meanwhile if @format needs it.
 *
 * Returns: %FALSE with #RECON_ERROR_EXISTS if @folder is not empty, #RECON_ERROR_WRITE, #RECON_ERROR_MEMORY or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
recon_raw_scan_write (const ReconRawScan     *scan,
                      const char             *folder,
                      ReconScanFormat         format,
                      ReconScanWriteFlags     flags,
                      ReconScanProgressFunc   progress,
                      gpointer                user_data,
                      GCancellable           *cancellable,
                      GError                **error)
{
  Writing self = { .scan = scan, .progress = progress, .user_data = user_data };
  g_autoptr (ReconScanFolder) place = NULL;

  g_return_val_if_fail (scan != NULL, FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);

  place = recon_scan_folder_open (folder, (flags & RECON_SCAN_WRITE_OVERWRITE) != 0, error);

  if (place == NULL)
    return FALSE;

  self.folder = recon_scan_folder_get_staging (place);
  self.total = count_images (scan, flags);

  return write_frames (&self, format, cancellable, error) &&
         (format != RECON_SCAN_FORMAT_TIFF || write_angles (&self, error)) &&
         ((flags & RECON_SCAN_WRITE_TRUTH) == 0 || write_truth (&self, cancellable, error)) &&
         recon_scan_folder_commit (place, error);
}
