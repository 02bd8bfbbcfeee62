/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "geometry/angles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"

/* Angles closer than this part of the mean distance are the same direction. */
#define COINCIDENT 0.05
/* A gap that exceeds every other gap by this factor, and this angle, was not measured: as much as has to be missing for
 * a limited angle. */
#define WEDGE 3.0
#define LEAST_WEDGE (10.0 * G_PI / 180.0)

/* Projections of the same direction. */
typedef struct
{
  double position; /* mean of the folded angles; may exceed pi after unrolling */
  gsize  first;    /* in the sorted order */
  gsize  n;
} Cluster;

typedef struct
{
  double folded; /* 0 … pi */
  gsize  index;
} Direction;

static int
compare_directions (gconstpointer a,
                    gconstpointer b)
{
  const Direction *da = a;
  const Direction *db = b;

  if (da->folded != db->folded)
    return da->folded < db->folded ? -1 : 1;

  return da->index < db->index ? -1 : da->index > db->index;
}

/* Angles modulo pi in ascending order. They start behind the widest gap and run on past pi, so that no group of
 * like directions is cut in two where pi turns into 0. */
static Direction *
sort_directions (const double *angles,
                 gsize         n)
{
  g_autofree Direction *sorted = g_new (Direction, n);
  Direction *unrolled = g_new (Direction, n);
  double widest = -1.0;
  gsize start = 0;

  for (gsize i = 0; i < n; i++)
    {
      double folded = fmod (angles[i], G_PI);

      sorted[i].folded = folded < 0.0 ? folded + G_PI : folded;
      sorted[i].index = i;
    }

  qsort (sorted, n, sizeof (Direction), compare_directions);

  for (gsize i = 0; i < n; i++)
    {
      double previous = i > 0 ? sorted[i - 1].folded : sorted[n - 1].folded - G_PI;

      if (sorted[i].folded - previous > widest)
        {
          widest = sorted[i].folded - previous;
          start = i;
        }
    }

  for (gsize i = 0; i < n; i++)
    {
      gboolean wrapped = start + i >= n;

      unrolled[i] = sorted[wrapped ? start + i - n : start + i];
      if (wrapped)
        unrolled[i].folded += G_PI;
    }

  return unrolled;
}

/* A cluster ends at a fixed distance from its first member and not from its last, so that a run of finely spaced
 * angles stays a run. */
static gsize
find_clusters (const Direction *directions,
               gsize            n,
               Cluster         *clusters)
{
  double tolerance = COINCIDENT * G_PI / n;
  gsize n_clusters = 0;

  for (gsize i = 0; i < n;)
    {
      Cluster *cluster = &clusters[n_clusters++];
      double sum = 0.0;

      cluster->first = i;
      while (i < n && directions[i].folded - directions[cluster->first].folded < tolerance)
        sum += directions[i++].folded - directions[cluster->first].folded;

      cluster->n = i - cluster->first;
      cluster->position = directions[cluster->first].folded + sum / cluster->n;
    }

  return n_clusters;
}

/* gaps[i] is the distance from cluster i - 1 to cluster i; gaps[0], across the seam, is the widest. Returns what
 * stands for the widest: itself, or the median of the others if it is a wedge that was not measured. */
static double
find_gaps (const Cluster *clusters,
           gsize          n,
           double        *gaps)
{
  g_autofree double *others = NULL;
  gsize n_others = n - 1;

  gaps[0] = clusters[0].position + G_PI - clusters[n - 1].position;
  for (gsize i = 1; i < n; i++)
    gaps[i] = clusters[i].position - clusters[i - 1].position;

  if (n < 2)
    return gaps[0];

  others = g_memdup2 (gaps + 1, n_others * sizeof (double));
  qsort (others, n_others, sizeof (double), recon_compare_doubles);
  if (gaps[0] <= MAX (WEDGE * others[n_others - 1], LEAST_WEDGE))
    return gaps[0];

  return (others[(n_others - 1) / 2] + others[n_others / 2]) / 2.0;
}

/**
 * recon_angles_weights:
 * @angles: (array length=n_angles): angles of the projections in radians, finite, in any order and of any range
 * @n_angles: their number, at least 1
 * @covered: (out) (optional): the part of the half turn that the projections stand for, in radians
 *
 * Computes the weight of each projection in filtered backprojection, which is an integral over half a turn:
 *
 *     slice (x, y) = sum over i of weights[i] · filtered_i (x cos θ_i + y sin θ_i)
 *
 * In parallel beam the projections at θ and θ + π are mirror images and say the same, so the angles are taken
 * modulo π, on a circle of circumference π. There each direction stands for half of the distance to either
 * neighbour (the trapezoidal rule), which gives π/n for evenly spaced angles. Directions closer than 5 % of π/n are
 * one direction that was measured several times (360° scans; 0° and 180° both taken) and share its weight equally:
 * the trapezoidal rule would divide it between them by what is only noise in their angles.
 *
 * The weights sum to π, also for scans of 360°, 720° and uneven or random angles. The exception is a missing wedge,
 * a gap of more than 10° that is more than three times as wide as any other. To bridge it, the two projections beside
 * it would have to count many times as much as all others, which draws streaks along them; they count as if the next
 * one was at the median distance instead, and the sum of weights is less than π by what is missing.
 *
 * Returns: (transfer full) (array length=n_angles): weights in radians, in the order of @angles
 */
