/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <math.h>
#include <stdlib.h>

/* Pairs that differ by less than this are equally good; the rounding of angles must not choose among them. */
#define SAME 1e-6

typedef struct
{
  double angle; /* 0 … 2 pi */
  guint  index;
} Turned;

static int
compare_turned (const void *a,
                const void *b)
{
  const Turned *ta = a;
  const Turned *tb = b;

  if (ta->angle != tb->angle)
    return ta->angle < tb->angle ? -1 : 1;

  return ta->index < tb->index ? -1 : ta->index > tb->index;
}

static double
fold (double angle)
{
  double folded = fmod (angle, 2 * G_PI);

  return folded < 0 ? folded + 2 * G_PI : folded;
}

/* The shorter way round between two folded angles. */
static double
get_distance (double a,
              double b)
{
  double d = fabs (a - b);

  return MIN (d, 2 * G_PI - d);
}

static const Turned *
find_nearest (const Turned *sorted,
              guint         n,
              double        angle)
{
  guint low = 0, high = n;
  const Turned *after, *before;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (sorted[middle].angle < angle)
        low = middle + 1;
      else
        high = middle;
    }
  after = &sorted[low % n];
  before = &sorted[(low + n - 1) % n];

  return get_distance (before->angle, angle) < get_distance (after->angle, angle) ? before : after;
}

/**
 * recon_angles_find_opposite:
 * @angles: (array length=n_angles): radians
 * @n_angles: their number
 * @tolerance: radians
 * @first: (out): index of the one
 * @second: (out): index of the other, larger than @first
 *
 * Looks for the two projections that are most nearly half a turn apart: each is then the mirror image of the other,
 * about the axis of rotation. Of pairs that are equally good the one that begins first is taken.
 *
 * Returns: %FALSE if no two are within @tolerance of half a turn
 */
gboolean
recon_angles_find_opposite (const double *angles,
                            guint         n_angles,
                            double        tolerance,
                            guint        *first,
                            guint        *second)
{
  g_autofree Turned *sorted = g_new (Turned, MAX (n_angles, 1));
  double best = tolerance + SAME;
  gboolean found = FALSE;

  for (guint i = 0; i < n_angles; i++)
    {
      if (!isfinite (angles[i]))
        return FALSE;
      sorted[i] = (Turned) { fold (angles[i]), i };
    }
  qsort (sorted, n_angles, sizeof *sorted, compare_turned);

  for (guint i = 0; i < n_angles; i++)
    {
      double opposite = fold (angles[i] + G_PI);
      const Turned *nearest = find_nearest (sorted, n_angles, opposite);
      double distance = get_distance (nearest->angle, opposite);

      if (distance > best - SAME)
        continue;
      best = distance;
      *first = MIN (i, nearest->index);
      *second = MAX (i, nearest->index);
      found = TRUE;
    }

  return found;
}
