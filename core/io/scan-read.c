/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <string.h>

#include "io/lines.h"
#include "io/reduce.h"

/* Reading blocks of sinograms. Files are read image by image, whatever is wanted of them: a row range of each
 * projection becomes a line in each sinogram of the block. */

typedef struct
{
  ReconScan *self;
  float     *sinograms; /* slices × angles × width */
} SinogramsData;

typedef struct
{
  ReconScan    *self;
  ReconReducer *reducer;
  guint         first_image; /* of the group that is being read */
  float        *line;        /* width: a binned line */
} ReferencesData;

/* Average of the `bin` × `bin` pixels; @rows has all columns of the file. */
static void
bin_rows (ReconScan   *self,
          const float *rows,
          float       *line)
{
  guint bin = self->bin;

  rows += self->crop_left;
  if (bin == 1)
    {
      memcpy (line, rows, self->width * sizeof (float));
      return;
    }

  for (guint c = 0; c < self->width; c++)
    {
      double sum = 0.0;

      for (guint y = 0; y < bin; y++)
        for (guint x = 0; x < bin; x++)
          sum += (double) rows[(gsize) y * self->n_columns + (gsize) c * bin + x];

      line[c] = (float) (sum / (bin * bin));
    }
}

/* A line is a slice, a frame is an angle. */
static void
put_projection_line (guint        frame,
                     guint        line,
                     const float *rows,
                     gpointer     user_data)
{
  SinogramsData *data = user_data;
  ReconScan *self = data->self;

  bin_rows (self, rows, data->sinograms + ((gsize) line * self->n_angles + frame) * self->width);
}

/* A line is an angle, `bin` frames are a slice: their sum is gathered, and divided with the last of them. */
static void
put_sinogram_line (guint        frame,
                   guint        line,
                   const float *rows,
                   gpointer     user_data)
{
  SinogramsData *data = user_data;
  ReconScan *self = data->self;
  guint bin = self->bin;
  guint part = frame % bin;
  float *result = data->sinograms + ((gsize) (frame / bin) * self->n_angles + line) * self->width;

  rows += self->crop_left;
  if (bin == 1)
    {
      memcpy (result, rows, self->width * sizeof (float));
      return;
    }

  for (guint c = 0; c < self->width; c++)
    {
      double sum = part == 0 ? 0.0 : (double) result[c];

      for (guint x = 0; x < bin; x++)
        sum += (double) rows[(gsize) c * bin + x];

      result[c] = (float) (part == bin - 1 ? sum / (bin * bin) : sum);
    }
}

static void
add_reference_line (guint        frame,
                    guint        line,
                    const float *rows,
                    gpointer     user_data)
{
  ReferencesData *data = user_data;
  ReconScan *self = data->self;
  const float *pixels = rows + self->crop_left;

  if (self->bin > 1)
    {
      bin_rows (self, rows, data->line);
      pixels = data->line;
    }

  recon_reducer_add (data->reducer, data->first_image + frame, (gsize) line * self->width, pixels, self->width);
}

/* The detector rows of some slices. */
static ReconLines
get_row_lines (ReconScan *self,
               guint      slice,
               guint      n_slices)
{
  guint stride = self->bin * self->y_step;

  return (ReconLines){ self->y_start + slice * stride, self->bin, stride, n_slices };
}

static ReconLines
get_angle_lines (ReconScan *self)
{
  return (ReconLines){ self->angle_start, 1, self->angle_step, self->n_angles };
}

static ReconFrames *
get_slice_frames (ReconScan *self,
                  guint      slice,
                  guint      n_slices)
{
  const guint *index = recon_frames_get_index (self->contents->projections);
  ReconLines rows = get_row_lines (self, slice, n_slices);
  g_autofree guint *wanted = g_new (guint, (gsize) n_slices * self->bin);

  for (guint k = 0; k < n_slices; k++)
    for (guint y = 0; y < self->bin; y++)
      wanted[k * self->bin + y] = index[rows.first + k * rows.stride + y];

  return recon_frames_new (recon_frames_get_reader (self->contents->projections), wanted, n_slices * self->bin);
}

/**
 * recon_scan_read_sinograms:
 * @self: a scan
 * @slice: first slice, counted from 0
 * @n_slices: number of slices
 * @sinograms: (out caller-allocates): n_slices × angles × width values
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads raw values, cropped and binned, without any correction. Values do not depend on how the slices are divided
 * into calls.
 *
 * Returns: %FALSE with #RECON_ERROR_READ or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_scan_read_sinograms (ReconScan     *self,
                           guint          slice,
                           guint          n_slices,
                           float         *sinograms,
                           GCancellable  *cancellable,
                           GError       **error)
{
  SinogramsData data = { self, sinograms };
  ReconLines lines;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (slice <= self->n_slices && n_slices <= self->n_slices - slice, FALSE);
  g_return_val_if_fail (sinograms != NULL, FALSE);

  if (n_slices == 0)
    return TRUE;

  if (self->sinograms)
    {
      g_autoptr (ReconFrames) frames = get_slice_frames (self, slice, n_slices);

      lines = get_angle_lines (self);
      return recon_lines_foreach (&lines, frames, self->scratch_limit, put_sinogram_line, &data, cancellable, error);
    }

  lines = get_row_lines (self, slice, n_slices);
  return recon_lines_foreach (&lines, self->projections, self->scratch_limit, put_projection_line, &data, cancellable,
                              error);
}

static guint
count_images (ReconFrames *first,
              ReconFrames *second)
{
  return recon_frames_get_n (first) + (second != NULL ? recon_frames_get_n (second) : 0);
}

/* Slices whose reduction keeps to the limit. */
static guint
slices_per_reduction (ReconScan *self,
                      guint      n_images)
{
  gsize bytes = recon_reducer_bytes_per_pixel (self->reduction, n_images) * self->width;

  return (guint) CLAMP (self->scratch_limit / bytes, 1, self->n_slices);
}

