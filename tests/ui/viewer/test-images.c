/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-images.h"

ReconImage *
test_image_take (guint  width,
                 guint  height,
                 float *values)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (values, sizeof (float) * width * height);

  return recon_image_new (width, height, bytes);
}

ReconImage *
test_image_new (guint width,
                guint height,
                guint seed)
{
  float *values = g_new (float, (gsize) width * height);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      values[(gsize) y * width + x] =
        (float) (17.0 * y + x + (seed != 0 ? g_rand_double_range (random, -200.0, 200.0) : 0.0));

  return test_image_take (width, height, values);
}

ReconPicture *
test_picture_new (ReconImage  *first,
                  ReconImage  *second,
                  ReconOverlay overlay)
{
  const ReconPictureRequest request = {
    .first = first,
    .second = second,
    .full_width = recon_image_get_width (first),
    .full_height = recon_image_get_height (first),
    .overlay = overlay,
  };

  return recon_picture_new (&request, NULL);
}
