/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan-maps.h"

#include <math.h>

#include "phantom/random.h"

/* These streams of random numbers are not those of frames. */
#define STREAM_GAIN 100
#define STREAM_DEAD 101

/**
 * recon_raw_scan_make_beam:
 * @settings: a scan
 * @shift: 0 before the scan; how far the beam has moved, in units of half the detector
 * @brightness: of the whole beam
 * @beam: (out caller-allocates): rows × width values
 *
 * A smooth beam that is @brightness at its brightest or less, and (1 − uneven) of it at its darkest or more.
 */
void
recon_raw_scan_make_beam (const ReconRawScanSettings *settings,
                          double                      shift,
                          double                      brightness,
                          float                      *beam)
{
  for (guint r = 0; r < settings->rows; r++)
    {
      double y = settings->rows > 1 ? 2.0 * r / (settings->rows - 1.0) - 1.0 : 0.0;

      for (guint c = 0; c < settings->width; c++)
        {
          double x = settings->width > 1 ? 2.0 * c / (settings->width - 1.0) - 1.0 : 0.0;
          double dx = x - 0.2 - shift;
          double dy = y + 0.1 + shift;
          double fall = 0.6 * (1.0 - exp (-(dx * dx + dy * dy))) + 0.2 * (1.0 + sin (5.0 * x + 3.0 * y + 4.0 * shift));

          beam[(gsize) r * settings->width + c] = (float) (brightness * (1.0 - settings->uneven * fall));
        }
    }
}

/**
 * recon_raw_scan_make_gain:
 * @settings: a scan
 * @gain: (out caller-allocates): rows × width values around 1, never negative
 */
void
recon_raw_scan_make_gain (const ReconRawScanSettings *settings,
                          float                      *gain)
{
  for (guint r = 0; r < settings->rows; r++)
    {
      ReconRandom random;

      recon_random_init (&random, settings->seed, STREAM_GAIN, r);

      for (guint c = 0; c < settings->width; c++)
        {
          double value = 1.0 + settings->rings * recon_random_normal (&random);

          gain[(gsize) r * settings->width + c] = (float) MAX (value, 0.0);
        }
    }
}

/**
 * recon_raw_scan_make_dead:
 * @settings: a scan
 * @dead: (inout): width times %FALSE; %TRUE for each dead column afterwards
 */
void
recon_raw_scan_make_dead (const ReconRawScanSettings *settings,
                          guint8                     *dead)
{
  ReconRandom random;
  guint n = 0;

  recon_random_init (&random, settings->seed, STREAM_DEAD, 0);

  while (n < settings->dead_columns)
    {
      guint c = recon_random_below (&random, settings->width);

      n += !dead[c];
      dead[c] = TRUE;
    }
}