double *
recon_angles_weights (const double *angles,
                      gsize         n_angles,
                      double       *covered)
{
  g_autofree Direction *directions = NULL;
  g_autofree Cluster *clusters = NULL;
  g_autofree double *gaps = NULL;
  double *weights;
  double seam;
  gsize n;

  g_return_val_if_fail (angles != NULL, NULL);
  g_return_val_if_fail (n_angles > 0, NULL);

  directions = sort_directions (angles, n_angles);
  clusters = g_new (Cluster, n_angles);
  n = find_clusters (directions, n_angles, clusters);
  gaps = g_new (double, n);
  seam = find_gaps (clusters, n, gaps);
  weights = g_new (double, n_angles);

  for (gsize i = 0; i < n; i++)
    {
      double before = i == 0 ? seam : gaps[i];
      double after = i == n - 1 ? seam : gaps[i + 1];
      double weight = (before + after) / 2.0 / clusters[i].n;

      for (gsize j = 0; j < clusters[i].n; j++)
        weights[directions[clusters[i].first + j].index] = weight;
    }

  if (covered != NULL)
    *covered = G_PI - gaps[0] + seam;

  return weights;
}

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

/* Steps of a motor that go the other way are a fault where they are at most one in so many, and an order of its own,
 * such as that of the golden ratio, where there are more. The same for angles that don't change: several exposures. */
#define FEW 10

/* A turn back to where a full one ends, as encoders do that know no more, is so many turns but for this. */
#define WRAP 0.1

#define DEGREES(radians) ((radians) * 180.0 / G_PI)

/* Whether the step ends another turn: angles of 359°, 0° are in order. */
static gboolean
is_wrap (double step)
{
  double turns = fabs (step) / (2 * G_PI);

  return turns > 0.5 && fabs (turns - round (turns)) < WRAP;
}

/**
 * recon_angles_find_faults:
 * @angles: (array length=n_angles): angles in radians, as they were measured, in the order of time
 * @n_angles: their number
 * @numbers: (array length=n_angles): what the projections are called in messages
 *
 * Looks for angles that no motor has come by: some that repeat the one before, and some that go back where all others
 * go on.
 *
 * Returns: (transfer full) (element-type utf8): a sentence for each kind of fault
 */
GPtrArray *
recon_angles_find_faults (const double *angles,
                          guint         n_angles,
                          const guint  *numbers)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func (g_free);
  guint n_equal = 0, first_equal = 0, n_back[2] = { 0, 0 }, first_back[2] = { 0, 0 };
  guint way;

  for (guint i = 1; i < n_angles; i++)
    {
      double step = angles[i] - angles[i - 1];

      if (step == 0.0)
        {
          first_equal = n_equal++ == 0 ? i : first_equal;
        }
      else if (!is_wrap (step))
        {
          way = step > 0 ? 1 : 0;
          first_back[way] = n_back[way]++ == 0 ? i : first_back[way];
        }
    }

  if (n_equal > 0 && n_equal * FEW <= n_angles)
    g_ptr_array_add (faults, g_strdup_printf (ngettext ("%u of %u angles is the same as the one before: that of "
                                                        "projection %u, %.6g°",
                                                        "%u of %u angles are the same as the one before, the first "
                                                        "that of projection %u, %.6g°",
                                                        n_equal),
                                              n_equal, n_angles, numbers[first_equal],
                                              DEGREES (angles[first_equal])));

  way = n_back[0] < n_back[1] ? 0 : 1;
  if (n_back[way] > 0 && n_back[way] * FEW <= n_angles)
    g_ptr_array_add (faults, g_strdup_printf (ngettext ("%u of %u angles goes back where the others go on: that of "
                                                        "projection %u, %.6g° after %.6g°",
                                                        "%u of %u angles go back where the others go on, the first "
                                                        "that of projection %u, %.6g° after %.6g°",
                                                        n_back[way]),
                                              n_back[way], n_angles, numbers[first_back[way]],
                                              DEGREES (angles[first_back[way]]),
                                              DEGREES (angles[first_back[way] - 1])));

  return faults;
}

/**
 * recon_angles_get_range:
 * @angles: radians, in any order
 * @n_angles: number of angles
 *
 * Returns: the part of a turn that they cover: all of it less the widest gap between neighbours
 */
double
recon_angles_get_range (const double *angles,
                        guint         n_angles)
{
  g_autofree double *sorted = g_new (double, n_angles);
  double gap;

  if (n_angles == 0)
    return 0;
  for (guint i = 0; i < n_angles; i++)
    sorted[i] = angles[i] - 2 * G_PI * floor (angles[i] / (2 * G_PI));
  qsort (sorted, n_angles, sizeof *sorted, recon_compare_doubles);

  gap = sorted[0] + 2 * G_PI - sorted[n_angles - 1];
  for (guint i = 1; i < n_angles; i++)
    gap = MAX (gap, sorted[i] - sorted[i - 1]);

  return 2 * G_PI - gap;
}
