/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angle-run.h"

#include <math.h>

/* Files of angles often hold those of dark and flat frames too: the stage stands still while these are taken. */

/* Steps between angles differ by less than this part of the mean step where they are evenly spaced. */
#define TOLERANCE 0.25

/* Fewer angles are evenly spaced by chance. */
#define FEWEST 3

static gboolean
is_even (const double *angles,
         gsize         n)
{
  double step = (angles[n - 1] - angles[0]) / (double) (n - 1);

  if (step == 0 || !isfinite (step))
    return FALSE;

  for (gsize i = 1; i < n; i++)
    if (!(fabs (angles[i] - angles[i - 1] - step) < TOLERANCE * fabs (step)))
      return FALSE;

  return TRUE;
}

/**
 * recon_angles_find_even_run:
 * @angles: (array length=n_angles): angles of a scan with all its frames
 * @n_angles: number of angles
 * @n_wanted: number of projections, fewer
 * @first: (out): where the projections' angles begin
 *
 * Looks for the angles that follow each other in even steps.
 *
 * Returns: whether there is exactly one place where they do
 */
gboolean
recon_angles_find_even_run (const double *angles,
                            gsize         n_angles,
                            gsize         n_wanted,
                            gsize        *first)
{
  guint n_found = 0;

  if (n_wanted < FEWEST)
    return FALSE;

  for (gsize i = 0; i + n_wanted <= n_angles && n_found < 2; i++)
    if (is_even (angles + i, n_wanted))
      {
        *first = i;
        n_found++;
      }

  return n_found == 1;
}
