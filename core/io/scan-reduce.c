/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <string.h>

#include "io/reduce.h"

/* Reading darks and flats: many frames become one. What the survey has found to be something else is left out. */

typedef struct
{
  ReconScan              *self;
  ReconReferenceLineFunc  func;
  gpointer                user_data;
  float                  *sums; /* (nullable): of bins that aren't full yet, exposures × width */
} LinesData;

typedef struct
{
  ReconScan    *self;
  ReconReducer *reducer;
  guint         first_image; /* of the group that is being read */
} ReferencesData;

ReconFrames *
_recon_scan_get_references (ReconScan *self,
                            guint      which)
{
  ReconFrames *groups[] = { self->darks, self->flats, self->flats_after };

  return groups[which];
}

/* Whether an image is a detector row, as those of the sinograms are, and a line of it an exposure. */
gboolean
_recon_scan_is_reference_by_rows (ReconScan   *self,
                                  ReconFrames *frames)
{
  return self->sinograms && recon_reader_get_height (recon_frames_get_reader (frames)) != self->n_rows;
}

/* Exposures of a group, those that are left out included. */
guint
_recon_scan_count_exposures (ReconScan   *self,
                             ReconFrames *frames)
{
  if (frames == NULL)
    return 0;

  return _recon_scan_is_reference_by_rows (self, frames) ? recon_reader_get_height (recon_frames_get_reader (frames))
                                                         : recon_frames_get_n (frames);
}

static guint
count_used (ReconScan *self,
            guint      which)
{
  const guint n = _recon_scan_count_exposures (self, _recon_scan_get_references (self, which));
  guint n_used = 0;

  if (self->ranks[which] == NULL)
    return n;

  for (guint i = 0; i < n; i++)
    n_used += self->ranks[which][i] != RECON_LEFT_OUT;

  return n_used;
}

/* A frame is an exposure, a line is a slice. */
static void
pass_frame_line (guint        frame,
                 guint        line,
                 const float *rows,
                 gpointer     user_data)
{
  LinesData *data = user_data;
  ReconScan *self = data->self;
  g_autofree float *binned = NULL;

  if (self->geometry->bin > 1)
    {
      binned = g_new (float, self->width);
      _recon_scan_bin_rows (self, rows, binned);
      rows = binned;
    }

  data->func (frame, line, rows, data->user_data);
}

/* `bin` frames are a slice, a line is an exposure. The sum is that of sinograms. */
static void
pass_row_line (guint        frame,
               guint        line,
               const float *rows,
               gpointer     user_data)
{
  LinesData *data = user_data;
  ReconScan *self = data->self;
  const guint bin = self->geometry->bin;
  float *sums;

  if (bin == 1)
    {
      data->func (line, frame, rows, data->user_data);
      return;
    }

  sums = data->sums + (gsize) line * self->width;
  _recon_scan_add_to_bin (self, rows, frame % bin, sums);
  if (frame % bin == bin - 1)
    data->func (line, frame / bin, sums, data->user_data);
}

/* Reads one group of references: calls a function with each exposure's row of each step-th slice, after crop and
 * binning. Several threads may call at once unless @order says otherwise; then the exposures of a slice come in their
 * order, those of other slices between them. */
gboolean
_recon_scan_foreach_reference (ReconScan               *self,
                               const ReconScanPart     *wanted,
                               guint                    which,
                               ReconLinesOrder          order,
                               ReconReferenceLineFunc   func,
                               gpointer                 user_data,
                               GCancellable            *cancellable,
                               GError                 **error)
{
  ReconFrames *frames = _recon_scan_get_references (self, which);
  const guint n_members = _recon_scan_count_members (self, frames);
  LinesData data = { self, func, user_data, NULL };
  g_autofree float *sums = NULL;
  g_autoptr (ReconFrames) rows = NULL;
  ReconLinesPart part;

  if (!_recon_scan_is_reference_by_rows (self, frames))
    {
      part = _recon_scan_get_part (self, _recon_scan_get_row_lines (self, wanted->slice, wanted->n_slices,
                                                                    wanted->slice_step), frames);
      return recon_lines_foreach (&part, self->team, n_members, self->scratch_limit, order, pass_frame_line, &data,
                                  cancellable, error);
    }

  rows = _recon_scan_get_slice_frames (self, frames, wanted);
  part = _recon_scan_get_part (self, (ReconLines) { 0, 1, 1, _recon_scan_count_exposures (self, frames) }, rows);
  data.sums = sums = g_new0 (float, (gsize) part.lines.n * self->width);

  return recon_lines_foreach (&part, self->team, n_members, self->scratch_limit, RECON_LINES_IN_ORDER, pass_row_line,
                              &data, cancellable, error);
}

typedef struct
{
  ReferencesData *references;
  const guint    *ranks; /* (nullable) */
} GroupData;

