/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/array.h"

G_BEGIN_DECLS

/* Some rows at all angles, as kernels know them. */
typedef struct
{
  guint n_angles;
  guint n;        /* rows, of which slices are made */
  guint n_padded; /* rows that there is room for, in whole groups */
  guint lanes;    /* rows of a group */
  guint width;    /* columns */
} ReconBlock;

/* @sinograms: an array of angle, row, column */
static inline ReconBlock
recon_block_of (ReconArray *sinograms)
{
  return (ReconBlock) { recon_array_get_n (sinograms, 0), recon_array_get_n (sinograms, 1),
                        recon_array_get_pitch (sinograms), recon_array_get_layout (sinograms).lanes,
                        recon_array_get_n (sinograms, 2) };
}

G_END_DECLS
