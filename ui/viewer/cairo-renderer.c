/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/cairo-renderer.h"

#include <glib/gi18n.h>

#include "base/error.h"

/* Does what shaders/picture.frag does, step by step, so that both give the same colours. */
typedef struct
{
  ReconLayer     layer;
  ReconSampling  sampling;
  float          low;
  float          scale;
  const guint32 *table;
  guint32        ground; /* 0xAARRGGBB, for what is not covered */
} Painter;

static void
painter_init (Painter          *self,
              const ReconScene *scene,
              guint32           ground)
{
  guint level = recon_sampling_choose_level (scene);

  recon_layer_init (&self->layer, scene->picture, level, scene->overlay, scene->shift, scene->blink);
  recon_sampling_init (&self->sampling, scene, level);
  recon_levels_to_floats (&scene->levels, &self->low, &self->scale);
  self->table = recon_colour_map_get_table (scene->colour_map);
  self->ground = ground;
}

static ReconTexel
look_up (const Painter *self,
         float          x,
         float          y,
         float         *value)
{
  const ReconLayer *layer = &self->layer;
  const float *step = self->sampling.step;

  if (x < 0.0f || y < 0.0f || x >= (float) layer->width || y >= (float) layer->height)
    return RECON_TEXEL_EMPTY;

  switch (self->sampling.filter)
    {
    case RECON_FILTER_NEAREST:
      return recon_layer_get (layer, (int) x, (int) y, value);
    case RECON_FILTER_BILINEAR:
      return recon_layer_interpolate (layer, x, y, value);
    case RECON_FILTER_MEAN:
    default:
      return recon_layer_average (layer, x - step[0] / 2.0f, y - step[1] / 2.0f, x + step[0] / 2.0f,
                                  y + step[1] / 2.0f, value);
    }
}

static guint32
paint_pixel (const Painter *self,
             float          x,
             float          y)
{
  float value = 0.0f;

  switch (look_up (self, x, y, &value))
    {
    case RECON_TEXEL_VALUE:
      return 0xff000000u | self->table[recon_levels_index (self->low, self->scale, value)];
    case RECON_TEXEL_NAN:
      return 0xff000000u | RECON_COLOUR_NAN;
    case RECON_TEXEL_EMPTY:
    default:
      return self->ground;
    }
}

static GdkTexture *
paint (const Painter *self,
       guint          width,
       guint          height)
{
  const ReconSampling *sampling = &self->sampling;
  gsize stride, size;
  guint32 *pixels;
  g_autoptr (GBytes) bytes = NULL;

  if (!g_size_checked_mul (&stride, width, sizeof (guint32)) || !g_size_checked_mul (&size, stride, height))
    return NULL;
  pixels = g_try_malloc (size);
  if (pixels == NULL)
    return NULL;
  bytes = g_bytes_new_take (pixels, size);

  for (guint j = 0; j < height; j++)
    {
      float y = (float) sampling->base[1] + (sampling->part[1] + ((float) j + 0.5f) * sampling->step[1]);

      for (guint i = 0; i < width; i++)
        {
          float x = (float) sampling->base[0] + (sampling->part[0] + ((float) i + 0.5f) * sampling->step[0]);

          *pixels++ = paint_pixel (self, x, y);
        }
    }

  /* The default format is that of cairo: one number with alpha on top, in the byte order of the machine. */
  return gdk_memory_texture_new ((int) width, (int) height, GDK_MEMORY_DEFAULT, bytes, stride);
}

/**
 * recon_cairo_renderer_draw:
 * @scene: a scene with a picture
 *
 * Returns: (transfer full) (nullable): what is seen in the view, in pixels of the screen; %NULL without memory
 */
GdkTexture *
recon_cairo_renderer_draw (const ReconScene *scene)
{
  guint width = (guint) MAX (scene->viewport.view_width, 1.0);
  guint height = (guint) MAX (scene->viewport.view_height, 1.0);
  Painter painter;

  painter_init (&painter, scene, 0xff000000u | RECON_COLOUR_GROUND);

  return paint (&painter, width, height);
}

/**
 * recon_cairo_renderer_draw_picture:
 * @scene: a scene with a picture
 * @error: return location
 *
 * Returns: (transfer full): the whole picture with the levels and colours of the scene, one pixel for each of its own;
 *   transparent where an overlay covers nothing. %NULL with #RECON_ERROR_MEMORY
 */
GdkTexture *
recon_cairo_renderer_draw_picture (const ReconScene  *scene,
                                   GError           **error)
{
  ReconImage *image = recon_picture_get_request (scene->picture)->first;
  Painter painter;
  GdkTexture *texture;

  painter_init (&painter, scene, 0);
  recon_layer_init (&painter.layer, scene->picture, 0, scene->overlay, scene->shift, scene->blink);
  painter.sampling = (ReconSampling) { .filter = RECON_FILTER_NEAREST, .step = { 1.0f, 1.0f } };

  texture = paint (&painter, recon_image_get_width (image), recon_image_get_height (image));
  if (texture == NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("There is not enough memory for a picture of %u × %u pixels. Close other programs, or save the "
                    "values as TIFF."),
                 recon_image_get_width (image), recon_image_get_height (image));

  return texture;
}
