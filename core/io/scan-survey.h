/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan.h"

G_BEGIN_DECLS

#define RECON_SURVEY_SLICES 3
#define RECON_SURVEY_ANGLES 9

/* A look at some rows of a scan, in some of its projections, all evenly spread: enough to see what is wrong with the
 * whole before any work is done. */
struct _ReconSurvey
{
  guint   n_slices;
  guint   slices[RECON_SURVEY_SLICES];
  guint   n_angles;
  guint   angles[RECON_SURVEY_ANGLES]; /* of the projections that are used */
  guint   width;
  float  *values;     /* angles × slices × width: as read, cropped and binned */
  float  *dark;       /* (nullable): slices × width, 0 without darks; none of the three where nothing is corrected */
  float  *flat;       /* (nullable) */
  float  *flat_after; /* (nullable): only where flats are interpolated */
  double  dark_level; /* of the darks that are used, 0 without darks; NaN where nothing is corrected */
  double  flat_level; /* of the flats, or those after if there are no others; likewise */
  double  ceiling;    /* the largest value of the flats where all of them are saturated, else NaN */
  double  level;      /* the median of that of the projections; NaN where they hold no numbers */
  double  angle_levels[RECON_SURVEY_ANGLES];
  GPtrArray *warnings; /* (element-type utf8): which darks and flats are left out */
};

void recon_survey_free (ReconSurvey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSurvey, recon_survey_free)

G_END_DECLS
