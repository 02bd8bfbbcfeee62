/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/wedge.h"

#include <math.h>
#include <string.h>

#include "axis/axis-fft.h"
#include "axis/cross-spectrum.h"

/* A sinogram of a half turn and its mirror image make one of a full turn. An object of radius R has in the transform of
 * that, F (m, k) with m periods a turn, nothing where |m| > R |k|: a double wedge about the axis m (Vo, Drakopoulos,
 * Atwood, Reinhard, Opt. Express 22, 2014). About a wrong axis the halves don't fit and fill it. With F1 of the half
 * turn alone, the mirror image about column c adds (-1)^m exp (-2 i κ c) F1 (m, -k), so that the energy in the wedge
 * is
 *
 *   Σ |F1 (m, k)|² + |F1 (m, -k)|² + 2 Re Σ (-1)^m F1 (m, k) conj (F1 (m, -k)) exp (2 i κ c)
 *
 * and least where F1 (m, k) and -(-1)^m F1 (m, -k) agree best: one half turn needs to be transformed only once for
 * all c, and what is known of shifts between noisy lines serves here too. The wedge is divided by the distance from
 * its flank, where the energy of a misfit falls.
 *
 * Columns that only one side of the axis has are left out: for an object that reaches beyond the detector they would be
 * a misfit about any axis. Hence several windows, each for the axes about its middle. What is beyond the window crosses
 * it faster than anything inside: there R is larger. */

#define LEAST_DISTANCE 4 /* periods from the flank of the wedge */
#define BANDS 5          /* 4 … 8, 8 … 16, … */
#define CLOSE 0.25       /* pixels: an axis that moves no farther has been found */
#define LARGEST_GAP 2.5  /* steps that may be missing to half a turn */
#define FINEST 0.5       /* of the Nyquist frequency, in the search */
#define LEAST_WINDOW 0.08 /* of the width */
#define CUT_REACH 2.0    /* times: where an object that is cut may still be, against the window */

/* The half turn from an angle on, columns [low, low + n), transformed along the columns: lines × frequencies. */
static fftwf_complex *
transform_lines (const ReconAxisSinogram *self,
                 double                   start,
                 guint                    n_lines,
                 guint                    low,
                 guint                    n,
                 ReconAxisFft            *fft)
{
  const guint n_frequencies = fft->n / 2 + 1;
  fftwf_complex *lines = g_new (fftwf_complex, (gsize) n_lines * n_frequencies);
  g_autofree float *line = g_new (float, self->width);
  g_autofree float *flat = g_new (float, self->width);
  g_autofree float *taper = recon_axis_taper_new (n);

  for (guint j = 0; j < n_lines; j++)
    {
      recon_axis_sinogram_sample (self, start + j * G_PI / n_lines, line);
      memset (fft->real, 0, fft->n * sizeof *fft->real);
      recon_axis_high_pass (line, self->width, flat);
      for (guint c = 0; c < n; c++)
        fft->real[c] = flat[low + c] * taper[c];
      recon_axis_fft_forward (fft);
      memcpy (lines + (gsize) j * n_frequencies, fft->spectrum, n_frequencies * sizeof *lines);
    }

  return lines;
}

/* Adds what is in the wedge at one frequency. @reach: of the object, in columns from the axis */
static void
add_frequency (ReconAxisSpectrum   *spectrum,
               const fftwf_complex *turn,
               guint                n_lines,
               guint                k,
               guint                n,
               double               reach)
{
  const guint n_frequencies = spectrum->n / 2 + 1;
  const double kappa = 2 * G_PI * k / spectrum->n;
  const double flank = kappa * reach;
  const double complex phase = cexp ((double complex) I * (kappa * (n - 1.0)));

  for (guint band = 0; band < BANDS; band++)
    {
      double complex cross = 0;
      double a = 0, b = 0;
      guint low = (guint) ceil (flank + (LEAST_DISTANCE << band));
      guint high = (guint) ceil (flank + (LEAST_DISTANCE << (band + 1)));

      /* A part of a band would look more coherent than it is. */
      if (high > n_lines)
        break;
      for (guint m = low; m < high; m++)
        {
          double complex fa = (double complex) turn[m];
          double complex fb = (double complex) turn[2 * n_lines - m];

          cross -= (m % 2 == 1 ? -1 : 1) * fa * fb;
          a += creal (fa * conj (fa));
          b += creal (fb * conj (fb));
        }
      spectrum->cross[(gsize) band * n_frequencies + k] += cross * phase;
      spectrum->power_a[(gsize) band * n_frequencies + k] += a;
      spectrum->power_b[(gsize) band * n_frequencies + k] += b;
    }
}

