/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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

typedef struct
{
  ReconTileBackprojection parent;

  ReconWorkList           work;
} TiledBackprojection;

static void
tiled_free (ReconBackprojection *backprojection)
{
  TiledBackprojection *self = (TiledBackprojection *) backprojection;

  recon_tile_backprojection_clear (&self->parent);
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

static gboolean
make_tables (ReconTileBackprojection *self,
             ReconDevice             *device,
             const ReconAngleGroups  *groups,
             GError                 **error)
{
  const gsize n_tile = groups->n_tile_groups, n_patch = groups->n_patch_groups;

  return recon_tile_backprojection_add_numbers (self, device, groups->projections, groups->n_angles, error) &&
         recon_tile_backprojection_add_angles (self, device, groups->tile_angles, n_tile, error) &&
         recon_tile_backprojection_add_numbers (self, device, groups->tile_begins, n_tile + 1, error) &&
         recon_tile_backprojection_add_angles (self, device, groups->patch_angles, n_patch, error) &&
         recon_tile_backprojection_add_numbers (self, device, groups->patch_begins, n_patch + 1, error);
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
  const ReconTileBackprojection *tiles = &self->parent;
  const guint n_angles = tiles->geometry.settings->projections->n_angles;
  const guint64 updates = (guint64) tiles->tile * tiles->tile * n_angles * block->lanes;
  const cl_mem buffers[] = { sinograms, slices, self->work.scratch };
  guint n_arguments, n_jobs;

  return recon_tile_backprojection_set_arguments (&self->parent, block, buffers, G_N_ELEMENTS (buffers),
                                                  block->n_padded / block->lanes, &n_arguments, &n_jobs, error) &&
         recon_work_list_run (&self->work, tiles->kernel, n_arguments, n_jobs,
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
  ReconTileBackprojection *tiles = &self->parent;
  g_autofree char *options = NULL;

  *tiles = (ReconTileBackprojection) {
    .parent = { tiled_free, tiled_process },
    .geometry = *geometry,
    .tile = groups != NULL ? groups->tile : DIRECT_TILE,
    .n = groups != NULL ? groups->n_patch_groups : geometry->settings->projections->n_angles,
    .angles = recon_backprojection_new_table (device, geometry, groups != NULL ? groups->projections : NULL, error),
  };
  options = g_strdup_printf ("-DLANES=%u -DTILE=%u -DPATCH=%u", geometry->lanes, tiles->tile,
                             groups != NULL ? groups->patch : DIRECT_PATCH);
  if (tiles->angles != NULL && (groups == NULL || make_tables (tiles, device, groups, error)) &&
      recon_work_list_init (&self->work, device, get_scratch_bytes (groups, geometry->lanes), error))
    tiles->kernel = recon_device_kernel (device, groups != NULL ? "backproject-merged.cl" : "backproject-direct.cl",
                                         groups != NULL ? "backproject_merged" : "backproject_direct", options, error);
  if (tiles->kernel != NULL)
    return &tiles->parent;

  tiled_free (&tiles->parent);

  return NULL;
}
