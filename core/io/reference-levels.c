/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/reference-levels.h"

#include <math.h>

#include "base/sort.h"
#include "io/reduce.h"

/* Which darks and flats are what they are said to be. The majority of a group may be wrong: three of five darks that
 * are flats make a median that is a flat. So the frames of each group are put together by their levels, and of all ways
 * to choose one such cluster of each group, in which flats are brighter than darks, the one with most frames is right.
 *
 * What differs is measured by the light: the range from the darkest to what is usual for the brightest. */

/* Differences in this share of the light make another level. */
#define DARK_TOLERANCE 0.05
#define FLAT_TOLERANCE 0.10

/* Flats are brighter than darks by this share of the light at least. */
#define LEAST_CONTRAST 0.10

/* A dark is like the flats, or a flat like the darks, up to this share of the way. */
#define LIKE 0.25

/* The light is at least this share of the greatest level: less is noise. */
#define LEAST_RANGE 1e-3

/* Deviations are no chance beyond so many standard deviations, estimated from the median deviation. */
#define MOST_DEVIATIONS (6 * 1.4826)

/* Frames of one level. */
typedef struct
{
  double lowest;
  double highest;
  double level; /* the one in the middle */
  guint  n;
} Cluster;

typedef struct
{
  ReconLevels **groups;
  double        light;
  GArray       *clusters[RECON_N_LEVELS];
} Judgement;

/**
 * recon_levels_new:
 * @n: frames of the group
 * @n_rows: rows that are looked at
 *
 * Returns: (transfer full): a group whose frames are to be measured
 */
ReconLevels *
recon_levels_new (guint n,
                  guint n_rows)
{
  ReconLevels *self = g_new0 (ReconLevels, 1);

  self->n = n;
  self->n_rows = n_rows;
  self->n_tiles = n_rows * RECON_TILES_PER_ROW;
  self->tiles = g_new (float, (gsize) n * self->n_tiles);
  self->verdicts = g_new0 (guint8, n);
  self->peaks = g_new0 (ReconPeak, (gsize) n * n_rows);
  self->level = self->other = self->ceiling = NAN;
  for (gsize i = 0; i < (gsize) n * self->n_tiles; i++)
    self->tiles[i] = NAN;

  return self;
}

void
recon_levels_free (ReconLevels *self)
{
  g_free (self->tiles);
  g_free (self->verdicts);
  g_free (self->peaks);
  g_free (self);
}

/**
 * recon_levels_measure_row:
 * @self: a group
 * @frame: which frame
 * @row: which of the rows that are looked at
 * @values: (array length=width): its values
 * @width: columns
 *
 * Different rows and frames may be measured by several threads at once.
 */
void
recon_levels_measure_row (ReconLevels *self,
                          guint        frame,
                          guint        row,
                          const float *values,
                          guint        width)
{
  for (guint i = 0; i < RECON_TILES_PER_ROW; i++)
    {
      const guint first = (guint) ((guint64) width * i / RECON_TILES_PER_ROW);
      const guint end = (guint) ((guint64) width * (i + 1) / RECON_TILES_PER_ROW);
      g_autofree float *part = g_memdup2 (values + first, (end - first) * sizeof *part);
      guint n_finite = 0;

      for (guint c = first; c < end; c++)
        n_finite += isfinite (values[c]) != 0;
      if (2 * n_finite > end - first)
        self->tiles[(gsize) frame * self->n_tiles + row * RECON_TILES_PER_ROW + i] =
            recon_reduce_median (part, end - first);
    }
  self->peaks[(gsize) frame * self->n_rows + row] = recon_levels_measure_peak (values, width);
}

/**
 * recon_levels_get_frame:
 * @self: a group
 * @frame: which frame
 *
 * Returns: the mean of the frame's tiles, or NaN if none of them is a number
 */
