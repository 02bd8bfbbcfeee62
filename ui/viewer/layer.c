/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/layer.h"

/* Nearer than this to a whole column nothing is interpolated: rounding shall not blur. */
#define TOLERANCE 1e-4

/**
 * recon_layer_init:
 * @self: (out caller-allocates): a layer; valid as long as @picture
 * @picture: a picture
 * @level: which of its levels
 * @overlay: how its second image is laid upon the first; ignored without a second one
 * @shift: how far the second image lies to the right, in pixels of the full image
 * @blink: whether the second image has its turn
 */
void
recon_layer_init (ReconLayer         *self,
                  const ReconPicture *picture,
                  guint               level,
                  ReconOverlay        overlay,
                  double              shift,
                  gboolean            blink)
{
  ReconImage *base = recon_picture_get_level (picture, 0, 0);
  ReconImage *first = recon_picture_get_level (picture, 0, level);
  ReconImage *second = recon_picture_get_level (picture, 1, level);
  double width = recon_image_get_width (base);
  double factor = exp2 ((double) level);
  double mirror;

  *self = (ReconLayer) {
    .first = recon_image_get_pixels (first),
    .width = (int) recon_image_get_width (first),
    .height = (int) recon_image_get_height (first),
  };
  if (second == NULL || overlay == RECON_OVERLAY_NONE)
    return;

  self->overlay = overlay;
  self->blink = blink;
  self->second = recon_image_get_pixels (second);
  self->second_width = (int) recon_image_get_width (second);
  self->second_height = (int) recon_image_get_height (second);

  /* The middle of column c is (c + ½) · factor; mirrored, width − that + shift. */
  mirror = (width + shift * width / recon_picture_get_request (picture)->full_width) / factor - 1.0;
  mirror = CLAMP (mirror, -1e6, 1e6);
  self->mirror = (int) floor (mirror + TOLERANCE);
  self->part = (float) (mirror - self->mirror);
  if (self->part < (float) TOLERANCE)
    self->part = 0.0f;
}

/**
 * recon_layer_flatten:
 * @self: a layer
 *
 * Returns: (transfer full): an image of its values, NaN where there is none
 */
ReconImage *
recon_layer_flatten (const ReconLayer *self)
{
  gsize size = sizeof (float) * (gsize) self->width * (gsize) self->height;
  float *out = g_malloc (size);
  float *next = out;
  g_autoptr (GBytes) bytes = g_bytes_new_take (out, size);

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++, next++)
      if (recon_layer_get (self, x, y, next) != RECON_TEXEL_VALUE)
        *next = NAN;

  return recon_image_new ((guint) self->width, (guint) self->height, bytes);
}

/* What becomes of a mean with one more value. */
static ReconTexel
worst (ReconTexel a,
       ReconTexel b)
{
  return MAX (a, b);
}

/**
 * recon_layer_interpolate:
 * @self: a layer
 * @x: position from the outer corner of the first pixel
 * @y: the same
 * @value: (out): the value there
 *
 * Bilinear between the centres of pixels; at the border, the value of the nearest.
 *
 * Returns: whether there is a value: only if all those are that count
 */
ReconTexel
recon_layer_interpolate (const ReconLayer *self,
                         float             x,
                         float             y,
                         float            *value)
{
  float left = floorf (x - 0.5f), top = floorf (y - 0.5f);
  float part[2] = { x - 0.5f - left, y - 0.5f - top };
  ReconTexel texel = RECON_TEXEL_VALUE;
  float sum = 0.0f;

  for (int j = 0; j < 2; j++)
    for (int i = 0; i < 2; i++)
      {
        float weight = (i == 1 ? part[0] : 1.0f - part[0]) * (j == 1 ? part[1] : 1.0f - part[1]);
        float one = 0.0f;

        if (weight <= 0.0f)
          continue;

        texel = worst (texel, recon_layer_get (self, CLAMP ((int) left + i, 0, self->width - 1),
                                               CLAMP ((int) top + j, 0, self->height - 1), &one));
        sum += one * weight;
      }

  *value = sum;

  return texel == RECON_TEXEL_VALUE && isnan (sum) ? RECON_TEXEL_NAN : texel;
}

/**
 * recon_layer_average:
 * @self: a layer
 * @x0: left side of a rectangle, from the outer corner of the first pixel
 * @y0: upper side
 * @x1: right side
 * @y1: lower side
 * @value: (out): the mean of what the rectangle covers of the layer
 *
 * Returns: whether there is a value
 */
ReconTexel
recon_layer_average (const ReconLayer *self,
                     float             x0,
                     float             y0,
                     float             x1,
                     float             y1,
                     float            *value)
{
  ReconTexel texel = RECON_TEXEL_VALUE;
  float sum = 0.0f, weights = 0.0f;

  x0 = MAX (x0, 0.0f);
  y0 = MAX (y0, 0.0f);
  x1 = MIN (x1, (float) self->width);
  y1 = MIN (y1, (float) self->height);

  for (int y = (int) y0; (float) y < y1; y++)
    {
      float height = MIN (y1, (float) y + 1.0f) - MAX (y0, (float) y);

      for (int x = (int) x0; (float) x < x1; x++)
        {
          float weight = height * (MIN (x1, (float) x + 1.0f) - MAX (x0, (float) x));
          float one = 0.0f;

          /* What is only grazed by rounding must not count, above all not if it is NaN. */
          if (weight <= (float) TOLERANCE)
            continue;

          texel = worst (texel, recon_layer_get (self, x, y, &one));
          sum += one * weight;
          weights += weight;
        }
    }

  if (weights <= 0.0f)
    return RECON_TEXEL_EMPTY;

  *value = sum / weights;

  return texel == RECON_TEXEL_VALUE && isnan (*value) ? RECON_TEXEL_NAN : texel;
}
