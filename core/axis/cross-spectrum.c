/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/cross-spectrum.h"

#include <math.h>

/* Phase correlation with the weights of the most likely shift (Hannan and Thomson, Biometrika 60, 1973; Knapp and
 * Carter, IEEE Trans. ASSP 24, 1976): a frequency counts as much as its phase can be trusted,
 *
 *   w = 1 / |G| · γ² / (1 - γ²)     γ² = |G|² / (A B), the coherence
 *
 * where G, A and B are the cross spectrum and the two power spectra, over all pairs of lines and over some
 * neighbouring frequencies. Noise, stripes and what differs between the two lines lower γ where they are. The shift d
 * is where Σ w Re (G exp (2 pi i k d / n)) is largest; it is looked for on a grid and then between its points, which
 * is the upsampled transform at the few places that matter. Its variance is 1 / (2 N Σ ω² γ² / (1 - γ²)). */

#define HIGHEST 0.8     /* of the Nyquist frequency: beyond, interpolated lines have nothing */
#define ENOUGH 24.0     /* products that make an estimate of the coherence */
#define MOST_COHERENT 0.995
#define GRID 0.125      /* pixels between the points of the grid */
#define ROUNDS 4
#define REACH 3.0       /* pixels that an axis is moved by, at most */
#define TURNS 20        /* of the search between two points */

/* Of the columns [0, width), those that have a mirror image about the half pixel next to an axis.
 * Returns: their number, from @low on; the half pixel is @middle */
guint
recon_axis_spectrum_overlap (guint   width,
                             double  axis,
                             guint  *low,
                             double *middle)
{
  const int t = (int) floor (2 * axis + 0.5);
  const int first = MAX (t - (int) width + 1, 0);

  *low = (guint) first;
  *middle = t / 2.0;

  return (guint) MAX (MIN (t, (int) width - 1) - first + 1, 0);
}

ReconAxisSpectrum *
recon_axis_spectrum_new (guint n,
                         guint n_bands)
{
  ReconAxisSpectrum *self = g_new0 (ReconAxisSpectrum, 1);
  gsize size = (gsize) n_bands * (n / 2 + 1);

  self->n = n;
  self->n_bands = n_bands;
  self->cross = g_new0 (double complex, size);
  self->power_a = g_new0 (double, size);
  self->power_b = g_new0 (double, size);
  self->counts = g_new0 (double, n_bands);

  return self;
}

void
recon_axis_spectrum_free (ReconAxisSpectrum *self)
{
  g_free (self->cross);
  g_free (self->power_a);
  g_free (self->power_b);
  g_free (self->counts);
  g_free (self);
}

/* Adds the pairs of another one of the same lengths. */
void
recon_axis_spectrum_add (ReconAxisSpectrum       *self,
                         const ReconAxisSpectrum *other)
{
  gsize size = (gsize) self->n_bands * (self->n / 2 + 1);

  g_assert (self->n == other->n && self->n_bands == other->n_bands);

  for (gsize i = 0; i < size; i++)
    {
      self->cross[i] += other->cross[i];
      self->power_a[i] += other->power_a[i];
      self->power_b[i] += other->power_b[i];
    }
  for (guint band = 0; band < self->n_bands; band++)
    self->counts[band] += other->counts[band];
  self->length = MAX (self->length, other->length);
}

/* Weights of all bands and frequencies. Returns: the information about a shift, in 1 / px² */
static double
weigh (const ReconAxisSpectrum *self,
       double                  *weights,
       double                  *coherence)
{
  const guint n_frequencies = self->n / 2 + 1;
  const guint last = (guint) (HIGHEST * self->n / 2);
  const double spread = self->n / MAX (self->length, 1); /* bins that carry the same */
  double information = 0, sum = 0, total = 0;

  for (guint band = 0; band < self->n_bands; band++)
    {
      const double complex *cross = self->cross + (gsize) band * n_frequencies;
      const double *a = self->power_a + (gsize) band * n_frequencies;
      const double *b = self->power_b + (gsize) band * n_frequencies;
      const guint half = (guint) CLAMP (ENOUGH * spread / MAX (self->counts[band], 1) / 2, 0, self->n / 16 + 1);
      const double products = MAX (self->counts[band] * (2 * half + 1) / spread, 1.5);

      for (guint k = 1; k <= last; k++)
        {
          double complex g = 0;
          double pa = 0, pb = 0, squared, omega = 2 * G_PI * k / self->n;

          for (guint j = k > half ? k - half : 1; j <= MIN (k + half, n_frequencies - 1); j++)
            {
              g += cross[j];
              pa += a[j];
              pb += b[j];
            }
          if (!(pa > 0 && pb > 0))
            continue;
          squared = (creal (g) * creal (g) + cimag (g) * cimag (g)) / (pa * pb);
          /* Of noise alone it would be 1 / products. */
          squared = CLAMP ((squared - 1 / products) / (1 - 1 / products), 0, MOST_COHERENT);
          sum += squared * sqrt (pa * pb) / omega;
          total += sqrt (pa * pb) / omega;
          if (squared <= 0)
            continue;
          weights[(gsize) band * n_frequencies + k] = squared / (1 - squared) / cabs (g) * (2 * half + 1);
          information += 2 * self->counts[band] / spread * omega * omega * squared / (1 - squared);
        }
    }
  *coherence = total > 0 ? sqrt (sum / total) : 0;

  return information;
}