double
recon_levels_get_frame (ReconLevels *self,
                        guint        frame)
{
  const float *tiles = self->tiles + (gsize) frame * self->n_tiles;
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < self->n_tiles; i++)
    if (isfinite (tiles[i]))
      {
        sum += (double) tiles[i];
        n++;
      }

  return n > 0 ? sum / n : (double) NAN;
}

/**
 * recon_levels_count:
 * @self: a group
 * @verdict: a #ReconFrameVerdict
 *
 * Returns: how many frames of the group have that verdict
 */
guint
recon_levels_count (ReconLevels *self,
                    guint        verdict)
{
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    n += self->verdicts[i] == verdict;

  return n;
}

/* Returns: (transfer full) (element-type double): the levels of the frames that have one and are not saturated, from
 * dark to bright */
static GArray *
sort_levels (ReconLevels *group)
{
  GArray *levels = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < group->n; i++)
    {
      const double level = recon_levels_get_frame (group, i);

      if (!isnan (level) && group->verdicts[i] == RECON_FRAME_KEPT)
        g_array_append_val (levels, level);
    }
  g_array_sort (levels, recon_compare_doubles);

  return levels;
}

static double
get_tolerance (const Judgement *self,
               guint            which)
{
  return (which == RECON_LEVELS_DARKS ? DARK_TOLERANCE : FLAT_TOLERANCE) * self->light;
}

static double
measure_light (GArray **levels,
               double   projections)
{
  double darkest = projections, brightest = projections;

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    if (levels[g]->len > 0)
      {
        darkest = fmin (darkest, g_array_index (levels[g], double, 0));
        brightest = fmax (brightest, g_array_index (levels[g], double, levels[g]->len / 2));
      }

  return fmax (brightest - darkest, LEAST_RANGE * fmax (fabs (brightest), fabs (darkest)));
}

static GArray *
find_clusters (GArray *levels,
               double  tolerance)
{
  GArray *clusters = g_array_new (FALSE, FALSE, sizeof (Cluster));

  for (guint i = 0, end; i < levels->len; i = end)
    {
      Cluster cluster = { .lowest = g_array_index (levels, double, i) };

      for (end = i + 1; end < levels->len; end++)
        if (g_array_index (levels, double, end) - g_array_index (levels, double, end - 1) > tolerance)
          break;
      cluster.highest = g_array_index (levels, double, end - 1);
      cluster.level = g_array_index (levels, double, (i + end) / 2);
      cluster.n = end - i;
      g_array_append_val (clusters, cluster);
    }

  return clusters;
}

/* The largest cluster of flats that is brighter than the darks; of two that are as large the brighter one. */
static const Cluster *
choose_flats (const Judgement *self,
              guint            which,
              const Cluster   *darks)
{
  const Cluster *best = NULL;

  for (guint i = 0; i < self->clusters[which]->len; i++)
    {
      const Cluster *flats = &g_array_index (self->clusters[which], Cluster, i);

      if (darks != NULL && !(flats->level - darks->level >= LEAST_CONTRAST * self->light))
        continue;
      if (best == NULL || flats->n >= best->n)
        best = flats;
    }

  return best;
}

/* How many frames agree if these are the darks, as a sum of shares; 0 if no flats are brighter. */
static double
score_darks (const Judgement *self,
             const Cluster   *darks)
{
  double score = 0;

  for (guint g = RECON_LEVELS_FLATS; g < RECON_N_LEVELS; g++)
    {
      const Cluster *flats = choose_flats (self, g, darks);

      if (flats != NULL)
        score += (double) flats->n / self->groups[g]->n;
    }
  if (score > 0)
    score += (double) darks->n / self->groups[RECON_LEVELS_DARKS]->n;

  return score;
}

