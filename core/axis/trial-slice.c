/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/trial-slice.h"

#include <math.h>
#include <string.h>

#include "axis/axis-fft.h"
#include "axis/statistics.h"
#include "geometry/angles.h"
#include "tasks/filter.h"

/* Slices that are only looked at by numbers: filtered backprojection of means of columns and lines, on the disc that is
 * in view. An object that is half in view, by a full turn about an axis near the detector's edge, is made with weights
 * that let the two sides fade into each other. */

#define ANGLES 0.8      /* lines for a column of half a turn */
#define LEAST_ANGLES 60 /* of half a turn */
#define BINS 128
#define GUARD 16        /* columns that an axis may be off the disc that is in view */
#define OFF_MIDDLE 0.1  /* of the width: farther, a cut object of a full turn is taken as half in view */

/* Compilers don't vectorise the innermost loop at the usual optimisation. */
typedef float Four __attribute__ ((vector_size (16), aligned (4), may_alias));

struct _ReconAxisTrial
{
  guint    reduction;
  guint    width;   /* reduced */
  guint    n;       /* lines */
  double  *angles;
  float   *lines;   /* n × pitch: with guard zeros before and after */
  guint    guard;
  guint    pitch;
  guint    radius;  /* of the disc, in reduced pixels */
  float   *pixels;  /* (2 radius + 1)² × RECON_AXIS_LANES */
  double   low;     /* of the histogram */
  double   high;
};

/* The part of a turn that lines are taken from: those of a second half turn that is not whole would weigh double. */
static double
get_period (const ReconAxisSinogram *sinogram)
{
  return 2 * G_PI - sinogram->range < 2 * sinogram->step ? 2 * G_PI : G_PI;
}

/* Weights of the columns of an object that is half in view: 0 at the near edge, 1 where the other side sees nothing,
 * and 1 together where both see. */
static void
make_fade (const ReconAxisSinogram *sinogram,
           double                   axis,
           float                   *fade)
{
  const double overlap = MAX (MIN (axis, sinogram->width - 1 - axis), 1);
  const double sign = axis < 0.5 * (sinogram->width - 1) ? 1 : -1;

  for (guint c = 0; c < sinogram->width; c++)
    {
      double x = CLAMP (0.5 + 0.5 * sign * (c - axis) / overlap, 0, 1);

      fade[c] = (float) (2 * x * x * (3 - 2 * x));
    }
}

/* Means of `reduction` columns and `group` lines, times weights. */
static void
reduce (ReconAxisTrial          *self,
        const ReconAxisSinogram *sinogram,
        const float             *fade,
        guint                    n_used,
        guint                    group)
{
  g_autofree double *weights = recon_angles_weights (sinogram->angles, n_used, NULL);

  for (guint i = 0; i < self->n; i++)
    {
      const guint first = i * group;
      const guint end = i + 1 == self->n ? n_used : first + group;
      float *line = self->lines + (gsize) i * self->pitch + self->guard;
      double weight = 0, angle = 0;

      for (guint j = first; j < end; j++)
        {
          const float *from = recon_axis_sinogram_line (sinogram, j);
          double w = weights[j];

          weight += w;
          angle += w * sinogram->angles[j];
          for (guint c = 0; c < self->width * self->reduction; c++)
            line[c / self->reduction] += (float) w * (fade != NULL ? fade[c] : 1.0f) * from[c];
        }
      self->angles[i] = weight > 0 ? angle / weight : sinogram->angles[first];
      for (guint c = 0; c < self->width; c++)
        line[c] /= (float) self->reduction;
    }
}

/* Beyond the ends a line goes straight from its last to its first sample. */
static void
filter (ReconAxisTrial *self)
{
  g_autoptr (ReconAxisFft) fft = recon_axis_fft_new (recon_axis_fft_round (2 * self->width + 8));
  const guint rest = fft->n - self->width;
  const ReconFilterSettings settings = { .filter = RECON_FILTER_COSINE };
  g_autofree float *response = g_new (float, fft->n / 2 + 1);

  recon_filter_response (&settings, fft->n, response);
  for (guint i = 0; i < self->n; i++)
    {
      float *line = self->lines + (gsize) i * self->pitch + self->guard;

      memcpy (fft->real, line, self->width * sizeof *line);
      for (guint c = 0; c < rest; c++)
        fft->real[self->width + c] =
            line[self->width - 1] + (line[0] - line[self->width - 1]) * ((float) c + 0.5f) / (float) rest;
      recon_axis_fft_forward (fft);
      for (guint k = 0; k <= fft->n / 2; k++)
        fft->spectrum[k] *= response[k] / (float) fft->n;
      recon_axis_fft_inverse (fft);
      memcpy (line, fft->real, self->width * sizeof *line);
    }
}

