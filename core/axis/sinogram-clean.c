/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/sinogram-clean.h"

#include <math.h>
#include <string.h>

#include "axis/quantile.h"

/* What the detector adds to a sinogram. The estimators take it for a part of the object that does not turn, and are
 * drawn towards wherever that would be symmetric. */

#define SPOT 12.0   /* standard deviations of the noise */
#define PARTS 3     /* of the scan, whose stripes are compared */
#define MEDIAN 4    /* columns on either side */

/* Fills samples that are not finite from their neighbours. Returns: %FALSE if more than half of them are not */
gboolean
recon_axis_mend_line (float *line,
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
void
recon_axis_remove_spots (float  *data,
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
void
recon_axis_remove_stripes (float *data,
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
