/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angle-unit.h"

#include <math.h>

/**
 * recon_angle_unit_parse:
 * @text: what a file calls the unit of its angles
 *
 * Returns: the #ReconAngleUnit, or −1 where @text names none
 */
int
recon_angle_unit_parse (const char *text)
{
  static const char *const degrees[] = { "deg", "degs", "degree", "degrees", "°" };
  static const char *const radians[] = { "rad", "rads", "radian", "radians" };

  for (guint i = 0; i < G_N_ELEMENTS (degrees); i++)
    if (g_ascii_strcasecmp (text, degrees[i]) == 0)
      return RECON_ANGLE_UNIT_DEGREE;
  for (guint i = 0; i < G_N_ELEMENTS (radians); i++)
    if (g_ascii_strcasecmp (text, radians[i]) == 0)
      return RECON_ANGLE_UNIT_RADIAN;

  return -1;
}

/**
 * recon_angle_unit_convert:
 * @unit: the #ReconAngleUnit of @angles, or −1 to judge by their range
 * @angles: (array length=n_angles) (inout): angles, in radians afterwards
 * @n_angles: number of angles
 * @used: (out) (optional): the unit that was taken
 *
 * By range, angles are degrees if any is beyond a full turn in radians. A scan of less than 6.29 degrees is
 * taken as radians so, which is why the unit can be given.
 */
void
recon_angle_unit_convert (int              unit,
                          double          *angles,
                          gsize            n_angles,
                          ReconAngleUnit  *used)
{
  if (unit < 0)
    {
      unit = RECON_ANGLE_UNIT_RADIAN;
      for (gsize i = 0; i < n_angles; i++)
        if (fabs (angles[i]) > RECON_ANGLE_MAX_RADIANS)
          unit = RECON_ANGLE_UNIT_DEGREE;
    }

  if (unit == RECON_ANGLE_UNIT_DEGREE)
    for (gsize i = 0; i < n_angles; i++)
      angles[i] *= G_PI / 180;

  if (used != NULL)
    *used = (ReconAngleUnit) unit;
}
