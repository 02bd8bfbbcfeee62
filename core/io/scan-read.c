/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

/* Reading blocks of slices. A row range of each projection becomes rows that lie together, one for each slice of the
 * block. Without binning they are read straight into place. */

typedef struct
{
  ReconScan *self;
  float     *data;  /* angles × pitch × width */
  guint      pitch; /* slices */
} BlockData;

/* Average of @bin × @bin pixels; @rows has the columns that are used. The loops over a bin of a known size are
 * unrolled. */
static inline void
bin_rows_by (guint        bin,
             guint        width,
             const float *rows,
             float       *line)
{
  gsize n_columns = (gsize) width * bin;

  for (guint c = 0; c < width; c++)
    {
      double sum = 0.0;

      for (guint y = 0; y < bin; y++)
        for (guint x = 0; x < bin; x++)
          sum += (double) rows[y * n_columns + (gsize) c * bin + x];

      line[c] = (float) (sum / (bin * bin));
    }
}

void
_recon_scan_bin_rows (ReconScan   *self,
                      const float *rows,
                      float       *line)
{
  switch (self->geometry->bin)
    {
    case 2:
      bin_rows_by (2, self->width, rows, line);
      break;
    case 3:
      bin_rows_by (3, self->width, rows, line);
      break;
    case 4:
      bin_rows_by (4, self->width, rows, line);
      break;
    default:
      bin_rows_by (self->geometry->bin, self->width, rows, line);
    }
}

static float *
get_line (BlockData *block,
          guint      angle,
          guint      slice)
{
  return block->data + ((gsize) angle * block->pitch + slice) * block->self->width;
}

/* A line is a slice, a frame is an angle. */
static void
put_projection_line (guint        frame,
                     guint        line,
                     const float *rows,
                     gpointer     user_data)
{
  BlockData *block = user_data;

  _recon_scan_bin_rows (block->self, rows, get_line (block, frame, line));
}

/* Adds one of the `bin` rows of a slice; the sum is divided with the last of them. */
void
_recon_scan_add_to_bin (ReconScan   *self,
                        const float *row,
                        guint        part,
                        float       *sums)
{
  const guint bin = self->geometry->bin;

  for (guint c = 0; c < self->width; c++)
    {
      double sum = part == 0 ? 0.0 : (double) sums[c];

      for (guint x = 0; x < bin; x++)
        sum += (double) row[(gsize) c * bin + x];

      sums[c] = (float) (part == bin - 1 ? sum / (bin * bin) : sum);
    }
}

/* A line is an angle, `bin` frames are a slice. */
static void
put_sinogram_line (guint        frame,
                   guint        line,
                   const float *rows,
                   gpointer     user_data)
{
  BlockData *block = user_data;
  const guint bin = block->self->geometry->bin;

  _recon_scan_add_to_bin (block->self, rows, frame % bin, get_line (block, line, frame / bin));
}

/* The detector rows of each step-th slice. */
ReconLines
_recon_scan_get_row_lines (ReconScan *self,
                           guint      slice,
                           guint      n_slices,
                           guint      step)
{
  guint stride = self->geometry->bin * self->y_step;

  return (ReconLines){ self->y_start + slice * stride, self->geometry->bin, stride * step, n_slices };
}

/* The angles from @angle on that are evenly spaced among the lines of a sinogram; at most @n_angles. */
static ReconLines
get_angle_lines (ReconScan *self,
                 guint      angle,
                 guint      n_angles,
                 guint      step)
{
  const guint *used = self->used + angle;
  guint stride = n_angles > 1 ? used[step] - used[0] : 1;
  guint n = 1;

  while (n < n_angles && used[n * step] - used[(n - 1) * step] == stride)
    n++;

  return (ReconLines){ used[0], 1, stride, n };
}

/* Lines of some frames, in the columns that are used. */
ReconLinesPart
_recon_scan_get_part (ReconScan   *self,
                      ReconLines   lines,
                      ReconFrames *frames)
{
  return (ReconLinesPart){ lines, frames, self->geometry->first_column, self->width * self->geometry->bin };
}

/* The threads that can read at once in the memory that there is for it. */
guint
_recon_scan_count_members (ReconScan   *self,
                           ReconFrames *frames)
{
  gsize bytes = recon_reader_get_scratch_bytes (recon_frames_get_reader (frames));

  return (guint) CLAMP (self->reader_limit / MAX (bytes, 1), 1, recon_team_get_n_members (self->team));
}

