/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <complex.h>
#include <fftw3.h>
#include <glib.h>

G_BEGIN_DECLS

/* Transforms of one length with their buffers, for one thread. The inverse is not normalised and destroys its
 * input. */
typedef struct
{
  guint          n;
  float         *real;     /* n */
  fftwf_complex *spectrum; /* n / 2 + 1 of real lines, n of complex ones */
  fftwf_complex *line;     /* (nullable): n, of complex lines */
  fftwf_plan     forward;
  fftwf_plan     inverse;  /* (nullable) */
} ReconAxisFft;

/* Of n samples, at each end. */
#define RECON_AXIS_TAPER 0.2

guint         recon_axis_fft_round          (guint         n);
ReconAxisFft *recon_axis_fft_new            (guint         n);
ReconAxisFft *recon_axis_fft_new_complex    (guint         n);
void          recon_axis_fft_free           (ReconAxisFft *self);
void          recon_axis_fft_forward        (ReconAxisFft *self);
void          recon_axis_fft_inverse        (ReconAxisFft *self);
float        *recon_axis_taper_new          (guint         n);
guint         recon_axis_get_fine           (guint         width);
void          recon_axis_high_pass          (const float  *line,
                                             guint         width,
                                             float        *flat);
void          recon_axis_pass_band          (const float  *line,
                                             guint         width,
                                             float        *scratch,
                                             float        *band);
double        recon_axis_pass_band_get_gain (guint         width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisFft, recon_axis_fft_free)

G_END_DECLS