/* All lines at the distances in which the axes lie: then the values of one pixel for all axes follow each other. */
static float *
resample (const ReconAxisTrial *self,
          double                step,
          guint                *pitch)
{
  const guint n = (guint) ((self->pitch - 1) / step);
  float *fine;

  *pitch = n + RECON_AXIS_LANES;
  fine = g_new0 (float, (gsize) self->n * *pitch);
  for (guint i = 0; i < self->n; i++)
    {
      const float *line = self->lines + (gsize) i * self->pitch;
      float *to = fine + (gsize) i * *pitch;

      for (guint j = 0; j < n; j++)
        {
          double s = j * step;
          guint column = (guint) s;
          float part = (float) (s - column);

          to[j] = line[column] + part * (line[column + 1] - line[column]);
        }
    }

  return fine;
}

/* Slices about all axes, pixel by pixel. A row of pixels stays in the nearest cache while all lines pass. */
static void
backproject (ReconAxisTrial *self,
             double          axis,
             double          step)
{
  const int radius = (int) self->radius;
  const int size = 2 * radius + 1;
  guint pitch;
  g_autofree float *fine = resample (self, step, &pitch);

  memset (self->pixels, 0, (gsize) size * size * RECON_AXIS_LANES * sizeof *self->pixels);
  for (int y = -radius; y <= radius; y++)
    {
      const int half = (int) sqrt ((double) (radius * radius - y * y));
      float *row = self->pixels + ((gsize) (y + radius) * size + (gsize) (radius - half)) * RECON_AXIS_LANES;

      for (guint i = 0; i < self->n; i++)
        {
          const float *line = fine + (gsize) i * pitch;
          const double across = cos (self->angles[i]) / step;
          const float start = (float) ((axis + self->guard + y * sin (self->angles[i])) / step - half * across + 0.5);

          for (int x = 0; x <= 2 * half; x++)
            {
              const Four *from = (const Four *) (line + (int) (start + (float) x * (float) across));
              Four *to = (Four *) (row + (gsize) x * RECON_AXIS_LANES);

              for (guint k = 0; k < RECON_AXIS_LANES / 4; k++)
                to[k] += from[k];
            }
        }
    }
}

/* The grey values that the entropy looks at, from a first slice. */
static void
find_window (ReconAxisTrial *self)
{
  const gsize n = (gsize) (2 * self->radius + 1) * (2 * self->radius + 1);
  const gsize stride = MAX (n / 20000, 1);
  g_autofree float *values = g_new (float, n / stride + 1);
  gsize n_values = 0;
  double margin;

  for (gsize i = 0; i < n; i += stride)
    values[n_values++] = self->pixels[i * RECON_AXIS_LANES + RECON_AXIS_LANES / 2];
  self->low = recon_axis_quantile (values, n_values, 0.005);
  self->high = recon_axis_quantile (values, n_values, 0.995);
  margin = 0.2 * (self->high - self->low) + 1e-12;
  self->low -= margin;
  self->high += margin;
}

/**
 * recon_axis_trial_new:
 * @sinogram: a sinogram of half a turn or more
 * @axis: near which slices are made
 * @reduction: columns of a mean
 *
 * Returns: (transfer full) (nullable): what slices can be made of; %NULL if nothing is in view about the axis
 */
