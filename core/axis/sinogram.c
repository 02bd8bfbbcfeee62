/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/sinogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axis/statistics.h"

/* What the detector adds to a sinogram. The estimators take it for a part of the object that does not turn, and are
 * drawn towards wherever that would be symmetric. */

#define SPOT 12.0   /* standard deviations of the noise */
#define PARTS 3     /* of the scan, whose stripes are compared */
#define MEDIAN 4    /* columns on either side */

/* Fills samples that are not finite from their neighbours. Returns: %FALSE if more than half of them are not */
static gboolean
mend_line (float *line,
           guint  width)
{
  guint last = width; /* the last finite one, if below width */
  guint n_finite = 0;

  for (guint c = 0; c < width; c++)
    n_finite += isfinite (line[c]) != 0;
  if (n_finite * 2 < width || n_finite == 0)
    return FALSE;
  if (n_finite == width)
    return TRUE;

  for (guint c = 0; c < width; c++)
    {
      if (!isfinite (line[c]))
        continue;
      for (guint m = last < width ? last + 1 : 0; m < c; m++)
        line[m] = last < width ? line[last] + (line[c] - line[last]) * (float) (m - last) / (float) (c - last)
                               : line[c];
      last = c;
    }
  for (guint m = last + 1; m < width; m++)
    line[m] = line[last];

  return TRUE;
}

/* Single samples that stand out from their neighbours in the line and from those at the angles before and after. */
static void
remove_spots (float  *data,
              guint   n,
              guint   width,
              double  noise)
{
  const float limit = (float) (SPOT * noise);

  for (guint i = 1; i + 1 < n; i++)
    for (guint c = 1; c + 1 < width; c++)
      {
        float *p = data + (gsize) i * width + c;
        float a = p[-1], b = p[1], before = p[-(gssize) width], after = p[width];
        float high = MAX (MAX (a, b), MAX (before, after));
        float low = MIN (MIN (a, b), MIN (before, after));

        if (*p > high + limit || *p < low - limit)
          *p = 0.25f * (a + b + before + after);
      }
}

/* What the mean of a column stands out from its neighbours'. */
static void
find_stripes (const double *mean,
              guint         width,
              double       *stripes)
{
  for (guint c = 0; c < width; c++)
    {
      double around[2 * MEDIAN + 1];
      guint half = MIN (MIN (c, width - 1 - c), MEDIAN);

      memcpy (around, mean + c - half, (2 * half + 1) * sizeof *around);
      stripes[c] = mean[c] - recon_axis_median (around, 2 * half + 1);
    }
}

/* A stripe is there at all angles: only what stands out in every part of the scan is taken away, and only as much as
 * in the part where it is least. The object turns and is left alone. */
static void
remove_stripes (float *data,
                guint  n,
                guint  width)
{
  g_autofree double *mean = g_new (double, width);
  g_autofree double *stripes = g_new (double, (gsize) PARTS * width);

  if (n < 4 * PARTS)
    return;

  for (guint part = 0; part < PARTS; part++)
    {
      guint first = part * n / PARTS;
      guint end = (part + 1) * n / PARTS;

      memset (mean, 0, width * sizeof *mean);
      for (guint i = first; i < end; i++)
        for (guint c = 0; c < width; c++)
          mean[c] += (double) data[(gsize) i * width + c] / (end - first);
      find_stripes (mean, width, stripes + (gsize) part * width);
    }

  for (guint c = 0; c < width; c++)
    {
      double least = stripes[c];

      for (guint part = 1; part < PARTS; part++)
        {
          double other = stripes[(gsize) part * width + c];

          if (other * least <= 0)
            least = 0;
          else if (fabs (other) < fabs (least))
            least = other;
        }
      if (least != 0)
        for (guint i = 0; i < n; i++)
          data[(gsize) i * width + c] -= (float) least;
    }
}

typedef struct
{
  double angle; /* 0 … 2 pi */
  guint  index;
} Turned;

static int
compare_turned (const void *a,
                const void *b)
{
  const Turned *ta = a;
  const Turned *tb = b;

  if (ta->angle != tb->angle)
    return ta->angle < tb->angle ? -1 : 1;

  return ta->index < tb->index ? -1 : ta->index > tb->index;
}

/* A scan begins after the largest gap of the turn: then the lines of a half turn follow each other, wherever the
 * scan began. Returns: the order of the lines */
static guint *
sort_angles (const double *angles,
             guint         n,
             double       *sorted)
{
  g_autofree Turned *turned = g_new (Turned, n);
  guint *order = g_new (guint, n);
  double largest = -1;
  guint start = 0;

  for (guint i = 0; i < n; i++)
    {
      double folded = fmod (angles[i], 2 * G_PI);

      turned[i] = (Turned) { folded < 0 ? folded + 2 * G_PI : folded, i };
    }
  qsort (turned, n, sizeof *turned, compare_turned);

  for (guint i = 0; i < n; i++)
    {
      double before = i > 0 ? turned[i - 1].angle : turned[n - 1].angle - 2 * G_PI;

      /* A full turn has no largest gap but by rounding. */
      if (turned[i].angle - before > largest + 1e-6)
        {
          largest = turned[i].angle - before;
          start = i;
        }
    }

  for (guint i = 0; i < n; i++)
    {
      const Turned *next = &turned[(start + i) % n];
      double angle = next->angle - turned[start].angle;

      sorted[i] = angle < 0 ? angle + 2 * G_PI : angle;
      order[i] = next->index;
    }

  return order;
}

