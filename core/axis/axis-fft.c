/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-fft.h"

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
