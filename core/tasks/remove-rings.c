/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "graph/task.h"
#include "tasks/block.h"

/* Rings come from columns of the detector that answer otherwise than their neighbours. */

#define GPU_LOCAL_SIZE 64

/* Must agree with kernels/remove-rings-cpu.cl: the columns or ranks of a work item. */
#define CPU_SIDE 16

/* Kernels, one after the other. GPUs return values as they smooth. */
enum
{
  SORT,
  SMOOTH,
  RETURN,
  N_STEPS
};

/* The places of the rows. */
enum
{
  ROW_METHOD,
  ROW_WINDOW,
};

static const ReconParameterSpec rows[] = {
  { "method", RECON_PARAMETER_CHOICE, "none",
    .choices = RECON_WORDS ("none", "sorting"),
    .titles = RECON_WORDS (N_ ("None"), N_ ("Sorting")),
    .title = N_ ("Method"), .terms = N_ ("Rings, stripes"),
    .help = N_ ("How stripes are taken from the sinograms before they become rings: sorting takes a median over "
                "neighbouring columns of their sorted values") },
  { "window", RECON_PARAMETER_INTEGER, "21", .minimum = 1, .maximum = 999, .unit = "px", .step = 2,
    .applies = "method = sorting",
    .title = N_ ("Window"),
    .help = N_ ("Columns of the median, more than twice as many as the widest stripe has; an even number counts as "
                "one more") },
};

static const ReconParameterSection section = {
  .name = "rings",
  .title = N_ ("Ring Removal"),
  .task = "remove-rings",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

static const ReconPort inputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Absorptivity, angle × row × column") },
  { NULL },
};

static const ReconPort outputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("The same without stripes"), RECON_AXIS (0) | RECON_AXIS (2) },
  { NULL },
};

const ReconTaskInfo recon_remove_rings_info = {
  .name = "remove-rings",
  .title = N_ ("Ring removal"),
  .summary = N_ ("Remove stripes from sinograms, which would become rings in slices"),
  .source = "Vo, Atwood, Drakopoulos, Optics Express 26 (2018) 28396, algorithm 3",
  .flags = RECON_TASK_IN_PLACE,
  .inputs = inputs,
  .outputs = outputs,
  .section = &section,
  .place = RECON_PLACE_SINOGRAMS,
  .enabled = "method",
  .version = 1,
};

#define RECON_TYPE_REMOVE_RINGS (recon_remove_rings_get_type ())
G_DECLARE_FINAL_TYPE (ReconRemoveRings, recon_remove_rings, RECON, REMOVE_RINGS, ReconTask)

struct _ReconRemoveRings
{
  ReconTask parent_instance;

  gboolean  gpu;
  cl_kernel steps[N_STEPS]; /* (nullable): none before prepare, as all of these */
  cl_mem    keys;   /* of one row of the detector: angles × columns */
  cl_mem    angles;
  cl_mem    work;   /* (nullable): none for GPUs */
};

static void
drop_prepared (ReconRemoveRings *self)
{
  for (guint i = 0; i < N_STEPS; i++)
    g_clear_pointer (&self->steps[i], clReleaseKernel);
  g_clear_pointer (&self->keys, clReleaseMemObject);
  g_clear_pointer (&self->angles, clReleaseMemObject);
  g_clear_pointer (&self->work, clReleaseMemObject);
}

static void
recon_remove_rings_clear (ReconTask *task)
{
  drop_prepared (RECON_REMOVE_RINGS (task));
}

static gboolean
recon_remove_rings_shape (ReconTask              *task,
                          const ReconArrayInfo  **given,
                          ReconArrayInfo         *made,
                          ReconLog               *log,
                          GError                **error)
{
  if (!recon_task_check_input (task, 0, RECON_ARRAY_FLOAT32, error, "angle", "row", "column", NULL))
    return FALSE;
  if (given[0]->axes[2].size > G_MAXINT32 / 2 || given[0]->axes[0].size > G_MAXINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Sinograms of %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT " values are too large to be sorted."),
                   given[0]->axes[2].size, given[0]->axes[0].size);
      return FALSE;
    }
  recon_array_info_copy (&made[0], given[0]);

  return TRUE;
}

/* Processors have room for whole vectors. */
static gsize
get_sinogram_bytes (ReconTask *task,
                    gboolean   gpu)
{
  const ReconArrayInfo *input = recon_task_get_input (task, 0);
  const gsize side = gpu ? 1 : CPU_SIDE;

  return (input->axes[0].size + side - 1) / side * side * ((input->axes[2].size + side - 1) / side * side) *
         sizeof (cl_uint);
}