static double
find_step (const double *angles,
           guint         n)
{
  g_autofree double *steps = g_new (double, MAX (n, 1));

  if (n < 2)
    return 0;
  for (guint i = 0; i + 1 < n; i++)
    steps[i] = angles[i + 1] - angles[i];

  return recon_axis_median (steps, n - 1);
}

/* Takes the lines that hold something, in order. Returns: whether there are any */
static gboolean
take_lines (ReconAxisSinogram *self,
            const float       *data,
            const double      *sorted,
            const guint       *order,
            guint              n)
{
  for (guint i = 0; i < n; i++)
    {
      float *line = self->data + (gsize) self->n * self->width;

      memcpy (line, data + (gsize) order[i] * self->width, self->width * sizeof *line);
      if (!mend_line (line, self->width))
        continue;
      self->places[self->n] = order[i] / MAX (n - 1.0, 1);
      self->angles[self->n++] = sorted[i];
    }

  return self->n > 0;
}

/**
 * recon_axis_sinogram_new:
 * @data: absorptivity of n_angles × width samples
 * @angles: of the lines, radians
 * @n_angles: their number
 * @width: columns
 *
 * Sorts the lines by their angle, fills what is missing and takes away what disturbs the search: stripes, spots, and an
 * uneven beam where air shows it. Lines of which more than half is missing are left out.
 *
 * Returns: (transfer full) (nullable): the sinogram; %NULL if no line is left or there is no memory for it
 */
ReconAxisSinogram *
recon_axis_sinogram_new (const float  *data,
                         const double *angles,
                         guint         n_angles,
                         guint         width)
{
  g_autoptr (ReconAxisSinogram) self = g_new0 (ReconAxisSinogram, 1);
  g_autofree double *sorted = g_new (double, MAX (n_angles, 1));
  g_autofree guint *order = NULL;
  gsize size;

  if (n_angles == 0 || width < 4 || !g_size_checked_mul (&size, n_angles, width))
    return NULL;

  self->width = width;
  self->angles = g_new (double, n_angles);
  self->places = g_new (double, n_angles);
  self->data = g_try_new (float, size);
  if (self->data == NULL)
    return NULL;

  order = sort_angles (angles, n_angles, sorted);
  if (!take_lines (self, data, sorted, order, n_angles))
    return NULL;

  for (guint i = self->n; i-- > 0;)
    self->angles[i] -= self->angles[0];
  self->step = find_step (self->angles, self->n);
  self->range = self->angles[self->n - 1] + self->step;
  self->full = self->range > RECON_AXIS_FULL_TURN_RANGE;

  recon_axis_sinogram_measure_noise (self);
  remove_spots (self->data, self->n, width, self->noise);
  remove_stripes (self->data, self->n, width);
  recon_axis_sinogram_measure (self);

  return g_steal_pointer (&self);
}

void
recon_axis_sinogram_free (ReconAxisSinogram *self)
{
  g_free (self->angles);
  g_free (self->places);
  g_free (self->data);
  g_free (self->variance);
  g_free (self);
}

/* The two lines on either side of an angle, and the part of the second. */
static void
find_lines (const ReconAxisSinogram *self,
            double                   angle,
            guint                   *before,
            guint                   *after,
            double                  *part)
{
  guint low = 0, high = self->n;
  double gap;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (self->angles[middle] <= angle)
        low = middle;
      else
        high = middle;
    }

  *before = low;
  *after = low + 1 < self->n ? low + 1 : 0;
  gap = *after > 0 ? self->angles[*after] - self->angles[low] : 2 * G_PI - self->angles[low];
  *part = gap > 0 ? CLAMP ((angle - self->angles[low]) / gap, 0, 1) : 0;

  /* Past the end of what is no full turn there is only the last line. */
  if (*after == 0 && gap > 3 * self->step)
    *part = 0;
}

/* The line at an angle from 0 to 2 pi, interpolated where none was measured. */
void
recon_axis_sinogram_sample (const ReconAxisSinogram *self,
                            double                   angle,
                            float                   *line)
{
  const float *before, *after;
  guint first, second;
  double part;

  find_lines (self, angle, &first, &second, &part);
  before = recon_axis_sinogram_line (self, first);
  after = recon_axis_sinogram_line (self, second);

  if (part < 0.02)
    memcpy (line, before, self->width * sizeof *line);
  else if (part > 0.98)
    memcpy (line, after, self->width * sizeof *line);
  else
    for (guint c = 0; c < self->width; c++)
      line[c] = before[c] + (float) part * (after[c] - before[c]);
}

/* Returns: when the line at an angle from 0 to 2 pi was taken: 0 with the first projection, 1 with the last */
double
recon_axis_sinogram_get_place (const ReconAxisSinogram *self,
                               double                   angle)
{
  guint before, after;
  double part;

  find_lines (self, angle, &before, &after, &part);

  return self->places[before] + part * (self->places[after] - self->places[before]);
}
