/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/slice-search.h"

#include <math.h>

/* Slices about many axes, of which the best one is taken (Donath, Beckmann, Schreyer, J. Opt. Soc. Am. A 23, 2006):
 * coarse ones everywhere, then finer ones about the best of them, closer and closer, until a parabola through the
 * values about the least of them is sure of it. */

#define COARSE 96      /* columns of the first slices */
#define FINE 384       /* of the last, when a method is asked for by itself */
#define PRECISION 0.01 /* pixels */
#define CLOSE 0.15     /* pixels of the slice between the last axes */
#define CLOSER 6.0     /* times, from one run of axes to the next */
#define SIDE 5         /* points of the parabola on either side */
#define MIDDLE ((RECON_AXIS_LANES - 1) / 2.0)

/* The axes of a run about one. */
static void
run_about (ReconAxisTrial    *trial,
           ReconAxisTrialRun *run,
           double             axis,
           double             step)
{
  run->first = axis - MIDDLE * step;
  run->step = step;
  recon_axis_trial_measure (trial, run);
}

static guint
get_least (const ReconAxisTrialRun *run,
           ReconAxisMethod          method)
{
  guint least = 0;

  for (guint k = 1; k < RECON_AXIS_LANES; k++)
    if (run->values[k][method] < run->values[least][method])
      least = k;

  return least;
}

/* A parabola through the points about the least. Where the points leave it by e, the minimum may lie where it rises
 * by so much. */
static ReconAxisEstimate
judge (const ReconAxisTrialRun *run,
       ReconAxisMethod          method)
{
  const int at = CLAMP ((int) get_least (run, method), SIDE, RECON_AXIS_LANES - 1 - SIDE);
  double s2 = 0, s4 = 0, y0 = 0, y1 = 0, y2 = 0, n = 2 * SIDE + 1;
  double a, b, c, error = 0, shift;

  for (int i = -SIDE; i <= SIDE; i++)
    {
      double v = run->values[at + i][method];

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
      double off = run->values[at + i][method] - (a * i * i + b * i + c);

      error += off * off / (n - 3);
    }
  shift = -b / (2 * a);
  if (fabs (shift) > SIDE + 1)
    return RECON_AXIS_NO_ESTIMATE;

  return (ReconAxisEstimate) {
    .axis = run->first + (at + shift) * run->step,
    .uncertainty = run->step * sqrt (sqrt (error) / a) / 2 + PRECISION,
    .score = fabs (c) > 0 ? CLAMP (a * SIDE * SIDE / fabs (c), 0, 1) : 0,
  };
}

/**
 * recon_axis_slice_refine:
 * @sinogram: a sinogram of half a turn or more
 * @method: one of those that look at slices
 * @axis: near the axis
 * @reach: how near, pixels
 * @columns: of the slices, about
 *
 * Returns: the best axis within reach; none if there is no minimum
 */
ReconAxisEstimate
recon_axis_slice_refine (const ReconAxisSinogram *sinogram,
                         ReconAxisMethod          method,
                         double                   axis,
                         double                   reach,
                         guint                    columns)
{
  const guint reduction = MAX ((sinogram->width + columns / 2) / columns, 1);
  const double low = axis - reach, high = axis + reach;
  g_autoptr (ReconAxisTrial) trial = recon_axis_trial_new (sinogram, axis, reduction);
  ReconAxisEstimate estimate;
  ReconAxisTrialRun run;
  double step = MAX (reach / MIDDLE, CLOSE * reduction);

  if (trial == NULL)
    return RECON_AXIS_NO_ESTIMATE;

  for (;;)
    {
      guint least;

      run_about (trial, &run, axis, step);
      least = get_least (&run, method);
      axis = run.first + least * step;
      if (axis < low || axis > high || least == 0 || least == RECON_AXIS_LANES - 1)
        return RECON_AXIS_NO_ESTIMATE;
      if (step <= CLOSE * reduction)
        break;
      step = MAX (step / CLOSER, CLOSE * reduction);
    }
  estimate = judge (&run, method);

  return estimate.axis >= low && estimate.axis <= high ? estimate : RECON_AXIS_NO_ESTIMATE;
}

/**
 * recon_axis_slice_curve:
 * @sinogram: a sinogram of half a turn or more
 * @method: one of those that look at slices
 * @first: the first axis
 * @step: to the next one, pixels
 * @values: (out): of slices about them; NaN if there are none
 * @n: number of axes
 * @columns: of the slices, about
 */
void
recon_axis_slice_curve (const ReconAxisSinogram *sinogram,
                        ReconAxisMethod          method,
                        double                   first,
                        double                   step,
                        double                  *values,
                        guint                    n,
                        guint                    columns)
{
  const guint reduction = MAX ((sinogram->width + columns / 2) / columns, 1);
  g_autoptr (ReconAxisTrial) trial = recon_axis_trial_new (sinogram, first + (n - 1) / 2.0 * step, reduction);
  ReconAxisTrialRun run = { .step = step };

  for (guint i = 0; i < n; i++)
    {
      if (trial != NULL && i % RECON_AXIS_LANES == 0)
        {
          run.first = first + i * step;
          recon_axis_trial_measure (trial, &run);
        }
      values[i] = trial != NULL ? run.values[i % RECON_AXIS_LANES][method] : (double) NAN;
    }
}

/* The best of coarse slices everywhere. Far from each other, axes have different discs in view. */
static double
search_coarse (const ReconAxisSinogram *sinogram,
               ReconAxisMethod          method,
               double                   low,
               double                   high)
{
  const guint reduction = MAX (sinogram->width / COARSE, 1);
  const double step = 0.5 * reduction;
  double best = G_MAXDOUBLE, axis = NAN;

  for (double middle = low + MIDDLE * step; middle - MIDDLE * step <= high; middle += RECON_AXIS_LANES * step)
    {
      g_autoptr (ReconAxisTrial) trial = recon_axis_trial_new (sinogram, MIN (middle, high), reduction);
      ReconAxisTrialRun run;

      if (trial == NULL)
        continue;
      run_about (trial, &run, middle, step);
      for (guint k = 0; k < RECON_AXIS_LANES; k++)
        if (run.values[k][method] < best && run.first + k * step <= high)
          {
            best = run.values[k][method];
            axis = run.first + k * step;
          }
    }

  return axis;
}

/**
 * recon_axis_slice_search:
 * @sinogram: a sinogram of half a turn or more
 * @method: one of those that look at slices
 * @range: where to look
 *
 * Returns: the best axis
 */
ReconAxisEstimate
recon_axis_slice_search (const ReconAxisSinogram *sinogram,
                         ReconAxisMethod          method,
                         const ReconAxisRange    *range)
{
  const guint width = sinogram->width;
  const double least = MAX (0.05 * width, 6);
  const double low = MAX (range->low, least), high = MIN (range->high, width - 1 - least);
  double axis = high > low ? search_coarse (sinogram, method, low, high) : (double) NAN;
  guint columns = COARSE;

  if (isnan (axis))
    return RECON_AXIS_NO_ESTIMATE;

  for (;;)
    {
      double reach = 2.0 * MAX (width / columns, 1);
      ReconAxisEstimate estimate;

      columns = MIN (MIN (2 * columns, FINE), width);
      estimate = recon_axis_slice_refine (sinogram, method, axis, reach, columns);
      if (isnan (estimate.axis) || columns == MIN (FINE, width))
        return estimate;
      axis = estimate.axis;
    }
}
