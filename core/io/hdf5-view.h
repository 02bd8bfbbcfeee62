/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5-values.h"

G_BEGIN_DECLS

/* The most images of a dataset, and the most rows and columns of one: a few kilobytes of a damaged file can claim
 * billions. */
#define RECON_HDF5_MOST (1 << 20)

/* Which elements of a dataset are images. Frames, rows and columns are three of its axes, in this order; on each other
 * axis one index is taken. A single image has no axis of frames. */
typedef struct
{
  int     rank;                /* of the dataset */
  int     axes[3];             /* of frames (−1 where there is none), rows and columns */
  hsize_t index[H5S_MAX_RANK]; /* on the other axes */
  guint   n[3];                /* frames, rows, columns */
} ReconHdf5View;

gboolean recon_hdf5_view_split_path (hid_t                  root,
                                     const char            *object,
                                     char                 **dataset,
                                     char                 **selection);
gboolean recon_hdf5_view_init       (ReconHdf5View         *self,
                                     const ReconHdf5Shape  *shape,
                                     const char            *selection,
                                     const char            *path,
                                     GError               **error);
void     recon_hdf5_view_get_offset (const ReconHdf5View   *self,
                                     const hsize_t          offset[3],
                                     hsize_t               *position);
int      recon_hdf5_view_get_other  (const ReconHdf5View   *self,
                                     int                    axis);

guint    recon_hdf5_shape_count_axes  (const ReconHdf5Shape *shape);
void     recon_hdf5_shape_squeeze     (ReconHdf5Shape       *shape);
int      recon_hdf5_shape_find_choice (const ReconHdf5Shape *shape);
char    *recon_hdf5_shape_select      (const ReconHdf5Shape *shape,
                                       int                   axis,
                                       guint64               index,
                                       ReconHdf5Shape       *selected);

G_END_DECLS
