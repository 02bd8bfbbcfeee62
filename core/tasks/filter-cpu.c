/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/filter.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "compute/work-list.h"

/* Vectors of one launch: some tenths of a second. Between launches the user's wish to stop is heeded. */
#define VECTORS_PER_LAUNCH (1u << 25)

/* Indices of the kernels' last but one argument. */
#define FILTER_COUNTER     11
#define INTERLEAVE_COUNTER 5

struct _ReconCpuFilter
{
  ReconFilterSettings settings;
  guint               width;
  guint               lanes;
  guint               padded_width;

  cl_kernel           kernel;
  cl_mem              twiddles; /* (nullable): none for the filter "none" */
  cl_mem              response; /* (nullable): likewise */
  ReconWorkList       work;
};

/**
 * recon_cpu_filter_free:
 * @self: (transfer full): a filter
 */
void
recon_cpu_filter_free (ReconCpuFilter *self)
{
  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->twiddles, clReleaseMemObject);
  g_clear_pointer (&self->response, clReleaseMemObject);
  recon_work_list_clear (&self->work);
  g_free (self);
}

/* A padded row of complex numbers for every lane. */
static gsize
get_scratch_bytes (guint padded_width,
                   guint lanes)
{
  return (gsize) padded_width * 2 * lanes * sizeof (float);
}

/**
 * recon_cpu_filter_get_bytes:
 * @device: where it would work
 * @width: length of the rows
 * @lanes: slices of a group
 *
 * Returns: the device memory that such a filter takes
 */
gsize
recon_cpu_filter_get_bytes (const ReconDeviceInfo *device,
                            guint                  width,
                            guint                  lanes)
{
  const guint padded_width = recon_filter_padded_width (width);

  return recon_work_list_get_bytes (device, get_scratch_bytes (padded_width, lanes)) +
         (gsize) padded_width * (sizeof (cl_float2) + sizeof (float));
}

/* Lists the frequencies in the order in which the kernel's forward transform leaves them: each stage of radix r takes
 * a block apart into r blocks, of the frequencies that leave the remainders 0 … r-1. */
static void
list_frequencies (guint  n,
                  guint  radix,
                  guint  first,
                  guint  stride,
                  guint *frequencies)
{
  guint next_radix;

  if (n == 1)
    {
      *frequencies = first;
      return;
    }

  /* After the stage of radix 2 one of radix 3, if need be, then those of radix 4, and a last one of radix 2. */
  n /= radix;
  next_radix = n % 3 == 0 ? 3 : n % 4 == 0 ? 4 : n;
  for (guint i = 0; i < radix; i++)
    list_frequencies (n, next_radix, first + i * stride, stride * radix, frequencies + (gsize) i * n);
}

static gboolean
make_tables (ReconCpuFilter  *self,
             ReconDevice     *device,
             GError         **error)
{
  const guint m = self->padded_width;
  g_autofree guint *frequencies = g_try_new (guint, m);
  g_autofree float *response = g_try_new (float, (gsize) m / 2 + 1);
  g_autofree float *ordered = g_try_new (float, m);
  g_autofree cl_float2 *twiddles = g_try_new (cl_float2, m);

  if (frequencies == NULL || response == NULL || ordered == NULL || twiddles == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("No memory to filter rows of %u columns. Close other programs."), self->width);
      return FALSE;
    }

  recon_filter_response (&self->settings, m, response);
  list_frequencies (m, 2, 0, 1, frequencies);
  for (guint i = 0; i < m; i++)
    {
      const guint k = frequencies[i];
      const double angle = -2 * G_PI * i / m;

      ordered[i] = response[MIN (k, m - k)] / (float) m;
      twiddles[i].s[0] = (float) cos (angle);
      twiddles[i].s[1] = (float) sin (angle);
    }

  self->twiddles = recon_device_new_table (device, twiddles, m * sizeof *twiddles, error);
  if (self->twiddles == NULL)
    return FALSE;
  self->response = recon_device_new_table (device, ordered, m * sizeof *ordered, error);

  return self->response != NULL;
}

/**
 * recon_cpu_filter_new:
 * @device: where it works
 * @settings: the filter and what continues the rows; copied
 * @width: length of the rows
 * @lanes: slices of a group
 * @error: return location
 *
 * Returns: (transfer full): a filter, to be freed before the device; %NULL with #RECON_ERROR_MEMORY or
 *   #RECON_ERROR_DEVICE
 */
ReconCpuFilter *
recon_cpu_filter_new (ReconDevice                *device,
                      const ReconFilterSettings  *settings,
                      guint                       width,
                      guint                       lanes,
                      GError                    **error)
{
  g_autoptr (ReconCpuFilter) self = g_new0 (ReconCpuFilter, 1);
  const gboolean filters = settings->filter != RECON_FILTER_NONE;
  const gsize scratch_bytes = get_scratch_bytes (filters ? recon_filter_padded_width (width) : width, lanes);
  g_autofree char *options = g_strdup_printf ("-DLANES=%u", lanes);

  self->settings = *settings;
  self->width = width;
  self->lanes = lanes;
  self->padded_width = recon_filter_padded_width (width);

  if ((filters && !make_tables (self, device, error)) ||
      !recon_work_list_init (&self->work, device, scratch_bytes, error))
    return NULL;

  self->kernel = recon_device_kernel (device, "filter-cpu.cl", filters ? "filter" : "interleave", options, error);

  return self->kernel != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * recon_cpu_filter_apply:
 * @self: a filter
 * @data: (inout): the sinograms, #RECON_DATA_SINOGRAMS; they become #RECON_DATA_FILTERED
 * @block: their size
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Filters a block in place. Slices beyond its number become zero.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_cpu_filter_apply (ReconCpuFilter    *self,
                        cl_mem             data,
                        const ReconBlock  *block,
                        GCancellable      *cancellable,
                        GError           **error)
{
  const cl_uint m = self->padded_width;
  const cl_uint width = self->width;
  const cl_uint n_groups = block->n_padded / self->lanes;
  const cl_uint padding = self->settings.padding;
  const cl_uint n_border = recon_filter_border_width (width);
  const ReconClArgument filter[] = {
    RECON_CL_ARGUMENT (data),            RECON_CL_ARGUMENT (self->work.scratch), RECON_CL_ARGUMENT (self->twiddles),
    RECON_CL_ARGUMENT (self->response),  RECON_CL_ARGUMENT (m),                  RECON_CL_ARGUMENT (width),
    RECON_CL_ARGUMENT (block->n_angles), RECON_CL_ARGUMENT (n_groups),           RECON_CL_ARGUMENT (block->n),
    RECON_CL_ARGUMENT (padding),         RECON_CL_ARGUMENT (n_border),
  };
  const ReconClArgument interleave[] = {
    RECON_CL_ARGUMENT (data),     RECON_CL_ARGUMENT (self->work.scratch), RECON_CL_ARGUMENT (width),
    RECON_CL_ARGUMENT (n_groups), RECON_CL_ARGUMENT (block->n),
  };
  const guint jobs_per_launch = MAX (VECTORS_PER_LAUNCH / m, 1);

  if (self->response == NULL)
    return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (interleave), interleave, error) &&
           recon_work_list_run (&self->work, self->kernel, INTERLEAVE_COUNTER, block->n_angles * n_groups,
                                jobs_per_launch, cancellable, error);

  return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (filter), filter, error) &&
         recon_work_list_run (&self->work, self->kernel, FILTER_COUNTER, (block->n_angles + 1) / 2 * n_groups,
                              jobs_per_launch, cancellable, error);
}
