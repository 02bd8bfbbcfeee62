/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/line-bands.h"

/* Means over 2 half + 1 samples, the ends continued. */
static void
blur (const float *line,
      guint        width,
      guint        half,
      float       *blurred)
{
  const int n = (int) width;
  double sum = 0;

  for (int c = -(int) half; c <= (int) half; c++)
    sum += (double) line[CLAMP (c, 0, n - 1)];
  for (int c = 0; c < n; c++)
    {
      blurred[c] = (float) (sum / (2 * half + 1));
      sum += (double) line[MIN (c + (int) half + 1, n - 1)] - (double) line[MAX (c - (int) half, 0)];
    }
}

/* What is not brightness: a wide window would draw it towards its own middle. */
void
recon_axis_high_pass (const float *line,
                      guint        width,
                      float       *flat)
{
  blur (line, width, MAX (width / 20, 4), flat);
  for (guint c = 0; c < width; c++)
    flat[c] = line[c] - flat[c];
}

/* Returns: how many samples on either side the pass band takes together */
guint
recon_axis_get_fine (guint width)
{
  return MAX (width / 256, 1);
}

/* What is neither noise nor brightness. */
void
recon_axis_pass_band (const float *line,
                      guint        width,
                      float       *scratch,
                      float       *band)
{
  const guint fine = recon_axis_get_fine (width);
  const guint coarse = MAX (width / 20, 4);

  blur (line, width, fine, scratch);
  blur (scratch, width, fine, band);
  blur (band, width, coarse, scratch);
  for (guint c = 0; c < width; c++)
    band[c] -= scratch[c];
}

/* Variance of white noise of 1 that the pass band leaves. */
double
recon_axis_pass_band_get_gain (guint width)
{
  g_autofree float *lines = g_new0 (float, 3 * (gsize) width);
  double sum = 0;

  lines[width / 2] = 1;
  recon_axis_pass_band (lines, width, lines + width, lines + 2 * (gsize) width);
  for (guint c = 0; c < width; c++)
    sum += (double) (lines[2 * (gsize) width + c] * lines[2 * (gsize) width + c]);

  return sum;
}
