/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/sinogram.h"

#include <math.h>
#include <string.h>

#include "axis/statistics.h"

/* What a sinogram is like. */

/* Statistics look at this many samples at most. */
#define SAMPLES 20000

/* An edge of the sinogram that is brighter than this part of the object cuts it. */
#define CUT 0.04

/* Blocks whose means tell whether anything turns. */
#define TURNING_BLOCKS 24
#define TURNING_STRIPS 64

/* Blocks in which the noise is measured. */
#define VARIANCE_BLOCKS 12
#define VARIANCE_STRIPS 32
#define VARIANCE_LINES 24 /* of a block, at most */

/* Signal and noise. */
static void
measure_levels (ReconAxisSinogram *self)
{
  const gsize size = (gsize) self->n * self->width;
  const gsize stride = MAX (size / SAMPLES, 1);
  g_autofree float *values = g_new (float, SAMPLES * 2 + 1);
  g_autofree float *rough = g_new (float, SAMPLES * 2 + 1);
  gsize n = 0, n_rough = 0;

  for (gsize i = 0; i < size && n < SAMPLES * 2; i += stride)
    {
      const float *p = self->data + i;
      guint column = (guint) (i % self->width);

      values[n++] = *p;
      if (column > 0 && column + 1 < self->width)
        rough[n_rough++] = fabsf (p[0] - 0.5f * (p[-1] + p[1]));
    }

  self->signal = n > 0 ? recon_axis_quantile (values, n, 0.95) : 0;
  self->noise = n_rough > 0 ? recon_axis_quantile (rough, n_rough, 0.5) / 0.6745 / sqrt (1.5) : 0;
}

/* Noise is not the same everywhere: little light leaves more. Medians over blocks pass over edges. */
static void
measure_variance (ReconAxisSinogram *self)
{
  const guint n_blocks = MIN (self->n, VARIANCE_BLOCKS);
  const guint strip = MAX (self->width / VARIANCE_STRIPS, 4);
  const guint span = self->n / n_blocks;
  const guint stride = (span + VARIANCE_LINES - 1) / VARIANCE_LINES;
  g_autofree float *rough = g_new (float, (gsize) VARIANCE_LINES * 2 * strip);

  self->variance = g_new0 (float, self->width);
  for (guint first = 0; first < self->width; first += strip)
    {
      /* What is left over at the end goes with the last strip. */
      const guint end = first + 2 * strip > self->width ? self->width : first + strip;
      double sum = 0;

      for (guint b = 0; b < n_blocks; b++)
        {
          gsize n = 0;

          for (guint i = b * span; i < (b + 1) * span; i += stride)
            for (guint c = MAX (first, 1); c < MIN (end, self->width - 1); c++)
              {
                const float *p = recon_axis_sinogram_line (self, i) + c;

                rough[n++] = fabsf (p[0] - 0.5f * (p[-1] + p[1]));
              }
          if (n > 0)
            {
              double deviation = recon_axis_quantile (rough, n, 0.5) / 0.6745;

              sum += deviation * deviation / 1.5 / n_blocks;
            }
        }
      for (guint c = first; c < end; c++)
        self->variance[c] = (float) sum;
      if (end == self->width)
        break;
    }
}

static double
mean_of (const float *values,
         guint        n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (double) values[i];

  return sum / n;
}

/* The beam may have become brighter or darker than the flats say. Air on both sides of the object tells by how
 * much. */
static void
level (ReconAxisSinogram *self,
       const double      *left,
       const double      *right)
{
  for (guint i = 0; i < self->n; i++)
    {
      float *line = self->data + (gsize) i * self->width;
      double slope = (right[i] - left[i]) / MAX (self->width - 1, 1);

      for (guint c = 0; c < self->width; c++)
        line[c] -= (float) (left[i] + slope * c);
    }
}

/* Averages lines of neighbouring angles as well, since the edges of one line may be no more than noise. */
static void
find_cuts (ReconAxisSinogram *self)
{
  const guint strip = MAX (self->width / 50, MIN (self->width, 2));
  const guint span = MAX (self->n / 90, 1);
  g_autofree double *left = g_new (double, self->n);
  g_autofree double *right = g_new (double, self->n);
  g_autofree double *lower = g_new (double, self->n);
  double background, limit;
  guint n_left = 0, n_right = 0, n_groups = 0;

  for (guint i = 0; i < self->n; i++)
    {
      const float *line = recon_axis_sinogram_line (self, i);

      left[i] = mean_of (line, strip);
      right[i] = mean_of (line + self->width - strip, strip);
      lower[i] = MIN (left[i], right[i]);
    }
  background = recon_axis_median (lower, self->n);
  background = CLAMP (background, -0.1 * fabs (self->signal), 0.1 * fabs (self->signal));
  limit = CUT * fabs (self->signal - background) + 3 * self->noise / sqrt ((double) strip * span);

  for (guint i = 0; i + span <= self->n; i += span)
    {
      double l = 0, r = 0;

      for (guint j = i; j < i + span; j++)
        {
          l += left[j] / span;
          r += right[j] / span;
        }
      n_groups++;
      n_left += l - background > limit;
      n_right += r - background > limit;
    }
  self->cut_left = n_left * 100 > n_groups;
  self->cut_right = n_right * 100 > n_groups;

  if (!recon_axis_sinogram_is_cut (self))
    level (self, left, right);
}

