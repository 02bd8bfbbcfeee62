/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/picture.h"

#include "viewer/layer.h"

/* Smaller ones are not halved any more: no view is so small that it matters. */
#define SMALLEST_LEVEL 256

struct _ReconPicture
{
  gatomicrefcount      references;
  ReconPictureRequest  request;
  ReconImage          *levels[2][RECON_PICTURE_MAX_LEVELS];
  guint                n_levels; /* of the first, and at least as many of the second */
  ReconHistogram       histogram;
};

void
recon_picture_request_clear (ReconPictureRequest *self)
{
  g_clear_pointer (&self->first, recon_image_unref);
  g_clear_pointer (&self->second, recon_image_unref);
}

/**
 * recon_picture_request_copy:
 * @self: a request
 * @copy: (out caller-allocates): another one, not initialized
 */
void
recon_picture_request_copy (const ReconPictureRequest *self,
                            ReconPictureRequest       *copy)
{
  *copy = *self;
  if (self->first != NULL)
    recon_image_ref (self->first);
  if (self->second != NULL)
    recon_image_ref (self->second);
}

/* At odd ends a pixel stands for fewer. A NaN makes its whole neighbourhood NaN: from afar it must not vanish. */
static void
halve_row (const float *above,
           const float *below,
           guint        width,
           float       *out)
{
  guint pairs = width / 2;

  for (guint x = 0; x < pairs; x++)
    out[x] = (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1]) * 0.25f;
  if (width % 2 != 0)
    out[pairs] = (above[width - 1] + below[width - 1]) * 0.5f;
}

/**
 * recon_image_halve:
 * @image: an image
 *
 * Returns: (transfer full): the means of 2 × 2 pixels each
 */
ReconImage *
recon_image_halve (ReconImage *image)
{
  guint width = recon_image_get_width (image), height = recon_image_get_height (image);
  guint half_width = width / 2 + width % 2, half_height = height / 2 + height % 2;
  gsize size = sizeof (float) * half_width * half_height;
  const float *pixels = recon_image_get_pixels (image);
  float *out = g_malloc (size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (out, size);

  for (guint y = 0; y < half_height; y++)
    {
      const float *above = pixels + 2 * (gsize) y * width;

      halve_row (above, 2 * y + 1 < height ? above + width : above, width, out + (gsize) y * half_width);
    }

  return recon_image_new (half_width, half_height, bytes);
}

static gboolean
is_small (ReconImage *image)
{
  return MAX (recon_image_get_width (image), recon_image_get_height (image)) <= SMALLEST_LEVEL;
}

/* Halves @image until it is small, or takes what another picture has of it. */
static guint
make_levels (ReconImage    *image,
             ReconImage   **levels,
             ReconPicture  *previous)
{
  guint n = 1;

  for (guint which = 0; previous != NULL && which < 2; which++)
    {
      if (previous->levels[which][0] != image)
        continue;

      for (n = 0; n < RECON_PICTURE_MAX_LEVELS && previous->levels[which][n] != NULL; n++)
        levels[n] = recon_image_ref (previous->levels[which][n]);
      return n;
    }

  levels[0] = recon_image_ref (image);
  while (n < RECON_PICTURE_MAX_LEVELS && !is_small (levels[n - 1]))
    {
      levels[n] = recon_image_halve (levels[n - 1]);
      n++;
    }

  return n;
}

static void
count (ReconPicture *self,
       ReconPicture *previous)
{
  const ReconPictureRequest *request = &self->request;
  g_autoptr (ReconImage) flat = NULL;
  ReconLayer layer;

  if (previous != NULL && previous->request.first == request->first &&
      previous->request.overlay == RECON_OVERLAY_NONE && request->overlay == RECON_OVERLAY_NONE)
    {
      self->histogram = previous->histogram;
      return;
    }

  recon_layer_init (&layer, self, 0, request->overlay, request->shift, FALSE);
  flat = request->overlay == RECON_OVERLAY_NONE ? recon_image_ref (request->first) : recon_layer_flatten (&layer);
  recon_histogram_compute (&self->histogram, recon_image_get_pixels (flat),
                           (gsize) recon_image_get_width (flat) * recon_image_get_height (flat));
}

/**
 * recon_picture_new:
 * @request: what it is made of
 * @previous: (nullable): another picture, from which work on the same images is taken over
 *
 * Takes about 15 ns for each pixel: for large images, to be called in a thread.
 *
 * Returns: (transfer full): a picture
 */
ReconPicture *
recon_picture_new (const ReconPictureRequest *request,
                   ReconPicture              *previous)
{
  ReconPicture *self = g_new0 (ReconPicture, 1);

  g_atomic_ref_count_init (&self->references);
  recon_picture_request_copy (request, &self->request);
  if (request->second == NULL)
    self->request.overlay = RECON_OVERLAY_NONE;

  self->n_levels = make_levels (request->first, self->levels[0], previous);
  if (request->second != NULL)
    {
      guint n = make_levels (request->second, self->levels[1], previous);

      self->n_levels = MIN (self->n_levels, n);
    }
  count (self, previous);

  return self;
}

ReconPicture *
recon_picture_ref (ReconPicture *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
recon_picture_unref (ReconPicture *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  recon_picture_request_clear (&self->request);
  for (guint which = 0; which < 2; which++)
    for (guint i = 0; i < RECON_PICTURE_MAX_LEVELS; i++)
      g_clear_pointer (&self->levels[which][i], recon_image_unref);
  g_free (self);
}

/**
 * recon_picture_get_request:
 * @self: a picture
 *
 * Returns: (transfer none): what it was made of
 */
const ReconPictureRequest *
recon_picture_get_request (const ReconPicture *self)
{
  return &self->request;
}

const ReconHistogram *
recon_picture_get_histogram (const ReconPicture *self)
{
  return &self->histogram;
}

guint
recon_picture_get_n_levels (const ReconPicture *self)
{
  return self->n_levels;
}

/**
 * recon_picture_get_level:
 * @self: a picture
 * @which: 0 for the first image, 1 for the second
 * @level: how often it is halved
 *
 * Returns: (transfer none) (nullable): the halved image
 */
ReconImage *
recon_picture_get_level (const ReconPicture *self,
                         guint               which,
                         guint               level)
{
  g_return_val_if_fail (which < 2 && level < self->n_levels, NULL);

  return self->levels[which][level];
}
