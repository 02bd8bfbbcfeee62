/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Neighbouring angles whose projections are merged before they are backprojected. */
typedef struct
{
  gatomicrefcount ref_count;

  guint   tile;  /* pixels of a tile's side: what a tile group is merged for */
  guint   patch; /* pixels of a patch's side */

  guint   n_angles;
  guint  *projections; /* n_angles: the projections by angle */

  guint   n_tile_groups;
  guint  *tile_begins; /* n_tile_groups + 1: first of `projections` in each group, and the end */
  double *tile_angles; /* n_tile_groups: radians */

  guint   n_patch_groups;
  guint  *patch_begins; /* n_patch_groups + 1: first tile group of each patch group, and the end */
  double *patch_angles; /* n_patch_groups: radians */

  gboolean pays; /* merging takes less time than backprojecting every projection by itself */
} ReconAngleGroups;

ReconAngleGroups *recon_angle_groups_new          (const double           *angles,
                                                   const double           *weights,
                                                   guint                   n_angles);
ReconAngleGroups *recon_angle_groups_new_for_tile (const double           *angles,
                                                   const double           *weights,
                                                   guint                   n_angles,
                                                   guint                   tile);
ReconAngleGroups *recon_angle_groups_ref          (ReconAngleGroups       *self);
void              recon_angle_groups_unref        (ReconAngleGroups       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAngleGroups, recon_angle_groups_unref)

G_END_DECLS
