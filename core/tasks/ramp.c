/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/filter.h"

#include <math.h>

/* The ramp is the band-limited one of Kak & Slaney, Principles of Computerized Tomographic Imaging (IEEE Press
 * 1988), section 3.3.3, eq. (61): its samples in real space, with the distance of the samples as unit, are
 *
 *     h[0] = 1/4,   h[n] = 0 for even n,   h[n] = -1/(π n)² for odd n
 *
 * The frequency response is the transform of these samples for |n| ≤ M/2, not |f|: a response that is 0 at f = 0
 * would shift all grey values, as the zeros beyond the detector stand for an infinite row. */

/* The part of a row at either end that mirror padding mirrors. */
#define MIRROR_SHARE 32

/**
 * recon_filter_border_width:
 * @width: columns of the detector
 *
 * A full mirror image would put a second object beside one that ends inside the detector, and lower its values by up to
 * 15 %: only a border is mirrored, and goes on as its mean.
 *
 * Returns: the columns at either end of a row that mirror padding mirrors
 */
guint
recon_filter_border_width (guint width)
{
  return MAX (1, width / MIRROR_SHARE);
}

/**
 * recon_filter_padded_width:
 * @width: columns of the detector, at least 1 and at most 2²⁹
 *
 * Returns: the length to which rows are padded: the smallest number of the form 2ᵃ or 3·2ᵃ, a ≥ 1, that is at least
 *   2 · @width, so that the circular convolution of the transform is the linear one on the detector
 */
guint
recon_filter_padded_width (guint width)
{
  guint length = 2;

  g_return_val_if_fail (width > 0 && width <= 1u << 29, 0);

  while (length < 2 * width && length / 2 * 3 < 2 * width)
    length *= 2;

  /* 3·2ᵃ lies between two powers of two; a is at least 1. */
  return length >= 2 * width ? length : length / 2 * 3;
}

/* Transform of the ramp's samples. With n odd, cos (2π (M/2 - k) n / M) = -cos (2π k n / M): one half of the
 * response gives the other, H[M/2 - k] = 1/2 - H[k]. */
static void
fill_ramp (guint   padded_width,
           double *response)
{
  const guint m = padded_width;
  const guint half = m / 2;
  g_autofree double *cosine = g_new (double, m);

  for (guint i = 0; i < m; i++)
    cosine[i] = cos (2 * G_PI * i / m);

  for (guint k = 0; k <= half; k++)
    {
      double sum = 0;

      if (half % 2 == 0 && k > half / 2)
        {
          response[k] = 0.5 - response[half - k];
          continue;
        }

      for (guint n = 1; n <= half; n += 2)
        {
          double term = cosine[(guint64) k * n % m] / ((double) n * n);

          /* Both n and -n, which are one and the same sample in the middle. */
          sum += n == half ? term : 2 * term;
        }
      response[k] = 0.25 - sum / (G_PI * G_PI);
    }
}

/* The windows, 1 at frequency 0. x is the frequency as a fraction of the Nyquist frequency, 0 … 1. */
static double
get_window (const ReconFilterSettings *settings,
            double                     x)
{
  switch (settings->filter)
    {
    case RECON_FILTER_SHEPP_LOGAN:
      return x > 0 ? sin (G_PI_2 * x) / (G_PI_2 * x) : 1;

    case RECON_FILTER_COSINE:
      return cos (G_PI_2 * x);

    case RECON_FILTER_HANN:
      return 0.5 + 0.5 * cos (G_PI * x);

    case RECON_FILTER_HAMMING:
      return 0.54 + 0.46 * cos (G_PI * x);

    case RECON_FILTER_PARZEN:
      return x <= 0.5 ? 1 - 6 * x * x * (1 - x) : 2 * (1 - x) * (1 - x) * (1 - x);

    case RECON_FILTER_BUTTERWORTH:
      return 1 / (1 + pow (x / settings->cutoff, 2.0 * settings->order));

    case RECON_FILTER_RAMP:
    case RECON_FILTER_NONE:
    default:
      return 1;
    }
}

/**
 * recon_filter_response:
 * @settings: the filter
 * @padded_width: length M of the padded rows, see recon_filter_padded_width()
 * @response: (out caller-allocates): M/2 + 1 factors, for the frequencies k/M per pixel, k = 0 … M/2
 *
 * Computes the frequency response of a filter per pixel: the band-limited ramp times a window W of x, the frequency
 * as a fraction of the Nyquist frequency:
 *
 *  - ramp: 1
 *  - shepp-logan: sin (πx/2) / (πx/2)
 *  - cosine: cos (πx/2)
 *  - hann: 0.5 + 0.5 cos (πx)
 *  - hamming: 0.54 + 0.46 cos (πx)
 *  - parzen (de la Vallée Poussin): 1 - 6x² (1 - x) up to x = 1/2, 2 (1 - x)³ above
 *  - butterworth: 1 / (1 + (x/cutoff)^(2·order))
 *  - none: 1 without the ramp
 */
void
recon_filter_response (const ReconFilterSettings *settings,
                       guint                      padded_width,
                       float                     *response)
{
  const guint half = padded_width / 2;
  g_autofree double *ramp = NULL;

  g_return_if_fail (settings != NULL && response != NULL);
  g_return_if_fail (padded_width >= 2 && padded_width % 2 == 0);
  g_return_if_fail (settings->filter != RECON_FILTER_BUTTERWORTH || settings->cutoff > 0);

  ramp = g_new (double, (gsize) half + 1);
  if (settings->filter == RECON_FILTER_NONE)
    for (guint k = 0; k <= half; k++)
      ramp[k] = 1;
  else
    fill_ramp (padded_width, ramp);

  for (guint k = 0; k <= half; k++)
    response[k] = (float) (ramp[k] * get_window (settings, (double) k / half));
}
