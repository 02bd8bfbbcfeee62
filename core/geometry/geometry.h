/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Where the numbers of an array were measured, or what they are of: travels with the array's description before
 * anything is read. Readers fill it, tasks that crop, bin or choose frames change it, projectors and writers use it.
 * Shared ones are not changed: recon_geometry_copy() gives one that may be. */
typedef struct
{
  gatomicrefcount ref_count;

  /* Along the axis "angle". */
  guint   n_angles;
  double *angles;         /* (nullable): n_angles, radians */
  double *weights;        /* (nullable): n_angles, radians: in a sum over all, see recon_angles_weights() */
  float  *flat_positions; /* (nullable): n_angles, weight of the flat taken after, 0 … 1 */

  /* Along the axis "row", and "z" of what is made from it. */
  guint   n_rows;
  guint  *row_numbers;    /* (nullable): n_rows: the number of each, as in file names */
  double *detector_rows;  /* (nullable): n_rows: rows of the detector, from 0, as read */

  /* Along the axis "column". */
  guint   first_column;   /* the first one's first column of the detector, from 0, as read */
  guint   bin;            /* columns of the detector that make one */
  double  axis;           /* column onto which the rotation axis is projected, from 0; NaN where it is not known */
  double  pixel_size;     /* of a column, µm at the sample; NaN where it is not known. Values are per mm then */
  guint   reduction;      /* columns of that size that make one, for a quick look */
  gboolean is_filtered;   /* whether values are per column, as the ramp filter makes them */

  double  x0, y0;         /* of the first pixel of a slice, in pixels of the full slice */

  char   *description;    /* (nullable): once somebody has asked for it, by recon_geometry_describe() */
} ReconGeometry;

ReconGeometry *recon_geometry_new        (void);
ReconGeometry *recon_geometry_copy       (const ReconGeometry  *self);
ReconGeometry *recon_geometry_ref        (ReconGeometry        *self);
void           recon_geometry_unref      (ReconGeometry        *self);

void           recon_geometry_set_angles (ReconGeometry        *self,
                                          const double         *angles,
                                          const double         *weights,
                                          const float          *flat_positions,
                                          guint                 n);
void           recon_geometry_take_angles (ReconGeometry       *self,
                                           guint                first,
                                           guint                n,
                                           guint                step);
void           recon_geometry_reduce     (ReconGeometry        *self,
                                          guint                 columns);
guint          recon_geometry_get_column (const ReconGeometry  *self,
                                          guint                 column);
double         recon_geometry_to_detector (const ReconGeometry *self,
                                           double               column);
double         recon_geometry_from_detector (const ReconGeometry *self,
                                             double               column);
const char    *recon_geometry_describe   (ReconGeometry        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGeometry, recon_geometry_unref)

G_END_DECLS
