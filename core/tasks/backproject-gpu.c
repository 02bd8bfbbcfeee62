/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

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

/* The kernels' argument of that name. */
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

/* The tables of merged angles. */
enum
{
  PROJECTIONS,
  GROUPS,
  BEGINS,
  N_TABLES
};

typedef struct
{
  ReconBackprojection       parent;

  ReconDevice              *device;
  ReconBackprojectGeometry  geometry;
  guint                     columns;  /* float4 of slices that a work group takes */
  guint                     n_groups; /* of angles; 0 if nothing is merged */
  cl_kernel                 kernel;
  cl_mem                    angles;
  cl_mem                    tables[N_TABLES];
  guint                     jobs_per_launch;
} GpuBackprojection;

static void
gpu_free (ReconBackprojection *backprojection)
{
  GpuBackprojection *self = (GpuBackprojection *) backprojection;

  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->angles, clReleaseMemObject);
  for (guint i = 0; i < N_TABLES; i++)
    g_clear_pointer (&self->tables[i], clReleaseMemObject);
  g_free (self);
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
  g_autofree cl_float4 *angles = g_new0 (cl_float4, groups->n_tile_groups);

  for (guint i = 0; i < groups->n_tile_groups; i++)
    {
      angles[i].s[0] = (float) cos (groups->tile_angles[i]);
      angles[i].s[1] = (float) sin (groups->tile_angles[i]);
    }

  self->tables[PROJECTIONS] =
    recon_device_new_table (self->device, groups->projections, groups->n_angles * sizeof (cl_uint), error);
  if (self->tables[PROJECTIONS] == NULL)
    return FALSE;
  self->tables[GROUPS] = recon_device_new_table (self->device, angles, groups->n_tile_groups * sizeof *angles, error);
  if (self->tables[GROUPS] == NULL)
    return FALSE;
  self->tables[BEGINS] = recon_device_new_table (self->device, groups->tile_begins,
                                                 (groups->n_tile_groups + (gsize) 1) * sizeof (cl_uint), error);

  return self->tables[BEGINS] != NULL;
}

static cl_kernel
compile (GpuBackprojection  *self,
         guint               rows,
         GError            **error)
{
  g_autofree char *options =
    g_strdup_printf ("-DLANES=%u -DCOLUMNS=%u -DROWS=%u", self->geometry.lanes, self->columns, rows);

  return recon_device_kernel (self->device, "backproject-gpu.cl",
                              self->n_groups > 0 ? "backproject_merged" : "backproject_direct", options, error);
}

/* The kernel with the largest work groups that the device can run: all lanes of a group of slices if possible, for
 * the bandwidth's sake. The result is the same. */
static gboolean
make_kernel (GpuBackprojection  *self,
             GError            **error)
{
  const cl_device_id id = recon_device_get_info (self->device)->id;
  const gsize row_bytes = self->n_groups > 0 ? MERGED_ROW_BYTES : DIRECT_ROW_BYTES;
  gsize max_items = 0;
  cl_ulong local_memory = 0;

  if (!recon_cl_check (clGetDeviceInfo (id, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof max_items, &max_items, NULL),
                       _ ("ask for the size of work groups"), error) ||
      !recon_cl_check (clGetDeviceInfo (id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local_memory, &local_memory, NULL),
                       _ ("ask for the size of local memory"), error))
    return FALSE;

  local_memory = MIN (local_memory, MAX_LOCAL_MEMORY);
  for (self->columns = self->geometry.lanes / 4; self->columns > 0; self->columns /= 2)
    {
      const guint rows = (guint) (local_memory / (self->columns * row_bytes));
      gsize items = 0;

      if (SLOTS * self->columns > max_items || rows == 0)
        continue;

      self->kernel = compile (self, MIN (rows, self->n_groups > 0 ? MERGED_ROWS : DIRECT_ROWS), error);
      if (self->kernel == NULL)
        return FALSE;
      if (!recon_cl_check (clGetKernelWorkGroupInfo (self->kernel, id, CL_KERNEL_WORK_GROUP_SIZE, sizeof items, &items,
                                                     NULL),
                           _ ("ask for the size of a kernel's work groups"), error))
        return FALSE;
      if (items >= SLOTS * self->columns)
        return TRUE;
      g_clear_pointer (&self->kernel, clReleaseKernel);
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE,
               _ ("%s has too little for the backprojection by tiles: work groups of %" G_GSIZE_FORMAT " items, %"
                  G_GUINT64_FORMAT " bytes of local memory. Set --compute.kernel=plain, or choose another device with "
                  "--device."),
               recon_device_get_info (self->device)->name, max_items, (guint64) local_memory);

  return FALSE;
}

