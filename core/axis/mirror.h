/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/cross-spectrum.h"
#include "axis/estimate.h"
#include "axis/sinogram.h"

G_BEGIN_DECLS

/* Pairs of lines that are mirror images of each other about the axis. */
typedef struct
{
  guint   width;
  guint   n;
  guint   room;
  double  noise; /* variance of a line of a pair, of that of a line that was measured */
  float  *a;     /* n × width */
  float  *b;
} ReconAxisPairs;

ReconAxisPairs *recon_axis_pairs_new  (guint           width,
                                       guint           room);
void            recon_axis_pairs_free (ReconAxisPairs *self);
void            recon_axis_pairs_take (ReconAxisPairs *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisPairs, recon_axis_pairs_free)

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

ReconAxisMirror *recon_axis_mirror_new  (guint                  width);
void             recon_axis_mirror_free (ReconAxisMirror       *self);
void             recon_axis_mirror_add  (ReconAxisMirror       *self,
                                         const ReconAxisPairs  *pairs);
double          *recon_axis_mirror_evidence (const ReconAxisMirror *self);
double           recon_axis_mirror_likeness (const ReconAxisMirror *self,
                                             const float           *variance,
                                             guint                  t);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisMirror, recon_axis_mirror_free)

void               recon_axis_high_pass       (const float           *line,
                                               guint                  width,
                                               float                 *flat);
ReconAxisSpectrum *recon_axis_mirror_spectrum (const ReconAxisPairs *pairs,
                                               double                axis,
                                               double               *middle);
ReconAxisEstimate  recon_axis_mirror_refine   (const ReconAxisPairs *pairs,
                                               double                axis);

G_END_DECLS