static const Cluster *
choose_darks (const Judgement *self)
{
  const Cluster *best = NULL;
  double best_score = 0;

  for (guint i = 0; i < self->clusters[RECON_LEVELS_DARKS]->len; i++)
    {
      const Cluster *darks = &g_array_index (self->clusters[RECON_LEVELS_DARKS], Cluster, i);
      const double score = score_darks (self, darks);

      if (score > best_score)
        {
          best = darks;
          best_score = score;
        }
    }

  return best;
}

/* Another cluster that could as well be the right one. */
static double
find_other (const Judgement *self,
            guint            which,
            const Cluster   *chosen,
            const Cluster   *darks,
            const Cluster   *flats)
{
  for (guint i = 0; i < self->clusters[which]->len; i++)
    {
      const Cluster *other = &g_array_index (self->clusters[which], Cluster, i);
      const double contrast = which == RECON_LEVELS_DARKS ? flats->level - other->level
                              : darks != NULL             ? other->level - darks->level
                                                          : G_MAXDOUBLE;

      if (other != chosen && other->n >= chosen->n && contrast >= LEAST_CONTRAST * self->light)
        return other->level;
    }

  return NAN;
}

/* Of the group's frames that are kept, the medians of a tile's values and of their deviations from that. */
static void
measure_tile (ReconLevels *group,
              guint        tile,
              float       *median,
              float       *deviation)
{
  g_autofree float *values = g_new (float, group->n);
  guint n = 0;

  for (guint i = 0; i < group->n; i++)
    if (group->verdicts[i] == RECON_FRAME_KEPT)
      values[n++] = group->tiles[(gsize) i * group->n_tiles + tile];
  *median = recon_reduce_median (values, n);

  n = 0;
  for (guint i = 0; i < group->n; i++)
    if (group->verdicts[i] == RECON_FRAME_KEPT)
      values[n++] = fabsf (group->tiles[(gsize) i * group->n_tiles + tile] - *median);
  *deviation = recon_reduce_median (values, n);
}

/* Frames that differ from the others in some of their tiles: a shutter that was half open, a sample in the way. */
static void
find_uneven (const Judgement *self,
             guint            which)
{
  ReconLevels *group = self->groups[which];
  const guint n_kept = recon_levels_count (group, RECON_FRAME_KEPT);
  g_autofree gboolean *is_uneven = g_new0 (gboolean, group->n);
  guint n = 0;

  if (n_kept < 3)
    return;

  for (guint t = 0; t < group->n_tiles; t++)
    {
      float median, deviation;

      measure_tile (group, t, &median, &deviation);
      for (guint i = 0; i < group->n; i++)
        {
          const float tile = group->tiles[(gsize) i * group->n_tiles + t];
          const double most = fmax (get_tolerance (self, which), MOST_DEVIATIONS * (double) deviation);

          if (group->verdicts[i] == RECON_FRAME_KEPT && isfinite (median) &&
              !((double) fabsf (tile - median) <= most) && !is_uneven[i])
            {
              is_uneven[i] = TRUE;
              n++;
            }
        }
    }

  /* Not if it is as many as not. */
  for (guint i = 0; 2 * n < n_kept && i < group->n; i++)
    if (is_uneven[i])
      group->verdicts[i] = RECON_FRAME_UNEVEN;
}

/* Frames of one level can't be distinguished from those of another: both are kept. */
static void
keep_together (ReconLevels *group)
{
  for (guint i = 0; isfinite (group->other) && i < group->n; i++)
    if (group->verdicts[i] == RECON_FRAME_BRIGHTER || group->verdicts[i] == RECON_FRAME_DARKER)
      group->verdicts[i] = RECON_FRAME_KEPT;
}

/* @chosen: (nullable): none of them is right then. @opposite: level of the flats for darks, of the darks for flats, or
 * NaN. */
