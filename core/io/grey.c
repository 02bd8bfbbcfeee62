/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/grey.h"

#include <math.h>

#include "base/sort.h"

/**
 * recon_output_type_get_bytes:
 * @type: a type
 *
 * Returns: bytes of one sample
 */
guint
recon_output_type_get_bytes (ReconOutputType type)
{
  static const guint8 bytes[] = {
    [RECON_OUTPUT_TYPE_FLOAT32] = 4, [RECON_OUTPUT_TYPE_UINT16] = 2, [RECON_OUTPUT_TYPE_UINT8] = 1,
  };

  g_return_val_if_fail (type < G_N_ELEMENTS (bytes), 1);

  return bytes[type];
}

/* The grey level of a value as a double in 0 … largest that only needs to be cut off to an integer. NaN fails
 * every comparison and so becomes 0. */
static inline double
level (float  value,
       double minimum,
       double scale,
       double largest)
{
  double x = ((double) value - minimum) * scale;

  if (!(x > 0.0))
    return 0.0;

  return x < largest ? x + 0.5 : largest;
}

/* An empty window separates what lies above it from the rest, as the limit of a narrow one does. */
static double
window_scale (double minimum,
              double maximum,
              double largest)
{
  return maximum > minimum ? largest / (maximum - minimum) : G_MAXDOUBLE;
}

/**
 * recon_grey_to_uint8:
 * @values: n values
 * @n: number of values
 * @minimum: the value that becomes 0
 * @maximum: the value that becomes 255, at least @minimum
 * @grey: (out caller-allocates): n grey levels
 *
 * Maps values linearly to grey levels, rounded to the nearest one. What lies outside of the window takes the
 * level of its nearer end; NaN becomes 0.
 */
void
recon_grey_to_uint8 (const float *values,
                     gsize        n,
                     double       minimum,
                     double       maximum,
                     guint8      *grey)
{
  double scale = window_scale (minimum, maximum, G_MAXUINT8);

  for (gsize i = 0; i < n; i++)
    grey[i] = (guint8) level (values[i], minimum, scale, G_MAXUINT8);
}

/**
 * recon_grey_to_uint16:
 * @values: n values
 * @n: number of values
 * @minimum: the value that becomes 0
 * @maximum: the value that becomes 65535, at least @minimum
 * @grey: (out caller-allocates): n grey levels
 *
 * As recon_grey_to_uint8(), with 65536 levels.
 */
void
recon_grey_to_uint16 (const float *values,
                      gsize        n,
                      double       minimum,
                      double       maximum,
                      guint16     *grey)
{
  double scale = window_scale (minimum, maximum, G_MAXUINT16);

  for (gsize i = 0; i < n; i++)
    grey[i] = (guint16) level (values[i], minimum, scale, G_MAXUINT16);
}

/* Linear between the two nearest values in the order of size: value i of n stands at 100·i/(n−1) percent. */
static double
percentile (const float *sorted,
            gsize        n,
            double       percent)
{
  double position = CLAMP (percent, 0.0, 100.0) / 100.0 * (double) (n - 1);
  gsize below = (gsize) floor (position);
  gsize above = MIN (below + 1, n - 1);
  double part = position - (double) below;

  return (double) sorted[below] + part * ((double) sorted[above] - (double) sorted[below]);
}

/**
 * recon_grey_percentiles:
 * @values: n samples; put into another order
 * @n: number of samples
 * @low: percentage of the samples below @minimum, 0 … 100
 * @high: percentage of the samples below @maximum, @low … 100
 * @minimum: (out): the value at @low
 * @maximum: (out): the value at @high
 *
 * Finds the window for grey levels from samples of a volume. Values that are not finite do not count. Between
 * samples it is linear (definition 7 of Hyndman and Fan, The American Statistician 50 (1996) 361).
 *
 * Sorts, so that some 10⁶ samples spread over the volume are a sensible number.
 *
 * Returns: %FALSE if no sample is finite
 */
gboolean
recon_grey_percentiles (float  *values,
                        gsize   n,
                        double  low,
                        double  high,
                        double *minimum,
                        double *maximum)
{
  gsize n_finite = 0;

  g_return_val_if_fail (values != NULL || n == 0, FALSE);
  g_return_val_if_fail (low <= high, FALSE);

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        float value = values[i];

        values[i] = values[n_finite];
        values[n_finite++] = value;
      }
  if (n_finite == 0)
    return FALSE;

  recon_sort_floats (values, n_finite);
  *minimum = percentile (values, n_finite, low);
  *maximum = percentile (values, n_finite, high);

  return TRUE;
}
