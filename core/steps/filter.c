/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/filter.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "steps/row-filter.h"

/* The filter runs on the host, in place on the mapped buffer. Where the device has memory of its own, so much of it
 * is mapped at a time; mapping costs as much host memory. */
#define BYTES_PER_MAPPING ((gsize) 8 * 1024 * 1024)

struct _ReconFilterStep
{
  ReconStep parent_instance;

  ReconFilterSettings  settings;
  ReconRowFilter      *filter; /* (nullable): none before prepare, and for the filter "none" */
};

G_DEFINE_FINAL_TYPE (ReconFilterStep, recon_filter_step, RECON_TYPE_STEP)

static void
recon_filter_step_finalize (GObject *object)
{
  ReconFilterStep *self = RECON_FILTER_STEP (object);

  g_clear_pointer (&self->filter, recon_row_filter_free);

  G_OBJECT_CLASS (recon_filter_step_parent_class)->finalize (object);
}

static gboolean
recon_filter_step_requisition (ReconStep         *step,
                               const ReconShape  *input,
                               ReconRequisition  *need,
                               GError           **error)
{
  ReconFilterStep *self = RECON_FILTER_STEP (step);

  g_return_val_if_fail (input->kind == RECON_DATA_COUNTS || input->kind == RECON_DATA_SINOGRAMS, FALSE);

  /* FFTW counts in int. */
  if (input->width > 1u << 28)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("Rows of %u columns are too long to be filtered."),
                   input->width);
      return FALSE;
    }

  need->output.kind = RECON_DATA_FILTERED;
  need->in_place = TRUE;
  if (self->settings.filter != RECON_FILTER_NONE)
    {
      gsize bytes;

      if (!recon_shape_get_bytes (input, &bytes))
        bytes = G_MAXSIZE;
      need->host_bytes = recon_row_filter_get_bytes (&self->settings, input->width) + MIN (bytes, BYTES_PER_MAPPING);
    }

  return TRUE;
}

static gboolean
recon_filter_step_prepare (ReconStep         *step,
                           ReconDevice       *device,
                           const ReconShape  *input,
                           GError           **error)
{
  ReconFilterStep *self = RECON_FILTER_STEP (step);

  g_clear_pointer (&self->filter, recon_row_filter_free);

  if (self->settings.filter == RECON_FILTER_NONE)
    return TRUE;

  self->filter = recon_row_filter_new (&self->settings, input->width, error);

  return self->filter != NULL;
}

static gboolean
recon_filter_step_process (ReconStep         *step,
                           const ReconBlock  *block,
                           cl_mem             input,
                           cl_mem             output,
                           GCancellable      *cancellable,
                           GError           **error)
{
  ReconFilterStep *self = RECON_FILTER_STEP (step);
  ReconDevice *device = recon_step_get_device (step);
  gsize n_rows, row_bytes, bytes, rows_per_mapping;

  if (self->filter == NULL)
    return TRUE;

  row_bytes = block->shape.width * sizeof (float);
  if (!g_size_checked_mul (&n_rows, block->n, block->shape.height) || !g_size_checked_mul (&bytes, n_rows, row_bytes))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("A block of %u slices of %u × %u samples is too large. Set a smaller --memory-limit."),
                   block->n, block->shape.height, block->shape.width);
      return FALSE;
    }

  rows_per_mapping = n_rows;
  if (!recon_device_get_info (device)->shares_memory)
    rows_per_mapping = MIN (n_rows, MAX (BYTES_PER_MAPPING / row_bytes, 1));

  for (gsize first = 0; first < n_rows; first += rows_per_mapping)
    {
      gsize n = MIN (rows_per_mapping, n_rows - first);
      float *rows = recon_device_map_range (device, input, CL_MAP_READ | CL_MAP_WRITE, first * row_bytes,
                                            n * row_bytes, error);

      if (rows == NULL)
        return FALSE;

      recon_row_filter_apply (self->filter, rows, n, cancellable);

      if (!recon_device_unmap (device, input, rows, error) || !recon_device_wait (device, error) ||
          g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static void
recon_filter_step_class_init (ReconFilterStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconStepClass *step_class = RECON_STEP_CLASS (klass);

  object_class->finalize = recon_filter_step_finalize;

  step_class->name = "filter";
  step_class->requisition = recon_filter_step_requisition;
  step_class->prepare = recon_filter_step_prepare;
  step_class->process = recon_filter_step_process;
}

static void
recon_filter_step_init (ReconFilterStep *self)
{
}

/**
 * recon_filter_step_new:
 * @settings: the filter and what continues the rows; copied. No thread counts as one.
 *
 * Creates the step that filters every row of the sinograms for the backprojection, in place: the row is padded to
 * recon_filter_padded_width(), its spectrum multiplied by recon_filter_response(), and the detector's columns of the
 * result kept. The unit becomes that of the sinogram per pixel. With the filter "none" the data pass as they are.
 *
 * Padding is zeros, the row's first and last sample, or the outermost thirty-second of the row mirrored and then its
 * mean (which, unlike a single end sample, is not much moved by noise), half of it on either side. An object inside the
 * detector comes out the same with each of them.
 *
 * A sample that is not finite makes its whole row not finite.
 *
 * Input: sinograms or counts, angles × width; output: filtered sinograms of the same shape.
 *
 * Returns: (transfer full): a new step
 */
ReconStep *
recon_filter_step_new (const ReconFilterSettings *settings)
{
  ReconFilterStep *self;

  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (RECON_TYPE_FILTER_STEP, NULL);
  self->settings = *settings;

  return RECON_STEP (self);
}
