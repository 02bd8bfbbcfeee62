/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/probe.h"

#include <math.h>

#include "engine/worker.h"

/* Slices are made one by one. */
#define LANES 4

/* Samples of a slice: enough for percentiles to three digits, small whatever the size of the slice. */
#define SAMPLES_PER_SLICE 262144

/* Takes every n-th pixel of the inscribed ellipse: the corners beyond are seen by some projections only. */
static void
sample_slice (const float      *pixels,
              const ReconShape *shape,
              GArray           *values)
{
  gsize stride = 1 + (gsize) shape->height * shape->width / SAMPLES_PER_SLICE;
  double half_height = 0.5 * shape->height;
  double half_width = 0.5 * shape->width;

  for (gsize i = 0; i < (gsize) shape->height * shape->width; i += stride)
    {
      double y = ((double) (i / shape->width) + 0.5) / half_height - 1;
      double x = ((double) (i % shape->width) + 0.5) / half_width - 1;

      if (x * x + y * y <= 1 && isfinite (pixels[i]))
        g_array_append_val (values, pixels[i]);
    }
}

static gboolean
probe_slice (ReconSource            *source,
             const ReconSourceInfo  *info,
             ReconWorker            *worker,
             guint                   lanes,
             guint                   slice,
             float                  *data,
             float                  *result,
             GArray                 *values,
             GCancellable           *cancellable,
             GError                **error)
{
  g_autofree float *dark = info->has_dark ? g_new (float, info->shape.width) : NULL;
  g_autofree float *flat = info->has_flat ? g_new (float, info->shape.width) : NULL;
  g_autofree float *flat_after = info->has_flat_after ? g_new (float, info->shape.width) : NULL;
  ReconBlock block;

  recon_block_init (&block, slice, 1, lanes, &info->shape);
  block.dark = dark;
  block.flat = flat;
  block.flat_after = flat_after;

  if (!recon_source_read (source, &block, data, cancellable, error) ||
      !recon_worker_process (worker, &block, data, result, cancellable, error))
    return FALSE;

  sample_slice (result != NULL ? result : data, &block.shape, values);

  return TRUE;
}

/**
 * recon_probe_values:
 * @source: gives the slices' data
 * @graph: what is done to them
 * @device: where
 * @n_probes: number of slices to make
 * @values: (element-type float) (inout): the samples are appended
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes some slices, spread evenly over the job, and samples their finite values. Which slices and pixels depends on
 * the job's size only, so that a grey scale chosen by them is the same in every run.
 *
 * Returns: %FALSE if a slice can't be made
 */
gboolean
recon_probe_values (ReconSource            *source,
                    ReconGraph             *graph,
                    const ReconDeviceInfo  *device,
                    guint                   n_probes,
                    GArray                 *values,
                    GCancellable           *cancellable,
                    GError                **error)
{
  g_autoptr (ReconWorker) worker = NULL;
  ReconSourceInfo info;
  ReconGraphNeed need;
  gsize input_bytes, output_bytes;
  float *data, *result = NULL;
  gboolean success;

  recon_source_describe (source, &info);
  if (!recon_graph_requisition (graph, device, &info.shape, LANES, &need, error))
    return FALSE;
  worker = recon_worker_new (device, graph, &info.shape, LANES, error);
  if (worker == NULL)
    return FALSE;

  recon_shape_get_bytes (&info.shape, &input_bytes);
  recon_shape_get_bytes (&need.output, &output_bytes);
  data = recon_host_memory_new (LANES * input_bytes, error);
  if (data != NULL && need.makes_output)
    result = recon_host_memory_new (output_bytes, error);
  success = data != NULL && (result != NULL || !need.makes_output);

  n_probes = MIN (n_probes, info.n_slices);
  for (guint i = 0; success && i < n_probes; i++)
    {
      guint slice = (guint) ((2 * (guint64) i + 1) * info.n_slices / (2 * n_probes));

      success = probe_slice (source, &info, worker, LANES, slice, data, result, values, cancellable, error);
    }

  recon_host_memory_free (result);
  recon_host_memory_free (data);

  return success;
}