/* Returns: (transfer full): the cross spectrum times weights, added up over the bands */
static double complex *
apply_weights (const ReconAxisSpectrum *self,
               const double            *weights)
{
  const guint n_frequencies = self->n / 2 + 1;
  double complex *weighted = g_new0 (double complex, n_frequencies);

  for (guint band = 0; band < self->n_bands; band++)
    for (guint k = 1; k < n_frequencies; k++)
      weighted[k] += weights[(gsize) band * n_frequencies + k] * self->cross[(gsize) band * n_frequencies + k];

  return weighted;
}

static double
evaluate (const double complex *weighted,
          guint                 n,
          double                shift)
{
  const double complex turn = cexp ((double complex) I * (2 * G_PI * shift / n));
  double complex phase = 1;
  double sum = 0;

  for (guint k = 1; k <= n / 2; k++)
    {
      phase *= turn;
      sum += creal (weighted[k] * phase);
    }

  return sum;
}

/* Returns: the shift within reach of @middle where the lines agree best */
static double
find_shift (const double complex *weighted,
            guint                 n,
            double                middle,
            double                reach)
{
  const int n_steps = (int) ceil (reach / GRID);
  double best = -G_MAXDOUBLE, low, high, shift = middle;

  for (int i = -n_steps; i <= n_steps; i++)
    {
      double value = evaluate (weighted, n, middle + i * GRID);

      if (value > best)
        {
          best = value;
          shift = middle + i * GRID;
        }
    }

  low = shift - GRID;
  high = shift + GRID;
  for (int i = 0; i < TURNS; i++)
    {
      double a = low + (high - low) / 3;
      double b = high - (high - low) / 3;

      if (evaluate (weighted, n, a) < evaluate (weighted, n, b))
        low = a;
      else
        high = b;
    }

  return 0.5 * (low + high);
}

/**
 * recon_axis_spectrum_shift:
 * @self: spectra of lines A and B
 * @reach: the largest shift, pixels
 * @uncertainty: (out): one standard deviation
 * @coherence: (out): 0 … 1, how much of the lines agrees
 *
 * Returns: how many pixels A lies to the right of B; NaN if they have nothing in common
 */
double
recon_axis_spectrum_shift (const ReconAxisSpectrum *self,
                           double                   reach,
                           double                  *uncertainty,
                           double                  *coherence)
{
  g_autofree double *weights = g_new0 (double, (gsize) self->n_bands * (self->n / 2 + 1));
  g_autofree double complex *weighted = NULL;
  double information = weigh (self, weights, coherence);

  *uncertainty = G_MAXDOUBLE;
  if (!(information > 0))
    return NAN;

  weighted = apply_weights (self, weights);
  *uncertainty = 1 / sqrt (information);

  return find_shift (weighted, self->n, 0, reach);
}

/**
 * recon_axis_spectrum_shift_parts:
 * @self: spectra of all lines
 * @parts: (array length=n_parts): those of parts of them
 * @n_parts: number of parts
 * @shift: of all
 * @reach: how far from that the shift of a part may be, pixels
 * @shifts: (out caller-allocates): of the parts; NaN where there is nothing in common
 * @uncertainties: (out caller-allocates): one standard deviation each
 *
 * As recon_axis_spectrum_shift(), with the weights that all lines have: few lines by themselves don't tell what is
 * noise.
 */
void
recon_axis_spectrum_shift_parts (const ReconAxisSpectrum  *self,
                                 ReconAxisSpectrum *const *parts,
                                 guint                     n_parts,
                                 double                    shift,
                                 double                    reach,
                                 double                   *shifts,
                                 double                   *uncertainties)
{
  g_autofree double *weights = g_new0 (double, (gsize) self->n_bands * (self->n / 2 + 1));
  double coherence, information = weigh (self, weights, &coherence);

  for (guint i = 0; i < n_parts; i++)
    {
      g_autofree double complex *weighted = apply_weights (parts[i], weights);

      shifts[i] = information > 0 ? find_shift (weighted, self->n, shift, reach) : (double) NAN;
      uncertainties[i] = information > 0 ? sqrt (self->counts[0] / (parts[i]->counts[0] * information)) : G_MAXDOUBLE;
    }
}

/**
 * recon_axis_spectrum_refine:
 * @make: makes spectra about an axis, or %NULL; sets the half pixel about which they are
 * @data: for @make
 * @axis: right to a few pixels
 * @close: pixels: an axis that moves no farther has been found
 *
 * Looks for the shift between what is on either side of the axis, about that anew, until it stays.
 *
 * Returns: the axis; none if it is not near
 */
ReconAxisEstimate
recon_axis_spectrum_refine (ReconAxisSpectrumFunc make,
                            gconstpointer         data,
                            double                axis,
                            double                close)
{
  ReconAxisEstimate estimate = RECON_AXIS_NO_ESTIMATE;
  const double start = axis;

  for (guint round = 0; round < ROUNDS; round++)
    {
      double middle, shift, uncertainty, coherence;
      g_autoptr (ReconAxisSpectrum) spectrum = make (data, axis, &middle);

      if (spectrum == NULL)
        return RECON_AXIS_NO_ESTIMATE;
      shift = recon_axis_spectrum_shift (spectrum, 2 * REACH, &uncertainty, &coherence);
      if (isnan (shift))
        return RECON_AXIS_NO_ESTIMATE;

      estimate = (ReconAxisEstimate) { middle + shift / 2, uncertainty / 2, coherence };
      if (fabs (estimate.axis - start) > REACH)
        return RECON_AXIS_NO_ESTIMATE;
      if (fabs (estimate.axis - axis) < close)
        break;
      axis = estimate.axis;
    }

  return estimate;
}
