/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/thumbnail.h"

#include <math.h>
#include <stdlib.h>

/* Of the values, this part at each end does not count. */
#define OUTLIERS 0.005

/* At most so many values are looked at. */
#define MAX_SAMPLES 65536

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  const float of_a = *(const float *) a, of_b = *(const float *) b;

  return (of_a > of_b) - (of_a < of_b);
}

/**
 * recon_thumbnail_choose_levels:
 * @image: an image
 * @low: (out): the value that becomes black
 * @high: (out): the value that becomes white, above @low
 *
 * Nearly all finite values lie between the levels.
 */
void
recon_thumbnail_choose_levels (const ReconImage *image,
                               float            *low,
                               float            *high)
{
  const float *pixels = recon_image_get_pixels (image);
  gsize n_pixels = (gsize) recon_image_get_width (image) * recon_image_get_height (image);
  gsize stride = MAX (1, n_pixels / MAX_SAMPLES);
  g_autofree float *values = g_new (float, n_pixels / stride + 1);
  gsize n = 0;

  for (gsize i = 0; i < n_pixels; i += stride)
    {
      if (isfinite (pixels[i]))
        values[n++] = pixels[i];
    }

  *low = 0;
  *high = 1;
  if (n == 0)
    return;

  qsort (values, n, sizeof (float), compare_floats);
  *low = values[(gsize) (OUTLIERS * (double) (n - 1))];
  *high = values[(gsize) ((1 - OUTLIERS) * (double) (n - 1))];
  if (!(*high > *low))
    *high = *low + 1;
}

/**
 * recon_thumbnail_new:
 * @image: an image
 * @low: the value that becomes black
 * @high: the value that becomes white
 *
 * Returns: (transfer full): its picture; values that are not finite are black
 */
GdkTexture *
recon_thumbnail_new (const ReconImage *image,
                     float             low,
                     float             high)
{
  guint width = recon_image_get_width (image), height = recon_image_get_height (image);
  gsize n_pixels = (gsize) width * height;
  const float *pixels = recon_image_get_pixels (image);
  guint8 *bytes = g_malloc (n_pixels * 3);
  g_autoptr (GBytes) data = NULL;

  for (gsize i = 0; i < n_pixels; i++)
    {
      float part = (pixels[i] - low) / (high - low);
      guint8 grey = isfinite (part) ? (guint8) (CLAMP (part, 0.0f, 1.0f) * 255.0f + 0.5f) : 0;

      bytes[3 * i] = bytes[3 * i + 1] = bytes[3 * i + 2] = grey;
    }

  data = g_bytes_new_take (bytes, n_pixels * 3);

  return gdk_memory_texture_new ((int) width, (int) height, GDK_MEMORY_R8G8B8, data, (gsize) width * 3);
}
