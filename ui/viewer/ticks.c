/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/ticks.h"

#include <math.h>

/**
 * recon_ticks_choose:
 * @self: (out caller-allocates): ticks
 * @low: start of the axis
 * @high: its end, larger
 * @most: how many ticks there is room for
 *
 * Takes the smallest step of 1, 2 or 5 times a power of ten that gives no more ticks than that.
 */
void
recon_ticks_choose (ReconTicks *self,
                    double      low,
                    double      high,
                    guint       most)
{
  static const double factors[] = { 1, 2, 5, 10 };
  double range = high - low;
  double power, first, last;

  *self = (ReconTicks) { .first = low, .step = 1.0 };
  if (!(range > 0) || !isfinite (range) || most == 0)
    return;

  power = pow (10.0, floor (log10 (range / most)));
  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      self->step = factors[i] * power;
      first = ceil (low / self->step - 1e-9);
      last = floor (high / self->step + 1e-9);
      if (last - first + 1 <= most)
        break;
    }

  self->first = first * self->step;
  self->n = last >= first ? (guint) MIN (last - first + 1, (double) most) : 0;
}

/**
 * recon_ticks_format:
 * @self: ticks
 * @i: which one
 *
 * Returns: (transfer full): its number with as many digits as tell ticks apart
 */
char *
recon_ticks_format (const ReconTicks *self,
                    guint             i)
{
  double value = self->first + i * self->step;
  int decimals = (int) MAX (0.0, -floor (log10 (self->step) + 1e-9));

  /* No "-0". */
  if (fabs (value) < self->step / 2.0)
    value = 0.0;
  if (decimals > 6 || fabs (value) >= 1e6)
    return g_strdup_printf ("%.4g", value);

  return g_strdup_printf ("%.*f", decimals, value);
}
