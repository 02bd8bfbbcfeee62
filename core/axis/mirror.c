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
#define TAPER 0.2           /* of the overlap, at each end */
#define ROUNDS 4
#define LEAST_POWER 0.1     /* of what is not noise */
#define REACH 3.0           /* pixels that an axis is moved by refining, at most */

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

ReconAxisMirror *
recon_axis_mirror_new (guint width)
{
  ReconAxisMirror *self = g_new0 (ReconAxisMirror, 1);

  self->width = width;
  self->covariance = g_new0 (double, 2 * width - 1);
  self->power_a = g_new0 (double, 2 * width - 1);
  self->power_b = g_new0 (double, 2 * width - 1);

  return self;
}

void
recon_axis_mirror_free (ReconAxisMirror *self)
{
  g_free (self->covariance);
  g_free (self->power_a);
  g_free (self->power_b);
  g_free (self);
}

/* Means over 2 half + 1 samples, the ends continued. */
static void
blur (const float *line,
      guint        width,
      guint        half,
      float       *blurred)
{
  const int n = (int) width;
  double sum = 0;

  for (int c = -(int) half; c <= (int) half; c++)
    sum += (double) line[CLAMP (c, 0, n - 1)];
  for (int c = 0; c < n; c++)
    {
      blurred[c] = (float) (sum / (2 * half + 1));
      sum += (double) line[MIN (c + (int) half + 1, n - 1)] - (double) line[MAX (c - (int) half, 0)];
    }
}

/* What is not brightness: a wide window would draw it towards its own middle. */
void
recon_axis_high_pass (const float *line,
                      guint        width,
                      float       *flat)
{
  blur (line, width, MAX (width / 20, 4), flat);
  for (guint c = 0; c < width; c++)
    flat[c] = line[c] - flat[c];
}

static guint
get_fine (guint width)
{
  return MAX (width / 256, 1);
}

/* What is neither noise nor brightness. */
static void
pass_band (const float *line,
           guint        width,
           float       *scratch,
           float       *band)
{
  const guint fine = get_fine (width);
  const guint coarse = MAX (width / 20, 4);

  blur (line, width, fine, scratch);
  blur (scratch, width, fine, band);
  blur (band, width, coarse, scratch);
  for (guint c = 0; c < width; c++)
    band[c] -= scratch[c];
}

/* Variance of white noise of 1 that the pass band leaves. */
static double
get_gain (guint width)
{
  g_autofree float *lines = g_new0 (float, 3 * (gsize) width);
  double sum = 0;

  lines[width / 2] = 1;
  pass_band (lines, width, lines + width, lines + 2 * (gsize) width);
  for (guint c = 0; c < width; c++)
    sum += (double) (lines[2 * (gsize) width + c] * lines[2 * (gsize) width + c]);

  return sum;
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

void
recon_axis_mirror_add (ReconAxisMirror      *self,
                       const ReconAxisPairs *pairs)
{
  const guint width = self->width;
  const guint n_shifts = 2 * width - 1;
  g_autoptr (ReconAxisFft) fft = recon_axis_fft_new (recon_axis_fft_round (n_shifts));
  g_autofree fftwf_complex *product = g_new0 (fftwf_complex, fft->n / 2 + 1);
  g_autofree fftwf_complex *first = g_new (fftwf_complex, fft->n / 2 + 1);
  g_autofree float *band = g_new (float, 3 * (gsize) width);
  g_autofree double *sums = g_new (double, 4 * ((gsize) width + 1));
  float *a = band, *b = band + width, *scratch = band + 2 * (gsize) width;
  double *sa = sums, *qa = sums + (width + 1), *sb = sums + 2 * (width + 1), *qb = sums + 3 * (width + 1);

  g_assert (pairs->width == width);

  for (guint i = 0; i < pairs->n; i++)
    {
      pass_band (pairs->a + (gsize) i * width, width, scratch, a);
      pass_band (pairs->b + (gsize) i * width, width, scratch, b);
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
  self->count += pairs->n;
  self->noise = get_gain (width) * pairs->noise;
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

  return self->count * overlap / (2 * get_fine (self->width) + 1);
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
 * @self: pairs that have been added
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
 * @self: pairs that have been added
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

/**
 * recon_axis_mirror_spectrum:
 * @pairs: pairs of lines
 * @axis: about which they are mirror images, more or less
 * @middle: (out): the half pixel next to it, about which they have been compared
 *
 * Returns: (transfer full) (nullable): spectra, whose shift is 2 (axis - middle); %NULL if the lines don't overlap
 */
ReconAxisSpectrum *
recon_axis_mirror_spectrum (const ReconAxisPairs *pairs,
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

/* Looks about an axis that is right to a few pixels. */
ReconAxisEstimate
recon_axis_mirror_refine (const ReconAxisPairs *pairs,
                          double                axis)
{
  ReconAxisEstimate estimate = RECON_AXIS_NO_ESTIMATE;
  const double start = axis;

  for (guint round = 0; round < ROUNDS; round++)
    {
      double middle, shift, uncertainty, coherence;
      g_autoptr (ReconAxisSpectrum) spectrum = recon_axis_mirror_spectrum (pairs, axis, &middle);

      if (spectrum == NULL)
        return RECON_AXIS_NO_ESTIMATE;
      shift = recon_axis_spectrum_shift (spectrum, 2 * REACH, &uncertainty, &coherence);
      if (isnan (shift))
        return RECON_AXIS_NO_ESTIMATE;

      estimate = (ReconAxisEstimate) { middle + shift / 2, uncertainty / 2, coherence };
      if (fabs (estimate.axis - start) > REACH)
        return RECON_AXIS_NO_ESTIMATE;
      if (fabs (estimate.axis - axis) < 0.01)
        break;
      axis = estimate.axis;
    }

  return estimate;
}
