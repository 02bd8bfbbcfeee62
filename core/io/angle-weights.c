/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <math.h>

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

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double da = *(const double *) a;
  double db = *(const double *) b;

  return da < db ? -1 : da > db;
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
  qsort (others, n_others, sizeof (double), compare_doubles);
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
