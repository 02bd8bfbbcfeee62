/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "tasks/block.h"
#include "tasks/dead-pixels.h"
#include "tasks/flat-field-private.h"

/* One size for all blocks, so that all are computed by the same machine code. */
#define GPU_LOCAL_SIZE 64
#define CPU_VECTOR     16

/* Samples of one launch: between launches the user's wish to stop is heeded. */
#define SAMPLES_PER_LAUNCH (G_GUINT64_CONSTANT (1) << 28)

/* Must agree with kernels/flat-field.cl. */
enum
{
  CORRECT      = 1 << 0,
  HAS_DARK     = 1 << 1,
  HAS_AFTER    = 1 << 2,
  ABSORPTIVITY = 1 << 3,
  FIX_NAN_INF  = 1 << 4,
  COUNT        = 1 << 5,
};

/* Indices of the kernels' last arguments. */
#define FIRST_ANGLE        11
#define BRIDGE_FIRST_ANGLE 5

/* What the pixels of a block have met with: n × width each, see #ReconTransmissionsRow. */
typedef struct
{
  guint  *n_low;  /* from recon_host_memory_new() */
  guint  *n_odd;  /* behind them in the same memory */
  gsize   bytes;  /* of both */
  cl_mem  buffer;
} Counters;

void
_recon_flat_field_drop_prepared (ReconFlatField *self)
{
  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->bridge, clReleaseKernel);
  g_clear_pointer (&self->positions_table, clReleaseMemObject);
}

static const float *
get_positions (ReconFlatField *self)
{
  const ReconGeometry *geometry = recon_task_get_input (RECON_TASK (self), INPUT_PROJECTIONS)->geometry;

  return geometry != NULL && recon_task_get_input (RECON_TASK (self), INPUT_FLAT_AFTER) != NULL
           ? geometry->flat_positions : NULL;
}

gboolean
_recon_flat_field_prepare (ReconTask    *task,
                           ReconDevice  *device,
                           guint         lanes,
                           GError      **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  const guint n_angles = (guint) recon_task_get_input (task, INPUT_PROJECTIONS)->axes[0].size;
  g_autofree char *options = NULL;
  g_autofree float *positions = g_try_new0 (float, n_angles);

  _recon_flat_field_drop_prepared (self);

  if (positions == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a table of %u angles."), n_angles);
      return FALSE;
    }
  if (get_positions (self) != NULL)
    memcpy (positions, get_positions (self), n_angles * sizeof *positions);

  self->positions_table = recon_device_new_table (device, positions, n_angles * sizeof *positions, error);
  if (self->positions_table == NULL)
    return FALSE;

  self->gpu = recon_device_get_info (device)->likes_small_items;
  options = g_strdup_printf ("-DVECTOR=%d", self->gpu ? 1 : CPU_VECTOR);
  self->kernel = recon_device_kernel (device, "flat-field.cl", "flat_field", options, error);
  if (self->kernel == NULL)
    return FALSE;
  self->bridge = recon_device_kernel (device, "flat-field.cl", "bridge", options, error);

  return self->bridge != NULL;
}

/* What comes to a block of rows, and the counts of what its pixels meet with. */
typedef struct
{
  ReconBlock   size;
  guint        first_row;
  ReconArray **arrays; /* the inputs */
  const float *dark;   /* (nullable): n × width, on the host */
  const float *flat;   /* (nullable) */
  const float *flat_after; /* (nullable) */
} Rows;

static gboolean
read_reference (ReconArray   *array,
                const float **values,
                GError      **error)
{
  if (array == NULL)
    return TRUE;
  *values = recon_array_read (array, error);

  return *values != NULL;
}

static gboolean
read_references (ReconFlatField  *self,
                 ReconArray     **arrays,
                 Rows            *block,
                 GError         **error)
{
  *block = (Rows) { .size = recon_block_of (arrays[INPUT_PROJECTIONS]), .arrays = arrays };
  block->first_row = (guint) recon_array_get_region (arrays[INPUT_PROJECTIONS])->axes[1].first;

  return !self->correct ||
         (read_reference (arrays[INPUT_DARK], &block->dark, error) &&
          read_reference (arrays[INPUT_FLAT], &block->flat, error) &&
          (get_positions (self) == NULL || read_reference (arrays[INPUT_FLAT_AFTER], &block->flat_after, error)));
}

/* A reference as a buffer; %NULL for an absent one. */
static gboolean
send_reference (ReconFlatField  *self,
                const float     *values,
                ReconArray      *array,
                cl_mem          *buffer,
                GError         **error)
{
  *buffer = NULL;
  if (values == NULL)
    return TRUE;
  *buffer = recon_array_read_on (array, recon_task_get_device (RECON_TASK (self)), error);

  return *buffer != NULL;
}

