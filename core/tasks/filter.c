/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "tasks/filter.h"
#include "tasks/infos.h"

enum
{
  ROW_FILTER,
  ROW_CUTOFF,
  ROW_ORDER,
  ROW_PADDING,
};

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

static const ReconParameterSection section = {
  .name = "reconstruction",
  .task = "filter",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

static const ReconPort inputs[] = {
  { "projections", RECON_PORT_GROUPS, N_ ("Sinograms of all rows, angle × row × column") },
  { NULL },
};

/* Rows are filtered whole, and those of neighbouring angles together. */
static const ReconPort outputs[] = {
  { "projections", RECON_PORT_INTERLEAVED, N_ ("The same, filtered"), RECON_AXIS (0) | RECON_AXIS (2) },
  { NULL },
};

const ReconTaskInfo recon_filter_info = {
  .name = "filter",
  .title = N_ ("Filter"),
  .summary = N_ ("Filter every detector row of the projections for the backprojection"),
  .source = "Band-limited ramp: Kak and Slaney 1988, equation 61 of chapter 3",
  .flags = RECON_TASK_IN_PLACE,
  .inputs = inputs,
  .outputs = outputs,
  .section = &section,
  .version = 1,
};

#define RECON_TYPE_FILTER (recon_filter_get_type ())
G_DECLARE_FINAL_TYPE (ReconFilter, recon_filter, RECON, FILTER, ReconTask)

struct _ReconFilter
{
  ReconTask       parent_instance;

  ReconCpuFilter *cpu_filter; /* (nullable): one of the two, once prepared */
  ReconGpuFilter *gpu_filter; /* (nullable) */
};

static void
drop_prepared (ReconFilter *self)
{
  g_clear_pointer (&self->cpu_filter, recon_cpu_filter_free);
  g_clear_pointer (&self->gpu_filter, recon_gpu_filter_free);
}

static void
recon_filter_clear (ReconTask *task)
{
  drop_prepared (RECON_FILTER (task));
}

static ReconFilterSettings
get_settings (ReconTask *task)
{
  return (ReconFilterSettings) {
    .filter = recon_task_get_value (task, ROW_FILTER)->choice,
    .padding = recon_task_get_value (task, ROW_PADDING)->choice,
    .cutoff = recon_task_get_value (task, ROW_CUTOFF)->number,
    .order = (guint) recon_task_get_value (task, ROW_ORDER)->integer,
  };
}

static gboolean
recon_filter_shape (ReconTask              *task,
                    const ReconArrayInfo  **given,
                    ReconArrayInfo         *made,
                    ReconLog               *log,
                    GError                **error)
{
  const ReconArrayInfo *sinograms = given[0];

  if (!recon_task_check_input (task, 0, RECON_ARRAY_FLOAT32, error, "angle", "row", "column", NULL))
    return FALSE;

  if (sinograms->axes[2].size > 1u << 24)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Rows of %" G_GUINT64_FORMAT " columns are too long to be filtered."), sinograms->axes[2].size);
      return FALSE;
    }

  recon_array_info_copy (&made[0], sinograms);
  if (sinograms->geometry != NULL && get_settings (task).filter != RECON_FILTER_NONE)
    {
      recon_geometry_unref (made[0].geometry);
      made[0].geometry = recon_geometry_copy (sinograms->geometry);
      made[0].geometry->is_filtered = TRUE;
    }

  return TRUE;
}

static gboolean
recon_filter_need (ReconTask              *task,
                   const ReconDeviceInfo  *device,
                   guint                   lanes,
                   ReconTaskNeed          *need,
                   GError                **error)
{
  const ReconFilterSettings settings = get_settings (task);
  const guint width = (guint) recon_task_get_input (task, 0)->axes[2].size;

  if (device->likes_small_items)
    need->device_bytes = recon_gpu_filter_get_bytes (&settings, width, lanes);
  else
    need->device_bytes = recon_cpu_filter_get_bytes (device, width, lanes);

  return TRUE;
}

static gboolean
recon_filter_prepare (ReconTask    *task,
                      ReconDevice  *device,
                      guint         lanes,
                      GError      **error)
{
  ReconFilter *self = RECON_FILTER (task);
  const ReconFilterSettings settings = get_settings (task);
  const guint width = (guint) recon_task_get_input (task, 0)->axes[2].size;

  drop_prepared (self);

  if (recon_device_get_info (device)->likes_small_items)
    self->gpu_filter = recon_gpu_filter_new (device, &settings, width, lanes, error);
  else
    self->cpu_filter = recon_cpu_filter_new (device, &settings, width, lanes, error);

  return self->cpu_filter != NULL || self->gpu_filter != NULL;
}

static gboolean
recon_filter_process (ReconTask     *task,
                      ReconArray   **given,
                      ReconArray   **made,
                      GCancellable  *cancellable,
                      GError       **error)
{
  ReconFilter *self = RECON_FILTER (task);
  ReconDevice *device = recon_task_get_device (task);
  const ReconBlock block = recon_block_of (given[0]);
  cl_mem data = recon_array_read_on (given[0], device, error);

  if (data == NULL || recon_array_write_on (made[0], device, error) == NULL)
    return FALSE;

  if (self->gpu_filter != NULL)
    return recon_gpu_filter_apply (self->gpu_filter, data, &block, cancellable, error);

  return recon_cpu_filter_apply (self->cpu_filter, data, &block, cancellable, error);
}

/**
 * ReconFilter:
 *
 * Filters every row of the sinograms for the backprojection, in place: the row is padded to
 * recon_filter_padded_width(), its spectrum multiplied by recon_filter_response(), and the detector's columns of the
 * result kept. The unit becomes that of the sinogram per column. With the filter "none" the values stay as they are.
 *
 * Padding is zeros, the row's first and last sample, or the outermost thirty-second of the row mirrored and then its
 * mean (which, unlike a single end sample, is not much moved by noise), half of it on either side. An object inside
 * the detector comes out the same with each of them.
 *
 * A sample that is not finite makes its whole row not finite.
 */
RECON_DEFINE_TASK (ReconFilter, recon_filter, RECON_TYPE_TASK,
  klass->clear = recon_filter_clear;
  klass->shape = recon_filter_shape;
  klass->need = recon_filter_need;
  klass->prepare = recon_filter_prepare;
  klass->process = recon_filter_process;)
