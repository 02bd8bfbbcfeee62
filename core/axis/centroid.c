/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/centroid.h"

#include <math.h>
#include <string.h>

#include "axis/statistics.h"

/* The first of the conditions of Helgason and Ludwig: the centre of mass of a projection is that of the object,
 * projected, so that it follows axis + a cos θ + b sin θ. Holds exactly for an object that is wholly in view at all
 * angles; its mass, the zeroth condition, is then the same at all angles, which tells where it is not. */

#define TERMS 4        /* of the fit */
#define DRIFT 3        /* the last of them */
#define BLOCKS 16      /* of lines, whose means are compared */
#define STEADY 1e-4    /* of the columns of the object: centres wander by that at least */
#define UNEVEN_MOVES 0.01 /* and by that of the part of the mass that comes and goes */
#define TURNS 8        /* of the fit with other weights */
#define LEAST_RANGE 1.2 /* radians */
#define UNEVEN 0.05    /* of the mass: more is no object in view */

/* Inverts a symmetric matrix in place, which is not singular but for rounding. */
static gboolean
invert (double m[TERMS][TERMS],
        guint  n)
{
  for (guint p = 0; p < n; p++)
    {
      const double pivot = m[p][p];

      if (!(pivot > 1e-9))
        return FALSE;
      m[p][p] = 1;
      for (guint k = 0; k < n; k++)
        m[p][k] /= pivot;
      for (guint j = 0; j < n; j++)
        {
          const double factor = m[j][p];

          if (j == p)
            continue;
          m[j][p] = 0;
          for (guint k = 0; k < n; k++)
            m[j][k] -= factor * m[p][k];
        }
    }

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

/* The axis, where the object lies, and how far the axis moves during the scan. */
static void
get_terms (const ReconAxisSinogram *self,
           guint                    line,
           double                  *terms)
{
  terms[0] = 1;
  terms[1] = cos (self->angles[line]);
  terms[2] = sin (self->angles[line]);
  terms[3] = self->places[line] - 0.5;
}

/* What the centres leave is not independent where the object is not quite what the model says: means over blocks tell.
 * Returns: its deviation, as if it were */
static double
get_spread (const double *residuals,
            guint         n)
{
  const guint n_blocks = MIN (n / 4, BLOCKS);
  double sum = 0;

  for (guint b = 0; b < n_blocks; b++)
    {
      const guint first = b * n / n_blocks, end = (b + 1) * n / n_blocks;
      double mean = 0;

      for (guint i = first; i < end; i++)
        mean += residuals[i] / (end - first);
      sum += mean * mean * (end - first);
    }

  return n_blocks > TERMS ? sqrt (sum / (n_blocks - (double) TERMS)) : 0;
}

/* Fits the first @n_terms, with weights that leave out what is far off. Returns: whether that can be done */
static gboolean
fit (const ReconAxisSinogram *self,
     const double            *centres,
     guint                    n_terms,
     double                   x[TERMS],
     double                   inverse[TERMS][TERMS],
     double                  *spread)
{
  g_autofree double *residuals = g_new0 (double, self->n);

  *spread = G_MAXDOUBLE;
  for (guint turn = 0; turn < TURNS; turn++)
    {
      double y[TERMS] = { 0 };

      memset (inverse, 0, TERMS * sizeof *inverse);
      for (guint i = 0; i < self->n; i++)
        {
          double far = turn > 0 && *spread > 0 ? fabs (residuals[i]) / (2.5 * *spread) : 0;
          double weight = far > 1 ? 1 / far : 1, row[TERMS];

          get_terms (self, i, row);
          for (guint j = 0; j < n_terms; j++)
            {
              for (guint k = 0; k < n_terms; k++)
                inverse[j][k] += weight * row[j] * row[k];
              y[j] += weight * row[j] * centres[i];
            }
        }
      if (!invert (inverse, n_terms))
        return FALSE;

      memset (x, 0, TERMS * sizeof *x);
      for (guint j = 0; j < n_terms; j++)
        for (guint k = 0; k < n_terms; k++)
          x[j] += inverse[j][k] * y[k];
      for (guint i = 0; i < self->n; i++)
        {
          double row[TERMS];

          get_terms (self, i, row);
          residuals[i] = centres[i];
          for (guint j = 0; j < n_terms; j++)
            residuals[i] -= x[j] * row[j];
        }
      *spread = recon_axis_deviation (residuals, self->n, 0);
    }
  *spread = MAX (*spread, get_spread (residuals, self->n));

  return TRUE;
}

/**
 * recon_axis_centroid:
 * @sinogram: a sinogram
 * @drift: (out): how far the axis moves from the first projection to the last; none if there is no telling
 *
 * Half a turn in which the axis moves evenly is nearly that of an object that lies elsewhere: little of the drift is
 * left to be seen, and it does little harm to the slice.
 *
 * Returns: the axis about which the centre of mass turns; none if the object is not wholly in view
 */
ReconAxisEstimate
recon_axis_centroid (const ReconAxisSinogram *sinogram,
                     ReconAxisEstimate       *drift)
{
  const double columns = sinogram->last - sinogram->first + 1.0;
  g_autofree double *centres = g_new (double, sinogram->n);
  g_autofree double *masses = g_new (double, sinogram->n);
  double mass, uneven, unsteady, noise, spread, x[TERMS], inverse[TERMS][TERMS];
  ReconAxisEstimate estimate;

  *drift = RECON_AXIS_NO_ESTIMATE;
  if (recon_axis_sinogram_is_cut (sinogram) || sinogram->n < 8 || sinogram->range < LEAST_RANGE)
    return RECON_AXIS_NO_ESTIMATE;

  mass = find_centres (sinogram, centres, masses);
  noise = sinogram->noise * sqrt (columns);
  /* Without an object there is a mass by chance. */
  if (!(mass > 6 * noise))
    return RECON_AXIS_NO_ESTIMATE;

  uneven = recon_axis_deviation (masses, sinogram->n, mass);
  uneven = sqrt (MAX (uneven * uneven - noise * noise, 0)) / mass;
  if (uneven > UNEVEN || !fit (sinogram, centres, TERMS - 1, x, inverse, &spread))
    return RECON_AXIS_NO_ESTIMATE;

  /* Mass that comes and goes may do so on one side. */
  estimate = (ReconAxisEstimate) {
    .axis = x[0],
    .uncertainty = sqrt (spread * spread * inverse[0][0] + 0.01 * uneven * uneven * columns * columns * 0.25 + 1e-4),
    .score = 1 - uneven / UNEVEN,
  };
  /* A beam that is not quite as even as the flats say moves all centres slowly, as a drift does. */
  unsteady = (STEADY + UNEVEN_MOVES * uneven) * columns;
  if (fit (sinogram, centres, TERMS, x, inverse, &spread))
    *drift = (ReconAxisEstimate) {
      .axis = x[DRIFT],
      .uncertainty = sqrt (inverse[DRIFT][DRIFT]) * hypot (spread, unsteady * sqrt (sinogram->n)),
      .score = estimate.score,
    };

  return estimate;
}
