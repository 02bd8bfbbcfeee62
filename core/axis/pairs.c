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

  return self;
}

void
recon_axis_pairs_free (ReconAxisPairs *self)
{
  g_free (self->a);
  g_free (self->b);
  g_free (self);
}

/* The pair that has been written behind the others is one of them now. */
void
recon_axis_pairs_take (ReconAxisPairs *self)
{
  g_assert (self->n < self->room);
  self->n++;
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

/* Spectra about the half pixel next to an axis, whose shift is twice the axis's distance from it. */
static ReconAxisSpectrum *
make_spectrum (gconstpointer data,
               double        axis,
               double       *middle)
{
  const ReconAxisPairs *pairs = data;
  const int t = (int) floor (2 * axis + 0.5);
  const int low = MAX (t - (int) pairs->width + 1, 0);
  const int n = MIN (t, (int) pairs->width - 1) - low + 1;
  g_autoptr (ReconAxisSpectrum) spectrum = NULL;
  g_autoptr (ReconAxisFft) fft = NULL;
  g_autofree fftwf_complex *first = NULL;
  g_autofree float *taper = NULL;
  g_autofree float *flat = g_new (float, pairs->width);

  *middle = t / 2.0;
  if (n < 8)
    return NULL;

  fft = recon_axis_fft_new (recon_axis_fft_round ((guint) n + 16));
  first = g_new (fftwf_complex, fft->n / 2 + 1);
  taper = make_taper ((guint) n);
  spectrum = recon_axis_spectrum_new (fft->n, 1);

  for (guint i = 0; i < pairs->n; i++)
    {
      recon_axis_high_pass (pairs->a + (gsize) i * pairs->width, pairs->width, flat);
      load (fft, flat, (guint) low, (guint) n, FALSE, taper);
      recon_axis_fft_forward (fft);
      memcpy (first, fft->spectrum, (fft->n / 2 + 1) * sizeof *first);
      recon_axis_high_pass (pairs->b + (gsize) i * pairs->width, pairs->width, flat);
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
  spectrum->counts[0] = pairs->n;
  spectrum->length = n * (1 - TAPER);

  return g_steal_pointer (&spectrum);
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
