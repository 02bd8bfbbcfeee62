/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/centroid.h"

#include <math.h>

#include "axis/quantile.h"

/* The first of the conditions of Helgason and Ludwig: the centre of mass of a projection is that of the object,
 * projected, so that it follows axis + a cos θ + b sin θ. Holds exactly for an object that is wholly in view at all
 * angles; its mass, the zeroth condition, is then the same at all angles, which tells where it is not. */

#define TURNS 8        /* of the fit with other weights */
#define LEAST_RANGE 1.2 /* radians */
#define UNEVEN 0.05    /* of the mass: more is no object in view */

/* Solves the symmetric system m x = y of three equations; inverse[0] is the first element of m's inverse. */
static gboolean
solve (double m[3][3],
       double y[3],
       double x[3],
       double *inverse)
{
  double c00 = m[1][1] * m[2][2] - m[1][2] * m[2][1];
  double c01 = m[1][2] * m[2][0] - m[1][0] * m[2][2];
  double c02 = m[1][0] * m[2][1] - m[1][1] * m[2][0];
  double det = m[0][0] * c00 + m[0][1] * c01 + m[0][2] * c02;
  double scale = m[0][0] * m[1][1] * m[2][2];

  if (!(fabs (det) > 1e-9 * fabs (scale)))
    return FALSE;

  *inverse = c00 / det;
  x[0] = (y[0] * c00 + m[0][1] * (m[1][2] * y[2] - y[1] * m[2][2]) + m[0][2] * (y[1] * m[2][1] - m[1][1] * y[2])) /
         det;
  x[1] = (m[0][0] * (y[1] * m[2][2] - m[1][2] * y[2]) + y[0] * c01 + m[0][2] * (m[1][0] * y[2] - y[1] * m[2][0])) /
         det;
  x[2] = (m[0][0] * (m[1][1] * y[2] - y[1] * m[2][1]) + m[0][1] * (y[1] * m[2][0] - m[1][0] * y[2]) + y[0] * c02) /
         det;

  return TRUE;
}

/* Mass and centre of every line. Returns: the usual mass */
static double
find_centres (const ReconAxisSinogram *self,
              double                  *centres,
              double                  *masses)
{
  g_autofree double *sorted = g_new (double, self->n);

  for (guint i = 0; i < self->n; i++)
    {
      const float *line = recon_axis_sinogram_line (self, i);
      double mass = 0, moment = 0;

      for (guint c = self->first; c <= self->last; c++)
        {
          mass += (double) line[c];
          moment += (double) line[c] * (c - (double) self->first);
        }
      masses[i] = sorted[i] = mass;
      centres[i] = mass > 0 ? moment / mass + self->first : 0.5 * (self->first + self->last);
    }

  return recon_axis_median (sorted, self->n);
}

/* Returns: the axis, with weights that leave out what is far off */
static gboolean
fit (const ReconAxisSinogram *self,
     const double            *centres,
     double                  *axis,
     double                  *inverse,
     double                  *spread)
{
  g_autofree double *residuals = g_new0 (double, self->n);
  double x[3] = { 0 };

  *spread = G_MAXDOUBLE;
  for (guint turn = 0; turn < TURNS; turn++)
    {
      double m[3][3] = { { 0 } }, y[3] = { 0 };

      for (guint i = 0; i < self->n; i++)
        {
          const double row[3] = { 1, cos (self->angles[i]), sin (self->angles[i]) };
          double far = turn > 0 && *spread > 0 ? fabs (residuals[i]) / (2.5 * *spread) : 0;
          double weight = far > 1 ? 1 / far : 1;

          for (int j = 0; j < 3; j++)
            {
              for (int k = 0; k < 3; k++)
                m[j][k] += weight * row[j] * row[k];
              y[j] += weight * row[j] * centres[i];
            }
        }
      if (!solve (m, y, x, inverse))
        return FALSE;
      for (guint i = 0; i < self->n; i++)
        residuals[i] = centres[i] - x[0] - x[1] * cos (self->angles[i]) - x[2] * sin (self->angles[i]);
      *spread = recon_axis_deviation (residuals, self->n, 0);
    }
  *axis = x[0];

  return TRUE;
}

/**
 * recon_axis_centroid:
 * @sinogram: a sinogram
 *
 * Returns: the axis about which the centre of mass turns; none if the object is not wholly in view
 */
ReconAxisEstimate
recon_axis_centroid (const ReconAxisSinogram *sinogram)
{
  const double columns = sinogram->last - sinogram->first + 1.0;
  g_autofree double *centres = g_new (double, sinogram->n);
  g_autofree double *masses = g_new (double, sinogram->n);
  double mass, uneven, noise, axis, inverse, spread;

  if (recon_axis_sinogram_is_cut (sinogram) || sinogram->n < 8 || sinogram->range < LEAST_RANGE)
    return RECON_AXIS_NO_ESTIMATE;

  mass = find_centres (sinogram, centres, masses);
  noise = sinogram->noise * sqrt (columns);
  /* Without an object there is a mass by chance. */
  if (!(mass > 6 * noise))
    return RECON_AXIS_NO_ESTIMATE;

  uneven = recon_axis_deviation (masses, sinogram->n, mass);
  uneven = sqrt (MAX (uneven * uneven - noise * noise, 0)) / mass;
  if (uneven > UNEVEN || !fit (sinogram, centres, &axis, &inverse, &spread))
    return RECON_AXIS_NO_ESTIMATE;

  /* Mass that comes and goes may do so on one side. */
  return (ReconAxisEstimate) {
    .axis = axis,
    .uncertainty = sqrt (spread * spread * inverse + 0.01 * uneven * uneven * columns * columns * 0.25 + 1e-4),
    .score = 1 - uneven / UNEVEN,
  };
}
