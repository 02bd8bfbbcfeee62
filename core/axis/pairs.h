/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

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
  float  *mean;   /* (nullable): width: what has been taken from all lines */
  double *places; /* n: of the scan, in the order of acquisition, between the two lines of the pair */
} ReconAxisPairs;

ReconAxisPairs *recon_axis_pairs_new  (guint           width,
                                       guint           room);
void            recon_axis_pairs_free (ReconAxisPairs *self);
void            recon_axis_pairs_take (ReconAxisPairs *self,
                                       double          place);

ReconAxisEstimate recon_axis_pairs_refine        (const ReconAxisPairs    *self,
                                                  double                   axis);
guint             recon_axis_pairs_measure_parts (const ReconAxisPairs    *self,
                                                  double                   axis,
                                                  ReconAxisPart           *parts);
ReconAxisPairs   *recon_axis_pair_find           (const ReconAxisSinogram *sinogram);
double            recon_axis_pair_get_bias       (const ReconAxisSinogram *sinogram);
ReconAxisPairs   *recon_axis_full_turn_find      (const ReconAxisSinogram *sinogram);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisPairs, recon_axis_pairs_free)

G_END_DECLS
