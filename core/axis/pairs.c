/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/pairs.h"

#include <math.h>
#include <string.h>

#include "axis/axis-fft.h"
#include "axis/cross-spectrum.h"
#include "axis/line-bands.h"

#define TAPER 0.2  /* of the overlap, at each end */
#define CLOSE 0.01 /* pixels: an axis that moves no farther has been found */
#define LEAST_PAIRS 2    /* of a part of the scan */
#define PART_REACH 1.5   /* pixels that the axis of a part is moved by, at most */

ReconAxisPairs *
recon_axis_pairs_new (guint width,
                      guint room)
{
  ReconAxisPairs *self = g_new0 (ReconAxisPairs, 1);

  self->width = width;
  self->room = room;
  self->noise = 1;
  self->a = g_new (float, (gsize) width * room);
  self->b = g_new (float, (gsize) width * room);
  self->places = g_new (double, room);

  return self;
}

void
recon_axis_pairs_free (ReconAxisPairs *self)
{
  g_free (self->a);
  g_free (self->b);
  g_free (self->places);
  g_free (self->mean);
  g_free (self);
}

/* The pair that has been written behind the others is one of them now. */
void
recon_axis_pairs_take (ReconAxisPairs *self,
                       double          place)
{
  g_assert (self->n < self->room);
  self->places[self->n++] = place;
}

/* The part of a line from @low on, mirrored if @mirrored, without its mean, tapered. */
static void
load (ReconAxisFft *fft,
      const float  *line,
      guint         low,
      guint         n,
      gboolean      mirrored,
      const float  *taper)
{
  double mean = 0, weight = 0;

  for (guint i = 0; i < n; i++)
    {
      float v = line[mirrored ? low + n - 1 - i : low + i];

      fft->real[i] = v;
      mean += (double) (v * taper[i]);
      weight += (double) taper[i];
    }
  mean /= weight;
  for (guint i = 0; i < n; i++)
    fft->real[i] = (fft->real[i] - (float) mean) * taper[i];
  memset (fft->real + n, 0, (fft->n - n) * sizeof *fft->real);
}

static float *
make_taper (guint n)
{
  float *taper = g_new (float, n);
  double flank = MAX (TAPER * n, 1);

  for (guint i = 0; i < n; i++)
    {
      double x = (MIN (i, n - 1 - i) + 0.5) / flank;

      taper[i] = x < 1 ? (float) (0.5 - 0.5 * cos (G_PI * x)) : 1.0f;
    }

  return taper;
}

static const float *
get_line (const ReconAxisPairs *self,
          const float          *lines,
          guint                 i,
          gboolean              with_mean,
          float                *whole)
{
  const float *line = lines + (gsize) i * self->width;

  if (!with_mean || self->mean == NULL)
    return line;

  for (guint c = 0; c < self->width; c++)
    whole[c] = line[c] + self->mean[c];

  return whole;
}

/* Spectra of the pairs [first, end) about the half pixel next to an axis, whose shift is twice the axis's distance from
 * it. */
