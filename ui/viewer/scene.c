/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/scene.h"

#include <math.h>

/* From 2 pixels of the screen for one of the image, the pixels themselves are shown. */
#define NEAREST_STEP 0.5

/* Up to this many pixels of the image for one of the screen, all of them are averaged; for more, the next level is
 * taken. */
#define MOST_STEP 4.0

/* Pixels of level 0 per pixel of the screen. */
static void
get_steps (const ReconScene *scene,
           double            ratio[2],
           double            step[2])
{
  const ReconPictureRequest *request = recon_picture_get_request (scene->picture);

  ratio[0] = recon_image_get_width (request->first) / (double) request->full_width;
  ratio[1] = recon_image_get_height (request->first) / (double) request->full_height;
  step[0] = ratio[0] / scene->viewport.zoom;
  step[1] = ratio[1] / scene->viewport.zoom;
}

/**
 * recon_sampling_choose_level:
 * @scene: a scene with a picture
 *
 * Returns: the level that is near enough and has no more pixels than needed
 */
guint
recon_sampling_choose_level (const ReconScene *scene)
{
  double ratio[2], step[2];
  double most;
  guint level = 0;

  get_steps (scene, ratio, step);
  for (most = MAX (step[0], step[1]); most > MOST_STEP; most /= 2.0)
    level++;

  return MIN (level, recon_picture_get_n_levels (scene->picture) - 1);
}

/**
 * recon_sampling_init:
 * @self: (out caller-allocates): how to look up
 * @scene: a scene with a picture
 * @level: in which level
 */
void
recon_sampling_init (ReconSampling    *self,
                     const ReconScene *scene,
                     guint             level)
{
  double origin[2] = { scene->viewport.x, scene->viewport.y };
  double factor = exp2 ((double) level);
  double ratio[2], step[2];
  double most;

  get_steps (scene, ratio, step);
  self->level = level;
  for (guint i = 0; i < 2; i++)
    {
      double position = origin[i] * ratio[i] / factor;

      self->base[i] = (int) floor (position);
      self->part[i] = (float) (position - self->base[i]);
      self->step[i] = (float) (step[i] / factor);
    }

  most = MAX (step[0], step[1]) / factor;
  if (most <= NEAREST_STEP || fabs (most - 1.0) < 1e-9)
    self->filter = RECON_FILTER_NEAREST;
  else if (most < 1.0)
    self->filter = RECON_FILTER_BILINEAR;
  else
    self->filter = RECON_FILTER_MEAN;
}
