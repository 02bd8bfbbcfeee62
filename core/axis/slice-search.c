/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/slice-search.h"

#include <math.h>

/* Slices about many axes, of which the best one is taken (Donath, Beckmann, Schreyer, J. Opt. Soc. Am. A 23, 2006):
 * coarse ones everywhere, then finer ones about the best of them. At the end the minimum is enclosed to 0.01 pixels, and
 * a parabola through its surroundings tells how sharp it is. */

#define COARSE 96      /* columns of the first slices */
#define FINE 384       /* of the last, when a metric is asked for by itself */
#define PRECISION 0.01 /* pixels */
#define GOLDEN 0.6180339887498949
#define SIDE 3         /* points of the parabola on either side */

typedef struct
{
  ReconAxisTrial  *trial;
  ReconAxisMetric  metric;
} Search;

static double
measure (const Search *search,
         double        axis)
{
  double metrics[RECON_AXIS_N_METRICS];

  recon_axis_trial_measure (search->trial, axis, metrics);

  return metrics[search->metric];
}

/* The minimum between @low and @high, which enclose it. */
static double
enclose (const Search *search,
         double        low,
         double        high)
{
  double a = high - GOLDEN * (high - low), b = low + GOLDEN * (high - low);
  double va = measure (search, a), vb = measure (search, b);

  while (high - low > 2 * PRECISION)
    if (va < vb)
      {
        high = b;
        b = a;
        vb = va;
        a = high - GOLDEN * (high - low);
        va = measure (search, a);
      }
    else
      {
        low = a;
        a = b;
        va = vb;
        b = low + GOLDEN * (high - low);
        vb = measure (search, b);
      }

  return 0.5 * (low + high);
}

/* A parabola through points at equal distances. Where the points leave it by e, the minimum may lie where it rises
 * by so much. */
static ReconAxisEstimate
judge (const Search *search,
       double        axis,
       double        distance)
{
  double values[2 * SIDE + 1];
  double s2 = 0, s4 = 0, y0 = 0, y1 = 0, y2 = 0, n = 2 * SIDE + 1;
  double a, b, c, error = 0, shift;

  for (int i = -SIDE; i <= SIDE; i++)
    {
      double v = values[i + SIDE] = measure (search, axis + i * distance);

      s2 += i * i;
      s4 += (double) i * i * i * i;
      y0 += v;
      y1 += v * i;
      y2 += v * i * i;
    }
  a = (n * y2 - s2 * y0) / (n * s4 - s2 * s2);
  b = y1 / s2;
  c = (y0 - a * s2) / n;
  if (!(a > 0))
    return RECON_AXIS_NO_ESTIMATE;

  for (int i = -SIDE; i <= SIDE; i++)
    {
      double off = values[i + SIDE] - (a * i * i + b * i + c);

      error += off * off / (n - 3);
    }
  shift = CLAMP (-b / (2 * a), -1, 1);

  return (ReconAxisEstimate) {
    .axis = axis + 0.5 * shift * distance,
    .uncertainty = distance * (0.5 * fabs (shift) + sqrt (sqrt (error) / a) / 2) + PRECISION,
    .score = fabs (c) > 0 ? CLAMP (a * SIDE * SIDE / fabs (c), 0, 1) : 0,
  };
}

/* The best of some axes. Returns: whether it lies between others */
static gboolean
scan (const ReconAxisSinogram *sinogram,
      Search                  *search,
      guint                    reduction,
      double                   low,
      double                   high,
      double                   step,
      gboolean                 anew,
      double                  *axis)
{
  const int n = MAX ((int) floor ((high - low) / step + 0.5), 2);
  double best = G_MAXDOUBLE;
  int at = 0;

  for (int i = 0; i <= n; i++)
    {
      double candidate = low + (high - low) * i / n, value;

      /* Far from each other, axes have different discs in view. */
      if (search->trial == NULL || anew)
        {
          g_clear_pointer (&search->trial, recon_axis_trial_free);
          search->trial = recon_axis_trial_new (sinogram, anew ? candidate : 0.5 * (low + high), reduction);
        }
      if (search->trial == NULL)
        continue;
      value = measure (search, candidate);
      if (value < best)
        {
          best = value;
          at = i;
        }
    }
  *axis = low + (high - low) * at / n;

  return best < G_MAXDOUBLE && at > 0 && at < n;
}

/**
 * recon_axis_slice_refine:
 * @sinogram: a sinogram of half a turn or more
 * @metric: what to look at
 * @axis: near the axis
 * @reach: how near, pixels
 * @columns: of the slices, about
 *
 * Returns: the best axis within reach; none if there is no minimum
 */
ReconAxisEstimate
recon_axis_slice_refine (const ReconAxisSinogram *sinogram,
                         ReconAxisMetric          metric,
                         double                   axis,
                         double                   reach,
                         guint                    columns)
{
  const guint reduction = MAX ((sinogram->width + columns / 2) / columns, 1);
  const double step = MIN (0.5 * reduction, reach / 2);
  Search search = { .metric = metric };
  ReconAxisEstimate estimate = RECON_AXIS_NO_ESTIMATE;
  double best;

  if (scan (sinogram, &search, reduction, axis - reach, axis + reach, step, FALSE, &best))
    {
      best = enclose (&search, best - step, best + step);
      estimate = judge (&search, best, step / 2);
    }
  g_clear_pointer (&search.trial, recon_axis_trial_free);

  return estimate;
}

/**
 * recon_axis_slice_search:
 * @sinogram: a sinogram of half a turn or more
 * @metric: what to look at
 * @range: where to look
 *
 * Returns: the best axis
 */
ReconAxisEstimate
recon_axis_slice_search (const ReconAxisSinogram *sinogram,
                         ReconAxisMetric          metric,
                         const ReconAxisRange    *range)
{
  const guint width = sinogram->width;
  const double least = MAX (0.05 * width, 6);
  double low = MAX (range->low, least), high = MIN (range->high, width - 1 - least);
  guint columns = COARSE;
  Search search = { .metric = metric };
  double axis = NAN;

  if (!(high > low))
    return RECON_AXIS_NO_ESTIMATE;

  scan (sinogram, &search, MAX (width / columns, 1), low, high, 0.5 * MAX (width / columns, 1), TRUE, &axis);
  g_clear_pointer (&search.trial, recon_axis_trial_free);

  for (;;)
    {
      double reach = 2.0 * MAX (width / columns, 1);
      ReconAxisEstimate estimate;

      columns = MIN (MIN (2 * columns, FINE), width);
      estimate = recon_axis_slice_refine (sinogram, metric, axis, reach, columns);
      if (isnan (estimate.axis) || columns == MIN (FINE, width))
        return estimate;
      axis = estimate.axis;
    }
}
