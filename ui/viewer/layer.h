/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "viewer/picture.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_TEXEL_VALUE,
  RECON_TEXEL_NAN,
  RECON_TEXEL_EMPTY, /* only one of two images is here */
} ReconTexel;

/* A level of a picture as a grid of single values, whatever is laid upon what. The renderer on OpenGL computes the
 * same. Column c of the first image meets the second one, mirrored, at column mirror − c + part. */
typedef struct
{
  const float  *first;
  const float  *second;
  int           width; /* of the first */
  int           height;
  int           second_width;
  int           second_height;
  ReconOverlay  overlay;
  gboolean      blink; /* the second image has its turn */
  int           mirror;
  float         part;
} ReconLayer;

void        recon_layer_init    (ReconLayer         *self,
                                 const ReconPicture *picture,
                                 guint               level,
                                 ReconOverlay        overlay,
                                 double              shift,
                                 gboolean            blink);
ReconImage *recon_layer_flatten (const ReconLayer   *self);

static inline ReconTexel
recon_layer_get_second (const ReconLayer *self,
                        int               x,
                        int               y,
                        float            *value)
{
  const float *row;
  int column = self->mirror - x;

  if (column < 0 || column + (self->part > 0.0f) >= self->second_width || y >= self->second_height)
    return RECON_TEXEL_EMPTY;

  row = self->second + (gsize) y * (gsize) self->second_width;
  *value = row[column];
  if (self->part > 0.0f)
    *value += (row[column + 1] - *value) * self->part;

  return isnan (*value) ? RECON_TEXEL_NAN : RECON_TEXEL_VALUE;
}

/* @x and @y must lie in the first image. */
static inline ReconTexel
recon_layer_get (const ReconLayer *self,
                 int               x,
                 int               y,
                 float            *value)
{
  float first = self->first[(gsize) y * (gsize) self->width + (gsize) x];
  float second;
  ReconTexel texel;

  if (self->overlay == RECON_OVERLAY_NONE || (self->overlay == RECON_OVERLAY_BLINK && !self->blink))
    {
      *value = first;
      return isnan (first) ? RECON_TEXEL_NAN : RECON_TEXEL_VALUE;
    }

  texel = recon_layer_get_second (self, x, y, &second);
  if (texel == RECON_TEXEL_EMPTY)
    return RECON_TEXEL_EMPTY;

  *value = self->overlay == RECON_OVERLAY_DIFFERENCE ? first - second :
           self->overlay == RECON_OVERLAY_SUM ? first + second : second;

  return isnan (*value) ? RECON_TEXEL_NAN : RECON_TEXEL_VALUE;
}

ReconTexel  recon_layer_interpolate (const ReconLayer *self,
                                     float             x,
                                     float             y,
                                     float            *value);
ReconTexel  recon_layer_average     (const ReconLayer *self,
                                     float             x0,
                                     float             y0,
                                     float             x1,
                                     float             y1,
                                     float            *value);

G_END_DECLS
