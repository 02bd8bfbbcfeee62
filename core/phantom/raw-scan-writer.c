/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>

#include "base/fail.h"
#include "base/team.h"
#include "io/tiff-output.h"

/* Images that a thread makes before progress is reported: enough to keep all busy. */
#define IMAGES_AT_ONCE 8

/* Each has an image in memory. */
#define MOST_THREADS 16

static const struct
{
  const char *folder;
  const char *prefix;
} places[RECON_N_RAW_KINDS] = {
  [RECON_RAW_DARK] = { "darks", "dark" },
  [RECON_RAW_FLAT] = { "flats", "flat" },
  [RECON_RAW_PROJECTION] = { "projections", "proj" },
  [RECON_RAW_FLAT_AFTER] = { "flats_after", "flat" },
};

typedef struct _Writing Writing;

/* Makes an image in @buffer and writes it; called by several threads. */
typedef gboolean (*ImageFunc) (Writing   *self,
                               guint      index,
                               gpointer   buffer,
                               GError   **error);

struct _Writing
{
  const ReconRawScan    *scan;
  const char            *folder;
  ReconScanHdf5         *file; /* (nullable): of the frames, else each has its own */
  ReconTeam             *team;
  GCancellable          *cancellable;
  ReconScanProgressFunc  progress;
  gpointer               user_data;
  guint                  done;
  guint                  total;

  ImageFunc              func;
  guint                  start;   /* the first image that is being made */
  gpointer              *buffers; /* of each thread */
};

static gboolean
image_cb (guint     item,
          guint     member,
          gpointer  user_data,
          GError  **error)
{
  Writing *self = user_data;

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error) &&
         self->func (self, self->start + item, self->buffers[member], error);
}

/* Some images after the other, so that progress is reported by the caller's thread. */
static gboolean
write_in_turns (Writing  *self,
                guint     n_images,
                GError  **error)
{
  guint n_members = recon_team_get_n_members (self->team);
  guint n;

  for (self->start = 0; self->start < n_images; self->start += n)
    {
      n = MIN (n_images - self->start, n_members * IMAGES_AT_ONCE);

      if (!recon_team_run (self->team, n_members, n, image_cb, self, error))
        return FALSE;

      for (guint i = 0; i < n; i++)
        {
          if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
            return FALSE;

          self->done++;
          if (self->progress != NULL)
            self->progress (self->done, self->total, self->user_data);
        }
    }

  return TRUE;
}

static gboolean
write_images (Writing    *self,
              guint       n_images,
              gsize       bytes,
              ImageFunc   func,
              GError    **error)
{
  guint n_members = recon_team_get_n_members (self->team);
  gboolean done = TRUE;

  self->func = func;
  self->buffers = g_new0 (gpointer, n_members);
  for (guint i = 0; i < n_members && done; i++)
    done = (self->buffers[i] = g_try_malloc (bytes)) != NULL;

  if (!done)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("There is no memory for %u images of %" G_GSIZE_FORMAT " bytes. Choose a smaller scan."),
                 n_members, bytes);
  done = done && write_in_turns (self, n_images, error);

  for (guint i = 0; i < n_members; i++)
    g_free (self->buffers[i]);
  g_free (self->buffers);

  return done;
}

static gboolean
make_folder (Writing     *self,
             const char  *name,
             GError     **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *shown = NULL;
  int code;

  if (g_mkdir (path, 0777) == 0)
    return TRUE;

  code = errno;
  shown = g_filename_display_name (path);
  return recon_fail (error, RECON_ERROR_WRITE, _ ("Cannot create the folder %s: %s."), shown, g_strerror (code));
}

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

