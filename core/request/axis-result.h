/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* Where the rotation axis of a scan is, and how sure that is. Columns and rows are those of the projections as read,
 * pixel centres from 0: what reconstruction.axis holds. */

typedef enum
{
  RECON_AXIS_AUTO,       /* all that suit the scan, compared with each other */
  RECON_AXIS_PAIR,       /* projections half a turn apart: phase correlation */
  RECON_AXIS_WEDGE,      /* the sinogram's Fourier transform (Vo et al. 2014) */
  RECON_AXIS_FULL_TURN,  /* every projection with its opposite; scans of a full turn, half acquisition too */
  RECON_AXIS_CENTROID,   /* the centre of mass turns about it; objects that are wholly in view */
  RECON_AXIS_ENTROPY,    /* of the slice's grey values, least */
  RECON_AXIS_NEGATIVITY, /* of the slice, least; objects that are wholly in view */
  RECON_AXIS_SHARPNESS,  /* of the slice, most */
  RECON_AXIS_N_METHODS
} ReconAxisMethod;

typedef enum
{
  RECON_AXIS_CONFIDENCE_NONE, /* there is no telling: the axis is NaN */
  RECON_AXIS_CONFIDENCE_LOW,
  RECON_AXIS_CONFIDENCE_MEDIUM,
  RECON_AXIS_CONFIDENCE_HIGH,
} ReconAxisConfidence;

const char *recon_axis_method_get_name     (ReconAxisMethod      method);
gboolean    recon_axis_method_find         (const char          *name,
                                            ReconAxisMethod     *method,
                                            GError             **error);
const char *recon_axis_confidence_get_name (ReconAxisConfidence  confidence);

typedef struct
{
  ReconAxisMethod  method;
  const char      *rows; /* (nullable): "120", "10,20,30", "100:900" (some of them) or "100:900:50" (these); %NULL for
                          * some of the rows that the configuration selects */
  double           low;  /* columns between which to look; both NaN for the whole detector */
  double           high;
} ReconAxisSettings;

#define RECON_AXIS_SETTINGS_INIT { .low = (double) NAN, .high = (double) NAN }

/* What one detector row has. */
typedef struct
{
  double   row;         /* the middle, where rows are binned */
  double   axis;        /* NaN: none */
  double   uncertainty;
  double   score;       /* 0 … 1 */
  gboolean used;        /* in the line through the rows; others are off it or have nothing */
} ReconAxisRow;

typedef struct
{
  double               axis;        /* in the middle of the rows that were looked at; NaN if confidence is none */
  double               uncertainty; /* one standard deviation, pixels; what rows, parts of the scan and methods disagree
                                     * by is in it */
  double               middle;      /* of the detector: (width - 1) / 2; the offset is axis - middle */
  ReconAxisConfidence  confidence;
  char                *reason;      /* one sentence, translated: why it is no higher, or what speaks for it */
  double               tilt;        /* degrees, positive if the column grows with the row's number; NaN: unknown */
  double               tilt_uncertainty; /* one standard deviation, degrees */
  double               middle_row;  /* where the axis is `axis`: at row r it is axis + (r - middle_row) tan (tilt) */
  double               drift;       /* columns that it moves by from the first projection to the last, evenly; `axis` is
                                     * the mean. NaN: there is no telling */
  double               drift_uncertainty; /* one standard deviation, pixels */
  ReconAxisMethod      method;      /* that found it; of several, the one that weighs most */
  gboolean             half;        /* half acquisition: a full turn about an axis near an edge of the detector */
  double               overlap;     /* then, columns that both sides see */

  ReconAxisRow        *rows;
  guint                n_rows;

  /* Of a slice in the middle of the rows about candidates around the axis: how good it looks, 0 … 1, 1 the best one.
   * Empty if confidence is none. */
  double              *candidates;
  double              *scores;
  guint                n_candidates;

  double               seconds;     /* that the search took after reading */
} ReconAxisResult;

ReconAxisResult *recon_axis_result_copy  (const ReconAxisResult    *self);
void             recon_axis_result_free  (ReconAxisResult          *self);
char            *recon_axis_result_say   (const ReconAxisResult    *self);
gboolean         recon_axis_result_drifts (const ReconAxisResult   *self);
double           recon_axis_result_get_column (const ReconAxisResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisResult, recon_axis_result_free)

G_END_DECLS
