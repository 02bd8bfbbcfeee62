/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "compute/work-list.h"
#include "tasks/backprojection.h"

/* Pixels × angles × lanes of one launch: some tenths of a second. Between launches the user's wish to stop is
 * heeded. */
#define UPDATES_PER_LAUNCH (G_GUINT64_CONSTANT (1) << 33)

/* The direct kernel's tile. Merged projections have tiles of their own. */
#define DIRECT_TILE  64
#define DIRECT_PATCH 16

/* Must agree with kernels/backproject-merged.cl: rows of a patch and of a tile that scratch has room for. */
#define PATCH_ROWS 8
#define TILE_ROWS  32

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
  TILE_ANGLES,
  TILE_BEGINS,
  PATCH_ANGLES,
  PATCH_BEGINS,
  N_TABLES
};

typedef struct
{
  ReconBackprojection       parent;

  ReconBackprojectGeometry  geometry;
  guint                     tile;
  guint                     n_patch_groups; /* 0 if nothing is merged */
  cl_kernel                 kernel;
  cl_mem                    angles;
  cl_mem                    tables[N_TABLES];
  ReconWorkList             work;
} TiledBackprojection;

static void
tiled_free (ReconBackprojection *backprojection)
{
  TiledBackprojection *self = (TiledBackprojection *) backprojection;

  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->angles, clReleaseMemObject);
  for (guint i = 0; i < N_TABLES; i++)
    g_clear_pointer (&self->tables[i], clReleaseMemObject);
  recon_work_list_clear (&self->work);
  g_free (self);
}

/* The kernel's arithmetic of rows' lengths: see there. */
static gsize
get_scratch_bytes (const ReconAngleGroups *groups,
                   guint                   lanes)
{
  gsize vectors = DIRECT_TILE * DIRECT_TILE;

  if (groups != NULL)
    {
      const guint patch_reach = (groups->patch - 1) * 363 / 256 + 2;
      const guint tile_reach = (groups->tile - groups->patch) * 363 / 256 + 3 + patch_reach;
      const guint patch_row = (2 * patch_reach + 2 + 7) / 8 * 8;
      const guint tile_row = (2 * tile_reach + 2 + 7) / 8 * 8;

      vectors = (gsize) groups->tile * groups->tile + TILE_ROWS * tile_row + PATCH_ROWS * patch_row;
    }

  return vectors * lanes * sizeof (float);
}

/**
 * recon_tiled_backprojection_get_bytes:
 * @device: where it would work
 * @geometry: what would be computed
 * @groups: (nullable): what would be merged
 *
 * Returns: the device memory that it takes
 */
gsize
recon_tiled_backprojection_get_bytes (const ReconDeviceInfo          *device,
                                      const ReconBackprojectGeometry *geometry,
                                      const ReconAngleGroups         *groups)
{
  gsize bytes = recon_work_list_get_bytes (device, get_scratch_bytes (groups, geometry->lanes));

  bytes += geometry->settings->projections->n_angles * sizeof (cl_float4);
  if (groups != NULL)
    bytes += groups->n_angles * sizeof (cl_uint) +
             ((gsize) groups->n_tile_groups + groups->n_patch_groups + 2) * (sizeof (cl_float4) + sizeof (cl_uint));

  return bytes;
}

static cl_mem
new_angle_table (ReconDevice   *device,
                 const double  *angles,
                 guint          n,
                 GError       **error)
{
  g_autofree cl_float4 *table = g_new0 (cl_float4, n);

  for (guint i = 0; i < n; i++)
    {
      table[i].s[0] = (float) cos (angles[i]);
      table[i].s[1] = (float) sin (angles[i]);
    }

  return recon_device_new_table (device, table, n * sizeof *table, error);
}

static gboolean
make_tables (TiledBackprojection     *self,
             ReconDevice             *device,
             const ReconAngleGroups  *groups,
             GError                 **error)
{
  const gsize size = sizeof (cl_uint);

  self->tables[PROJECTIONS] = recon_device_new_table (device, groups->projections, groups->n_angles * size, error);
  if (self->tables[PROJECTIONS] == NULL)
    return FALSE;
  self->tables[TILE_BEGINS] =
      recon_device_new_table (device, groups->tile_begins, (groups->n_tile_groups + (gsize) 1) * size, error);
  if (self->tables[TILE_BEGINS] == NULL)
    return FALSE;
  self->tables[PATCH_BEGINS] =
      recon_device_new_table (device, groups->patch_begins, (groups->n_patch_groups + (gsize) 1) * size, error);
  if (self->tables[PATCH_BEGINS] == NULL)
    return FALSE;
  self->tables[TILE_ANGLES] = new_angle_table (device, groups->tile_angles, groups->n_tile_groups, error);
  if (self->tables[TILE_ANGLES] == NULL)
    return FALSE;
  self->tables[PATCH_ANGLES] = new_angle_table (device, groups->patch_angles, groups->n_patch_groups, error);

  return self->tables[PATCH_ANGLES] != NULL;
}

