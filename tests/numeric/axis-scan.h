/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "phantom/phantom.h"
#include "phantom/random.h"

G_BEGIN_DECLS

/* Sinograms of some detector rows of a synthetic scan, in memory, with what detectors add. */
typedef struct
{
  const ReconPhantom *phantom;
  guint   width;
  guint   n_rows;   /* rows that are made, over the middle half of the detector's */
  guint   n_angles;
  double  range;    /* radians */
  double  axis;     /* in the middle row */
  double  radius;   /* pixels in the phantom's unit of length */
  double  photons;  /* of the open beam; 0: no noise */
  double  rings;    /* rms error of the gain */
  double  tilt;     /* columns that the axis moves from one made row to the next */
  guint64 seed;
} AxisScan;

#define AXIS_SCAN_ROWS 64

G_GNUC_UNUSED static double
axis_scan_row (const AxisScan *self,
               guint           row)
{
  return AXIS_SCAN_ROWS / 4.0 + (row + 0.5) * AXIS_SCAN_ROWS / 2.0 / self->n_rows;
}

G_GNUC_UNUSED static double
axis_scan_axis (const AxisScan *self,
                guint           row)
{
  return self->axis + self->tilt * (row - (self->n_rows - 1) / 2.0);
}

G_GNUC_UNUSED static double *
axis_scan_angles (const AxisScan *self)
{
  double *angles = g_new (double, self->n_angles);

  for (guint i = 0; i < self->n_angles; i++)
    angles[i] = self->range * i / self->n_angles;

  return angles;
}

/* Returns: (transfer full): n_angles × width, the largest about 2 */
G_GNUC_UNUSED static float *
axis_scan_sinogram (const AxisScan *self,
                    guint           row)
{
  g_autofree double *angles = axis_scan_angles (self);
  g_autofree double *gain = g_new (double, self->width);
  float *data = g_new (float, (gsize) self->n_angles * self->width);
  ReconRandom random;
  double largest = 0;

  recon_random_init (&random, self->seed, 1, row);
  for (guint c = 0; c < self->width; c++)
    gain[c] = 1 + self->rings * recon_random_normal (&random);

  for (guint i = 0; i < self->n_angles; i++)
    {
      float *line = data + (gsize) i * self->width;

      recon_phantom_project (self->phantom, AXIS_SCAN_ROWS, self->width, self->radius, axis_scan_axis (self, row),
                             axis_scan_row (self, row), angles[i], line);
      for (guint c = 0; c < self->width; c++)
        largest = MAX (largest, (double) line[c]);
    }

  for (guint i = 0; i < self->n_angles; i++)
    for (guint c = 0; c < self->width; c++)
      {
        float *p = data + (gsize) i * self->width + c;
        double v = largest > 0 ? (double) *p * 2 / largest : 0;
        double t = exp (-v) * gain[c];

        if (self->photons > 0)
          t = MAX (recon_random_poisson (&random, self->photons * t), 0.5) / self->photons;
        *p = (float) -log (t);
      }

  return data;
}

/* Air on one side of the axis, at every angle somewhere else: nothing of it is symmetric. */
static const ReconEllipsoid axis_scan_off_centre[] = {
  { 0.45, 0.30, 0.0, 0.30, 0.18, INFINITY, 0.6, 1.0 },
  { 0.60, -0.10, 0.0, 0.16, 0.22, INFINITY, 0.0, 0.7 },
  { 0.40, 0.30, 0.0, 0.08, 0.05, INFINITY, 0.0, -0.8 },
  { 0.55, 0.38, 0.0, 0.03, 0.03, INFINITY, 0.0, 1.5 },
};

static const ReconPhantom axis_scan_off_centre_phantom = {
  "off-centre", axis_scan_off_centre, G_N_ELEMENTS (axis_scan_off_centre),
};

G_END_DECLS
