/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tasks/angle-groups.h"
#include "tasks/block.h"

G_BEGIN_DECLS

/* Which pixels are made from which projections. */
typedef struct
{
  const ReconGeometry *projections;   /* their angles and axis */
  guint                x0, y0;        /* first pixel in the full slice */
  guint                width, height; /* of the part that is made */
  double               scale;         /* factor on all values, such as 1 / pixel size */
} ReconBackprojectSettings;

/* What the kernels of the backprojection have in common: where the projections fall, and which pixels are made. */
typedef struct
{
  const ReconBackprojectSettings *settings;
  guint                           detector_width; /* also of the full slice */
  guint                           lanes;
  float                           radius_squared; /* infinite where no circle is cut */
} ReconBackprojectGeometry;

/* One way to compute the sum, on one device. */
typedef struct _ReconBackprojection ReconBackprojection;

struct _ReconBackprojection
{
  void     (*free)    (ReconBackprojection  *self);
  gboolean (*process) (ReconBackprojection  *self,
                       const ReconBlock     *block,
                       cl_mem                sinograms,
                       cl_mem                slices,
                       GCancellable         *cancellable,
                       GError              **error);
};

/* cos θ, sin θ, weight, 0 of the angles in the order of @projections, or their own. */
cl_mem               recon_backprojection_new_table (ReconDevice                     *device,
                                                     const ReconBackprojectGeometry  *geometry,
                                                     const guint                     *projections,
                                                     GError                         **error);

ReconBackprojection *recon_plain_backprojection_new (ReconDevice                     *device,
                                                     const ReconBackprojectGeometry  *geometry,
                                                     GError                         **error);

#define RECON_MAX_ANGLE_TABLES 5

/* What the kernels by tiles have in common. */
typedef struct
{
  ReconBackprojection       parent;

  ReconBackprojectGeometry  geometry;
  guint                     tile;     /* pixels of its side */
  guint                     n;        /* projections; of those that are merged, groups */
  cl_kernel                 kernel;
  cl_mem                    angles;   /* see recon_backprojection_new_table() */
  cl_mem                    tables[RECON_MAX_ANGLE_TABLES]; /* of merged angles */
  guint                     n_tables; /* 0 if nothing is merged */
} ReconTileBackprojection;

void                 recon_tile_backprojection_clear         (ReconTileBackprojection   *self);
gboolean             recon_tile_backprojection_add_numbers   (ReconTileBackprojection   *self,
                                                              ReconDevice               *device,
                                                              const guint               *numbers,
                                                              gsize                      n,
                                                              GError                   **error);
gboolean             recon_tile_backprojection_add_angles    (ReconTileBackprojection   *self,
                                                              ReconDevice               *device,
                                                              const double              *angles,
                                                              gsize                      n,
                                                              GError                   **error);
gboolean             recon_tile_backprojection_set_arguments (ReconTileBackprojection   *self,
                                                              const ReconBlock          *block,
                                                              const cl_mem              *buffers,
                                                              guint                      n_buffers,
                                                              guint                      jobs_per_tile,
                                                              guint                     *n_arguments,
                                                              guint                     *n_jobs,
                                                              GError                   **error);

/* Kernels of the processors' kind; with groups they merge. */
ReconBackprojection *recon_tiled_backprojection_new (ReconDevice                     *device,
                                                     const ReconBackprojectGeometry  *geometry,
                                                     const ReconAngleGroups          *groups,
                                                     GError                         **error);
gsize                recon_tiled_backprojection_get_bytes (const ReconDeviceInfo           *device,
                                                           const ReconBackprojectGeometry  *geometry,
                                                           const ReconAngleGroups          *groups);

/* Pixels of the side of a tile of the kernels of the GPUs' kind; must agree with kernels/backproject-gpu.cl. */
#define RECON_GPU_TILE 32

/* These kernels; with groups they merge once. */
ReconBackprojection *recon_gpu_backprojection_new       (ReconDevice                     *device,
                                                         const ReconBackprojectGeometry  *geometry,
                                                         const ReconAngleGroups          *groups,
                                                         GError                         **error);
gsize                recon_gpu_backprojection_get_bytes (const ReconBackprojectGeometry  *geometry,
                                                         const ReconAngleGroups          *groups);

G_END_DECLS