/* The images of the rows that make some slices, where an image is a detector row. */
ReconFrames *
_recon_scan_get_slice_frames (ReconScan           *self,
                              ReconFrames         *frames,
                              const ReconScanPart *part)
{
  const guint *index = recon_frames_get_index (frames);
  ReconLines rows = _recon_scan_get_row_lines (self, part->slice, part->n_slices, part->slice_step);
  g_autofree guint *wanted = g_new (guint, (gsize) part->n_slices * self->geometry->bin);

  for (guint k = 0; k < part->n_slices; k++)
    for (guint y = 0; y < self->geometry->bin; y++)
      wanted[k * self->geometry->bin + y] = index[rows.first + k * rows.stride + y];

  return recon_frames_new (recon_frames_get_reader (frames), wanted, part->n_slices * self->geometry->bin);
}

/* Reads a part into place. */
static gboolean
read_part (ReconScan       *self,
           ReconLinesPart  *part,
           guint            pitch,
           float           *data,
           GCancellable    *cancellable,
           GError         **error)
{
  BlockData block = { self, data, pitch };
  guint n_members = _recon_scan_count_members (self, part->frames);
  gsize angle_pitch = (gsize) pitch * self->width;

  if (self->geometry->bin > 1)
    return recon_lines_foreach (part, self->team, n_members, self->scratch_limit,
                                self->sinograms ? RECON_LINES_IN_ORDER : RECON_LINES_ANY_ORDER,
                                self->sinograms ? put_sinogram_line : put_projection_line, &block, cancellable, error);

  return recon_lines_read (part, self->team, n_members, data, self->sinograms ? self->width : angle_pitch,
                           self->sinograms ? angle_pitch : self->width, cancellable, error);
}