static ReconAxisSpectrum *
make_part (const ReconAxisPairs *pairs,
           guint                 first_pair,
           guint                 end,
           gboolean              with_mean,
           double                axis,
           double               *middle)
{
  const int t = (int) floor (2 * axis + 0.5);
  const int low = MAX (t - (int) pairs->width + 1, 0);
  const int n = MIN (t, (int) pairs->width - 1) - low + 1;
  g_autoptr (ReconAxisSpectrum) spectrum = NULL;
  g_autoptr (ReconAxisFft) fft = NULL;
  g_autofree fftwf_complex *first = NULL;
  g_autofree float *taper = NULL;
  g_autofree float *flat = g_new (float, pairs->width);
  g_autofree float *whole = g_new (float, pairs->width);

  *middle = t / 2.0;
  if (n < 8)
    return NULL;

  fft = recon_axis_fft_new (recon_axis_fft_round ((guint) n + 16));
  first = g_new (fftwf_complex, fft->n / 2 + 1);
  taper = make_taper ((guint) n);
  spectrum = recon_axis_spectrum_new (fft->n, 1);

  for (guint i = first_pair; i < end; i++)
    {
      recon_axis_high_pass (get_line (pairs, pairs->a, i, with_mean, whole), pairs->width, flat);
      load (fft, flat, (guint) low, (guint) n, FALSE, taper);
      recon_axis_fft_forward (fft);
      memcpy (first, fft->spectrum, (fft->n / 2 + 1) * sizeof *first);
      recon_axis_high_pass (get_line (pairs, pairs->b, i, with_mean, whole), pairs->width, flat);
      load (fft, flat, (guint) low, (guint) n, TRUE, taper);
      recon_axis_fft_forward (fft);

      for (guint k = 0; k <= fft->n / 2; k++)
        {
          double complex a = (double complex) first[k];
          double complex b = (double complex) fft->spectrum[k];

          spectrum->cross[k] += a * conj (b);
          spectrum->power_a[k] += creal (a * conj (a));
          spectrum->power_b[k] += creal (b * conj (b));
        }
    }
  spectrum->counts[0] = end - first_pair;
  spectrum->length = n * (1 - TAPER);

  return g_steal_pointer (&spectrum);
}

static ReconAxisSpectrum *
make_spectrum (gconstpointer data,
               double        axis,
               double       *middle)
{
  const ReconAxisPairs *pairs = data;

  return make_part (pairs, 0, pairs->n, FALSE, axis, middle);
}

/**
 * recon_axis_pairs_refine:
 * @self: pairs of lines
 * @axis: about which they are mirror images, to a few pixels
 *
 * Returns: the axis; none if there is nothing that they have in common
 */
ReconAxisEstimate
recon_axis_pairs_refine (const ReconAxisPairs *self,
                         double                axis)
{
  return recon_axis_spectrum_refine (make_spectrum, self, axis, CLOSE);
}

/**
 * recon_axis_pairs_measure_parts:
 * @self: pairs of lines in the order of their angles
 * @axis: about which they are mirror images, to a part of a pixel
 * @parts: (out caller-allocates): room for %RECON_AXIS_PARTS
 *
 * Looks for the axis in parts of the scan. What all of it has in common decides what of the lines is to be trusted, so
 * that a part of few pairs comes to a number as well.
 *
 * Returns: the number of parts; 0 if there are too few pairs
 */
guint
recon_axis_pairs_measure_parts (const ReconAxisPairs *self,
                                double                axis,
                                ReconAxisPart        *parts)
{
  ReconAxisSpectrum *spectra[RECON_AXIS_PARTS] = { NULL };
  g_autoptr (ReconAxisSpectrum) total = NULL;
  double middle, shifts[RECON_AXIS_PARTS], uncertainties[RECON_AXIS_PARTS];
  const guint n = RECON_AXIS_PARTS;

  if (self->n < n * LEAST_PAIRS)
    return 0;

  for (guint part = 0; part < n; part++)
    {
      const guint first = part * self->n / n, end = (part + 1) * self->n / n;

      spectra[part] = make_part (self, first, end, TRUE, axis, &middle);
      if (spectra[part] == NULL)
        return 0;
      if (total == NULL)
        total = recon_axis_spectrum_new (spectra[part]->n, 1);
      recon_axis_spectrum_add (total, spectra[part]);
      parts[part].place = 0;
      for (guint i = first; i < end; i++)
        parts[part].place += self->places[i] / (end - first);
    }
  recon_axis_spectrum_shift_parts (total, spectra, n, 2 * (axis - middle), 2 * PART_REACH, shifts, uncertainties);
  for (guint part = 0; part < n; part++)
    {
      parts[part].axis = middle + shifts[part] / 2;
      parts[part].uncertainty = uncertainties[part] / 2;
      recon_axis_spectrum_free (spectra[part]);
    }

  return n;
}
