/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis.h"
#include "axis/mirror.h"
#include "axis/sinogram.h"

G_BEGIN_DECLS

/* What the search knows of one row. Columns are those of the sinogram. */
typedef struct
{
  double             row;
  ReconAxisSinogram *sinogram;  /* %NULL: there is nothing in the row */
  ReconAxisPairs    *pairs;     /* opposite lines */
  ReconAxisMirror   *mirror;    /* what they have in common */
  double            *evidence;  /* 2 width - 1: for the axis t / 2 */
  double             likeness;  /* 0 … 1: of the lines about the coarse axis, noise apart */
  double             coarse;    /* near which the axis is looked for */
  ReconAxisEstimate  estimates[RECON_AXIS_N_METHODS]; /* [RECON_AXIS_AUTO]: of all together */
  gboolean           used;      /* in the line through the rows */
  ReconAxisPart      parts[RECON_AXIS_PARTS]; /* of a full turn: by pairs of lines */
  guint              n_parts;   /* 0: none are to be had */
  gboolean           same_ends; /* angles say half a turn, lines a full one */
  ReconAxisEstimate  drift;     /* by the centre of mass: how far the axis moves during the scan */
} ReconRowSearch;

ReconRowSearch *recon_row_search_new     (double            row,
                                          const float      *data,
                                          const double     *angles,
                                          guint             n_angles,
                                          guint             width);
void            recon_row_search_free    (ReconRowSearch   *self);
void            recon_row_search_refine  (ReconRowSearch   *self,
                                          ReconAxisMethod   method);
void            recon_row_search_examine (ReconRowSearch   *self,
                                          double            axis,
                                          double            reach);
void            recon_row_search_combine (ReconRowSearch   *self);

G_END_DECLS
