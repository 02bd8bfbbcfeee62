/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/pairs.h"

G_BEGIN_DECLS

/* How alike the lines of pairs are about every axis there may be. */
typedef struct
{
  guint   width;
  double *covariance; /* 2 width - 1: about the axis t / 2, over what both lines show then */
  double *power_a;
  double *power_b;
  double  count;      /* lines */
  double  noise;      /* variance that passes, of that of a line that was measured */
} ReconAxisMirror;

ReconAxisMirror *recon_axis_mirror_new  (const ReconAxisPairs  *pairs);
void             recon_axis_mirror_free (ReconAxisMirror       *self);
double          *recon_axis_mirror_evidence (const ReconAxisMirror *self);
double           recon_axis_mirror_likeness (const ReconAxisMirror *self,
                                             const float           *variance,
                                             guint                  t);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisMirror, recon_axis_mirror_free)

G_END_DECLS
