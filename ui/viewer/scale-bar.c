/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/scale-bar.h"

#include <glib/gi18n.h>
#include <math.h>

/* The largest of 1, 2 and 5 times a power of ten that is not beyond a length. */
static double
round_down (double length)
{
  double power = pow (10.0, floor (log10 (length) + 1e-9));
  double factor = length / power;

  return power * (factor >= 5.0 - 1e-9 ? 5.0 : factor >= 2.0 - 1e-9 ? 2.0 : 1.0);
}

/**
 * recon_scale_bar_choose:
 * @self: (out caller-allocates): a scale bar
 * @pixel_size: of the image, in µm; 0 if it isn't known: then the bar is as long as so many pixels
 * @room: the most that it may be long, in pixels of the image
 *
 * Returns: %FALSE if there is none: not even a pixel has that room
 */
gboolean
recon_scale_bar_choose (ReconScaleBar *self,
                        double         pixel_size,
                        double         room)
{
  gboolean known = pixel_size > 0 && isfinite (pixel_size);
  double length;

  if (!(room > 0) || !isfinite (room) || (!known && room < 1))
    return FALSE;

  length = round_down (known ? room * pixel_size : room);
  self->pixels = known ? length / pixel_size : length;
  if (!known)
    g_snprintf (self->text, sizeof self->text, _ ("%g px"), length);
  else if (length >= 1000)
    g_snprintf (self->text, sizeof self->text, _ ("%g mm"), length / 1000);
  else if (length >= 1)
    g_snprintf (self->text, sizeof self->text, _ ("%g µm"), length);
  else
    g_snprintf (self->text, sizeof self->text, _ ("%g nm"), length * 1000);

  return TRUE;
}
