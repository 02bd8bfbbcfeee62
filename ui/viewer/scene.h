/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/colour-maps.h"
#include "viewer/layer.h"
#include "viewer/levels.h"
#include "viewer/picture.h"
#include "viewer/viewport.h"

G_BEGIN_DECLS

/* All that decides on what is seen. */
typedef struct
{
  ReconPicture  *picture; /* not owned; nullable */
  ReconOverlay   overlay;
  double         shift;
  gboolean       blink;   /* the second image has its turn */
  ReconViewport  viewport;
  ReconLevels    levels;
  ReconColourMap colour_map;
} ReconScene;

typedef enum
{
  RECON_FILTER_NEAREST,
  RECON_FILTER_BILINEAR,
  RECON_FILTER_MEAN,
} ReconInterpolation;

/* How a level of the picture is looked up: pixel (i, j) of the screen, from the top left corner of the view, has its
 * middle at base + part + ((i, j) + ½) · step, in pixels of the level from the outer corner of the first one. The whole
 * part is apart so that float32 is exact enough when one is very near. */
typedef struct
{
  guint       level;
  ReconInterpolation filter;
  int         base[2];
  float       part[2];
  float       step[2];
} ReconSampling;

guint recon_sampling_choose_level (const ReconScene    *scene);
void  recon_sampling_init         (ReconSampling       *self,
                                   const ReconScene    *scene,
                                   guint                level);

G_END_DECLS
