/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "graph/task.h"
#include "tasks/block.h"

/* Rings come from columns of the detector that answer otherwise than their neighbours. */

#define GPU_LOCAL_SIZE 64

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

  cl_kernel sort;   /* (nullable): none before prepare, as all of these */
  cl_kernel smooth;
  cl_mem    keys;   /* of one row of the detector: angles × columns */
  cl_mem    angles;
};

G_DEFINE_FINAL_TYPE (ReconRemoveRings, recon_remove_rings, RECON_TYPE_TASK)

static void
drop_prepared (ReconRemoveRings *self)
{
  g_clear_pointer (&self->sort, clReleaseKernel);
  g_clear_pointer (&self->smooth, clReleaseKernel);
  g_clear_pointer (&self->keys, clReleaseMemObject);
  g_clear_pointer (&self->angles, clReleaseMemObject);
}

static void
recon_remove_rings_finalize (GObject *object)
{
  drop_prepared (RECON_REMOVE_RINGS (object));

  G_OBJECT_CLASS (recon_remove_rings_parent_class)->finalize (object);
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

static gsize
get_sinogram_bytes (ReconTask *task)
{
  const ReconArrayInfo *input = recon_task_get_input (task, 0);

  return (gsize) input->axes[0].size * input->axes[2].size * sizeof (cl_uint);
}

static gboolean
recon_remove_rings_need (ReconTask              *task,
                         const ReconDeviceInfo  *device,
                         guint                   lanes,
                         ReconTaskNeed          *need,
                         GError                **error)
{
  need->device_bytes = 2 * get_sinogram_bytes (task);

  return TRUE;
}

static gboolean
recon_remove_rings_prepare (ReconTask    *task,
                            ReconDevice  *device,
                            guint         lanes,
                            GError      **error)
{
  ReconRemoveRings *self = RECON_REMOVE_RINGS (task);
  const gboolean gpu = recon_device_get_info (device)->likes_small_items;
  const int half = (int) recon_task_get_value (task, ROW_WINDOW)->integer / 2;
  g_autofree char *options = g_strdup_printf ("-DHALF=%d%s", half, gpu ? "" : " -DCOLUMNS_APART");

  drop_prepared (self);

  self->keys = recon_device_new_buffer (device, get_sinogram_bytes (task), error);
  if (self->keys == NULL)
    return FALSE;
  self->angles = recon_device_new_buffer (device, get_sinogram_bytes (task), error);
  if (self->angles == NULL)
    return FALSE;
  self->sort = recon_device_kernel (device, "remove-rings.cl", "sort_columns", options, error);
  if (self->sort == NULL)
    return FALSE;
  self->smooth = recon_device_kernel (device, "remove-rings.cl", "smooth_ranks", options, error);

  return self->smooth != NULL;
}

static gboolean
launch (ReconDevice       *device,
        cl_kernel          kernel,
        ReconRemoveRings  *self,
        cl_mem             data,
        const ReconBlock  *block,
        cl_uint            row,
        guint              n_items,
        GError           **error)
{
  const gsize local = recon_device_get_info (device)->likes_small_items ? GPU_LOCAL_SIZE : 1;
  const gsize global = (n_items + local - 1) / local * local;
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (data),            RECON_CL_ARGUMENT (self->keys),      RECON_CL_ARGUMENT (self->angles),
    RECON_CL_ARGUMENT (block->n_angles), RECON_CL_ARGUMENT (block->n_padded), RECON_CL_ARGUMENT (block->width),
    RECON_CL_ARGUMENT (row),
  };

  return recon_cl_set_arguments (kernel, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         recon_device_launch (device, kernel, 1, &global, &local, error);
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
          !launch (device, self->sort, self, data, &block, row, block.width, error) ||
          !launch (device, self->smooth, self, data, &block, row, block.n_angles, error) ||
          !recon_device_wait (device, error))
        return FALSE;
      recon_device_tell_progress (device, (row + 1.0) / block.n);
    }

  return TRUE;
}

static void
recon_remove_rings_class_init (ReconRemoveRingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconTaskClass *task_class = RECON_TASK_CLASS (klass);

  object_class->finalize = recon_remove_rings_finalize;

  task_class->shape = recon_remove_rings_shape;
  task_class->need = recon_remove_rings_need;
  task_class->prepare = recon_remove_rings_prepare;
  task_class->process = recon_remove_rings_process;
  recon_task_class_set_info (task_class, &recon_remove_rings_info);
}

static void
recon_remove_rings_init (ReconRemoveRings *self)
{
}
