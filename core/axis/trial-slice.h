/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/sinogram.h"
#include "request/axis-result.h"

G_BEGIN_DECLS

/* A sinogram of fewer columns and lines, filtered, from which slices about any axis nearby are made. */
typedef struct _ReconAxisTrial ReconAxisTrial;

/* Slices that are made at a time, about axes at equal distances. */
#define RECON_AXIS_LANES 16

typedef struct
{
  double first; /* columns of the sinogram */
  double step;
  /* What is wrong with a slice about a wrong axis, by methods: the entropy of its grey values, what is below 0, minus
   * the log of its squared gradient; only those of slices are set. */
  double values[RECON_AXIS_LANES][RECON_AXIS_N_METHODS];
} ReconAxisTrialRun;

ReconAxisTrial *recon_axis_trial_new     (const ReconAxisSinogram *sinogram,
                                          double                   axis,
                                          guint                    reduction);
void            recon_axis_trial_free    (ReconAxisTrial          *self);
void            recon_axis_trial_measure (ReconAxisTrial          *self,
                                          ReconAxisTrialRun       *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisTrial, recon_axis_trial_free)

G_END_DECLS