/* Sets all arguments but the last two. Returns: how many; 0 if that failed */
static guint
set_arguments (TiledBackprojection  *self,
               const ReconBlock     *block,
               const guint           tiles[4],
               cl_mem                sinograms,
               cl_mem                slices,
               GError              **error)
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
  const cl_uint n = self->n_patch_groups > 0 ? self->n_patch_groups : settings->projections->n_angles;
  const ReconClArgument first[] = {
    RECON_CL_ARGUMENT (sinograms), RECON_CL_ARGUMENT (slices),       RECON_CL_ARGUMENT (self->work.scratch),
    RECON_CL_ARGUMENT (geometry),  RECON_CL_ARGUMENT (self->angles),
  };
  const ReconClArgument last[] = {
    RECON_CL_ARGUMENT (n),        RECON_CL_ARGUMENT (tiles[0]), RECON_CL_ARGUMENT (tiles[1]),
    RECON_CL_ARGUMENT (tiles[2]), RECON_CL_ARGUMENT (tiles[3]),
  };
  guint next = G_N_ELEMENTS (first);

  if (!recon_cl_set_arguments (self->kernel, 0, next, first, error))
    return 0;

  for (guint i = 0; self->n_patch_groups > 0 && i < N_TABLES; i++, next++)
    {
      const ReconClArgument table = RECON_CL_ARGUMENT (self->tables[i]);

      if (!recon_cl_set_arguments (self->kernel, next, 1, &table, error))
        return 0;
    }

  return recon_cl_set_arguments (self->kernel, next, G_N_ELEMENTS (last), last, error) ? next + G_N_ELEMENTS (last) : 0;
}

static gboolean
tiled_process (ReconBackprojection  *backprojection,
               const ReconBlock     *block,
               cl_mem                sinograms,
               cl_mem                slices,
               GCancellable         *cancellable,
               GError              **error)
{
  TiledBackprojection *self = (TiledBackprojection *) backprojection;
  const ReconBackprojectSettings *settings = self->geometry.settings;
  const guint first_column = settings->x0 / self->tile;
  const guint first_row = settings->y0 / self->tile;
  const guint n_columns = (settings->x0 + settings->width - 1) / self->tile - first_column + 1;
  const guint n_rows = (settings->y0 + settings->height - 1) / self->tile - first_row + 1;
  const guint tiles[4] = { first_column, first_row, n_columns, n_rows };
  const guint64 n_jobs = (guint64) n_columns * n_rows * (block->n_padded / block->lanes);
  const guint64 updates = (guint64) self->tile * self->tile * settings->projections->n_angles * block->lanes;
  guint n_arguments;

  if (n_jobs > G_MAXINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("A block of %u slices of %u × %u pixels is too large."),
                   block->n, settings->width, settings->height);
      return FALSE;
    }

  n_arguments = set_arguments (self, block, tiles, sinograms, slices, error);

  return n_arguments > 0 &&
         recon_work_list_run (&self->work, self->kernel, n_arguments, (guint) n_jobs,
                              (guint) CLAMP (UPDATES_PER_LAUNCH / updates, 1, n_jobs), cancellable, error);
}

/**
 * recon_tiled_backprojection_new:
 * @device: where it works
 * @geometry: what is computed; its settings must outlive this
 * @groups: (nullable): the projections to merge; %NULL to take each by itself
 * @error: return location
 *
 * Returns: (transfer full): the sum by tiles, one work item for each compute unit; %NULL with #RECON_ERROR_MEMORY or
 *   #RECON_ERROR_DEVICE
 */
ReconBackprojection *
recon_tiled_backprojection_new (ReconDevice                     *device,
                                const ReconBackprojectGeometry  *geometry,
                                const ReconAngleGroups          *groups,
                                GError                         **error)
{
  TiledBackprojection *self = g_new0 (TiledBackprojection, 1);
  g_autofree char *options = NULL;

  self->parent = (ReconBackprojection) { tiled_free, tiled_process };
  self->geometry = *geometry;
  self->tile = groups != NULL ? groups->tile : DIRECT_TILE;
  self->n_patch_groups = groups != NULL ? groups->n_patch_groups : 0;
  options = g_strdup_printf ("-DLANES=%u -DTILE=%u -DPATCH=%u", geometry->lanes, self->tile,
                             groups != NULL ? groups->patch : DIRECT_PATCH);

  self->angles =
      recon_backprojection_new_table (device, geometry, groups != NULL ? groups->projections : NULL, error);
  if (self->angles != NULL && (groups == NULL || make_tables (self, device, groups, error)) &&
      recon_work_list_init (&self->work, device, get_scratch_bytes (groups, geometry->lanes), error))
    self->kernel = recon_device_kernel (device, groups != NULL ? "backproject-merged.cl" : "backproject-direct.cl",
                                        groups != NULL ? "backproject_merged" : "backproject_direct", options, error);
  if (self->kernel != NULL)
    return &self->parent;

  tiled_free (&self->parent);

  return NULL;
}