static gboolean
set_arguments (ReconFlatField  *self,
               const Rows      *block,
               cl_mem           data,
               cl_mem           counters,
               GError         **error)
{
  ReconTask *task = RECON_TASK (self);
  const cl_float dark_scale = (float) recon_task_get_value (task, ROW_DARK_SCALE)->number;
  const cl_float clip_minimum = (float) recon_task_get_value (task, ROW_CLIP_MINIMUM)->number;
  const cl_uint width = block->size.width;
  const cl_uint n_padded = block->size.n_padded;
  cl_mem dark, flat, flat_after;

  if (!send_reference (self, block->dark, block->arrays[INPUT_DARK], &dark, error) ||
      !send_reference (self, block->flat, block->arrays[INPUT_FLAT], &flat, error) ||
      !send_reference (self, block->flat_after, block->arrays[INPUT_FLAT_AFTER], &flat_after, error))
    return FALSE;

  {
    const cl_uint flags = (self->correct ? CORRECT : 0) |
                          (dark != NULL ? HAS_DARK : 0) |
                          (flat_after != NULL ? HAS_AFTER : 0) |
                          (self->absorptivity ? ABSORPTIVITY : 0) |
                          (recon_task_get_value (task, ROW_FIX_NAN_INF)->boolean ? FIX_NAN_INF : 0) |
                          (counters != NULL ? COUNT : 0);
    /* What the flags leave unread is still some buffer. */
    const cl_mem dark_or_any = dark != NULL ? dark : self->positions_table;
    const cl_mem flat_or_any = flat != NULL ? flat : self->positions_table;
    const cl_mem after_or_any = flat_after != NULL ? flat_after : self->positions_table;
    const cl_mem counters_or_any = counters != NULL ? counters : self->positions_table;
    const ReconClArgument arguments[] = {
      RECON_CL_ARGUMENT (data),
      RECON_CL_ARGUMENT (dark_or_any),
      RECON_CL_ARGUMENT (flat_or_any),
      RECON_CL_ARGUMENT (after_or_any),
      RECON_CL_ARGUMENT (self->positions_table),
      RECON_CL_ARGUMENT (counters_or_any),
      RECON_CL_ARGUMENT (flags),
      RECON_CL_ARGUMENT (dark_scale),
      RECON_CL_ARGUMENT (clip_minimum),
      RECON_CL_ARGUMENT (width),
      RECON_CL_ARGUMENT (n_padded),
    };

    return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (arguments), arguments, error);
  }
}

/* @items: wanted along the first dimension; processors take them all in one. @middle: size of the one in the middle, or
 * 0 for none. The last dimension are the angles. */
static gboolean
launch_all (ReconFlatField    *self,
            cl_kernel          kernel,
            guint              last_argument,
            const Rows        *block,
            guint              items,
            guint              middle,
            GCancellable      *cancellable,
            GError           **error)
{
  ReconDevice *device = recon_task_get_device (RECON_TASK (self));
  const guint n_dims = middle > 0 ? 3 : 2;
  const gsize local_size = self->gpu ? GPU_LOCAL_SIZE : 1;
  const gsize n_items = self->gpu ? items : 1;
  const gsize local[] = { local_size, 1, 1 };
  gsize global[] = { (n_items + local_size - 1) / local_size * local_size, middle, 1 };
  const guint64 samples = (guint64) items * MAX (middle, 1);
  const guint angles_per_launch = (guint) CLAMP (SAMPLES_PER_LAUNCH / samples, 1, block->size.n_angles);

  for (guint first = 0; first < block->size.n_angles; first += angles_per_launch)
    {
      const cl_uint first_angle = first;
      const ReconClArgument argument = RECON_CL_ARGUMENT (first_angle);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      global[n_dims - 1] = MIN (angles_per_launch, block->size.n_angles - first);
      if (!recon_cl_set_arguments (kernel, last_argument, 1, &argument, error) ||
          !recon_device_launch (device, kernel, n_dims, global, local, error) || !recon_device_wait (device, error))
        return FALSE;
      recon_device_report_progress (device, (first + (double) global[2]) / block->size.n_angles);
    }

  return TRUE;
}

