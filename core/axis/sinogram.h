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

/* The sinogram of one detector row, made ready for the search of the axis: without stripes, spots, missing values and
 * uneven brightness, in the order of the angles. */
typedef struct
{
  guint     n;       /* lines */
  guint     width;
  double   *angles;  /* radians, ascending from 0, below 2 pi */
  double   *places;  /* of the lines in the order of acquisition: 0 the first projection, 1 the last */
  float    *data;    /* n × width: absorptivity */
  double    step;    /* usual angle between lines */
  double    range;   /* angle that they cover, with one step beyond the last line */
  gboolean  full;    /* a full turn: each line has its opposite */
  gboolean  cut_left;  /* the object reaches beyond the first column */
  gboolean  cut_right; /* the object reaches beyond the last column */
  guint     first;   /* columns [first, last] hold all of an object that is not cut */
  guint     last;
  double    signal;  /* the usual absorptivity within the object */
  double    noise;   /* standard deviation of a sample, by its neighbours */
  float    *variance; /* width: of the noise, means over the lines */
  double    turning; /* rms of what changes with the angle, in means of blocks of angles and columns */
  double    turning_noise; /* what noise alone would have there */
} ReconAxisSinogram;

/* Of more than this each line has its opposite, more or less. */
#define RECON_AXIS_FULL_TURN_RANGE (1.25 * G_PI)

ReconAxisSinogram *recon_axis_sinogram_new  (const float             *data,
                                             const double            *angles,
                                             guint                    n_angles,
                                             guint                    width);
void               recon_axis_sinogram_free (ReconAxisSinogram       *self);

static inline const float *
recon_axis_sinogram_line (const ReconAxisSinogram *self,
                          guint                    line)
{
  return self->data + (gsize) line * self->width;
}

static inline gboolean
recon_axis_sinogram_is_cut (const ReconAxisSinogram *self)
{
  return self->cut_left || self->cut_right;
}

void               recon_axis_sinogram_sample (const ReconAxisSinogram *self,
                                               double                   angle,
                                               float                   *line);
double             recon_axis_sinogram_get_place (const ReconAxisSinogram *self,
                                                  double                   angle);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisSinogram, recon_axis_sinogram_free)

/* sinogram-measure.c */
void recon_axis_sinogram_measure_noise (ReconAxisSinogram *self);
void recon_axis_sinogram_measure       (ReconAxisSinogram *self);

G_END_DECLS
