/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-doubt.h"

#include <math.h>
#include <stdlib.h>

#include "phantom/random.h"

#define STREAM 77

/**
 * axis_doubt_get:
 * @self: (out): a scan
 * @seed: of all of them
 * @number: its number; the kinds take turns, so that any few in succession are of several
 */
void
axis_doubt_get (AxisDoubt *self,
                guint64    seed,
                guint      number)
{
  static const guint widths[] = { 96, 128, 160, 192 };
  static const double photons[] = { 3e2, 1e3, 1e4, 1e5 };
  ReconRandom random;
  guint width;

  recon_random_init (&random, seed, STREAM, number);
  width = widths[recon_random_below (&random, G_N_ELEMENTS (widths))];
  self->axis_case = (AxisCase) {
    .view = number / 2 % 2 == 0 ? AXIS_VIEW_WHOLE : AXIS_VIEW_CUT,
    .object = (AxisObject) recon_random_below (&random, AXIS_OBJECT_DISCS + 1),
    .full = number % 2 == 1,
    .place = 0.35 + 0.3 * recon_random_uniform (&random),
    .rings = number / 4 % 2 == 1,
  };
  axis_scan_init (&self->scan, &self->axis_case, width, 3 + recon_random_below (&random, 5),
                  photons[recon_random_below (&random, G_N_ELEMENTS (photons))]);
  self->scan.axis = self->axis_case.place * (width - 1);
  self->scan.drift = recon_random_uniform (&random) * (recon_random_below (&random, 2) == 0 ? 1 : -1);
  self->scan.seed = 1000 * seed + number;
}

/* Returns: (transfer full): what kind of scan it is */
char *
axis_doubt_describe (const AxisDoubt *self)
{
  return g_strdup_printf ("%-5s %s %-10s %s %3u columns %u rows %6.0f photons drift %+5.2f",
                          axis_view_get_name (self->axis_case.view), self->axis_case.full ? "360" : "180",
                          axis_object_get_name (self->axis_case.object), self->axis_case.rings ? "rings" : "clean",
                          self->scan.width, self->scan.n_rows, self->scan.photons, self->scan.drift);
}

void
axis_doubt_tally_init (AxisDoubtTally *self,
                       guint           room)
{
  *self = (AxisDoubtTally) { .ratios = g_new (double, room) };
}

void
axis_doubt_tally_clear (AxisDoubtTally *self)
{
  g_clear_pointer (&self->ratios, g_free);
}

void
axis_doubt_tally_add (AxisDoubtTally        *self,
                      const AxisDoubt       *doubt,
                      const ReconAxisResult *result)
{
  double ratio;

  self->n++;
  self->n_high += result->confidence == RECON_AXIS_CONFIDENCE_HIGH;
  if (result->confidence == RECON_AXIS_CONFIDENCE_NONE)
    {
      self->n_none++;
      return;
    }

  ratio = fabs (result->axis - doubt->scan.axis) / result->uncertainty;
  self->n_covered += ratio <= 2;
  self->ratios[self->n - self->n_none - 1] = ratio;
}

/* Returns: the part of the axes that were found that is within two standard deviations */
double
axis_doubt_tally_covers (const AxisDoubtTally *self)
{
  return self->n_covered / MAX (self->n - self->n_none, 1.0);
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double da = *(const double *) a, db = *(const double *) b;

  return (da > db) - (da < db);
}

/* Returns: the median of the ratios of errors to standard deviations */
double
axis_doubt_tally_median (AxisDoubtTally *self)
{
  const guint n = self->n - self->n_none;

  qsort (self->ratios, n, sizeof *self->ratios, compare_doubles);

  return n > 0 ? self->ratios[n / 2] : 0;
}
