/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/image.h"

struct _ReconImage
{
  gatomicrefcount  references;
  guint            width;
  guint            height;
  GBytes          *pixels;
};

G_DEFINE_BOXED_TYPE (ReconImage, recon_image, recon_image_ref, recon_image_unref)

/**
 * recon_image_new:
 * @width: columns
 * @height: rows
 * @pixels: height × width float32 values; a reference is taken
 *
 * Returns: (transfer full) (nullable): an image, or %NULL if @pixels have not that size
 */
ReconImage *
recon_image_new (guint   width,
                 guint   height,
                 GBytes *pixels)
{
  ReconImage *self;
  gsize n, bytes;

  g_return_val_if_fail (pixels != NULL, NULL);

  if (!g_size_checked_mul (&n, width, height) || !g_size_checked_mul (&bytes, n, sizeof (float)) ||
      g_bytes_get_size (pixels) != bytes)
    return NULL;

  self = g_new (ReconImage, 1);
  g_atomic_ref_count_init (&self->references);
  self->width = width;
  self->height = height;
  self->pixels = g_bytes_ref (pixels);

  return self;
}

ReconImage *
recon_image_ref (ReconImage *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
recon_image_unref (ReconImage *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_bytes_unref (self->pixels);
  g_free (self);
}

guint
recon_image_get_width (const ReconImage *self)
{
  return self->width;
}

guint
recon_image_get_height (const ReconImage *self)
{
  return self->height;
}

/**
 * recon_image_get_pixels:
 * @self: an image
 *
 * Returns: (transfer none): height × width values; row r, column c at [r · width + c]
 */
const float *
recon_image_get_pixels (const ReconImage *self)
{
  return g_bytes_get_data (self->pixels, NULL);
}

/**
 * recon_image_get_bytes:
 * @self: an image
 *
 * Returns: (transfer none): the memory of the values
 */
GBytes *
recon_image_get_bytes (const ReconImage *self)
{
  return self->pixels;
}
