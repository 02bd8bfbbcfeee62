/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/filter.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "tasks/row-fft.h"

/* Rows go through the filter in chunks, all steps of a chunk before the next, so that what a step writes is still in
 * the device's cache when the next reads it, and the scratch is small. How the rows are shared out among chunks does
 * not show in the result: a row is transformed by itself. */

/* Scratch of a chunk: enough to keep a large GPU busy, and less than its cache. */
#define CHUNK_BYTES ((gsize) 16 * 1024 * 1024)

/* Rows of a chunk at most, where they are short, and at least, as a group of slices is of one chunk. */
#define MAX_ROWS 4096
#define MIN_ROWS RECON_MAX_LANES

/* Commands run later than they are queued; now and then they are waited for, or the user could not stop them. */
#define CHUNKS_PER_WAIT 64

/* Sizes of work groups, and columns that one of them turns round; must agree with kernels/filter-gpu.cl. */
#define GROUP 128
#define TILE  32

struct _ReconGpuFilter
{
  ReconFilterSettings  settings;
  ReconDevice         *device;
  guint                width;
  guint                lanes;
  guint                padded_width; /* length of the rows in the scratch */
  guint                n_rows;       /* rows of a chunk */

  cl_kernel            load;
  cl_kernel            multiply; /* (nullable): none for the filter "none" */
  cl_kernel            store;
  ReconRowFft         *fft;      /* (nullable): likewise */
  cl_mem               response; /* (nullable): likewise */
  cl_mem               rows;     /* n_rows × padded_width complex numbers */
  cl_mem               broken;   /* a word for each row */
};

/* What is computed. A unit is a pair of projections of a group of slices, and `slots` rows of the scratch. */
typedef struct
{
  cl_mem  data;
  cl_uint n_angles;
  cl_uint n;
  cl_uint n_padded;
  cl_uint n_units;
  cl_uint slots;
} Block;

/**
 * recon_gpu_filter_free:
 * @self: (transfer full): a filter
 */
void
recon_gpu_filter_free (ReconGpuFilter *self)
{
  g_clear_pointer (&self->load, clReleaseKernel);
  g_clear_pointer (&self->multiply, clReleaseKernel);
  g_clear_pointer (&self->store, clReleaseKernel);
  g_clear_pointer (&self->fft, recon_row_fft_free);
  g_clear_pointer (&self->response, clReleaseMemObject);
  g_clear_pointer (&self->rows, clReleaseMemObject);
  g_clear_pointer (&self->broken, clReleaseMemObject);
  g_clear_object (&self->device);
  g_free (self);
}

static guint
get_row_length (const ReconFilterSettings *settings,
                guint                      width)
{
  return settings->filter != RECON_FILTER_NONE ? recon_filter_padded_width (width) : width;
}

static guint
get_n_rows (guint padded_width)
{
  return (guint) CLAMP (CHUNK_BYTES / (padded_width * sizeof (cl_float2)), MIN_ROWS, MAX_ROWS);
}

/**
 * recon_gpu_filter_get_bytes:
 * @settings: the filter
 * @width: length of the rows
 * @lanes: slices of a group
 *
 * Returns: the device memory that such a filter takes
 */
gsize
recon_gpu_filter_get_bytes (const ReconFilterSettings *settings,
                            guint                      width,
                            guint                      lanes)
{
  const gsize length = get_row_length (settings, width);
  const gsize n_rows = get_n_rows ((guint) length);
  const gsize scratch = n_rows * length * sizeof (cl_float2);

  if (settings->filter == RECON_FILTER_NONE)
    return scratch + n_rows * sizeof (cl_uint);

  /* The response, VkFFT's tables for both directions, and a second scratch that it takes for rows beyond the device's
   * local memory. */
  return 2 * scratch + n_rows * sizeof (cl_uint) + (length / 2 + 1) * sizeof (float) + 4 * length * sizeof (cl_float2);
}

