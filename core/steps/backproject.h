/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "steps/step.h"

G_BEGIN_DECLS

typedef struct
{
  const double *angles;  /* radians; copied */
  const double *weights; /* radians, see recon_angles_weights(); copied */
  guint         n_angles;
  double        axis;           /* columns of the sinogram */
  guint         x0, y0;         /* first pixel in the full slice */
  guint         width, height;  /* of the part that is made */
  double        scale;          /* factor on all values, such as 1 / pixel size */
  gboolean      circle;         /* 0 outside the circle that every projection sees */
  int           kernel;         /* a #ReconKernel, or %RECON_CHOICE_AUTO for the fastest that is as accurate */
  int           variant;        /* a #ReconVariant, or %RECON_CHOICE_AUTO to follow the device */
} ReconBackprojectSettings;

#define RECON_TYPE_BACKPROJECT (recon_backproject_get_type ())
G_DECLARE_FINAL_TYPE (ReconBackproject, recon_backproject, RECON, BACKPROJECT, ReconStep)

ReconStep *recon_backproject_new (const ReconBackprojectSettings *settings);

G_END_DECLS