/* Reads n_angles × pitch × width values. */
gboolean
_recon_scan_read_part (ReconScan            *self,
                       const ReconScanPart  *wanted,
                       guint                 pitch,
                       float                *data,
                       GCancellable         *cancellable,
                       GError              **error)
{
  const guint step = wanted->angle_step;
  g_autoptr (ReconFrames) frames = NULL;
  ReconLinesPart part;

  if (wanted->n_slices == 0)
    return TRUE;

  if (!self->sinograms)
    {
      const guint stop = wanted->angle + (wanted->n_angles - 1) * step + 1;

      frames = recon_frames_subset (self->projections, wanted->angle, stop, step);
      part = _recon_scan_get_part (self, _recon_scan_get_row_lines (self, wanted->slice, wanted->n_slices,
                                                                    wanted->slice_step), frames);
      return read_part (self, &part, pitch, data, cancellable, error);
    }

  frames = _recon_scan_get_slice_frames (self, self->contents->projections, wanted);
  for (guint done = 0; done < wanted->n_angles; done += part.lines.n)
    {
      part = _recon_scan_get_part (self, get_angle_lines (self, wanted->angle + done * step, wanted->n_angles - done,
                                                          step), frames);
      if (!read_part (self, &part, pitch, data + (gsize) done * pitch * self->width, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_scan_read_sinograms:
 * @self: a scan
 * @slice: first slice, counted from 0
 * @n_slices: number of slices
 * @pitch: slices that there is room for at each angle, at least @n_slices
 * @data: (out caller-allocates): angles × pitch × width values: that of angle a, slice s of these and column c is
 *   data[(a · pitch + s) · width + c]; values of slices from @n_slices on are left as they are
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads raw values, cropped and binned, without any correction. Values do not depend on how the slices are divided
 * into calls, nor on the number of threads.
 *
 * Returns: %FALSE with #RECON_ERROR_READ or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_scan_read_sinograms (ReconScan     *self,
                           guint          slice,
                           guint          n_slices,
                           guint          pitch,
                           float         *data,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (slice <= self->geometry->n_rows && n_slices <= self->geometry->n_rows - slice, FALSE);
  g_return_val_if_fail (pitch >= n_slices, FALSE);
  g_return_val_if_fail (data != NULL, FALSE);

  return _recon_scan_read_part (self, &(ReconScanPart) { slice, n_slices, 1, 0, self->geometry->n_angles, 1 }, pitch,
                                data, cancellable, error);
}

/**
 * recon_scan_read_part:
 * @self: a scan
 * @angle: the first projection, of those that are used
 * @n_angles: number of projections
 * @slice: the first slice
 * @n_slices: number of slices
 * @pitch: slices that there is room for at each angle, at least @n_slices
 * @data: (out caller-allocates): @n_angles × @pitch × width values
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * As recon_scan_read_sinograms(), for some of the projections.
 *
 * Returns: %FALSE with #RECON_ERROR_READ or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_scan_read_part (ReconScan     *self,
                      guint          angle,
                      guint          n_angles,
                      guint          slice,
                      guint          n_slices,
                      guint          pitch,
                      float         *data,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (angle <= self->geometry->n_angles && n_angles <= self->geometry->n_angles - angle, FALSE);
  g_return_val_if_fail (slice <= self->geometry->n_rows && n_slices <= self->geometry->n_rows - slice, FALSE);
  g_return_val_if_fail (pitch >= n_slices, FALSE);

  return _recon_scan_read_part (self, &(ReconScanPart) { slice, n_slices, 1, angle, n_angles, 1 }, pitch, data,
                                cancellable, error);
}

/**
 * recon_scan_read_projection:
 * @self: a scan
 * @angle: one of the projections that are used, counted from 0
 * @data: (out caller-allocates): slices × width values
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads a single projection, as recon_scan_read_sinograms() has it for all slices.
 *
 * Returns: %FALSE with #RECON_ERROR_READ or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_scan_read_projection (ReconScan     *self,
                            guint          angle,
                            float         *data,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (angle < self->geometry->n_angles, FALSE);
  g_return_val_if_fail (data != NULL, FALSE);

  return _recon_scan_read_part (self, &(ReconScanPart) { 0, self->geometry->n_rows, 1, angle, 1, 1 },
                                self->geometry->n_rows, data, cancellable, error);
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

  lines = self->geometry->n_angles;
  if (self->correct)
    lines += self->geometry->flat_positions != NULL ? 3 : 2;

  if (!g_size_checked_mul (&bytes, lines, self->width) || !g_size_checked_mul (&bytes, bytes, sizeof (float)))
    return G_MAXSIZE;

  return bytes;
}

/* What recon_lines_foreach() takes. */
gsize
_recon_scan_get_samples_scratch (ReconScan   *self,
                                 ReconLines   lines,
                                 ReconFrames *frames)
{
  ReconLinesPart part = _recon_scan_get_part (self, lines, frames);

  return recon_lines_foreach_scratch_bytes (&part, _recon_scan_count_members (self, frames), self->scratch_limit);
}

/* What readers take and keep, in all threads. */
static gsize
readers_scratch (ReconScan *self)
{
  ReconFrames *all[] = { self->contents->projections, self->darks, self->flats, self->flats_after };
  ReconReader *readers[G_N_ELEMENTS (all)];
  gsize bytes = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      gboolean is_new = all[i] != NULL;

      readers[i] = is_new ? recon_frames_get_reader (all[i]) : NULL;
      for (guint j = 0; j < i; j++)
        is_new = is_new && readers[j] != readers[i];
      if (is_new)
        bytes += _recon_scan_count_members (self, all[i]) * recon_reader_get_scratch_bytes (readers[i]);
    }

  return bytes;
}

/**
 * recon_scan_get_scratch_bytes:
 * @self: a scan
 *
 * The memory grows with the number of threads, as far as it keeps to a fixed amount, and not with the number of slices
 * in a call: what does not fit is read in several goes.
 *
 * Returns: upper bound of the temporary memory that calls of recon_scan_read_sinograms() and
 *   recon_scan_read_references() take
 */
gsize
recon_scan_get_scratch_bytes (ReconScan *self)
{
  gsize bytes = 0;

  g_return_val_if_fail (RECON_IS_SCAN (self), 0);

  if (self->geometry->bin > 1 && self->sinograms)
    bytes = _recon_scan_get_samples_scratch (self, (ReconLines){ self->used[0], 1, 1, self->geometry->n_angles },
                                             self->contents->projections);
  else if (self->geometry->bin > 1)
    bytes = _recon_scan_get_samples_scratch (self, _recon_scan_get_row_lines (self, 0, self->geometry->n_rows, 1),
                                             self->projections);

  if (self->darks != NULL)
    bytes = MAX (bytes, _recon_scan_get_reference_scratch (self, self->darks, NULL));
  if (self->flats != NULL)
    {
      ReconFrames *pooled = self->geometry->flat_positions == NULL ? self->flats_after : NULL;

      bytes = MAX (bytes, _recon_scan_get_reference_scratch (self, self->flats, pooled));
    }
  if (self->flats_after != NULL)
    bytes = MAX (bytes, _recon_scan_get_reference_scratch (self, self->flats_after, NULL));

  return bytes + readers_scratch (self);
}
