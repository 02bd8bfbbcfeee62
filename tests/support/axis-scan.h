/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis-rows.h"
#include "axis/axis.h"
#include "phantom/phantom.h"

G_BEGIN_DECLS

/* Sinograms of some detector rows of a synthetic scan, in memory, with what detectors add. */
typedef struct
{
  const ReconPhantom *phantom;
  guint   width;
  guint   n_rows;   /* rows that are made, over the middle half of the detector's */
  guint   n_angles;
  double  start;    /* radians: of the first projection */
  double  range;    /* radians; below 0: the other way round */
  double  axis;     /* in the middle row */
  double  radius;   /* pixels in the phantom's unit of length */
  double  photons;  /* of the open beam; 0: no noise */
  double  rings;    /* rms error of the gain */
  double  tilt;     /* columns that the axis moves from one made row to the next */
  double  drift;    /* columns that it moves from the first projection to the last; `axis` is the mean */
  guint64 seed;
} AxisScan;

/* Where the object lies. */
typedef enum
{
  AXIS_VIEW_WHOLE, /* wholly in view */
  AXIS_VIEW_CUT,   /* wider than the detector */
  AXIS_VIEW_HALF,  /* half acquisition: a full turn shows all of it */
  AXIS_N_VIEWS
} AxisView;

typedef enum
{
  AXIS_OBJECT_ASYMMETRIC,
  AXIS_OBJECT_FOAM,
  AXIS_OBJECT_OFF_CENTRE, /* air at the axis */
  AXIS_N_OBJECTS,
  AXIS_OBJECT_DISCS = AXIS_N_OBJECTS /* some discs in a large one; not in the table */
} AxisObject;

/* One of the table of scans on which the search is measured: every view with every object, turn, place of the axis
 * that makes sense with it, with and without rings. */
typedef struct
{
  AxisView   view;
  AxisObject object;
  gboolean   full;
  double     place; /* of the axis, of the width; it is moved by a part of a pixel */
  gboolean   rings;
} AxisCase;

const char    *axis_view_get_name   (AxisView          view);
const char    *axis_object_get_name (AxisObject        object);
double         axis_view_get_bar    (AxisView          view);

guint          axis_cases_get_n     (void);
void           axis_cases_get       (guint             number,
                                     AxisCase         *axis_case);
void           axis_scan_init       (AxisScan         *self,
                                     const AxisCase   *axis_case,
                                     guint             width,
                                     guint             n_rows,
                                     double            photons);

double         axis_scan_row        (const AxisScan   *self,
                                     guint             row);
double         axis_scan_axis       (const AxisScan   *self,
                                     guint             row);
double        *axis_scan_angles     (const AxisScan   *self);
float         *axis_scan_sinogram   (const AxisScan   *self,
                                     guint             row);
ReconAxisRows *axis_scan_rows       (const AxisScan   *self);

G_END_DECLS
