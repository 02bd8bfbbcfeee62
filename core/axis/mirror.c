/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/mirror.h"

#include <math.h>
#include <string.h>

#include "axis/axis-fft.h"

/* Two projections that are half a turn apart are mirror images: a (s) = b (2 axis - s). The sum of their products over
 * all s is their convolution at t = 2 axis, so that one transform gives it for every axis. It is divided by the powers
 * of what both lines show about that axis (normalised correlation over the overlap only, Padfield, IEEE Trans. Image
 * Process. 21, 2012), which sums from the left give. A short overlap reaches a high correlation by chance: what
 * counts is the log likelihood, -n / 2 log (1 - r²), of n independent samples. */

#define LEAST_OVERLAP 0.04  /* of the width */
#define LEAST_POWER 0.1     /* of what is not noise */

void
recon_axis_mirror_free (ReconAxisMirror *self)
{
  g_free (self->covariance);
  g_free (self->power_a);
  g_free (self->power_b);
  g_free (self);
}

/* Sums of values and squares from the left; sums[c] is that of the c first. */
static void
add_up (const float *line,
        guint        width,
        double      *sums,
        double      *squares)
{
  sums[0] = squares[0] = 0;
  for (guint c = 0; c < width; c++)
    {
      double v = (double) line[c];

      sums[c + 1] = sums[c] + v;
      squares[c + 1] = squares[c] + v * v;
    }
}

ReconAxisMirror *
recon_axis_mirror_new (const ReconAxisPairs *pairs)
{
  const guint width = pairs->width;
  const guint n_shifts = 2 * width - 1;
  ReconAxisMirror *self = g_new0 (ReconAxisMirror, 1);
  g_autoptr (ReconAxisFft) fft = recon_axis_fft_new (recon_axis_fft_round (n_shifts));
  g_autofree fftwf_complex *product = g_new0 (fftwf_complex, fft->n / 2 + 1);
  g_autofree fftwf_complex *first = g_new (fftwf_complex, fft->n / 2 + 1);
  g_autofree float *band = g_new (float, 3 * (gsize) width);
  g_autofree double *sums = g_new (double, 4 * ((gsize) width + 1));
  float *a = band, *b = band + width, *scratch = band + 2 * (gsize) width;
  double *sa = sums, *qa = sums + (width + 1), *sb = sums + 2 * (width + 1), *qb = sums + 3 * (width + 1);

  self->width = width;
  self->covariance = g_new0 (double, n_shifts);
  self->power_a = g_new0 (double, n_shifts);
  self->power_b = g_new0 (double, n_shifts);
  for (guint i = 0; i < pairs->n; i++)
    {
      recon_axis_pass_band (pairs->a + (gsize) i * width, width, scratch, a);
      recon_axis_pass_band (pairs->b + (gsize) i * width, width, scratch, b);
      add_up (a, width, sa, qa);
      add_up (b, width, sb, qb);

      memset (fft->real, 0, fft->n * sizeof *fft->real);
      memcpy (fft->real, a, width * sizeof *a);
      recon_axis_fft_forward (fft);
      memcpy (first, fft->spectrum, (fft->n / 2 + 1) * sizeof *first);
      memset (fft->real, 0, fft->n * sizeof *fft->real);
      memcpy (fft->real, b, width * sizeof *b);
      recon_axis_fft_forward (fft);
      for (guint k = 0; k <= fft->n / 2; k++)
        product[k] += first[k] * fft->spectrum[k];

      for (guint t = 0; t < n_shifts; t++)
        {
          guint low = t < width ? 0 : t - width + 1;
          guint high = MIN (t, width - 1) + 1;
          double n = high - low;
          double ma = sa[high] - sa[low], mb = sb[high] - sb[low];

          self->covariance[t] -= ma * mb / n;
          self->power_a[t] += qa[high] - qa[low] - ma * ma / n;
          self->power_b[t] += qb[high] - qb[low] - mb * mb / n;
        }
    }

  memcpy (fft->spectrum, product, (fft->n / 2 + 1) * sizeof *product);
  recon_axis_fft_inverse (fft);
  for (guint t = 0; t < n_shifts; t++)
    self->covariance[t] += (double) fft->real[t] / fft->n;
  self->count = pairs->n;
  self->noise = recon_axis_pass_band_get_gain (width) * pairs->noise;

  return self;
}

static double
get_correlation (const ReconAxisMirror *self,
                 guint                  t)
{
  double power = self->power_a[t] * self->power_b[t];

  /* Rounding leaves a little where there is nothing. */
  if (!(power > 1e-20))
    return 0;

  return CLAMP (self->covariance[t] / sqrt (power), -1, 0.9999);
}

/* Independent samples about an axis. */
static double
get_samples (const ReconAxisMirror *self,
             guint                  t)
{
  double overlap = MIN (t + 1, 2 * self->width - 1 - t);

  return self->count * overlap / (2 * recon_axis_get_fine (self->width) + 1);
}

static double
get_evidence (const ReconAxisMirror *self,
              guint                  t)
{
  double r = get_correlation (self, t);

  return r > 0 ? -0.5 * get_samples (self, t) * log1p (-r * r) : 0;
}

/**
 * recon_axis_mirror_evidence:
 * @self: what pairs have in common
 *
 * Returns: (transfer full): 2 width - 1 numbers: about the axis t / 2, the log of how much more likely the lines are as
 *   mirror images of each other than as strangers; 0 where they don't look like that or overlap too little to tell
 */
double *
recon_axis_mirror_evidence (const ReconAxisMirror *self)
{
  const guint n_shifts = 2 * self->width - 1;
  const guint least = (guint) MAX (LEAST_OVERLAP * self->width, 8);
  double *evidence = g_new0 (double, n_shifts);

  for (guint t = least - 1; t + least <= n_shifts; t++)
    evidence[t] = get_evidence (self, t);

  return evidence;
}

static double
get_likeness (const ReconAxisMirror *self,
              const float           *variance,
              guint                  t)
{
  const guint low = t < self->width ? 0 : t - self->width + 1;
  const guint high = MIN (t, self->width - 1);
  double noise = 0, a, b;

  for (guint c = low; c <= high; c++)
    noise += (double) variance[c] * self->noise * self->count;
  a = self->power_a[t] - noise;
  b = self->power_b[t] - noise;

  /* Where noise is all, nothing speaks against a likeness. */
  if (!(a > LEAST_POWER * self->power_a[t] && b > LEAST_POWER * self->power_b[t]))
    return self->covariance[t] > 0 ? 1 : 0;

  return self->covariance[t] / sqrt (a * b);
}

/**
 * recon_axis_mirror_likeness:
 * @self: what pairs have in common
 * @variance: of the noise, by columns
 * @t: twice the axis
 *
 * Returns: the correlation of the lines about the axis if there were no noise: about 1 for mirror images
 */
double
recon_axis_mirror_likeness (const ReconAxisMirror *self,
                            const float           *variance,
                            guint                  t)
{
  double here = get_likeness (self, variance, t), before, after, bend;

  if (t == 0 || t + 2 >= 2 * self->width - 1)
    return here;

  /* The axis may lie between. */
  before = get_likeness (self, variance, t - 1);
  after = get_likeness (self, variance, t + 1);
  bend = 2 * here - before - after;
  if (bend > 0)
    here += (after - before) * (after - before) / (8 * bend);

  return CLAMP (here, 0, 1);
}
