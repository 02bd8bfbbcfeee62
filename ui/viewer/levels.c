/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/levels.h"

#include <float.h>
#include <math.h>

/**
 * recon_levels_set:
 * @self: (out caller-allocates): levels
 * @low: value that becomes the first colour
 * @high: value that becomes the last one
 *
 * Whatever is given, the result can be used: the two may come in either order, a range without width gets a small one
 * about it, and values that are not finite become 0 and 1.
 */
void
recon_levels_set (ReconLevels *self,
                  double       low,
                  double       high)
{
  const double limit = (double) FLT_MAX / 16.0; /* the scale of a wider range would no longer be a normal float32 */
  double middle, least;

  if (!isfinite (low) || !isfinite (high))
    {
      low = 0.0;
      high = 1.0;
    }

  self->low = CLAMP (MIN (low, high), -limit, limit);
  self->high = CLAMP (MAX (low, high), -limit, limit);

  /* What float32 cannot tell apart is no range. */
  middle = self->low / 2.0 + self->high / 2.0;
  least = MAX (fabs (middle) * 1e-6, 1e-30);
  if (self->high - self->low < least)
    {
      least = middle == 0.0 ? 0.5 : MAX (fabs (middle) * 1e-3, least);
      self->low = MAX (middle - least, -limit);
      self->high = MIN (middle + least, limit);
    }
}

/**
 * recon_levels_drag:
 * @self: levels
 * @right: how far the pointer went to the right; 1 makes the range twice as wide
 * @up: how far it went up; 1 makes the image brighter by the whole range
 *
 * Window and level as in medical viewers.
 */
void
recon_levels_drag (ReconLevels *self,
                   double       right,
                   double       up)
{
  double width = self->high - self->low;
  double middle = self->low + width / 2.0 - up * width;

  width *= exp2 (CLAMP (right, -20.0, 20.0));
  recon_levels_set (self, middle - width / 2.0, middle + width / 2.0);
}

/**
 * recon_levels_to_floats:
 * @self: levels
 * @low: (out): the lower value
 * @scale: (out): 1 / width
 *
 * What both renderers compute with, so that they come to the same colours.
 */
void
recon_levels_to_floats (const ReconLevels *self,
                        float             *low,
                        float             *scale)
{
  double inverse = 1.0 / (self->high - self->low);

  *low = (float) self->low;
  *scale = (float) MIN (inverse, (double) FLT_MAX);
}

gboolean
recon_levels_equal (const ReconLevels *a,
                    const ReconLevels *b)
{
  return a->low == b->low && a->high == b->high;
}