static gboolean
make_response (ReconGpuFilter  *self,
               GError         **error)
{
  const guint half = self->padded_width / 2;
  g_autofree float *response = g_try_new (float, (gsize) half + 1);

  if (response == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("No memory to filter rows of %u columns. Close other programs."), self->width);
      return FALSE;
    }

  /* There and back, the transform multiplies by the length. */
  recon_filter_response (&self->settings, self->padded_width, response);
  for (guint k = 0; k <= half; k++)
    response[k] /= (float) self->padded_width;

  self->response = recon_device_new_table (self->device, response, ((gsize) half + 1) * sizeof *response, error);

  return self->response != NULL;
}

static gboolean
make_kernels (ReconGpuFilter  *self,
              GError         **error)
{
  g_autofree char *options = g_strdup_printf ("-DLANES=%u", self->lanes);

  self->load = recon_device_kernel (self->device, "filter-gpu.cl", "load", options, error);
  if (self->load == NULL)
    return FALSE;

  self->store = recon_device_kernel (self->device, "filter-gpu.cl", "store", options, error);
  if (self->store == NULL)
    return FALSE;

  if (self->settings.filter == RECON_FILTER_NONE)
    return TRUE;

  self->multiply = recon_device_kernel (self->device, "filter-gpu.cl", "multiply", options, error);

  return self->multiply != NULL;
}

static gboolean
make_scratch (ReconGpuFilter  *self,
              GError         **error)
{
  gsize bytes;

  /* A size beyond all sizes is refused with the others that are too large. */
  if (!g_size_checked_mul (&bytes, self->n_rows, self->padded_width) ||
      !g_size_checked_mul (&bytes, bytes, sizeof (cl_float2)))
    bytes = G_MAXSIZE;

  self->rows = recon_device_new_buffer (self->device, bytes, error);
  if (self->rows == NULL)
    return FALSE;

  self->broken = recon_device_new_buffer (self->device, self->n_rows * sizeof (cl_uint), error);

  return self->broken != NULL;
}

/**
 * recon_gpu_filter_new:
 * @device: where it works
 * @settings: the filter and what continues the rows; copied
 * @width: length of the rows
 * @lanes: slices of a group
 * @error: return location
 *
 * Makes a filter for rows of one length. The filter "none" only reorders.
 *
 * Returns: (transfer full): a filter, to be freed before the device; %NULL with #RECON_ERROR_MEMORY or
 *   #RECON_ERROR_DEVICE
 */
