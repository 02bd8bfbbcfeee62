/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/sample-slices.h"

#include <math.h>

/* Slices that are made ahead for the grey scale of integers, and samples of each: enough for percentiles to three
 * digits, small whatever the size of the slice. */
#define N_PROBES          8
#define SAMPLES_PER_SLICE 262144

/* Takes every n-th pixel of the inscribed ellipse: the corners beyond are seen by some projections only. */
static void
sample_slice (const float *pixels,
              guint        height,
              guint        width,
              GArray      *values)
{
  const gsize n = (gsize) height * width;
  const gsize stride = 1 + n / SAMPLES_PER_SLICE;
  const double half_height = 0.5 * height, half_width = 0.5 * width;

  for (gsize i = 0; i < n; i += stride)
    {
      double y = ((double) (i / width) + 0.5) / half_height - 1;
      double x = ((double) (i % width) + 0.5) / half_width - 1;

      if (x * x + y * y <= 1 && isfinite (pixels[i]))
        g_array_append_val (values, pixels[i]);
    }
}

/**
 * recon_sample_slices:
 * @images: all slices
 * @start: how the sink of the slices begins
 * @values: (element-type float): gets finite values of some of them
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes some slices ahead, spread evenly over all: which ones, and which pixels of them, depends on the job's size
 * only, so that a grey scale that is chosen by them is the same in every run.
 *
 * Returns: the number of slices; 0 on error
 */
guint
recon_sample_slices (const ReconArrayInfo  *images,
                     const ReconSinkStart  *start,
                     GArray                *values,
                     GCancellable          *cancellable,
                     GError               **error)
{
  const guint64 n = MIN (N_PROBES, images->axes[0].size);

  for (guint64 i = 0; i < n; i++)
    {
      g_autoptr (ReconArray) slice = NULL;
      const float *pixels;
      ReconRegion region;

      recon_region_init_whole (&region, images);
      region.axes[0].first = (2 * i + 1) * images->axes[0].size / (2 * n);
      region.axes[0].n = 1;
      slice = start->evaluate (&region, start->user_data, cancellable, error);
      pixels = slice != NULL ? recon_array_read (slice, error) : NULL;
      if (pixels == NULL)
        return 0;
      sample_slice (pixels, (guint) images->axes[1].size, (guint) images->axes[2].size, values);
    }

  return (guint) n;
}
