/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis-scan.h"

G_BEGIN_DECLS

/* Scans of which it is counted how often the search's uncertainty is right: noise, rings, drift of up to a pixel, cut
 * objects, half turns and full ones, drawn from a seed. The truth is the mean position. */

#define AXIS_DOUBT_SCANS 200
#define AXIS_DOUBT_COVERED 0.93 /* of the errors are within two standard deviations */
#define AXIS_DOUBT_LEAST 0.4    /* the median of the errors' ratios to one standard deviation: 0.67 if normal */
#define AXIS_DOUBT_MOST 0.9

typedef struct
{
  AxisCase axis_case;
  AxisScan scan;
} AxisDoubt;

typedef struct
{
  guint   n;
  guint   n_none;    /* of them, without an axis */
  guint   n_covered; /* within two standard deviations */
  guint   n_high;
  double *ratios;    /* of errors to standard deviations */
} AxisDoubtTally;

void   axis_doubt_get          (AxisDoubt             *self,
                                guint64                seed,
                                guint                  number);
char  *axis_doubt_describe     (const AxisDoubt       *self);

void   axis_doubt_tally_init   (AxisDoubtTally        *self,
                                guint                  room);
void   axis_doubt_tally_clear  (AxisDoubtTally        *self);
void   axis_doubt_tally_add    (AxisDoubtTally        *self,
                                const AxisDoubt       *doubt,
                                const ReconAxisResult *result);
double axis_doubt_tally_covers (const AxisDoubtTally  *self);
double axis_doubt_tally_median (AxisDoubtTally        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AxisDoubtTally, axis_doubt_tally_clear)

G_END_DECLS
