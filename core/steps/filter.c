/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/filter.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "steps/filter-cpu.h"
#include "steps/filter-gpu.h"
#include "steps/register.h"

static const ReconParameterSpec rows[] = {
  { "filter", RECON_PARAMETER_CHOICE, "ramp", .flags = RECON_PARAMETER_SHORT,
    .choices = RECON_WORDS ("ramp", "shepp-logan", "cosine", "hann", "hamming", "parzen", "butterworth", "none"),
    .titles = RECON_WORDS (N_ ("Ramp"), N_ ("Shepp-Logan"), N_ ("Cosine"), N_ ("Hann"), N_ ("Hamming"),
                           N_ ("Parzen"), N_ ("Butterworth"), N_ ("None")),
    .title = N_ ("Filter"),
    .help = N_ ("Filter of the projections: the band-limited ramp, plain or times a window; none is plain "
                "backprojection") },
  { "filter-cutoff", RECON_PARAMETER_NUMBER, "0.5", .minimum = 0.001, .maximum = 1, .flags = RECON_PARAMETER_SHORT,
    .step = 0.05, .applies = "filter = butterworth",
    .title = N_ ("Filter Cut-Off"),
    .help = N_ ("Cut-off of the butterworth window as a fraction of the Nyquist frequency") },
  { "filter-order", RECON_PARAMETER_INTEGER, "4", .minimum = 1, .maximum = 32, .flags = RECON_PARAMETER_SHORT,
    .step = 1, .applies = "filter = butterworth",
    .title = N_ ("Filter Order"),
    .help = N_ ("Order of the butterworth window") },
  { "padding", RECON_PARAMETER_CHOICE, "edge", .flags = RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED,
    .choices = RECON_WORDS ("zero", "edge", "mirror"),
    .titles = RECON_WORDS (N_ ("Zeros"), N_ ("Edge"), N_ ("Mirrored")),
    .title = N_ ("Padding"),
    .help = N_ ("What continues the rows beyond the detector while filtering: zeros, the end samples, or the ends "
                "mirrored and then their mean") },
};

const ReconParameterSection recon_filter_parameters = {
  .name = "reconstruction",
  .task = "filter",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

struct _ReconFilterStep
{
  ReconStep parent_instance;

  ReconFilterSettings  settings;
  ReconCpuFilter      *cpu_filter; /* (nullable): one of the two, once prepared */
  ReconGpuFilter      *gpu_filter; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (ReconFilterStep, recon_filter_step, RECON_TYPE_STEP)

static void
drop_prepared (ReconFilterStep *self)
{
  g_clear_pointer (&self->cpu_filter, recon_cpu_filter_free);
  g_clear_pointer (&self->gpu_filter, recon_gpu_filter_free);
}

static void
recon_filter_step_finalize (GObject *object)
{
  drop_prepared (RECON_FILTER_STEP (object));

  G_OBJECT_CLASS (recon_filter_step_parent_class)->finalize (object);
}

static gboolean
recon_filter_step_requisition (ReconStep              *step,
                               const ReconDeviceInfo  *device,
                               const ReconShape       *input,
                               guint                   lanes,
                               ReconRequisition       *need,
                               GError                **error)
{
  ReconFilterStep *self = RECON_FILTER_STEP (step);

  g_return_val_if_fail (input->kind == RECON_DATA_COUNTS || input->kind == RECON_DATA_SINOGRAMS, FALSE);

  if (input->width > 1u << 24)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("Rows of %u columns are too long to be filtered."),
                   input->width);
      return FALSE;
    }

  need->output.kind = RECON_DATA_FILTERED;
  need->in_place = TRUE;
  if (recon_variant_choose (self->settings.variant, device) == RECON_VARIANT_GPU)
    need->device_bytes = recon_gpu_filter_get_bytes (&self->settings, input->width, lanes);
  else
    need->device_bytes = recon_cpu_filter_get_bytes (device, input->width, lanes);

  return TRUE;
}

static gboolean
recon_filter_step_prepare (ReconStep         *step,
                           ReconDevice       *device,
                           const ReconShape  *input,
                           guint              lanes,
                           GError           **error)
{
  ReconFilterStep *self = RECON_FILTER_STEP (step);

  drop_prepared (self);

  if (recon_variant_choose (self->settings.variant, recon_device_get_info (device)) == RECON_VARIANT_GPU)
    self->gpu_filter = recon_gpu_filter_new (device, &self->settings, input->width, lanes, error);
  else
    self->cpu_filter = recon_cpu_filter_new (device, &self->settings, input->width, lanes, error);

  return self->cpu_filter != NULL || self->gpu_filter != NULL;
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

  if (self->gpu_filter != NULL)
    return recon_gpu_filter_apply (self->gpu_filter, input, block->shape.height, block->n, block->n_padded, cancellable,
                                   error);

  return recon_cpu_filter_apply (self->cpu_filter, input, block->shape.height, block->n, block->n_padded, cancellable,
                                 error);
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
 * @settings: the filter and what continues the rows; copied
 *
 * Creates the step that filters every row of the sinograms for the backprojection, in place: the row is padded to
 * recon_filter_padded_width(), its spectrum multiplied by recon_filter_response(), and the detector's columns of the
 * result kept. The unit becomes that of the sinogram per pixel. With the filter "none" the values stay as they are.
 *
 * Padding is zeros, the row's first and last sample, or the outermost thirty-second of the row mirrored and then its
 * mean (which, unlike a single end sample, is not much moved by noise), half of it on either side. An object inside
 * the detector comes out the same with each of them.
 *
 * A sample that is not finite makes its whole row not finite.
 *
 * Input: sinograms or counts, angles × slices × width; output: filtered sinograms with the lanes innermost, in place.
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