static void
judge_group (const Judgement *self,
             guint            which,
             const Cluster   *chosen,
             double           opposite)
{
  ReconLevels *group = self->groups[which];

  for (guint i = 0; i < group->n; i++)
    {
      const double level = recon_levels_get_frame (group, i);

      if (group->verdicts[i] == RECON_FRAME_SATURATED)
        continue;
      if (isnan (level))
        group->verdicts[i] = RECON_FRAME_NO_NUMBERS;
      else if (chosen != NULL && (level >= chosen->lowest && level <= chosen->highest))
        group->verdicts[i] = RECON_FRAME_KEPT;
      else if (chosen == NULL || fabs (level - opposite) < LIKE * fabs (chosen->level - opposite))
        group->verdicts[i] = which == RECON_LEVELS_DARKS ? RECON_FRAME_LIKE_FLATS : RECON_FRAME_LIKE_DARKS;
      else
        group->verdicts[i] = level > chosen->level ? RECON_FRAME_BRIGHTER : RECON_FRAME_DARKER;
    }

  group->level = NAN;
  if (chosen != NULL)
    group->level = chosen->level;
  if (chosen != NULL)
    find_uneven (self, which);
}

static gboolean
judge (const Judgement *self)
{
  const gboolean has_darks = self->groups[RECON_LEVELS_DARKS]->n > 0;
  const double nowhere = NAN;
  const Cluster *darks = choose_darks (self);
  const Cluster *flats = choose_flats (self, RECON_LEVELS_FLATS, darks);
  const Cluster *after = choose_flats (self, RECON_LEVELS_FLATS_AFTER, darks);
  const Cluster *any = flats != NULL ? flats : after;

  if (any == NULL || (has_darks && darks == NULL))
    return FALSE;

  if (has_darks)
    {
      judge_group (self, RECON_LEVELS_DARKS, darks, any->level);
      self->groups[RECON_LEVELS_DARKS]->other = find_other (self, RECON_LEVELS_DARKS, darks, darks, any);
    }
  judge_group (self, RECON_LEVELS_FLATS, flats, has_darks ? darks->level : nowhere);
  judge_group (self, RECON_LEVELS_FLATS_AFTER, after, has_darks ? darks->level : nowhere);
  if (flats != NULL)
    self->groups[RECON_LEVELS_FLATS]->other = find_other (self, RECON_LEVELS_FLATS, flats, darks, flats);
  if (after != NULL)
    self->groups[RECON_LEVELS_FLATS_AFTER]->other = find_other (self, RECON_LEVELS_FLATS_AFTER, after, darks, after);
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    keep_together (self->groups[g]);

  return TRUE;
}

/* The level in the middle. */
static double
get_middle (ReconLevels *group)
{
  g_autoptr (GArray) levels = sort_levels (group);

  return levels->len > 0 ? g_array_index (levels, double, levels->len / 2) : (double) NAN;
}

/**
 * recon_levels_judge:
 * @groups: (array fixed-size=3): darks, flats and flats after, all measured, of which only flats need to have frames
 * @projections: some projections, measured
 *
 * Finds the frames that are not what they are said to be. Saturated flats are none: see recon_levels_find_saturated().
 * Of the others those that differ from the rest by less than 5 % (darks) or 10 % (flats) of the light, or by what is
 * usual among them, are kept.
 *
 * Returns: %FALSE if no flats are brighter than darks; all verdicts but #RECON_FRAME_SATURATED stay #RECON_FRAME_KEPT
 *   then
 */
gboolean
recon_levels_judge (ReconLevels **groups,
                    ReconLevels  *projections)
{
  GArray *levels[RECON_N_LEVELS];
  Judgement self = { .groups = groups };
  gboolean is_clear;

  recon_levels_find_saturated (groups, projections);
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    levels[g] = sort_levels (groups[g]);
  self.light = measure_light (levels, get_middle (projections));
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    self.clusters[g] = find_clusters (levels[g], get_tolerance (&self, g));

  is_clear = judge (&self);

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    {
      g_array_unref (levels[g]);
      g_array_unref (self.clusters[g]);
    }

  return is_clear;
}
