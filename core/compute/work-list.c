/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/work-list.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"

/**
 * recon_work_list_get_bytes:
 * @device: where the kernels would run
 * @scratch_bytes: scratch of one work item
 *
 * Returns: the device memory that a work list takes
 */
gsize
recon_work_list_get_bytes (const ReconDeviceInfo *device,
                           gsize                  scratch_bytes)
{
  gsize bytes;

  return g_size_checked_mul (&bytes, scratch_bytes, MAX (device->n_units, 1)) ? bytes : G_MAXSIZE / 2;
}

/**
 * recon_work_list_init:
 * @self: (out caller-allocates): the work list, to be cleared even if this fails
 * @device: where the kernels run
 * @scratch_bytes: scratch of one work item, not 0
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
gboolean
recon_work_list_init (ReconWorkList  *self,
                      ReconDevice    *device,
                      gsize           scratch_bytes,
                      GError        **error)
{
  const ReconDeviceInfo *info = recon_device_get_info (device);

  *self = (ReconWorkList) { .device = device, .n_items = MAX (info->n_units, 1) };

  self->counter = recon_device_new_buffer (device, sizeof (cl_uint), error);
  if (self->counter == NULL)
    return FALSE;
  self->scratch = recon_device_new_buffer (device, recon_work_list_get_bytes (info, scratch_bytes), error);

  return self->scratch != NULL;
}

void
recon_work_list_clear (ReconWorkList *self)
{
  g_clear_pointer (&self->counter, clReleaseMemObject);
  g_clear_pointer (&self->scratch, clReleaseMemObject);
}

static gboolean
set_counter (ReconWorkList  *self,
             cl_uint         value,
             GError        **error)
{
  cl_uint *mapped = recon_device_map (self->device, self->counter, CL_MAP_WRITE, sizeof value, error);

  if (mapped == NULL)
    return FALSE;
  *mapped = value;

  return recon_device_unmap (self->device, self->counter, mapped, error);
}

/**
 * recon_work_list_run:
 * @self: a work list
 * @kernel: a kernel with all its arguments but the last two set
 * @counter_index: index of the last but one
 * @n_jobs: number of jobs
 * @jobs_per_launch: jobs between two looks at the cancellable
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Runs all jobs, and returns when they are done.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_work_list_run (ReconWorkList  *self,
                     cl_kernel       kernel,
                     guint           counter_index,
                     guint           n_jobs,
                     guint           jobs_per_launch,
                     GCancellable   *cancellable,
                     GError        **error)
{
  const gsize global = self->n_items;
  const gsize local = 1;

  jobs_per_launch = MAX (jobs_per_launch, self->n_items);
  for (guint first = 0; first < n_jobs;)
    {
      const cl_uint end = first + MIN (jobs_per_launch, n_jobs - first);
      const ReconClArgument arguments[] = { RECON_CL_ARGUMENT (self->counter), RECON_CL_ARGUMENT (end) };

      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !set_counter (self, first, error) ||
          !recon_cl_set_arguments (kernel, counter_index, G_N_ELEMENTS (arguments), arguments, error) ||
          !recon_device_launch (self->device, kernel, 1, &global, &local, error) ||
          !recon_device_wait (self->device, error))
        return FALSE;
      first = end;
      recon_device_report_progress (self->device, (double) first / n_jobs);
    }

  return TRUE;
}