static void
add_reference_line (guint        exposure,
                    guint        slice,
                    const float *values,
                    gpointer     user_data)
{
  GroupData *group = user_data;
  ReferencesData *data = group->references;
  const guint rank = group->ranks != NULL ? group->ranks[exposure] : exposure;
  const guint width = data->self->width;

  if (rank != RECON_LEFT_OUT)
    recon_reducer_add (data->reducer, data->first_image + rank, (gsize) slice * width, values, width);
}

/* Slices whose reduction keeps to the limit. */
static guint
slices_per_reduction (ReconScan *self,
                      guint      n_images)
{
  gsize bytes = recon_reducer_bytes_per_pixel (self->reduction, n_images) * self->width;

  return (guint) CLAMP (self->scratch_limit / bytes, 1, self->geometry->n_rows);
}

static gboolean
add_references (ReferencesData       *data,
                const ReconScanPart  *part,
                guint                 which,
                GCancellable         *cancellable,
                GError              **error)
{
  ReconScan *self = data->self;
  GroupData group = { data, self->ranks[which] };
  gboolean sums = self->reduction == RECON_REDUCTION_AVERAGE;

  /* A sum depends on the order of what is added, if only in its last digit. */
  return _recon_scan_foreach_reference (self, part, which, sums ? RECON_LINES_IN_ORDER : RECON_LINES_ANY_ORDER,
                                        add_reference_line, &group, cancellable, error);
}

/* One image of one group, or of the flats before and after in a pool. */
static gboolean
reduce_references (ReconScan     *self,
                   guint          which,
                   gboolean       is_pooled,
                   guint          slice,
                   guint          n_slices,
                   float         *result,
                   GCancellable  *cancellable,
                   GError       **error)
{
  const guint n_first = count_used (self, which);
  const guint n_images = n_first + (is_pooled ? count_used (self, RECON_LEVELS_FLATS_AFTER) : 0);
  const guint per_reduction = slices_per_reduction (self, n_images);

  for (guint done = 0; done < n_slices;)
    {
      guint n = MIN (per_reduction, n_slices - done);
      ReconScanPart part = { .slice = slice + done, .n_slices = n, .slice_step = 1 };
      g_autoptr (ReconReducer) reducer = recon_reducer_new (self->reduction, n_images, (gsize) n * self->width);
      ReferencesData data = { self, reducer, 0 };

      if (!add_references (&data, &part, which, cancellable, error))
        return FALSE;

      data.first_image = n_first;
      if (is_pooled && !add_references (&data, &part, RECON_LEVELS_FLATS_AFTER, cancellable, error))
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
 * pixel, of the frames after crop and binning. Flats before and after that are not interpolated are one group. Frames
 * that recon_scan_get_survey() has found to be something else are left out; it is made now if there is none yet.
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
  gboolean is_pooled;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (slice <= self->geometry->n_rows && n_slices <= self->geometry->n_rows - slice, FALSE);
  g_return_val_if_fail (flat == NULL || self->flats != NULL, FALSE);
  g_return_val_if_fail (flat_after == NULL || self->geometry->flat_positions != NULL, FALSE);

  /* Of a part this was found out about the whole. */
  if (self->whole == NULL && recon_scan_get_survey (self, cancellable, error) == NULL)
    return FALSE;

  is_pooled = self->geometry->flat_positions == NULL && self->flats_after != NULL;

  if (dark != NULL && self->darks == NULL)
    memset (dark, 0, (gsize) n_slices * self->width * sizeof (float));
  else if (dark != NULL && !reduce_references (self, RECON_LEVELS_DARKS, FALSE, slice, n_slices, dark, cancellable,
                                               error))
    return FALSE;

  if (flat != NULL && !reduce_references (self, RECON_LEVELS_FLATS, is_pooled, slice, n_slices, flat, cancellable,
                                          error))
    return FALSE;

  return flat_after == NULL || reduce_references (self, RECON_LEVELS_FLATS_AFTER, FALSE, slice, n_slices, flat_after,
                                                  cancellable, error);
}

/* What reducing one or two groups takes besides the memory of the readers. */
gsize
_recon_scan_get_reference_scratch (ReconScan   *self,
                                   ReconFrames *first,
                                   ReconFrames *second)
{
  const guint n_first = _recon_scan_count_exposures (self, first);
  ReconLines lines = _recon_scan_is_reference_by_rows (self, first)
                       ? (ReconLines) { 0, 1, 1, n_first }
                       : _recon_scan_get_row_lines (self, 0, self->geometry->n_rows, 1);
  guint n_images = n_first + _recon_scan_count_exposures (self, second);
  gsize pixels = (gsize) slices_per_reduction (self, n_images) * self->width;
  gsize samples = _recon_scan_get_samples_scratch (self, lines, first);

  if (second != NULL)
    samples = MAX (samples, _recon_scan_get_samples_scratch (self, lines, second));

  /* Bins of sinograms fill line by line. */
  if (self->geometry->bin > 1 && self->sinograms)
    samples += (gsize) n_images * self->width * sizeof (float);

  return samples + pixels * recon_reducer_bytes_per_pixel (self->reduction, n_images);
}
