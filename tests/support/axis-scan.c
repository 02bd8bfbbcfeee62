/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-scan.h"

#include <math.h>
#include <string.h>

#include "compute/device.h"
#include "phantom/random.h"

#define GAIN 0.01 /* rms of rings */

/* Air on one side of the axis, at every angle somewhere else: nothing of it is symmetric. */
static const ReconEllipsoid off_centre[] = {
  { 0.45, 0.30, 0.0, 0.30, 0.18, INFINITY, 0.6, 1.0 },
  { 0.60, -0.10, 0.0, 0.16, 0.22, INFINITY, 0.0, 0.7 },
  { 0.40, 0.30, 0.0, 0.08, 0.05, INFINITY, 0.0, -0.8 },
  { 0.55, 0.38, 0.0, 0.03, 0.03, INFINITY, 0.0, 1.5 },
};

static const ReconPhantom off_centre_phantom = {
  "off-centre", off_centre, G_N_ELEMENTS (off_centre),
};

static const ReconEllipsoid discs[] = {
  { 0.00, 0.00, 0.0, 0.77, 0.77, INFINITY, 0.0, 1.0 },   { 0.27, -0.18, 0.0, 0.16, 0.16, INFINITY, 0.0, 2.0 },
  { -0.34, 0.14, 0.0, 0.11, 0.11, INFINITY, 0.0, -0.8 }, { 0.07, 0.41, 0.0, 0.09, 0.09, INFINITY, 0.0, 3.0 },
  { -0.18, -0.45, 0.0, 0.07, 0.07, INFINITY, 0.0, 1.5 },
};

static const ReconPhantom discs_phantom = {
  "discs", discs, G_N_ELEMENTS (discs),
};

static const double places[] = { 0.5, 0.4, 0.3, 0.12 };
static const double parts[] = { 0, 0.37, 0.81, 0.25 };

const char *
axis_view_get_name (AxisView view)
{
  static const char *const names[AXIS_N_VIEWS] = { "whole", "cut", "half" };

  return names[view];
}

const char *
axis_object_get_name (AxisObject object)
{
  static const char *const names[] = { "asymmetric", "foam", "off-centre", "discs" };

  return names[object];
}

/* Returns: what 95 of 100 errors are to be within, in pixels */
double
axis_view_get_bar (AxisView view)
{
  static const double bars[AXIS_N_VIEWS] = { 0.1, 0.25, 0.3 };

  return bars[view];
}

/* An object that is cut at an axis near the edge leaves nothing to compare in half a turn; one that is half in view has
 * its axis there, and turns fully. */
static gboolean
makes_sense (const AxisCase *axis_case)
{
  if (axis_case->view == AXIS_VIEW_CUT)
    return axis_case->place > 0.2;
  if (axis_case->view == AXIS_VIEW_HALF)
    return axis_case->full && axis_case->place < 0.35;

  return TRUE;
}

static gboolean
find_case (guint     number,
           AxisCase *axis_case,
           guint    *n)
{
  *n = 0;
  for (guint view = 0; view < AXIS_N_VIEWS; view++)
    for (guint full = 0; full < 2; full++)
      for (guint place = 0; place < G_N_ELEMENTS (places); place++)
        for (guint object = 0; object < AXIS_N_OBJECTS; object++)
          for (guint rings = 0; rings < 2; rings++)
            {
              *axis_case = (AxisCase) { (AxisView) view, (AxisObject) object, full == 1, places[place], rings == 1 };
              if (!makes_sense (axis_case))
                continue;
              if (*n == number)
                return TRUE;
              (*n)++;
            }

  return FALSE;
}

guint
axis_cases_get_n (void)
{
  AxisCase last;
  guint n;

  find_case (G_MAXUINT, &last, &n);

  return n;
}

void
axis_cases_get (guint     number,
                AxisCase *axis_case)
{
  guint n;
  gboolean found = find_case (number, axis_case, &n);

  g_assert_true (found);
}

static const ReconPhantom *
get_phantom (AxisObject object)
{
  switch (object)
    {
    case AXIS_OBJECT_OFF_CENTRE:
      return &off_centre_phantom;
    case AXIS_OBJECT_DISCS:
      return &discs_phantom;
    default:
      return recon_phantom_find (axis_object_get_name (object));
    }
}

void
axis_scan_init (AxisScan       *self,
                const AxisCase *axis_case,
                guint           width,
                guint           n_rows,
                double          photons)
{
  const guint place = (guint) (axis_case->place * 100);
  const double last = width - 1;
  double near, far;

  *self = (AxisScan) {
    .phantom = get_phantom (axis_case->object),
    .width = width,
    .n_rows = n_rows,
    .n_angles = width * 3 / 2 * (axis_case->full ? 2 : 1),
    .range = axis_case->full ? 2 * G_PI : G_PI,
    .axis = floor (axis_case->place * last) + parts[(place + axis_case->object + axis_case->rings) % 4],
    .photons = photons,
    .rings = axis_case->rings ? GAIN : 0,
    .seed = place + 1000 * (guint) axis_case->object + 10000 * (guint) axis_case->view,
  };
  near = MIN (self->axis, last - self->axis);
  far = MAX (self->axis, last - self->axis);
  self->radius = axis_case->view == AXIS_VIEW_WHOLE ? near : axis_case->view == AXIS_VIEW_CUT ? 0.65 * width : far;
}

#define AXIS_SCAN_ROWS 64

double
axis_scan_row (const AxisScan *self,
               guint           row)
{
  return AXIS_SCAN_ROWS / 4.0 + (row + 0.5) * AXIS_SCAN_ROWS / 2.0 / self->n_rows;
}

double
axis_scan_axis (const AxisScan *self,
                guint           row)
{
  return self->axis + self->tilt * (row - (self->n_rows - 1) / 2.0);
}

double *
axis_scan_angles (const AxisScan *self)
{
  double *angles = g_new (double, self->n_angles);

  for (guint i = 0; i < self->n_angles; i++)
    angles[i] = self->start + self->range * i / self->n_angles;

  return angles;
}

/* Returns: (transfer full): n_angles × width, the largest about 2 */
float *
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
      const double drift = self->drift * (i / MAX (self->n_angles - 1.0, 1) - 0.5);
      float *line = data + (gsize) i * self->width;

      recon_phantom_project (self->phantom, AXIS_SCAN_ROWS, self->width, self->radius,
                             axis_scan_axis (self, row) + drift, axis_scan_row (self, row), angles[i], line);
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

/* Returns: (transfer full): all rows, as they would be read from a detector as wide as this */
ReconAxisRows *
axis_scan_rows (const AxisScan *self)
{
  ReconAxisRows *rows = g_new0 (ReconAxisRows, 1);
  g_autofree double *angles = axis_scan_angles (self);
  const gsize bytes = (gsize) self->n_angles * self->width * sizeof (float);

  rows->geometry = recon_geometry_new ();
  recon_geometry_set_angles (rows->geometry, angles, NULL, NULL, self->n_angles);
  rows->width = rows->width_as_read = self->width;
  rows->n = self->n_rows;
  rows->rows = g_new (double, self->n_rows);
  rows->sinograms = g_new0 (float *, self->n_rows);
  for (guint i = 0; i < self->n_rows; i++)
    {
      g_autofree float *data = axis_scan_sinogram (self, i);

      rows->rows[i] = axis_scan_row (self, i);
      rows->sinograms[i] = recon_host_memory_new (bytes, NULL);
      memcpy (rows->sinograms[i], data, bytes);
    }

  return rows;
}
