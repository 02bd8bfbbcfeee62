/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/contents-angles.h"

#include <glib/gi18n-lib.h>

#include "io/angle-unit.h"
#include "io/hdf5-values.h"

/**
 * recon_contents_convert_angles:
 * @self: contents that are being read
 * @root: the file
 * @path: path of the dataset that @angles are from
 * @angles: (array length=n_angles) (inout): angles as they stand in the file, in radians afterwards
 * @n_angles: number of angles
 *
 * Takes the unit that the dataset's attribute "units" names, and converts others than degrees and radians; where there
 * is none, or another, what the angles look like. If they look like neither, they are taken as degrees, which the
 * layouts mean, and the contents say that it is not clear. Whatever had to be judged is noted. The lock is held.
 */
void
recon_contents_convert_angles (ReconContents *self,
                               hid_t          root,
                               const char    *path,
                               double        *angles,
                               gsize          n_angles)
{
  g_autofree char *units = recon_hdf5_read_attribute (root, path, "units");
  g_autofree char *values = recon_angle_unit_describe (angles, n_angles);
  gboolean has_units = units != NULL && *units != '\0';
  int looks = recon_angle_unit_judge (angles, n_angles);
  double scale;
  int unit = recon_angle_unit_apply (units, angles, n_angles, &scale);

  g_clear_error (&self->unit_error);
  if (unit >= 0)
    {
      if (scale != 1)
        recon_contents_note (self, _ ("The unit of %s is “%s”: %g %s"), path, units, scale,
                             recon_angle_unit_get_name ((ReconAngleUnit) unit));
      if (recon_angle_unit_contradicts ((ReconAngleUnit) unit, angles, n_angles))
        {
          recon_angle_unit_set_contradiction (path, units, angles, n_angles, &self->unit_error);
          recon_contents_note (self, "%s", self->unit_error->message);
        }
    }
  else if (has_units && (looks < 0 || !recon_angle_unit_is_turn ((ReconAngleUnit) looks, angles, n_angles)))
    {
      unit = RECON_ANGLE_UNIT_DEGREE;
      recon_angle_unit_set_contradiction (path, units, angles, n_angles, &self->unit_error);
      recon_contents_note (self, "%s", self->unit_error->message);
    }
  else if (looks >= 0)
    {
      unit = looks;
      if (has_units)
        recon_contents_warn (self, _ ("The unit of %s is “%s”, neither degrees nor radians. Being %s, the angles are "
                                      "taken as %s. If that is wrong, say so with --angle-unit."),
                             path, units, values, recon_angle_unit_get_name ((ReconAngleUnit) unit));
      else if (unit == RECON_ANGLE_UNIT_DEGREE)
        recon_contents_note (self, _ ("The angles of %s name no unit. Being %s, they are taken as degrees."), path,
                             values);
      else
        recon_contents_warn (self, _ ("The angles of %s name no unit, which means degrees. But being %s, they are "
                                      "taken as radians. If that is wrong, say so with --angle-unit=degree."),
                             path, values);
    }
  else
    {
      unit = RECON_ANGLE_UNIT_DEGREE;
      recon_angle_unit_set_unclear (path, angles, n_angles, &self->unit_error);
      recon_contents_note (self, "%s", self->unit_error->message);
    }

  self->angle_unit = (ReconAngleUnit) unit;
  self->angle_scale = scale;
  recon_angle_unit_convert (self->angle_unit, angles, n_angles);
}