static void
counters_clear (Counters *counters)
{
  g_clear_pointer (&counters->buffer, clReleaseMemObject);
  g_clear_pointer (&counters->n_low, recon_host_memory_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Counters, counters_clear)

/* Transmissions are looked at where they become absorptivity; others have no bounds. */
static gboolean
prepare_counters (ReconFlatField    *self,
                  const Rows        *block,
                  Counters          *counters,
                  GError           **error)
{
  const gsize n = (gsize) block->size.n * block->size.width;

  if (!self->absorptivity)
    return TRUE;

  counters->bytes = 2 * n * sizeof *counters->n_low;
  counters->n_low = recon_host_memory_new (counters->bytes, error);
  if (counters->n_low == NULL)
    return FALSE;
  counters->n_odd = counters->n_low + n;
  memset (counters->n_low, 0, counters->bytes);
  counters->buffer = recon_device_wrap (recon_task_get_device (RECON_TASK (self)), counters->n_low, counters->bytes,
                                        TRUE, error);

  return counters->buffer != NULL;
}

/* Which pixels of one of the block's rows can't be used; adds up what that is based on. Returns: how many */
static guint
mark_row (ReconFlatField *self,
          const Rows     *block,
          const Counters *counters,
          guint           row,
          guint8         *states)
{
  const double dark_scale = recon_task_get_value (RECON_TASK (self), ROW_DARK_SCALE)->number;
  const guint width = block->size.width;
  const gsize first = (gsize) row * width;
  const float *dark = block->dark != NULL ? block->dark + first : NULL;
  const guint *n_low = counters->buffer != NULL ? counters->n_low + first : NULL;
  const guint *n_odd = counters->buffer != NULL ? counters->n_odd + first : NULL;
  const ReconTransmissionsRow met = { block->first_row + row, block->size.n_angles, states, n_low, n_odd };
  guint n = 0;

  memset (states, RECON_PIXEL_USABLE, width);
  if (self->correct)
    n = recon_dead_pixels_mark_flats (dark, block->flat + first, dark_scale, width, states);
  if (self->correct && block->flat_after != NULL)
    n = recon_dead_pixels_mark_flats (dark, block->flat_after + first, dark_scale, width, states);

  if (counters->buffer != NULL)
    n = recon_dead_pixels_mark_data (n_low, n_odd, block->size.n_angles, width, states);
  recon_transmissions_add (self->transmissions, &met);

  return n;
}

static gboolean
launch_bridges (ReconFlatField  *self,
                const Rows      *block,
                GArray          *bridges,
                cl_mem           data,
                GCancellable    *cancellable,
                GError         **error)
{
  ReconDevice *device = recon_task_get_device (RECON_TASK (self));
  const cl_uint n_bridges = bridges->len;
  const cl_uint width = block->size.width;
  const cl_uint n_padded = block->size.n_padded;
  g_auto (ReconClMem) table = recon_device_new_table (device, bridges->data, bridges->len * sizeof (ReconPixelBridge),
                                                      error);
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (data),     RECON_CL_ARGUMENT (table), RECON_CL_ARGUMENT (n_bridges),
    RECON_CL_ARGUMENT (width),    RECON_CL_ARGUMENT (n_padded),
  };

  return table != NULL && recon_cl_set_arguments (self->bridge, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         launch_all (self, self->bridge, BRIDGE_FIRST_ANGLE, block, n_bridges, 0, cancellable, error);
}

/* Sees what the block's pixels have met with, and bridges those that can't be used. */
static gboolean
bridge_dead_pixels (ReconFlatField  *self,
                    const Rows      *block,
                    Counters        *counters,
                    cl_mem           data,
                    GCancellable    *cancellable,
                    GError         **error)
{
  const gboolean fixes = recon_task_get_value (RECON_TASK (self), ROW_FIX_NAN_INF)->boolean;
  g_autofree guint8 *states = g_new (guint8, block->size.width);
  g_autoptr (GArray) bridges = g_array_new (FALSE, FALSE, sizeof (ReconPixelBridge));

  if (counters->buffer != NULL &&
      !recon_device_fetch (recon_task_get_device (RECON_TASK (self)), counters->buffer, counters->n_low,
                           counters->bytes, error))
    return FALSE;

  for (guint i = 0; i < block->size.n; i++)
    if (mark_row (self, block, counters, i, states) > 0 && fixes)
      recon_dead_pixels_add_bridges (states, i, block->size.width, bridges);

  return bridges->len == 0 || launch_bridges (self, block, bridges, data, cancellable, error);
}

gboolean
_recon_flat_field_process (ReconTask     *task,
                           ReconArray   **given,
                           ReconArray   **made,
                           GCancellable  *cancellable,
                           GError       **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  ReconDevice *device = recon_task_get_device (task);
  g_auto (Counters) counters = { 0 };
  cl_mem data;
  Rows block;

  if (!self->correct && !self->absorptivity && !recon_task_get_value (task, ROW_FIX_NAN_INF)->boolean)
    return TRUE;

  data = recon_array_read_on (given[INPUT_PROJECTIONS], device, error);
  if (data == NULL || recon_array_write_on (made[0], device, error) == NULL ||
      !read_references (self, given, &block, error))
    return FALSE;

  if (prepare_counters (self, &block, &counters, error) &&
      set_arguments (self, &block, data, counters.buffer, error) &&
      launch_all (self, self->kernel, FIRST_ANGLE, &block, block.size.width, block.size.n, cancellable, error) &&
      bridge_dead_pixels (self, &block, &counters, data, cancellable, error))
    return TRUE;

  /* The counters may be in use until here. */
  recon_device_wait (device, NULL);

  return FALSE;
}