/* One image of one or two groups. */
static gboolean
reduce_references (ReconScan     *self,
                   ReconFrames   *first,
                   ReconFrames   *second,
                   guint          slice,
                   guint          n_slices,
                   float         *result,
                   GCancellable  *cancellable,
                   GError       **error)
{
  guint n_images = count_images (first, second);
  guint per_reduction = slices_per_reduction (self, n_images);
  g_autofree float *line = g_new (float, self->width);

  for (guint done = 0; done < n_slices;)
    {
      guint n = MIN (per_reduction, n_slices - done);
      ReconLines lines = get_row_lines (self, slice + done, n);
      g_autoptr (ReconReducer) reducer = recon_reducer_new (self->reduction, n_images, (gsize) n * self->width);
      ReferencesData data = { self, reducer, 0, line };

      if (!recon_lines_foreach (&lines, first, self->scratch_limit, add_reference_line, &data, cancellable, error))
        return FALSE;

      data.first_image = recon_frames_get_n (first);
      if (second != NULL &&
          !recon_lines_foreach (&lines, second, self->scratch_limit, add_reference_line, &data, cancellable, error))
        return FALSE;

      recon_reducer_finish (reducer, result + (gsize) done * self->width);
      done += n;
    }

  return TRUE;
}

/**
 * recon_scan_read_references:
 * @self: a scan that is corrected
 * @slice: first slice, counted from 0
 * @n_slices: number of slices
 * @dark: (out caller-allocates) (nullable): n_slices × width values; 0 if the scan has no darks
 * @flat: (out caller-allocates) (nullable): n_slices × width values
 * @flat_after: (out caller-allocates) (nullable): n_slices × width values; only with recon_scan_has_flats_after()
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads the darks and flats of some slices and reduces them to one image each: the average or the median, pixel by
 * pixel, of the frames after crop and binning. Flats before and after that are not interpolated are one group.
 *
 * Returns: %FALSE with #RECON_ERROR_READ or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_scan_read_references (ReconScan     *self,
                            guint          slice,
                            guint          n_slices,
                            float         *dark,
                            float         *flat,
                            float         *flat_after,
                            GCancellable  *cancellable,
                            GError       **error)
{
  ReconFrames *pooled;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (slice <= self->n_slices && n_slices <= self->n_slices - slice, FALSE);
  g_return_val_if_fail (flat == NULL || self->flats != NULL, FALSE);
  g_return_val_if_fail (flat_after == NULL || self->flat_positions != NULL, FALSE);

  pooled = self->flat_positions == NULL ? self->flats_after : NULL;

  if (dark != NULL && self->darks == NULL)
    memset (dark, 0, (gsize) n_slices * self->width * sizeof (float));
  else if (dark != NULL &&
           !reduce_references (self, self->darks, NULL, slice, n_slices, dark, cancellable, error))
    return FALSE;

  if (flat != NULL && !reduce_references (self, self->flats, pooled, slice, n_slices, flat, cancellable, error))
    return FALSE;

  return flat_after == NULL ||
         reduce_references (self, self->flats_after, NULL, slice, n_slices, flat_after, cancellable, error);
}

/**
 * recon_scan_get_bytes_per_slice:
 * @self: a scan
 *
 * Returns: host memory for what recon_scan_read_sinograms() and recon_scan_read_references() give for one slice
 */
gsize
recon_scan_get_bytes_per_slice (ReconScan *self)
{
  gsize lines, bytes;

  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  lines = self->n_angles;
  if (self->correct)
    lines += self->flat_positions != NULL ? 3 : 2;

  if (!g_size_checked_mul (&bytes, lines, self->width) || !g_size_checked_mul (&bytes, bytes, sizeof (float)))
    return G_MAXSIZE;

  return bytes;
}

static gsize
reference_scratch (ReconScan   *self,
                   ReconFrames *first,
                   ReconFrames *second)
{
  ReconLines lines = get_row_lines (self, 0, self->n_slices);
  guint n_images = count_images (first, second);
  gsize pixels = (gsize) slices_per_reduction (self, n_images) * self->width;
  gsize reading = recon_lines_scratch_bytes (&lines, first, self->scratch_limit);

  if (second != NULL)
    reading = MAX (reading, recon_lines_scratch_bytes (&lines, second, self->scratch_limit));

  return reading + pixels * recon_reducer_bytes_per_pixel (self->reduction, n_images) + self->width * sizeof (float);
}

/**
 * recon_scan_get_scratch_bytes:
 * @self: a scan
 *
 * The memory does not grow with the number of slices in a call: what does not fit into a fixed amount is read in
 * several goes.
 *
 * Returns: upper bound of the temporary memory that a call of recon_scan_read_sinograms() or
 *   recon_scan_read_references() takes
 */
gsize
recon_scan_get_scratch_bytes (ReconScan *self)
{
  ReconLines lines;
  gsize bytes;

  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  lines = self->sinograms ? get_angle_lines (self) : get_row_lines (self, 0, self->n_slices);
  bytes = recon_lines_scratch_bytes (&lines, self->sinograms ? self->contents->projections : self->projections,
                                     self->scratch_limit);
  if (self->darks != NULL)
    bytes = MAX (bytes, reference_scratch (self, self->darks, NULL));
  if (self->flats != NULL)
    bytes = MAX (bytes, reference_scratch (self, self->flats, self->flat_positions == NULL ? self->flats_after : NULL));
  if (self->flats_after != NULL)
    bytes = MAX (bytes, reference_scratch (self, self->flats_after, NULL));

  return bytes;
}
