/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <complex.h>
#include "axis/sinogram.h"

G_BEGIN_DECLS

/* What two sets of lines have in common, by frequency, added up over pairs of lines. One or more bands are kept apart,
 * where the noise differs. */
typedef struct
{
  guint           n;        /* length of the transforms; frequencies are 0 … n / 2 */
  guint           n_bands;
  double complex *cross;    /* n_bands × (n / 2 + 1): sum of A · conj (B) */
  double         *power_a;  /* likewise: sums of |A|² and |B|² */
  double         *power_b;
  double         *counts;   /* n_bands: independent products in a sum */
  double          length;   /* samples of a line that hold something */
} ReconAxisSpectrum;

ReconAxisSpectrum *recon_axis_spectrum_new   (guint                    n,
                                              guint                    n_bands);
guint              recon_axis_spectrum_overlap (guint                  width,
                                                double                 axis,
                                                guint                 *low,
                                                double                *middle);
void               recon_axis_spectrum_free  (ReconAxisSpectrum       *self);
void               recon_axis_spectrum_add   (ReconAxisSpectrum       *self,
                                              const ReconAxisSpectrum *other);
double             recon_axis_spectrum_shift (const ReconAxisSpectrum *self,
                                              double                   reach,
                                              double                  *uncertainty,
                                              double                  *coherence);
void               recon_axis_spectrum_shift_parts (const ReconAxisSpectrum  *self,
                                                    ReconAxisSpectrum *const *parts,
                                                    guint                     n_parts,
                                                    double                    shift,
                                                    double                    reach,
                                                    double                   *shifts,
                                                    double                   *uncertainties);

/* Of what lies on either side of an axis; the shift is twice the axis's distance from @middle. */
typedef ReconAxisSpectrum *(*ReconAxisSpectrumFunc) (gconstpointer  data,
                                                     double         axis,
                                                     double        *middle);

ReconAxisEstimate  recon_axis_spectrum_refine (ReconAxisSpectrumFunc    make,
                                               gconstpointer            data,
                                               double                   axis,
                                               double                   close);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisSpectrum, recon_axis_spectrum_free)

G_END_DECLS
