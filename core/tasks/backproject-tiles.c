/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "tasks/backprojection.h"

/* Must agree with kernels/backproject.clh: the kernels' argument of that name. */
typedef struct
{
  cl_int   width;
  cl_uint  n_groups;
  cl_uint  n_slices;
  cl_float axis;
  cl_float radius_squared;
  cl_uint  x0, y0;
  cl_uint  x_size, y_size;
} Geometry;

void
recon_tile_backprojection_clear (ReconTileBackprojection *self)
{
  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->angles, clReleaseMemObject);
  for (guint i = 0; i < RECON_MAX_ANGLE_TABLES; i++)
    g_clear_pointer (&self->tables[i], clReleaseMemObject);
}

static gboolean
add_table (ReconTileBackprojection  *self,
           ReconDevice              *device,
           gconstpointer             data,
           gsize                     bytes,
           GError                  **error)
{
  g_return_val_if_fail (self->n_tables < RECON_MAX_ANGLE_TABLES, FALSE);

  self->tables[self->n_tables] = recon_device_new_table (device, data, bytes, error);

  return self->tables[self->n_tables++] != NULL;
}

/* Adds the kernel's next table. */
gboolean
recon_tile_backprojection_add_numbers (ReconTileBackprojection  *self,
                                       ReconDevice              *device,
                                       const guint              *numbers,
                                       gsize                     n,
                                       GError                  **error)
{
  return add_table (self, device, numbers, n * sizeof *numbers, error);
}

/* Adds the kernel's next table: cos θ, sin θ, 0, 0. */
gboolean
recon_tile_backprojection_add_angles (ReconTileBackprojection  *self,
                                      ReconDevice              *device,
                                      const double             *angles,
                                      gsize                     n,
                                      GError                  **error)
{
  g_autofree cl_float4 *table = g_new0 (cl_float4, n);

  for (gsize i = 0; i < n; i++)
    {
      table[i].s[0] = (float) cos (angles[i]);
      table[i].s[1] = (float) sin (angles[i]);
    }

  return add_table (self, device, table, n * sizeof *table, error);
}

/**
 * recon_tile_backprojection_set_arguments:
 * @self: what works by tiles
 * @block: what it works on
 * @buffers: (array length=n_buffers): the kernel's first arguments
 * @n_buffers: how many they are
 * @jobs_per_tile: jobs in each tile of the slice
 * @n_arguments: (out): how many arguments are set: all but those that choose jobs
 * @n_jobs: (out): the jobs of the part of the slice that is made
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY if the block is too large, or #RECON_ERROR_DEVICE
 */
gboolean
recon_tile_backprojection_set_arguments (ReconTileBackprojection  *self,
                                         const ReconBlock         *block,
                                         const cl_mem             *buffers,
                                         guint                     n_buffers,
                                         guint                     jobs_per_tile,
                                         guint                    *n_arguments,
                                         guint                    *n_jobs,
                                         GError                  **error)
{
  const ReconBackprojectSettings *settings = self->geometry.settings;
  const cl_uint column = settings->x0 / self->tile, row = settings->y0 / self->tile;
  const cl_uint n_columns = (settings->x0 + settings->width - 1) / self->tile - column + 1;
  const cl_uint n_rows = (settings->y0 + settings->height - 1) / self->tile - row + 1;
  const guint64 jobs = (guint64) n_columns * n_rows * jobs_per_tile;
  const Geometry geometry = {
    .width = (cl_int) self->geometry.detector_width,
    .n_groups = block->n_padded / block->lanes,
    .n_slices = block->n,
    .axis = (cl_float) settings->projections->axis,
    .radius_squared = self->geometry.radius_squared,
    .x0 = settings->x0,
    .y0 = settings->y0,
    .x_size = settings->width,
    .y_size = settings->height,
  };
  const cl_uint n = self->n;
  const ReconClArgument middle[] = { RECON_CL_ARGUMENT (geometry), RECON_CL_ARGUMENT (self->angles) };
  const ReconClArgument last[] = {
    RECON_CL_ARGUMENT (n),         RECON_CL_ARGUMENT (column), RECON_CL_ARGUMENT (row),
    RECON_CL_ARGUMENT (n_columns), RECON_CL_ARGUMENT (n_rows),
  };
  ReconClArgument first[RECON_MAX_ANGLE_TABLES], tables[RECON_MAX_ANGLE_TABLES];
  const guint next = n_buffers + G_N_ELEMENTS (middle);

  if (jobs > G_MAXINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("A block of %u slices of %u × %u pixels is too large."),
                   block->n, settings->width, settings->height);
      return FALSE;
    }

  for (guint i = 0; i < n_buffers; i++)
    first[i] = (ReconClArgument) RECON_CL_ARGUMENT (buffers[i]);
  for (guint i = 0; i < self->n_tables; i++)
    tables[i] = (ReconClArgument) RECON_CL_ARGUMENT (self->tables[i]);
  *n_jobs = (guint) jobs;
  *n_arguments = next + self->n_tables + G_N_ELEMENTS (last);

  return recon_cl_set_arguments (self->kernel, 0, n_buffers, first, error) &&
         recon_cl_set_arguments (self->kernel, n_buffers, G_N_ELEMENTS (middle), middle, error) &&
         recon_cl_set_arguments (self->kernel, next, self->n_tables, tables, error) &&
         recon_cl_set_arguments (self->kernel, next + self->n_tables, G_N_ELEMENTS (last), last, error);
}