ReconAxisTrial *
recon_axis_trial_new (const ReconAxisSinogram *sinogram,
                      double                   axis,
                      guint                    reduction)
{
  g_autoptr (ReconAxisTrial) self = g_new0 (ReconAxisTrial, 1);
  const double period = get_period (sinogram);
  const double near = MIN (axis, sinogram->width - 1 - axis);
  const double far = MAX (axis, sinogram->width - 1 - axis);
  double radius = 0.97 * near;
  g_autofree float *fade = NULL;
  guint n_used = 0, group;

  if (!recon_axis_sinogram_is_cut (sinogram))
    radius = MIN (MAX (axis - sinogram->first, sinogram->last - axis), far) + 1;
  else if (period > G_PI + 1 && far - near > 2 * OFF_MIDDLE * sinogram->width)
    {
      radius = 0.97 * far;
      fade = g_new (float, sinogram->width);
      make_fade (sinogram, axis, fade);
    }

  self->reduction = reduction;
  self->width = sinogram->width / reduction;
  self->radius = (guint) MAX (radius / reduction, 0);
  if (self->radius < 4)
    return NULL;

  while (n_used < sinogram->n && sinogram->angles[n_used] < period - 0.5 * sinogram->step)
    n_used++;
  group = (guint) MAX (n_used / (MAX (ANGLES * self->width, LEAST_ANGLES) * period / G_PI), 1);
  self->n = n_used / group;
  self->guard = self->radius + GUARD;
  self->pitch = self->width + 2 * self->guard;
  self->angles = g_new0 (double, self->n);
  self->lines = g_new0 (float, (gsize) self->n * self->pitch);
  self->pixels = g_new (float, (gsize) (2 * self->radius + 1) * (2 * self->radius + 1) * RECON_AXIS_LANES);

  reduce (self, sinogram, fade, n_used, group);
  filter (self);

  return g_steal_pointer (&self);
}

void
recon_axis_trial_free (ReconAxisTrial *self)
{
  g_free (self->angles);
  g_free (self->lines);
  g_free (self->pixels);
  g_free (self);
}

static double
get_entropy (const double *histogram,
             double        total)
{
  double entropy = 0;

  for (guint i = 0; i < BINS; i++)
    if (histogram[i] > 0)
      entropy -= histogram[i] / total * log (histogram[i] / total);

  return entropy;
}

/* One slice of those that were made. */
static void
measure (const ReconAxisTrial *self,
         guint                 lane,
         double                metrics[RECON_AXIS_N_METHODS])
{
  const int radius = (int) self->radius;
  const gsize size = 2 * self->radius + 1;
  const double scale = (BINS - 1) / (self->high - self->low);
  double histogram[BINS + 1] = { 0 };
  double negative = 0, edges = 0, count = 0;

  for (int y = -radius; y < radius; y++)
    {
      const int half = (int) sqrt ((double) (radius * radius - MAX (y * y, (y + 1) * (y + 1))));
      const float *row = self->pixels + ((gsize) (y + radius) * size + self->radius) * RECON_AXIS_LANES + lane;

      for (int x = -half; x < half; x++)
        {
          const float *p = row + x * RECON_AXIS_LANES;
          double v = (double) p[0];
          double dx = (double) p[RECON_AXIS_LANES] - v;
          double dy = (double) p[size * RECON_AXIS_LANES] - v;
          double bin = CLAMP ((v - self->low) * scale, 0, BINS - 1);
          int whole = (int) bin;

          negative += v < 0 ? -v : 0;
          edges += dx * dx + dy * dy;
          /* Values are shared by two bins, so that the entropy follows the axis without steps. */
          histogram[whole] += 1 - (bin - whole);
          histogram[whole + 1] += bin - whole;
          count++;
        }
    }

  metrics[RECON_AXIS_NEGATIVITY] = count > 0 ? negative / count : 0;
  metrics[RECON_AXIS_SHARPNESS] = edges > 0 ? -log (edges / count) : 0;
  metrics[RECON_AXIS_ENTROPY] = get_entropy (histogram, MAX (count, 1));
}

/**
 * recon_axis_trial_measure:
 * @self: a trial
 * @run: (inout): about which axes, near that of the trial, in columns of the sinogram that it was made of; takes the
 *   metrics, each a mean over the disc
 */
void
recon_axis_trial_measure (ReconAxisTrial    *self,
                          ReconAxisTrialRun *run)
{
  const double first = (run->first - (self->reduction - 1) / 2.0) / self->reduction;
  const double step = run->step / self->reduction;
  const double most = self->width - 1 + GUARD - 2 - step * (RECON_AXIS_LANES - 1);

  backproject (self, CLAMP (first, 2.0 - GUARD, MAX (most, 2.0 - GUARD)), step);
  if (!(self->high > self->low))
    find_window (self);
  for (guint k = 0; k < RECON_AXIS_LANES; k++)
    measure (self, k, run->values[k]);
}
