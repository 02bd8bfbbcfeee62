/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where an estimator has the axis. */
typedef struct
{
  double axis;        /* columns of the sinogram, pixel centres from 0; NaN: it has none */
  double uncertainty; /* one standard deviation */
  double score;       /* 0 … 1: how well the data agree with it */
} ReconAxisEstimate;

#define RECON_AXIS_NO_ESTIMATE ((ReconAxisEstimate) { .axis = NAN, .uncertainty = G_MAXDOUBLE, .score = 0 })

/* Where the axis is during a part of the scan. */
typedef struct
{
  double place;       /* in the order of acquisition: 0 is the first projection, 1 the last */
  double axis;        /* NaN: there is no telling */
  double uncertainty;
} ReconAxisPart;

#define RECON_AXIS_PARTS 6

/* Where it is looked for. */
typedef struct
{
  double low;
  double high;
} ReconAxisRange;

G_END_DECLS
