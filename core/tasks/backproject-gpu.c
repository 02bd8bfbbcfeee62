/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "tasks/backprojection.h"

/* Must agree with kernels/backproject-gpu.cl: pixels that a work group makes at once, bytes of a row of one float4. */
#define SLOTS            64
#define DIRECT_ROW_BYTES (48 * sizeof (cl_float4))
#define MERGED_ROW_BYTES (2 * 48 * sizeof (cl_float4))

/* Rows that a work group has in local memory. All items have as much to do with so many, and they fit what every
 * device has with its own needs beside them; more would leave room for fewer groups at a time. */
#define DIRECT_ROWS      8
#define MERGED_ROWS      5
#define MAX_LOCAL_MEMORY (31 * 1024)

/* A launch is to take so long. Between launches the user's wish to stop is heeded, and drivers that watch for hung
 * kernels are kept content. Devices differ by a factor of thousand: launches get longer until they fit. */
#define LAUNCH_MICROSECONDS   (G_USEC_PER_SEC / 10)
#define FIRST_LAUNCH_UPDATES  (G_GUINT64_CONSTANT (1) << 31) /* pixels × angles × lanes */
#define MAX_JOBS_PER_LAUNCH   (1 << 20)
#define FIRST_LAUNCH_PER_UNIT 4

typedef struct
{
  ReconTileBackprojection  parent;

  ReconDevice             *device;
  guint                    columns; /* float4 of slices that a work group takes */
  guint                    jobs_per_launch;
} GpuBackprojection;

static void
gpu_free (ReconBackprojection *backprojection)
{
  recon_tile_backprojection_clear ((ReconTileBackprojection *) backprojection);
  g_free (backprojection);
}

/**
 * recon_gpu_backprojection_get_bytes:
 * @geometry: what would be computed
 * @groups: (nullable): what would be merged
 *
 * Returns: the device memory that it takes
 */
gsize
recon_gpu_backprojection_get_bytes (const ReconBackprojectGeometry *geometry,
                                    const ReconAngleGroups         *groups)
{
  gsize bytes = geometry->settings->projections->n_angles * sizeof (cl_float4);

  if (groups != NULL)
    bytes += groups->n_angles * sizeof (cl_uint) +
             ((gsize) groups->n_tile_groups + 1) * (sizeof (cl_float4) + sizeof (cl_uint));

  return bytes;
}

static gboolean
make_tables (GpuBackprojection       *self,
             const ReconAngleGroups  *groups,
             GError                 **error)
{
  ReconTileBackprojection *tiles = &self->parent;
  const gsize n = groups->n_tile_groups;

  return recon_tile_backprojection_add_numbers (tiles, self->device, groups->projections, groups->n_angles, error) &&
         recon_tile_backprojection_add_angles (tiles, self->device, groups->tile_angles, n, error) &&
         recon_tile_backprojection_add_numbers (tiles, self->device, groups->tile_begins, n + 1, error);
}

static cl_kernel
compile (GpuBackprojection  *self,
         guint               rows,
         GError            **error)
{
  g_autofree char *options =
    g_strdup_printf ("-DLANES=%u -DCOLUMNS=%u -DROWS=%u", self->parent.geometry.lanes, self->columns, rows);

  return recon_device_kernel (self->device, "backproject-gpu.cl",
                              self->parent.n_tables > 0 ? "backproject_merged" : "backproject_direct", options, error);
}

/* The kernel with the largest work groups that the device can run: all lanes of a group of slices if possible, for
 * the bandwidth's sake. The result is the same. */
static gboolean
make_kernel (GpuBackprojection  *self,
             GError            **error)
{
  const cl_device_id id = recon_device_get_info (self->device)->id;
  const gsize row_bytes = self->parent.n_tables > 0 ? MERGED_ROW_BYTES : DIRECT_ROW_BYTES;
  gsize max_items = 0;
  cl_ulong local_memory = 0;

  if (!recon_cl_check (clGetDeviceInfo (id, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof max_items, &max_items, NULL),
                       _ ("ask for the size of work groups"), error) ||
      !recon_cl_check (clGetDeviceInfo (id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local_memory, &local_memory, NULL),
                       _ ("ask for the size of local memory"), error))
    return FALSE;

  local_memory = MIN (local_memory, MAX_LOCAL_MEMORY);
  for (self->columns = self->parent.geometry.lanes / 4; self->columns > 0; self->columns /= 2)
    {
      const guint rows = (guint) (local_memory / (self->columns * row_bytes));
      gsize items = 0;

      if (SLOTS * self->columns > max_items || rows == 0)
        continue;

      self->parent.kernel = compile (self, MIN (rows, self->parent.n_tables > 0 ? MERGED_ROWS : DIRECT_ROWS), error);
      if (self->parent.kernel == NULL)
        return FALSE;
      if (!recon_cl_check (clGetKernelWorkGroupInfo (self->parent.kernel, id, CL_KERNEL_WORK_GROUP_SIZE, sizeof items,
                                                     &items, NULL),
                           _ ("ask for the size of a kernel's work groups"), error))
        return FALSE;
      if (items >= SLOTS * self->columns)
        return TRUE;
      g_clear_pointer (&self->parent.kernel, clReleaseKernel);
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE,
               _ ("%s has too little for the backprojection by tiles: work groups of %" G_GSIZE_FORMAT " items, %"
                  G_GUINT64_FORMAT " bytes of local memory. Set --compute.kernel=plain, or choose another device with "
                  "--device."),
               recon_device_get_info (self->device)->name, max_items, (guint64) local_memory);

  return FALSE;
}