static gboolean
write_frame (Writing   *self,
             guint      sequence,
             gpointer   buffer,
             GError   **error)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  ReconVolume page = {
    .n_slices = 1,
    .width = settings->width,
    .height = settings->rows,
    .pixel_size = NAN,
    .type = recon_raw_scan_is_float (self->scan) ? RECON_OUTPUT_TYPE_FLOAT32 : RECON_OUTPUT_TYPE_UINT16,
    .compression = RECON_COMPRESSION_NONE,
  };
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  guint index;
  ReconRawKind kind = locate (self->scan, sequence, &index);

  recon_raw_scan_frame (self->scan, kind, index, buffer);
  if (self->file != NULL)
    return recon_scan_hdf5_write (self->file, kind, index, buffer, error);

  name = g_strdup_printf ("%s_%05u.tif", places[kind].prefix, index);
  path = g_build_filename (self->folder, places[kind].folder, name, NULL);

  return recon_tiff_page_save (AT_FDCWD, path, &page, 0, buffer, FALSE, error);
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
write_truth (Writing   *self,
             guint      row,
             gpointer   buffer,
             GError   **error)
{
  guint width = recon_raw_scan_get_settings (self->scan)->width;
  g_autofree char *description = describe_truth (self->scan, row);
  g_autofree char *name = g_strdup_printf ("slice_%05u.tif", row);
  g_autofree char *path = g_build_filename (self->folder, "truth", name, NULL);
  const ReconVolume page = {
    .n_slices = 1,
    .width = width,
    .height = width,
    .pixel_size = NAN,
    .type = RECON_OUTPUT_TYPE_FLOAT32,
    .compression = RECON_COMPRESSION_NONE,
    .description = description,
  };

  recon_raw_scan_truth (self->scan, row, buffer);

  return recon_tiff_page_save (AT_FDCWD, path, &page, 0, buffer, FALSE, error);
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

  return recon_fail (error, RECON_ERROR_WRITE, _ ("Cannot write the angles: %s."), local->message);
}

static guint
count_frames (const ReconRawScan *scan)
{
  guint n = 0;

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    n += recon_raw_scan_get_n_frames (scan, kind);

  return n;
}

static gboolean
write_frames (Writing          *self,
              ReconScanFormat   format,
              GError          **error)
{
  g_autofree char *path = g_build_filename (self->folder, "scan.h5", NULL);
  g_autoptr (ReconScanHdf5) file = NULL;
  guint n_frames = count_frames (self->scan);

  if (format != RECON_SCAN_FORMAT_TIFF)
    {
      file = self->file = recon_scan_hdf5_new (self->scan, format == RECON_SCAN_FORMAT_NXTOMO, path, error);
      return file != NULL &&
             write_images (self, n_frames, recon_raw_scan_frame_bytes (self->scan), write_frame, error) &&
             recon_scan_hdf5_close (file, error);
    }

  for (int kind = 0; kind < RECON_N_RAW_KINDS; kind++)
    if (recon_raw_scan_get_n_frames (self->scan, kind) > 0 && !make_folder (self, places[kind].folder, error))
      return FALSE;

  return write_images (self, n_frames, recon_raw_scan_frame_bytes (self->scan), write_frame, error) &&
         write_angles (self, error);
}

static gboolean
write_truths (Writing  *self,
              GError  **error)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (self->scan);
  gsize bytes = (gsize) settings->width * settings->width * sizeof (float);

  return make_folder (self, "truth", error) && write_images (self, settings->rows, bytes, write_truth, error);
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
 * that was to be replaced is as it was.
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
  Writing self = { .scan = scan, .cancellable = cancellable, .progress = progress, .user_data = user_data };
  g_autoptr (ReconScanFolder) place = NULL;
  g_autoptr (ReconTeam) team = NULL;

  g_return_val_if_fail (scan != NULL, FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);

  place = recon_scan_folder_open (folder, (flags & RECON_SCAN_WRITE_OVERWRITE) != 0, error);

  if (place == NULL)
    return FALSE;

  team = recon_team_new (MIN (g_get_num_processors (), MOST_THREADS));
  self.team = team;
  self.folder = place->staging;
  self.total = count_frames (scan);
  if ((flags & RECON_SCAN_WRITE_TRUTH) != 0)
    self.total += recon_raw_scan_get_settings (scan)->rows;

  return write_frames (&self, format, error) &&
         ((flags & RECON_SCAN_WRITE_TRUTH) == 0 || write_truths (&self, error)) &&
         recon_scan_folder_commit (place, error);
}
