/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/histogram.h"

#include <math.h>
#include <string.h>

#include "viewer/levels.h"

/* Percentiles are exact whatever the values: float32 are counted by the upper half of a number that orders as they do,
 * then those that share the half wanted by the lower one. Two passes over the image, and no sorting. */
#define HALVES 65536u

/* Of the values, how many may lie outside the bins at either end. */
#define OUTLIERS 0.001

typedef struct
{
  guint64 *upper; /* HALVES, of all finite values */
  guint64 *lower[2]; /* HALVES, of those that share the upper half of a percentile */
} Counts;

static guint32
to_key (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static float
from_key (guint32 key)
{
  guint32 bits = key & 0x80000000u ? key & 0x7fffffffu : ~key;
  float value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

/* The half in which the value of this rank lies; @rank becomes its rank among those that share it. */
static guint32
find_half (const guint64 *counts,
           guint64       *rank)
{
  guint32 half = 0;

  while (half < HALVES - 1 && *rank >= counts[half])
    *rank -= counts[half++];

  return half;
}

static guint64
get_rank (const ReconHistogram *self,
          double                fraction)
{
  return (guint64) (fraction * (double) (self->n_values - 1) + 0.5);
}

static void
count_upper (ReconHistogram *self,
             const float    *values,
             gsize           n_values,
             guint64        *counts)
{
  float minimum = INFINITY, maximum = -INFINITY;

  for (gsize i = 0; i < n_values; i++)
    {
      float value = values[i];

      if (isfinite (value))
        {
          counts[to_key (value) >> 16]++;
          self->n_values++;
          minimum = MIN (minimum, value);
          maximum = MAX (maximum, value);
        }
      else if (isnan (value))
        self->n_nan++;
      else
        self->n_infinite++;
    }

  if (self->n_values == 0)
    minimum = maximum = 0.0f;
  self->minimum = (double) minimum;
  self->maximum = (double) maximum;
}

static void
choose_range (ReconHistogram *self,
              const guint64  *counts)
{
  guint64 rank = get_rank (self, OUTLIERS);
  double low = (double) from_key (find_half (counts, &rank) << 16);
  double high, margin;
  ReconLevels range;

  rank = get_rank (self, 1.0 - OUTLIERS);
  high = (double) from_key (find_half (counts, &rank) << 16 | (HALVES - 1));
  margin = (high - low) / 2.0;

  recon_levels_set (&range, MAX (self->minimum, low - margin), MIN (self->maximum, high + margin));
  self->low = range.low;
  self->high = range.high;
}

static void
count_lower (ReconHistogram *self,
             const float    *values,
             gsize           n_values,
             const guint32   halves[2],
             Counts         *counts)
{
  for (gsize i = 0; i < n_values; i++)
    {
      guint32 key;

      if (!isfinite (values[i]))
        continue;

      key = to_key (values[i]);
      for (guint j = 0; j < 2; j++)
        if (key >> 16 == halves[j])
          counts->lower[j][key & (HALVES - 1)]++;
      self->bins[recon_histogram_find_bin (self, (double) values[i])]++;
    }
}

static void
compute (ReconHistogram *self,
         const float    *values,
         gsize           n_values,
         Counts         *counts)
{
  static const double fractions[] = { 0.01, 0.99 };
  guint64 ranks[2];
  guint32 halves[2];
  double percentiles[2];

  count_upper (self, values, n_values, counts->upper);
  if (self->n_values == 0)
    {
      self->high = 1.0;
      return;
    }

  choose_range (self, counts->upper);
  for (guint i = 0; i < 2; i++)
    {
      ranks[i] = get_rank (self, fractions[i]);
      halves[i] = find_half (counts->upper, &ranks[i]);
    }
  count_lower (self, values, n_values, halves, counts);
  for (guint i = 0; i < 2; i++)
    percentiles[i] = (double) from_key (halves[i] << 16 | find_half (counts->lower[i], &ranks[i]));

  self->percentile_1 = percentiles[0];
  self->percentile_99 = percentiles[1];
}

/**
 * recon_histogram_compute:
 * @self: (out caller-allocates): a histogram
 * @values: values of an image
 * @n_values: how many
 *
 * Takes about 10 ns for each value: for large images, to be called in a thread.
 *
 * Returns: whether there is any finite value
 */
gboolean
recon_histogram_compute (ReconHistogram *self,
                         const float    *values,
                         gsize           n_values)
{
  g_autofree guint64 *memory = g_new0 (guint64, 3 * (gsize) HALVES);
  Counts counts = { memory, { memory + HALVES, memory + 2 * HALVES } };

  memset (self, 0, sizeof *self);
  compute (self, values, n_values, &counts);

  return self->n_values > 0;
}

/**
 * recon_histogram_find_bin:
 * @self: a histogram
 * @value: a finite value
 *
 * Returns: the bin in which it is counted
 */
guint
recon_histogram_find_bin (const ReconHistogram *self,
                          double                value)
{
  double bin = (value - self->low) / (self->high - self->low) * RECON_HISTOGRAM_BINS;

  return (guint) CLAMP (bin, 0.0, RECON_HISTOGRAM_BINS - 1.0);
}

/**
 * recon_histogram_get_height:
 * @self: a histogram
 * @bin: which one
 * @logarithmic: whether small counts shall be seen as well
 *
 * Returns: how high it is to be drawn, where the highest is 1
 */
double
recon_histogram_get_height (const ReconHistogram *self,
                            guint                 bin,
                            gboolean              logarithmic)
{
  guint64 highest = 0;

  for (guint i = 0; i < RECON_HISTOGRAM_BINS; i++)
    highest = MAX (highest, self->bins[i]);
  if (highest == 0)
    return 0.0;

  if (logarithmic)
    return log1p ((double) self->bins[bin]) / log1p ((double) highest);

  return (double) self->bins[bin] / (double) highest;
}