static gboolean
launch (GpuBackprojection  *self,
        guint               first_job_index,
        guint               first,
        guint               n_jobs,
        GError            **error)
{
  const cl_uint first_job = first;
  const ReconClArgument argument = RECON_CL_ARGUMENT (first_job);
  const gsize local = (gsize) SLOTS * self->columns;
  const gsize global = local * n_jobs;

  return recon_cl_set_arguments (self->parent.kernel, first_job_index, 1, &argument, error) &&
         recon_device_launch (self->device, self->parent.kernel, 1, &global, &local, error) &&
         recon_device_wait (self->device, error);
}

/* Towards launches of the wished length. They grow slowly: tiles outside the circle take no time. */
static void
adapt (GpuBackprojection *self,
       guint              n_jobs,
       gint64             microseconds)
{
  const guint n_units = MAX (recon_device_get_info (self->device)->n_units, 1);
  guint64 wanted = (guint64) n_jobs * LAUNCH_MICROSECONDS / (guint64) MAX (microseconds, 1);

  if (n_jobs < self->jobs_per_launch && wanted > self->jobs_per_launch)
    return;

  wanted = CLAMP (wanted, self->jobs_per_launch / 2, self->jobs_per_launch * G_GUINT64_CONSTANT (2));
  self->jobs_per_launch = (guint) CLAMP (wanted, n_units, MAX (n_units, MAX_JOBS_PER_LAUNCH));
}

static gboolean
gpu_process (ReconBackprojection  *backprojection,
             const ReconBlock     *block,
             cl_mem                sinograms,
             cl_mem                slices,
             GCancellable         *cancellable,
             GError              **error)
{
  GpuBackprojection *self = (GpuBackprojection *) backprojection;
  const cl_mem buffers[] = { sinograms, slices };
  guint first_job_index, n_jobs;

  if (!recon_tile_backprojection_set_arguments (&self->parent, block, buffers, G_N_ELEMENTS (buffers),
                                                block->n_padded / 4 / self->columns, &first_job_index, &n_jobs, error))
    return FALSE;

  for (guint first = 0; first < n_jobs;)
    {
      const guint n = MIN (self->jobs_per_launch, n_jobs - first);
      const gint64 start = g_get_monotonic_time ();

      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !launch (self, first_job_index, first, n, error))
        return FALSE;
      adapt (self, n, g_get_monotonic_time () - start);
      first += n;
      recon_device_report_progress (self->device, (double) first / n_jobs);
    }

  return TRUE;
}

/* A launch of every compute unit's share is not too long, whatever the device; a few times that are not too short. */
static guint
get_first_launch (GpuBackprojection *self)
{
  const guint64 pixels = (guint64) RECON_GPU_TILE * RECON_GPU_TILE * 4 * self->columns;
  const guint64 updates = pixels * self->parent.geometry.settings->projections->n_angles;
  const guint n_units = MAX (recon_device_get_info (self->device)->n_units, 1);

  return (guint) CLAMP (FIRST_LAUNCH_UPDATES / updates, n_units, FIRST_LAUNCH_PER_UNIT * n_units);
}

/**
 * recon_gpu_backprojection_new:
 * @device: where it works
 * @geometry: what is computed; its settings must outlive this
 * @groups: (nullable): the projections to merge for tiles of %RECON_GPU_TILE, patches are not looked at; %NULL to take
 *   each by itself
 * @error: return location
 *
 * Returns: (transfer full): the sum by tiles, one work group for each; %NULL with #RECON_ERROR_MEMORY or
 *   #RECON_ERROR_DEVICE
 */
ReconBackprojection *
recon_gpu_backprojection_new (ReconDevice                     *device,
                              const ReconBackprojectGeometry  *geometry,
                              const ReconAngleGroups          *groups,
                              GError                         **error)
{
  GpuBackprojection *self;

  g_return_val_if_fail (groups == NULL || groups->tile == RECON_GPU_TILE, NULL);

  self = g_new0 (GpuBackprojection, 1);
  self->parent = (ReconTileBackprojection) {
    .parent = { gpu_free, gpu_process },
    .geometry = *geometry,
    .tile = RECON_GPU_TILE,
    .n = groups != NULL ? groups->n_tile_groups : geometry->settings->projections->n_angles,
    .angles = recon_backprojection_new_table (device, geometry, groups != NULL ? groups->projections : NULL, error),
  };
  self->device = device;
  if (self->parent.angles != NULL && (groups == NULL || make_tables (self, groups, error)) &&
      make_kernel (self, error))
    {
      self->jobs_per_launch = get_first_launch (self);
      return &self->parent.parent;
    }

  gpu_free (&self->parent.parent);

  return NULL;
}