/* The columns that see the object from any side, with some more. */
static void
find_support (ReconAxisSinogram *self)
{
  const guint span = MAX (self->n / 45, 1);
  const guint margin = MAX (self->width / 50, 2);
  const guint blur = MAX (self->width / 200, 1);
  g_autofree double *mean = g_new0 (double, self->width + 1);
  double limit = 0.01 * self->signal + 3 * self->noise / sqrt ((double) span * (2 * blur + 1));
  guint first = self->width, last = 0;

  for (guint i = 0; i + span <= self->n; i += span)
    {
      /* Sums from the left, so that means of any columns are two look-ups. */
      memset (mean, 0, (self->width + 1) * sizeof *mean);
      for (guint j = i; j < i + span; j++)
        for (guint c = 0; c < self->width; c++)
          mean[c + 1] += (double) recon_axis_sinogram_line (self, j)[c] / span;
      for (guint c = 0; c < self->width; c++)
        mean[c + 1] += mean[c];

      for (guint c = blur; c + blur < self->width; c++)
        if ((mean[c + blur + 1] - mean[c - blur]) / (2 * blur + 1) > limit)
          {
            first = MIN (first, c - blur);
            last = MAX (last, c + blur);
          }
    }

  self->first = first > last || first < margin ? 0 : first - margin;
  self->last = first > last ? self->width - 1 : MIN (last + margin, self->width - 1);
}

/* A block's means over columns, without what is a straight line across them: brightness. */
static void
flatten (double *means,
         guint   n)
{
  double middle = (n - 1) / 2.0, sum = 0, slope = 0, spread = 0;

  for (guint i = 0; i < n; i++)
    {
      sum += means[i] / n;
      slope += means[i] * (i - middle);
      spread += (i - middle) * (i - middle);
    }
  for (guint i = 0; i < n; i++)
    means[i] -= sum + (spread > 0 ? slope / spread * (i - middle) : 0);
}

/* A beam without an object doesn't change but for its brightness. */
static void
measure_turning (ReconAxisSinogram *self)
{
  const guint n_blocks = MIN (self->n, TURNING_BLOCKS);
  const guint n_strips = MIN (self->width, TURNING_STRIPS);
  const guint span = self->n / n_blocks, strip = self->width / n_strips;
  g_autofree double *means = g_new0 (double, (gsize) n_blocks * n_strips);
  double sum = 0;

  for (guint b = 0; b < n_blocks; b++)
    {
      for (guint j = 0; j < span * n_strips; j++)
        means[b * n_strips + j % n_strips] +=
            mean_of (recon_axis_sinogram_line (self, b * span + j / n_strips) + j % n_strips * strip, strip) / span;
      flatten (means + b * n_strips, n_strips);
    }
  for (guint s = 0; s < n_strips; s++)
    {
      double mean = 0;

      for (guint b = 0; b < n_blocks; b++)
        mean += means[b * n_strips + s] / n_blocks;
      for (guint b = 0; b < n_blocks; b++)
        sum += (means[b * n_strips + s] - mean) * (means[b * n_strips + s] - mean);
    }
  self->turning = sqrt (sum / ((double) n_blocks * n_strips));
  self->turning_noise = self->noise / sqrt ((double) span * strip);
}

/**
 * recon_axis_sinogram_measure_noise:
 * @self: (inout): lines in order; takes its signal and noise
 */
void
recon_axis_sinogram_measure_noise (ReconAxisSinogram *self)
{
  measure_levels (self);
}

/**
 * recon_axis_sinogram_measure:
 * @self: (inout): lines in order, without spots and stripes
 *
 * Finds what turns, where the object is and whether it is cut, and what the noise is; takes away an uneven beam where
 * air shows it.
 */
void
recon_axis_sinogram_measure (ReconAxisSinogram *self)
{
  measure_turning (self);
  measure_variance (self);
  find_cuts (self);
  measure_levels (self);
  find_support (self);
}
