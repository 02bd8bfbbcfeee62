/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/fail.h"
#include "phantom/random.h"

#define STREAM_SHUFFLE 1000

/**
 * recon_raw_scan_settings_init:
 * @self: (out caller-allocates): settings
 * @phantom: the sample
 * @width: detector columns
 * @rows: detector rows
 *
 * A perfect scan: even beam, no noise, one dark and one flat frame, axis in the middle, the phantom as wide as
 * the detector. Only the angles are missing.
 */
void
recon_raw_scan_settings_init (ReconRawScanSettings *self,
                              const ReconPhantom   *phantom,
                              guint                 width,
                              guint                 rows)
{
  g_return_if_fail (self != NULL);

  *self = (ReconRawScanSettings) {
    .phantom = phantom,
    .width = width,
    .rows = rows,
    .axis = (width - 1.0) / 2.0,
    .radius = width / 2.0,
    .absorption = 2.0,
    .n_darks = 1,
    .n_flats = 1,
    .seed = 1,
  };
}

/* The noisiest open pixel has to fit 16 bits. */
static gboolean
check_counts (const ReconRawScanSettings  *self,
              GError                     **error)
{
  double peak = self->photons + self->dark + 6.0 * (sqrt (self->photons) + self->dark_noise);

  if (self->photons == 0.0 || peak <= G_MAXUINT16)
    return TRUE;

  return recon_fail (error, RECON_ERROR_CONFIG,
                     _ ("photons = %g, dark = %g and dark-noise = %g reach %.0f counts with their noise, but frames "
                        "have 16 bits (%d); choose fewer photons."),
                     self->photons, self->dark, self->dark_noise, peak, G_MAXUINT16);
}

static gboolean
check_angles (const ReconRawScanSettings  *self,
              GError                     **error)
{
  for (guint i = 0; i < self->n_angles; i++)
    {
      if (isfinite (self->angles[i]) && fabs (self->angles[i]) <= 1e4)
        continue;

      return recon_fail (error, RECON_ERROR_CONFIG,
                         _ ("Angle %u of %u is %g rad; angles must be numbers from -10000 to 10000 rad."), i,
                         self->n_angles, self->angles[i]);
    }

  return TRUE;
}

/**
 * recon_raw_scan_settings_check:
 * @self: settings
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG, the name of the setting, its value and what it may be
 */
gboolean
recon_raw_scan_settings_check (const ReconRawScanSettings  *self,
                               GError                     **error)
{
  const double max_size = RECON_RAW_SCAN_MAX_SIZE;
  const struct
  {
    const char *name;
    double      value, minimum, maximum;
  } ranges[] = {
    { "width", self->width, 1, max_size },
    { "rows", self->rows, 1, max_size },
    { "angles", self->n_angles, 1, 1e6 },
    { "axis", self->axis, -0.5, MAX (self->width, 1) - 0.5 }, /* elsewhere nothing could be reconstructed */
    { "radius", self->radius, 0.5, 1e6 },
    { "absorption", self->absorption, 0.001, 10 },
    { "photons", self->photons, 0, 60000 },
    { "dark", self->dark, 0, 60000 },
    { "dark-noise", self->dark_noise, 0, 10000 },
    { "uneven", self->uneven, 0, 0.9 },
    { "drift", self->drift, 0, 0.9 },
    { "darks", self->n_darks, 0, 100000 },
    { "flats", self->n_flats, 0, 100000 },
    { "flats-after", self->n_flats_after, 0, 100000 },
    { "dead-columns", self->dead_columns, 0, MAX (self->width, 1) - 1.0 },
    { "rings", self->rings, 0, 0.5 },
    { "zingers", self->zingers, 0, (double) self->width * self->rows },
  };

  g_return_val_if_fail (self->phantom != NULL, FALSE);
  g_return_val_if_fail (self->angles != NULL || self->n_angles == 0, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      /* Written so that NaN fails. */
      if (ranges[i].value >= ranges[i].minimum && ranges[i].value <= ranges[i].maximum)
        continue;

      return recon_fail (error, RECON_ERROR_CONFIG, _ ("%s is %.10g; it must be from %.10g to %.10g."), ranges[i].name,
                         ranges[i].value, ranges[i].minimum, ranges[i].maximum);
    }

  return check_counts (self, error) && check_angles (self, error);
}

/**
 * recon_raw_scan_angles:
 * @n_angles: number of projections
 * @range: angle that the scan covers, radians; negative turns the other way
 * @shuffle: whether to take them in random order
 * @seed: for the random order
 *
 * Returns: (transfer full) (array length=n_angles): i · range / n_angles, so that the last angle is one step
 *   short of @range
 */
double *
recon_raw_scan_angles (guint    n_angles,
                       double   range,
                       gboolean shuffle,
                       guint64  seed)
{
  double *angles = g_new (double, n_angles);
  ReconRandom random;

  for (guint i = 0; i < n_angles; i++)
    angles[i] = i * range / n_angles;

  if (!shuffle)
    return angles;

  recon_random_init (&random, seed, STREAM_SHUFFLE, 0);

  for (guint i = n_angles; i > 1; i--)
    {
      guint j = recon_random_below (&random, i);
      double angle = angles[i - 1];

      angles[i - 1] = angles[j];
      angles[j] = angle;
    }

  return angles;
}
