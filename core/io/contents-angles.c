/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/contents-angles.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "io/angle-unit.h"
#include "io/hdf5-values.h"

static double
get_largest (const double *angles,
             gsize         n_angles)
{
  double largest = 0;

  for (gsize i = 0; i < n_angles; i++)
    largest = MAX (largest, fabs (angles[i]));

  return largest;
}

/* Without a unit the layouts mean degrees. A range that suits radians better is worth a warning. */
static ReconAngleUnit
assume_degrees (const char    *path,
                const double  *angles,
                gsize          n_angles,
                ReconContents *contents)
{
  double largest = get_largest (angles, n_angles);

  if (n_angles > 1 && largest <= RECON_ANGLE_MAX_RADIANS)
    recon_contents_warn (contents, _ ("The angles of %s name no unit and were taken as degrees, though none is beyond "
                                      "%.4g. If they are radians, give them with --angles=FILE:%s "
                                      "--angle-unit=radian."),
                         path, largest, path);
  else
    recon_contents_note (contents, _ ("The angles of %s name no unit and were taken as degrees."), path);

  return RECON_ANGLE_UNIT_DEGREE;
}

/**
 * recon_contents_convert_angles:
 * @self: contents that are being read
 * @root: the file
 * @path: path of the dataset that @angles are from
 * @angles: (array length=n_angles) (inout): angles as they stand in the file, in radians afterwards
 * @n_angles: number of angles
 *
 * Takes the unit that the dataset's attribute "units" names; degrees, which the layouts mean, where there is none; and
 * judges by the range where it names another. Whatever had to be assumed is noted. The lock is held.
 */
void
recon_contents_convert_angles (ReconContents *self,
                               hid_t          root,
                               const char    *path,
                               double        *angles,
                               gsize          n_angles)
{
  g_autofree char *units = recon_hdf5_read_attribute (root, path, "units");
  gboolean has_units = units != NULL && *units != '\0';
  double largest = get_largest (angles, n_angles);
  ReconAngleUnit used;
  int unit;

  unit = has_units ? recon_angle_unit_parse (units) : (int) assume_degrees (path, angles, n_angles, self);
  recon_angle_unit_convert (unit, angles, n_angles, &used);
  if (unit < 0)
    recon_contents_warn (self, _ ("The unit of %s is “%s”, neither degrees nor radians. By their range, up to %.4g, "
                                  "the angles were taken as %s. If that is wrong, give them with --angles=FILE:%s "
                                  "--angle-unit=UNIT."),
                         path, units, largest, used == RECON_ANGLE_UNIT_DEGREE ? _ ("degrees") : _ ("radians"), path);
}