/* Spectra about a half pixel, whose shift is twice the axis's distance from it. */
static ReconAxisSpectrum *
make_spectrum (gconstpointer data,
               double        axis,
               double       *middle)
{
  const ReconAxisSinogram *self = data;
  guint low;
  const guint n = recon_axis_spectrum_overlap (self->width, axis, &low, middle);
  const guint n_lines = (guint) MAX (floor (G_PI / MAX (self->step, 1e-6) + 0.5), 4);
  const guint n_halves = 2 * G_PI - self->range < self->step ? 2 : 1;
  const double reach = n / 2.0 * (recon_axis_sinogram_is_cut (self) ? CUT_REACH : 1);
  g_autoptr (ReconAxisSpectrum) spectrum = NULL;
  g_autoptr (ReconAxisFft) fft = NULL;
  g_autoptr (ReconAxisFft) turn = NULL;

  if (n < 8 || G_PI - self->angles[self->n - 1] > LARGEST_GAP * self->step)
    return NULL;

  fft = recon_axis_fft_new (recon_axis_fft_round (n + 16));
  turn = recon_axis_fft_new_complex (2 * n_lines);
  spectrum = recon_axis_spectrum_new (fft->n, BANDS);

  for (guint half = 0; half < n_halves; half++)
    {
      g_autofree fftwf_complex *lines = transform_lines (self, half * G_PI, n_lines, low, n, fft);

      for (guint k = 1; k <= fft->n / 2; k++)
        {
          memset (turn->line, 0, turn->n * sizeof *turn->line);
          for (guint j = 0; j < n_lines; j++)
            turn->line[j] = lines[(gsize) j * (fft->n / 2 + 1) + k];
          recon_axis_fft_forward (turn);
          add_frequency (spectrum, turn->spectrum, n_lines, k, n, reach);
        }
      for (guint band = 0; band < BANDS; band++) /* half of the frequencies of the padded turn are independent */
        spectrum->counts[band] += (LEAST_DISTANCE << band) / 2.0;
    }
  spectrum->length = n * (1 - RECON_AXIS_TAPER);

  return g_steal_pointer (&spectrum);
}

/* How well the halves agree at a shift: -1 … 1, all frequencies and bands alike. */
static double
agree (const ReconAxisSpectrum *spectrum,
       double                   shift)
{
  const guint n_frequencies = spectrum->n / 2 + 1;
  const guint last = (guint) (FINEST * spectrum->n / 2);
  const double complex turn = cexp ((double complex) I * (2 * G_PI * shift / spectrum->n));
  double sum = 0, total = 0;

  for (guint band = 0; band < spectrum->n_bands; band++)
    {
      double complex phase = 1;

      for (guint k = 1; k <= last; k++)
        {
          gsize i = (gsize) band * n_frequencies + k;
          double power = sqrt (spectrum->power_a[i] * spectrum->power_b[i]);

          phase *= turn;
          if (!(power > 0))
            continue;
          sum += creal (spectrum->cross[i] * phase) / power;
          total += 1;
        }
    }

  return total > 0 ? sum / total : 0;
}

/**
 * recon_axis_wedge_search:
 * @sinogram: a sinogram of half a turn or more
 * @range: where to look
 *
 * Returns: the axis to about a pixel, or NaN if there is none
 */
double
recon_axis_wedge_search (const ReconAxisSinogram *sinogram,
                         const ReconAxisRange    *range)
{
  const double least = MAX (LEAST_WINDOW * sinogram->width, 8);
  double best = 0, axis = NAN;
  double middle = MAX (range->low, least / 2);
  const double end = MIN (range->high, sinogram->width - 1 - least / 2);

  while (middle <= end)
    {
      double window = 2 * MIN (middle, sinogram->width - 1 - middle);
      double reach = MAX (window / 8, 1), used;
      g_autoptr (ReconAxisSpectrum) spectrum = make_spectrum (sinogram, middle, &used);

      if (spectrum == NULL)
        return NAN;
      for (double d = -reach; d <= reach; d += 0.5)
        {
          double candidate = used + d;
          double value = agree (spectrum, 2 * d) * sqrt (window);

          if (value > best && candidate >= range->low && candidate <= range->high)
            {
              best = value;
              axis = candidate;
            }
        }
      middle += MAX (1.5 * reach, 1);
    }

  return axis;
}

/**
 * recon_axis_wedge_refine:
 * @sinogram: a sinogram of half a turn or more
 * @axis: right to a few pixels
 *
 * Returns: the axis; none if it is not near, or half a turn is not complete
 */
ReconAxisEstimate
recon_axis_wedge_refine (const ReconAxisSinogram *sinogram,
                         double                   axis)
{
  return recon_axis_spectrum_refine (make_spectrum, sinogram, axis, CLOSE);
}