static gboolean
recon_remove_rings_need (ReconTask              *task,
                         const ReconDeviceInfo  *device,
                         guint                   lanes,
                         ReconTaskNeed          *need,
                         GError                **error)
{
  need->device_bytes = (device->likes_small_items ? 2 : 3) * get_sinogram_bytes (task, device->likes_small_items);

  return TRUE;
}

static gboolean
recon_remove_rings_prepare (ReconTask    *task,
                            ReconDevice  *device,
                            guint         lanes,
                            GError      **error)
{
  static const char *const names[] = { "sort_columns", "smooth_ranks", "return_values" };
  ReconRemoveRings *self = RECON_REMOVE_RINGS (task);
  const int half = (int) recon_task_get_value (task, ROW_WINDOW)->integer / 2;
  g_autofree char *options = g_strdup_printf ("-DHALF=%d", half);
  gsize bytes;

  drop_prepared (self);
  self->gpu = recon_device_get_info (device)->likes_small_items;
  bytes = get_sinogram_bytes (task, self->gpu);

  if ((self->keys = recon_device_new_buffer (device, bytes, error)) == NULL ||
      (self->angles = recon_device_new_buffer (device, bytes, error)) == NULL ||
      (!self->gpu && (self->work = recon_device_new_buffer (device, bytes, error)) == NULL))
    return FALSE;

  for (guint i = 0; i < (self->gpu ? RETURN : N_STEPS); i++)
    {
      self->steps[i] = recon_device_kernel (device, self->gpu ? "remove-rings-gpu.cl" : "remove-rings-cpu.cl", names[i],
                                            options, error);
      if (self->steps[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
launch_steps (ReconRemoveRings  *self,
              ReconDevice       *device,
              cl_mem             data,
              const ReconBlock  *block,
              cl_uint            row,
              GError           **error)
{
  const guint n_items[] = { block->width, block->n_angles, block->width };
  const gsize side = self->gpu ? 1 : CPU_SIDE, local = self->gpu ? GPU_LOCAL_SIZE : 1;
  const ReconClArgument buffers[] = {
    RECON_CL_ARGUMENT (data), RECON_CL_ARGUMENT (self->keys), RECON_CL_ARGUMENT (self->angles),
    RECON_CL_ARGUMENT (self->work),
  };
  const ReconClArgument sizes[] = {
    RECON_CL_ARGUMENT (block->n_angles), RECON_CL_ARGUMENT (block->n_padded), RECON_CL_ARGUMENT (block->width),
    RECON_CL_ARGUMENT (row),
  };
  const guint n_buffers = self->work != NULL ? 4 : 3;

  for (guint i = 0; i < N_STEPS && self->steps[i] != NULL; i++)
    {
      const gsize items = (n_items[i] + side - 1) / side, global = (items + local - 1) / local * local;

      if (!recon_cl_set_arguments (self->steps[i], 0, n_buffers, buffers, error) ||
          !recon_cl_set_arguments (self->steps[i], n_buffers, G_N_ELEMENTS (sizes), sizes, error) ||
          !recon_device_launch (device, self->steps[i], 1, &global, &local, error))
        return FALSE;
    }

  return recon_device_wait (device, error);
}

static gboolean
recon_remove_rings_process (ReconTask     *task,
                            ReconArray   **given,
                            ReconArray   **made,
                            GCancellable  *cancellable,
                            GError       **error)
{
  ReconRemoveRings *self = RECON_REMOVE_RINGS (task);
  ReconDevice *device = recon_task_get_device (task);
  const ReconBlock block = recon_block_of (given[0]);
  cl_mem data;

  if (recon_task_get_value (task, ROW_METHOD)->choice == 0)
    return TRUE;

  data = recon_array_read_on (given[0], device, error);
  if (data == NULL || recon_array_write_on (made[0], device, error) == NULL)
    return FALSE;

  for (guint row = 0; row < block.n; row++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !launch_steps (self, device, data, &block, row, error))
        return FALSE;
      recon_device_report_progress (device, (row + 1.0) / block.n);
    }

  return TRUE;
}

RECON_DEFINE_TASK (ReconRemoveRings, recon_remove_rings, RECON_TYPE_TASK,
  klass->clear = recon_remove_rings_clear;
  klass->shape = recon_remove_rings_shape;
  klass->need = recon_remove_rings_need;
  klass->prepare = recon_remove_rings_prepare;
  klass->process = recon_remove_rings_process;)
