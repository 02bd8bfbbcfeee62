/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <string.h>

#include "io/reduce.h"

/* Reading darks and flats: many frames become one. */

typedef struct
{
  ReconScan    *self;
  ReconReducer *reducer;
  guint         first_image; /* of the group that is being read */
} ReferencesData;

static void
add_reference_line (guint        frame,
                    guint        line,
                    const float *rows,
                    gpointer     user_data)
{
  ReferencesData *data = user_data;
  ReconScan *self = data->self;
  g_autofree float *binned = NULL;

  if (self->bin > 1)
    {
      binned = g_new (float, self->width);
      _recon_scan_bin_rows (self, rows, binned);
      rows = binned;
    }

  recon_reducer_add (data->reducer, data->first_image + frame, (gsize) line * self->width, rows, self->width);
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

static gboolean
add_references (ReferencesData  *data,
                ReconLines       lines,
                ReconFrames     *frames,
                GCancellable    *cancellable,
                GError         **error)
{
  ReconScan *self = data->self;
  ReconLinesPart part = _recon_scan_get_part (self, lines, frames);
  gboolean sums = self->reduction == RECON_REDUCTION_AVERAGE;

  /* A sum depends on the order of what is added, if only in its last digit. */
  return recon_lines_foreach (&part, self->team, _recon_scan_count_members (self, frames), self->scratch_limit,
                              sums ? RECON_LINES_IN_ORDER : RECON_LINES_ANY_ORDER, add_reference_line, data,
                              cancellable, error);
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

  for (guint done = 0; done < n_slices;)
    {
      guint n = MIN (per_reduction, n_slices - done);
      ReconLines lines = _recon_scan_get_row_lines (self, slice + done, n);
      g_autoptr (ReconReducer) reducer = recon_reducer_new (self->reduction, n_images, (gsize) n * self->width);
      ReferencesData data = { self, reducer, 0 };

      if (!add_references (&data, lines, first, cancellable, error))
        return FALSE;

      data.first_image = recon_frames_get_n (first);
      if (second != NULL && !add_references (&data, lines, second, cancellable, error))
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

/* What reducing one or two groups takes besides the memory of the readers. */
gsize
_recon_scan_get_reference_scratch (ReconScan   *self,
                                   ReconFrames *first,
                                   ReconFrames *second)
{
  ReconLines lines = _recon_scan_get_row_lines (self, 0, self->n_slices);
  guint n_images = count_images (first, second);
  gsize pixels = (gsize) slices_per_reduction (self, n_images) * self->width;
  gsize samples = _recon_scan_get_samples_scratch (self, lines, first);

  if (second != NULL)
    samples = MAX (samples, _recon_scan_get_samples_scratch (self, lines, second));

  return samples + pixels * recon_reducer_bytes_per_pixel (self->reduction, n_images);
}
