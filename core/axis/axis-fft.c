/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-fft.h"

#include <math.h>

/* Parts of lines by their frequencies. */

/* FFTW's planner, unlike its transforms, is one for the whole process and takes one thread at a time. */
G_LOCK_DEFINE_STATIC (planner);

/* Returns: the next length that has small factors only and is a multiple of 4 */
guint
recon_axis_fft_round (guint n)
{
  for (n = MAX ((n + 3) / 4 * 4, 4);; n += 4)
    {
      guint rest = n;

      while (rest % 2 == 0)
        rest /= 2;
      while (rest % 3 == 0)
        rest /= 3;
      while (rest % 5 == 0)
        rest /= 5;
      if (rest == 1)
        return n;
    }
}

ReconAxisFft *
recon_axis_fft_new (guint n)
{
  ReconAxisFft *self = g_new0 (ReconAxisFft, 1);

  self->n = n;
  self->real = fftwf_alloc_real (n);
  self->spectrum = fftwf_alloc_complex (n / 2 + 1);

  G_LOCK (planner);
  self->forward = fftwf_plan_dft_r2c_1d ((int) n, self->real, self->spectrum, FFTW_ESTIMATE);
  self->inverse = fftwf_plan_dft_c2r_1d ((int) n, self->spectrum, self->real, FFTW_ESTIMATE);
  G_UNLOCK (planner);

  return self;
}

/* Only forward. */
ReconAxisFft *
recon_axis_fft_new_complex (guint n)
{
  ReconAxisFft *self = g_new0 (ReconAxisFft, 1);

  self->n = n;
  self->line = fftwf_alloc_complex (n);
  self->spectrum = fftwf_alloc_complex (n);

  G_LOCK (planner);
  self->forward = fftwf_plan_dft_1d ((int) n, self->line, self->spectrum, FFTW_FORWARD, FFTW_ESTIMATE);
  G_UNLOCK (planner);

  return self;
}

void
recon_axis_fft_free (ReconAxisFft *self)
{
  G_LOCK (planner);
  fftwf_destroy_plan (self->forward);
  if (self->inverse != NULL)
    fftwf_destroy_plan (self->inverse);
  G_UNLOCK (planner);

  fftwf_free (self->real);
  fftwf_free (self->line);
  fftwf_free (self->spectrum);
  g_free (self);
}

void
recon_axis_fft_forward (ReconAxisFft *self)
{
  fftwf_execute (self->forward);
}

void
recon_axis_fft_inverse (ReconAxisFft *self)
{
  fftwf_execute (self->inverse);
}

/* Returns: (transfer full): weights of n samples, which fall to 0 at both ends by a cosine */
float *
recon_axis_taper_new (guint n)
{
  const double flank = MAX (RECON_AXIS_TAPER * n, 1);
  float *taper = g_new (float, n);

  for (guint i = 0; i < n; i++)
    {
      double x = (MIN (i, n - 1 - i) + 0.5) / flank;

      taper[i] = x < 1 ? (float) (0.5 - 0.5 * cos (G_PI * x)) : 1.0f;
    }

  return taper;
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

/* Returns: how many samples on either side the pass band takes together */
guint
recon_axis_get_fine (guint width)
{
  return MAX (width / 256, 1);
}

/* What is neither noise nor brightness. */
void
recon_axis_pass_band (const float *line,
                      guint        width,
                      float       *scratch,
                      float       *band)
{
  const guint fine = recon_axis_get_fine (width);
  const guint coarse = MAX (width / 20, 4);

  blur (line, width, fine, scratch);
  blur (scratch, width, fine, band);
  blur (band, width, coarse, scratch);
  for (guint c = 0; c < width; c++)
    band[c] -= scratch[c];
}

/* Variance of white noise of 1 that the pass band leaves. */
double
recon_axis_pass_band_get_gain (guint width)
{
  g_autofree float *lines = g_new0 (float, 3 * (gsize) width);
  double sum = 0;

  lines[width / 2] = 1;
  recon_axis_pass_band (lines, width, lines + width, lines + 2 * (gsize) width);
  for (guint c = 0; c < width; c++)
    sum += (double) (lines[2 * (gsize) width + c] * lines[2 * (gsize) width + c]);

  return sum;
}
