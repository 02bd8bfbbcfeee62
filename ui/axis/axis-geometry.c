/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-geometry.h"

#include <math.h>

/* A point at s from the axis is seen in column axis + s of one projection and, half a turn later, in column axis − s.
 * Mirrored about the middle m = (width − 1) / 2 of the image, the latter stands in column 2 m − axis + s: shifted by
 * 2 (axis − m) to the right it lies upon the former. */

/**
 * recon_axis_geometry_get_axis:
 * @config: a configuration
 * @resolved: what the worker says of it
 *
 * Returns: its axis in columns as read, or that which was found; the middle is a start as long as it has yet to be
 */
double
recon_axis_geometry_get_axis (ReconConfig *config,
                              GVariant    *resolved)
{
  double axis;
  guint width;

  if (!recon_config_is_automatic (config, RECON_PARAM_AXIS))
    return recon_config_get_number (config, RECON_PARAM_AXIS);

  if (g_variant_lookup (resolved, "axis", "d", &axis))
    return axis;

  return g_variant_lookup (resolved, "width-as-read", "u", &width) ? (width - 1) / 2.0 : 0;
}

/**
 * recon_axis_geometry_init:
 * @self: (out caller-allocates): a geometry
 * @config: says what is cropped and binned
 * @width: columns of the image
 */
void
recon_axis_geometry_init (ReconAxisGeometry *self,
                          ReconConfig       *config,
                          guint              width)
{
  self->crop_left = (double) recon_config_get_integer (config, RECON_PARAM_CROP_LEFT);
  self->bin = (double) recon_config_get_integer (config, RECON_PARAM_BIN);
  self->width = width;
}

/**
 * recon_axis_geometry_to_shift:
 * @self: a geometry
 * @axis: columns as read, pixel centres counted from 0
 *
 * Returns: columns of the image by which the mirrored projection moves to the right
 */
double
recon_axis_geometry_to_shift (const ReconAxisGeometry *self,
                              double                   axis)
{
  double column = (axis - self->crop_left + 0.5) / self->bin - 0.5;

  return 2 * (column - (self->width - 1) / 2.0);
}

/**
 * recon_axis_geometry_from_shift:
 * @self: a geometry
 * @shift: columns of the image
 *
 * Returns: the axis in columns as read
 */
double
recon_axis_geometry_from_shift (const ReconAxisGeometry *self,
                                double                   shift)
{
  double column = shift / 2 + (self->width - 1) / 2.0;

  return (column + 0.5) * self->bin - 0.5 + self->crop_left;
}

/**
 * recon_axis_geometry_row_to_slice:
 * @config: says which rows are used, and what is binned
 * @row: of the detector, counted from 0
 * @n_slices: how many slices come of it
 *
 * Returns: the slice that is made of this row, or of the nearest one that is used
 */
guint
recon_axis_geometry_row_to_slice (ReconConfig *config,
                                  double       row,
                                  guint        n_slices)
{
  double start = (double) recon_config_get_integer (config, RECON_PARAM_Y_START);
  double step = (double) recon_config_get_integer (config, RECON_PARAM_Y_STEP);
  double bin = (double) recon_config_get_integer (config, RECON_PARAM_BIN);
  double slice = round ((row - start - (bin - 1) / 2) / (step * bin));

  if (n_slices == 0 || !(slice > 0))
    return 0;

  return slice < n_slices ? (guint) slice : n_slices - 1;
}