/* The part of the slice that is made, in tiles: first column and row, columns and rows. */
static void
get_tiles (const ReconBackprojectSettings *settings,
           guint                           tiles[4])
{
  const guint size = RECON_GPU_TILE;

  tiles[0] = settings->x0 / size;
  tiles[1] = settings->y0 / size;
  tiles[2] = (settings->x0 + settings->width - 1) / size - tiles[0] + 1;
  tiles[3] = (settings->y0 + settings->height - 1) / size - tiles[1] + 1;
}

/* Sets all arguments but the last. Returns: how many; 0 if that failed */
static guint
set_arguments (GpuBackprojection  *self,
               const ReconBlock   *block,
               const guint         tiles[4],
               cl_mem              sinograms,
               cl_mem              slices,
               GError            **error)
{
  const ReconBackprojectSettings *settings = self->geometry.settings;
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
  const cl_uint n = self->n_groups > 0 ? self->n_groups : settings->projections->n_angles;
  const ReconClArgument first[] = {
    RECON_CL_ARGUMENT (sinograms),
    RECON_CL_ARGUMENT (slices),
    RECON_CL_ARGUMENT (geometry),
    RECON_CL_ARGUMENT (self->angles),
  };
  const ReconClArgument tables[] = {
    RECON_CL_ARGUMENT (self->tables[PROJECTIONS]),
    RECON_CL_ARGUMENT (self->tables[GROUPS]),
    RECON_CL_ARGUMENT (self->tables[BEGINS]),
  };
  const ReconClArgument last[] = {
    RECON_CL_ARGUMENT (n),        RECON_CL_ARGUMENT (tiles[0]), RECON_CL_ARGUMENT (tiles[1]),
    RECON_CL_ARGUMENT (tiles[2]), RECON_CL_ARGUMENT (tiles[3]),
  };
  const guint n_tables = self->n_groups > 0 ? G_N_ELEMENTS (tables) : 0;
  const guint next = G_N_ELEMENTS (first) + n_tables;

  return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (first), first, error) &&
                 recon_cl_set_arguments (self->kernel, G_N_ELEMENTS (first), n_tables, tables, error) &&
                 recon_cl_set_arguments (self->kernel, next, G_N_ELEMENTS (last), last, error)
             ? next + G_N_ELEMENTS (last)
             : 0;
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

  return recon_cl_set_arguments (self->kernel, first_job_index, 1, &argument, error) &&
         recon_device_launch (self->device, self->kernel, 1, &global, &local, error) &&
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
  guint tiles[4];
  guint64 n_jobs;
  guint first_job_index;

  get_tiles (self->geometry.settings, tiles);
  n_jobs = (guint64) tiles[2] * tiles[3] * (block->n_padded / 4 / self->columns);
  if (n_jobs > G_MAXINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("A block of %u slices of %u × %u pixels is too large."),
                   block->n, self->geometry.settings->width, self->geometry.settings->height);
      return FALSE;
    }

  first_job_index = set_arguments (self, block, tiles, sinograms, slices, error);
  if (first_job_index == 0)
    return FALSE;

  for (guint first = 0; first < n_jobs;)
    {
      const guint n = MIN (self->jobs_per_launch, (guint) n_jobs - first);
      const gint64 start = g_get_monotonic_time ();

      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !launch (self, first_job_index, first, n, error))
        return FALSE;
      adapt (self, n, g_get_monotonic_time () - start);
      first += n;
      recon_device_tell_progress (self->device, (double) first / (double) n_jobs);
    }

  return TRUE;
}

/* A launch of every compute unit's share is not too long, whatever the device; a few times that are not too short. */
static guint
get_first_launch (GpuBackprojection *self)
{
  const guint64 pixels = (guint64) RECON_GPU_TILE * RECON_GPU_TILE * 4 * self->columns;
  const guint64 updates = pixels * self->geometry.settings->projections->n_angles;
  const guint n_units = MAX (recon_device_get_info (self->device)->n_units, 1);

  return (guint) CLAMP (FIRST_LAUNCH_UPDATES / updates, n_units, FIRST_LAUNCH_PER_UNIT * n_units);
}

/**
 * recon_gpu_backprojection_new:
 * @device: where it works
 * @geometry: what is computed; its settings must outlive this
 * @groups: (nullable): the projections to merge for tiles of %RECON_GPU_TILE, patches are not looked at; %NULL to
 * take
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
  self->parent = (ReconBackprojection) { gpu_free, gpu_process };
  self->device = device;
  self->geometry = *geometry;
  self->n_groups = groups != NULL ? groups->n_tile_groups : 0;

  self->angles = recon_backprojection_new_table (device, geometry, groups != NULL ? groups->projections : NULL, error);
  if (self->angles != NULL && (groups == NULL || make_tables (self, groups, error)) && make_kernel (self, error))
    {
      self->jobs_per_launch = get_first_launch (self);
      return &self->parent;
    }

  gpu_free (&self->parent);

  return NULL;
}
