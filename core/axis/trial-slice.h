/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/sinogram.h"

G_BEGIN_DECLS

/* What is wrong with a slice about a wrong axis: the less the better. */
typedef enum
{
  RECON_AXIS_METRIC_NEGATIVITY, /* what is below 0, for objects that are wholly in view */
  RECON_AXIS_METRIC_ENTROPY,    /* of the grey values */
  RECON_AXIS_METRIC_SHARPNESS,  /* minus the log of the squared gradient */
} ReconAxisMetric;

#define RECON_AXIS_N_METRICS 3

/* A sinogram of fewer columns and lines, filtered, from which slices about any axis nearby are made. */
typedef struct _ReconAxisTrial ReconAxisTrial;

/* Slices that are made at a time, about axes at equal distances. */
#define RECON_AXIS_LANES 16

typedef struct
{
  double first; /* columns of the sinogram */
  double step;
  double values[RECON_AXIS_LANES][RECON_AXIS_N_METRICS];
} ReconAxisTrialRun;

ReconAxisTrial *recon_axis_trial_new     (const ReconAxisSinogram *sinogram,
                                          double                   axis,
                                          guint                    reduction);
void            recon_axis_trial_free    (ReconAxisTrial          *self);
void            recon_axis_trial_measure (ReconAxisTrial          *self,
                                          ReconAxisTrialRun       *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisTrial, recon_axis_trial_free)

G_END_DECLS
