/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-sample-rows.h"

#include <math.h>

/* Looking at a few rows of a few projections, before anything is known of their angles. */

/* Counts that are not positive have no logarithm. */
#define LEAST_COUNT 1e-3

void
_recon_sample_rows_clear (ReconSampleRows *self)
{
  g_clear_pointer (&self->values, g_free);
}

float *
_recon_sample_rows_get (const ReconSampleRows *self,
                        guint                  image)
{
  return self->values + (gsize) image * self->n_rows * self->n_columns;
}

typedef struct
{
  gsize   width;
  double *sums; /* slices × width */
  guint   n;    /* lines of the first slice */
} Mean;

static void
add_line (guint        exposure,
          guint        slice,
          const float *values,
          gpointer     user_data)
{
  Mean *mean = user_data;

  mean->n += slice == 0;
  for (gsize x = 0; x < mean->width; x++)
    mean->sums[slice * mean->width + x] += (double) values[x];
}

/* The mean of darks or flats in these rows, or %NULL. */
static double *
read_mean (ReconScan *scan,
           guint      which,
           guint      first,
           guint      n_rows)
{
  const ReconScanPart part = { .slice = first, .n_slices = n_rows, .slice_step = 1 };
  Mean mean = { .width = scan->width };
  g_autofree double *sums = NULL;

  if (!scan->correct || _recon_scan_get_references (scan, which) == NULL)
    return NULL;

  mean.sums = sums = g_new0 (double, (gsize) n_rows * scan->width);
  if (!_recon_scan_foreach_reference (scan, &part, which, RECON_LINES_IN_ORDER, add_line, &mean, NULL, NULL) ||
      mean.n == 0)
    return NULL;

  for (gsize i = 0; i < (gsize) n_rows * scan->width; i++)
    sums[i] /= mean.n;

  return g_steal_pointer (&sums);
}

/* Averages columns, of the logarithms where these are counts. Returns %FALSE where values make no sense. */
static gboolean
reduce (const ReconSampleRows *self,
        const float           *rows,
        const double          *darks,
        const double          *flats,
        guint                  width,
        gboolean               counts,
        float                 *image)
{
  guint bin = width / self->n_columns;

  for (guint y = 0; y < self->n_rows; y++)
    for (guint x = 0; x < self->n_columns; x++)
      {
        double sum = 0.0;

        for (guint i = 0; i < bin; i++)
          {
            gsize pixel = (gsize) y * width + x * bin + i;
            double dark = darks != NULL ? darks[pixel] : 0.0;
            double value = (double) rows[pixel] - dark;

            sum += counts ? log (MAX (value, LEAST_COUNT)) : value;
            if (flats != NULL)
              sum -= log (MAX (flats[pixel] - dark, LEAST_COUNT));
          }
        if (!isfinite (sum))
          return FALSE;
        image[(gsize) y * self->n_columns + x] = (float) (sum / bin);
      }

  return TRUE;
}

/* Reads the middle rows of the projections @angles, numbers among those that are used. Of counts, these are the
 * logarithms; @correct takes those of the flats away, if there are any. What cannot be read is reported when it is
 * needed. */
gboolean
_recon_sample_rows_read (ReconSampleRows *self,
                         ReconScan       *scan,
                         const guint     *angles,
                         guint            n,
                         guint            most_rows,
                         guint            most_columns,
                         gboolean         correct)
{
  g_autofree double *darks = NULL, *flats = NULL;
  g_autofree float *rows = NULL;
  guint first;

  self->n = n;
  self->n_rows = MIN (scan->geometry->n_rows, most_rows);
  self->n_columns = scan->width / ((scan->width - 1) / most_columns + 1);
  self->values = g_new (float, (gsize) n * self->n_rows * self->n_columns);
  first = (scan->geometry->n_rows - self->n_rows) / 2;
  if (correct)
    flats = read_mean (scan, RECON_LEVELS_FLATS, first, self->n_rows);
  if (flats != NULL)
    darks = read_mean (scan, RECON_LEVELS_DARKS, first, self->n_rows);
  /* Who makes sinograms corrects them, unless flats are given for them. */
  self->is_corrected = flats != NULL || (correct && scan->sinograms && !scan->correct);

  rows = g_new (float, (gsize) self->n_rows * scan->width);
  for (guint i = 0; i < n; i++)
    {
      const ReconScanPart part = { first, self->n_rows, 1, angles[i], 1, 1 };

      if (!_recon_scan_read_part (scan, &part, self->n_rows, rows, NULL, NULL) ||
          !reduce (self, rows, darks, flats, scan->width, flats != NULL || !scan->sinograms,
                   _recon_sample_rows_get (self, i)))
        return FALSE;
    }

  return TRUE;
}

/* The energy of the difference of two images, without that of their means: the beam may have changed. */
double
_recon_sample_rows_measure_difference (const ReconSampleRows *self,
                                       guint                  a,
                                       guint                  b)
{
  const float *p = _recon_sample_rows_get (self, a), *q = _recon_sample_rows_get (self, b);
  gsize n = (gsize) self->n_rows * self->n_columns;
  double sum = 0.0, squares = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      double d = (double) p[i] - (double) q[i];

      sum += d;
      squares += d * d;
    }

  return squares / n - (sum / n) * (sum / n);
}

/* The same of one image and the mirror image of the other, column x of the one on @sum − x of the other, as a part of
 * the energy of both where they overlap. */
double
_recon_sample_rows_measure_mirrored (const ReconSampleRows *self,
                                     guint                  a,
                                     guint                  b,
                                     int                    sum)
{
  const int width = (int) self->n_columns;
  int first = MAX (0, sum - width + 1), last = MIN (width - 1, sum);
  double p = 0, q = 0, pp = 0, qq = 0, pq = 0, n;

  for (guint y = 0; y < self->n_rows; y++)
    {
      const float *line = _recon_sample_rows_get (self, a) + (gsize) y * self->n_columns;
      const float *other = _recon_sample_rows_get (self, b) + (gsize) y * self->n_columns;

      for (int x = first; x <= last; x++)
        {
          double v = (double) line[x], w = (double) other[sum - x];

          p += v;
          q += w;
          pp += v * v;
          qq += w * w;
          pq += v * w;
        }
    }

  n = (double) (last - first + 1) * self->n_rows;
  pp -= p * p / n;
  qq -= q * q / n;
  pq -= p * q / n;

  return pp + qq > 0 ? (pp + qq - 2 * pq) / (pp + qq) : 1.0;
}

/* Subtracts what some of the images have in common, from all. */
void
_recon_sample_rows_subtract_common (ReconSampleRows *self,
                                    const guint     *images,
                                    guint            n)
{
  gsize n_pixels = (gsize) self->n_rows * self->n_columns;

  for (gsize i = 0; i < n_pixels; i++)
    {
      double mean = 0;

      for (guint k = 0; k < n; k++)
        mean += (double) self->values[images[k] * n_pixels + i] / n;
      for (guint k = 0; k < self->n; k++)
        self->values[k * n_pixels + i] -= (float) mean;
    }
}