ReconGpuFilter *
recon_gpu_filter_new (ReconDevice                *device,
                      const ReconFilterSettings  *settings,
                      guint                       width,
                      guint                       lanes,
                      GError                    **error)
{
  g_autoptr (ReconGpuFilter) self = g_new0 (ReconGpuFilter, 1);

  g_return_val_if_fail (width > 0, NULL);
  g_return_val_if_fail (lanes > 0 && lanes <= RECON_MAX_LANES, NULL);

  self->settings = *settings;
  self->device = g_object_ref (device);
  self->width = width;
  self->lanes = lanes;
  self->padded_width = get_row_length (settings, width);
  self->n_rows = get_n_rows (self->padded_width);

  if (!make_scratch (self, error) || !make_kernels (self, error))
    return NULL;

  if (settings->filter != RECON_FILTER_NONE)
    {
      if (!make_response (self, error))
        return NULL;
      self->fft = recon_row_fft_new (device, self->padded_width, self->n_rows, error);
      if (self->fft == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

static gboolean
load_units (ReconGpuFilter  *self,
            const Block     *block,
            cl_uint          first,
            cl_uint          n_units,
            GError         **error)
{
  const cl_uint width = self->width;
  const cl_uint padded_width = self->padded_width;
  const cl_uint filters = self->fft != NULL;
  const cl_uint padding = self->settings.padding;
  const cl_uint border = recon_filter_border_width (self->width);
  const gsize global = (gsize) self->n_rows * GROUP;
  const gsize local = GROUP;
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (block->data), RECON_CL_ARGUMENT (self->rows),       RECON_CL_ARGUMENT (self->broken),
    RECON_CL_ARGUMENT (first),       RECON_CL_ARGUMENT (n_units),          RECON_CL_ARGUMENT (block->n_angles),
    RECON_CL_ARGUMENT (block->n),    RECON_CL_ARGUMENT (block->n_padded),  RECON_CL_ARGUMENT (width),
    RECON_CL_ARGUMENT (padded_width), RECON_CL_ARGUMENT (block->slots),    RECON_CL_ARGUMENT (filters),
    RECON_CL_ARGUMENT (padding),     RECON_CL_ARGUMENT (border),
  };

  return recon_cl_set_arguments (self->load, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         recon_device_launch (self->device, self->load, 1, &global, &local, error);
}

static gboolean
filter_rows (ReconGpuFilter  *self,
             GError         **error)
{
  const cl_uint padded_width = self->padded_width;
  const gsize local[] = { GROUP, 1 };
  const gsize global[] = { ((gsize) padded_width + GROUP - 1) / GROUP * GROUP, self->n_rows };
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (self->rows), RECON_CL_ARGUMENT (self->response), RECON_CL_ARGUMENT (padded_width),
  };

  return recon_row_fft_run (self->fft, self->rows, FALSE, error) &&
         recon_cl_set_arguments (self->multiply, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         recon_device_launch (self->device, self->multiply, 2, global, local, error) &&
         recon_row_fft_run (self->fft, self->rows, TRUE, error);
}

static gboolean
store_units (ReconGpuFilter  *self,
             const Block     *block,
             cl_uint          first,
             cl_uint          n_units,
             GError         **error)
{
  const cl_uint width = self->width;
  const cl_uint padded_width = self->padded_width;
  const gsize local[] = { GROUP, 1 };
  const gsize global[] = { ((gsize) width + TILE - 1) / TILE * GROUP, n_units };
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (block->data), RECON_CL_ARGUMENT (self->rows),      RECON_CL_ARGUMENT (self->broken),
    RECON_CL_ARGUMENT (first),       RECON_CL_ARGUMENT (block->n_angles), RECON_CL_ARGUMENT (block->n),
    RECON_CL_ARGUMENT (block->n_padded), RECON_CL_ARGUMENT (width),       RECON_CL_ARGUMENT (padded_width),
    RECON_CL_ARGUMENT (block->slots),
  };

  return recon_cl_set_arguments (self->store, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         recon_device_launch (self->device, self->store, 2, global, local, error);
}

/**
 * recon_gpu_filter_apply:
 * @self: a filter
 * @data: (inout): the sinograms, #RECON_DATA_SINOGRAMS; they become #RECON_DATA_FILTERED
 * @size: of the block
 * @cancellable: (nullable): to stop early; @data are of no use then
 * @error: return location
 *
 * Filters a block in place. What is beyond its slices is not read, and becomes zero. A sample that is not finite makes
 * its row NaN, and no other. The last commands are still under way when this returns.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_gpu_filter_apply (ReconGpuFilter    *self,
                        cl_mem             data,
                        const ReconBlock  *size,
                        GCancellable      *cancellable,
                        GError           **error)
{
  Block block = { data, size->n_angles, size->n, size->n_padded, 0, MIN (size->n, self->lanes) };
  guint64 n_units = ((guint64) size->n_angles + 1) / 2 * (size->n_padded / self->lanes);
  guint units_per_chunk, n_chunks = 0;

  g_return_val_if_fail (size->n > 0 && size->n <= size->n_padded && size->n_padded % self->lanes == 0, FALSE);

  if (n_units > G_MAXINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("A block of %u slices of %u projections is too large. Set a smaller --memory-limit."),
                   size->n, size->n_angles);
      return FALSE;
    }

  block.n_units = (cl_uint) n_units;
  units_per_chunk = self->n_rows / block.slots;
  for (cl_uint first = 0; first < block.n_units; first += units_per_chunk)
    {
      const cl_uint n_here = MIN (units_per_chunk, block.n_units - first);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !load_units (self, &block, first, n_here, error) ||
          (self->fft != NULL && !filter_rows (self, error)) ||
          !store_units (self, &block, first, n_here, error) ||
          (++n_chunks % CHUNKS_PER_WAIT == 0 && !recon_device_wait (self->device, error)))
        return FALSE;
      recon_device_report_progress (self->device, (double) (first + n_here) / block.n_units);
    }

  return TRUE;
}
