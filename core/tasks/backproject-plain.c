/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/backprojection.h"

/* One size for all slices and regions, so that all are computed by the same machine code. */
#define LOCAL_X 8
#define LOCAL_Y 8

/* Pixels × angles of one launch: some tenths of a second on two cores, milliseconds on a GPU. Between launches the
 * user's wish to stop is heeded; drivers that watch for hung kernels are kept content. */
#define UPDATES_PER_LAUNCH (G_GUINT64_CONSTANT (1) << 28)

/* Index of the kernel's last but one argument. */
#define FIRST_ROW 14

typedef struct
{
  ReconBackprojection       parent;

  ReconDevice              *device;
  ReconBackprojectGeometry  geometry;
  cl_kernel                 kernel;
  cl_mem                    table;
} PlainBackprojection;

static void
plain_free (ReconBackprojection *backprojection)
{
  PlainBackprojection *self = (PlainBackprojection *) backprojection;

  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->table, clReleaseMemObject);
  g_free (self);
}

static gboolean
set_arguments (PlainBackprojection  *self,
               const ReconBlock     *block,
               cl_mem                sinograms,
               cl_mem                slices,
               GError              **error)
{
  const ReconBackprojectSettings *settings = self->geometry.settings;
  const cl_uint n_angles = settings->projections->n_angles;
  const cl_uint n_groups = block->n_padded / block->lanes;
  const cl_uint lanes = block->lanes;
  const cl_uint detector_width = self->geometry.detector_width;
  const cl_float axis = (float) settings->projections->axis;
  const cl_float radius_squared = self->geometry.radius_squared;
  const cl_uint x0 = settings->x0;
  const cl_uint y0 = settings->y0;
  const cl_uint width = settings->width;
  const cl_uint height = settings->height;
  const cl_uint end_row = settings->height;
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (sinograms),
    RECON_CL_ARGUMENT (slices),
    RECON_CL_ARGUMENT (self->table),
    RECON_CL_ARGUMENT (n_angles),
    RECON_CL_ARGUMENT (n_groups),
    RECON_CL_ARGUMENT (lanes),
    RECON_CL_ARGUMENT (detector_width),
    RECON_CL_ARGUMENT (axis),
    RECON_CL_ARGUMENT (radius_squared),
    RECON_CL_ARGUMENT (x0),
    RECON_CL_ARGUMENT (y0),
    RECON_CL_ARGUMENT (width),
    RECON_CL_ARGUMENT (height),
    RECON_CL_ARGUMENT (end_row),
  };

  return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (arguments), arguments, error);
}

/* Some rows of some slices. */
static gboolean
launch_part (PlainBackprojection  *self,
             guint                 first_slice,
             guint                 n_slices,
             guint                 first_row,
             guint                 n_rows,
             GError              **error)
{
  const cl_uint row = first_row;
  const cl_uint slice = first_slice;
  const ReconClArgument arguments[] = { RECON_CL_ARGUMENT (row), RECON_CL_ARGUMENT (slice) };
  const gsize local[] = { LOCAL_X, LOCAL_Y, 1 };
  const gsize global[] = {
    ((gsize) self->geometry.settings->width + LOCAL_X - 1) / LOCAL_X * LOCAL_X,
    ((gsize) n_rows + LOCAL_Y - 1) / LOCAL_Y * LOCAL_Y,
    n_slices,
  };

  return recon_cl_set_arguments (self->kernel, FIRST_ROW, G_N_ELEMENTS (arguments), arguments, error) &&
         recon_device_launch (self->device, self->kernel, 3, global, local, error) &&
         recon_device_wait (self->device, error);
}

static gboolean
plain_process (ReconBackprojection  *backprojection,
               const ReconBlock     *block,
               cl_mem                sinograms,
               cl_mem                slices,
               GCancellable         *cancellable,
               GError              **error)
{
  PlainBackprojection *self = (PlainBackprojection *) backprojection;
  const ReconBackprojectSettings *settings = self->geometry.settings;
  const guint height = settings->height;
  const guint64 row_updates = (guint64) settings->width * settings->projections->n_angles;
  const guint64 rows = MAX (UPDATES_PER_LAUNCH / row_updates, LOCAL_Y) / LOCAL_Y * LOCAL_Y;
  const guint n_rows = (guint) MIN (rows, height);
  const guint n_slices = (guint) CLAMP (rows / height, 1, block->n);

  if (!set_arguments (self, block, sinograms, slices, error))
    return FALSE;

  for (guint slice = 0; slice < block->n; slice += n_slices)
    for (guint row = 0; row < height; row += n_rows)
      {
        if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
            !launch_part (self, slice, MIN (n_slices, block->n - slice), row, MIN (n_rows, height - row), error))
          return FALSE;
        recon_device_report_progress (self->device, (slice + (double) row / height) / block->n);
      }

  return TRUE;
}

/**
 * recon_plain_backprojection_new:
 * @device: where it works
 * @geometry: what is computed; its settings must outlive this
 * @error: return location
 *
 * Returns: (transfer full): the plain sum, one work item for each pixel; %NULL with #RECON_ERROR_MEMORY or
 *   #RECON_ERROR_DEVICE
 */
ReconBackprojection *
recon_plain_backprojection_new (ReconDevice                     *device,
                                const ReconBackprojectGeometry  *geometry,
                                GError                         **error)
{
  PlainBackprojection *self = g_new0 (PlainBackprojection, 1);

  self->parent = (ReconBackprojection) { plain_free, plain_process };
  self->device = device;
  self->geometry = *geometry;

  self->table = recon_backprojection_new_table (device, geometry, NULL, error);
  if (self->table != NULL)
    self->kernel = recon_device_kernel (device, "backproject.cl", "backproject", NULL, error);
  if (self->kernel != NULL)
    return &self->parent;

  plain_free (&self->parent);

  return NULL;
}
