/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/angle-groups.h"

#include <math.h>
#include <string.h>

/* Projections that are shifted so that they agree in the middle of a square of T pixels differ at its border by up to
 * T/2 · Δθ columns. Merging is not seen beside the blur of linear interpolation, which every backprojection has, as
 * long as the angles of a group, with half a step at either end, span no more than so many columns over the square.
 *
 * Measured on the Shepp-Logan phantom of 512 and 1024 columns, as the distance to a backprojection of projections
 * that were interpolated by the Fourier transform (tests/numeric/test-merged.c): 5.0 and 3.7 % inside of tiles, 5.2
 * and 3.9 % along their borders; without merging 5.7 and 4.0 %, and 5.4 and 3.9 % at the pixels of these borders.
 * With 1.05 for tiles the borders would come out worse than without merging. */
#define MAX_TILE_SPAN  0.8
#define MAX_PATCH_SPAN 0.6

/* Larger tiles cost less for each angle but allow fewer angles to be merged: each pays from so many on, on average. */
static const struct
{
  guint  tile, patch;
  double min_angles;
} sizes[] = {
  { 128, 32, 5.5 },
  { 64, 16, 1.9 },
  { 32, 16, 1.9 },
};

/* A tile that is merged once pays from so many on. */
#define MIN_SINGLE_ANGLES 1.9

/* The kernel has memory for the rows of 8 patch groups of a tile, 32 in all. */
#define MAX_TILE_GROUPS 4

typedef struct
{
  double angle; /* 0 … 2π */
  double weight;
  guint  projection;
} Entry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *first = a, *second = b;

  if (first->angle != second->angle)
    return first->angle < second->angle ? -1 : 1;

  return first->projection < second->projection ? -1 : 1;
}

/* n angles from first to last with half a step at either end. */
static gboolean
fits (double first,
      double last,
      guint  n,
      double max_angle)
{
  return n == 1 || (last - first) * n / (n - 1) <= max_angle;
}

/* Mean by weight: there the shifts of the projections on either side balance. */
static double
get_middle (const Entry *entries,
            guint        n)
{
  double sum = 0, weight = 0;

  for (guint i = 0; i < n; i++)
    {
      sum += entries[i].weight * (entries[i].angle - entries[0].angle);
      weight += entries[i].weight;
    }

  return entries[0].angle + (weight > 0 ? sum / weight : 0);
}

static void
group_angles (ReconAngleGroups *self,
              const Entry      *entries)
{
  self->n_tile_groups = 0;
  for (guint begin = 0; begin < self->n_angles;)
    {
      guint n = 1;

      while (begin + n < self->n_angles &&
             fits (entries[begin].angle, entries[begin + n].angle, n + 1, MAX_TILE_SPAN / self->tile))
        n++;

      self->tile_begins[self->n_tile_groups] = begin;
      self->tile_angles[self->n_tile_groups++] = get_middle (entries + begin, n);
      begin += n;
    }
  self->tile_begins[self->n_tile_groups] = self->n_angles;
}

static void
group_groups (ReconAngleGroups *self,
              const Entry      *entries)
{
  self->n_patch_groups = 0;
  for (guint group = 0; group < self->n_tile_groups;)
    {
      const guint begin = self->tile_begins[group];
      guint n = 1;

      while (n < MAX_TILE_GROUPS && group + n < self->n_tile_groups &&
             fits (entries[begin].angle, entries[self->tile_begins[group + n + 1] - 1].angle,
                   self->tile_begins[group + n + 1] - begin, MAX_PATCH_SPAN / self->patch))
        n++;

      self->patch_begins[self->n_patch_groups] = group;
      self->patch_angles[self->n_patch_groups++] = get_middle (entries + begin, self->tile_begins[group + n] - begin);
      group += n;
    }
  self->patch_begins[self->n_patch_groups] = self->n_tile_groups;
}

/* Returns: groups that are yet to be made, of @entries, which become sorted */
static ReconAngleGroups *
sort_angles (const double *angles,
             const double *weights,
             guint         n_angles,
             Entry        *entries)
{
  ReconAngleGroups *self = g_new0 (ReconAngleGroups, 1);

  g_atomic_ref_count_init (&self->ref_count);
  for (guint i = 0; i < n_angles; i++)
    entries[i] = (Entry) { angles[i] - 2 * G_PI * floor (angles[i] / (2 * G_PI)), weights[i], i };
  qsort (entries, n_angles, sizeof *entries, compare_entries);

  self->n_angles = n_angles;
  self->projections = g_new (guint, n_angles);
  for (guint i = 0; i < n_angles; i++)
    self->projections[i] = entries[i].projection;
  self->tile_begins = g_new (guint, (gsize) n_angles + 1);
  self->tile_angles = g_new (double, n_angles);
  self->patch_begins = g_new (guint, (gsize) n_angles + 1);
  self->patch_angles = g_new (double, n_angles);

  return self;
}

/**
 * recon_angle_groups_new:
 * @angles: radians
 * @weights: of each projection, see recon_angles_weights()
 * @n_angles: number of angles, at least 1
 *
 * Sorts the angles and finds groups of neighbours that can be merged for a tile, and groups of such groups for a
 * patch, a part of it. Any list of angles is taken: where they are far from each other groups have one member.
 *
 * Returns: (transfer full): the groups
 */
ReconAngleGroups *
recon_angle_groups_new (const double *angles,
                        const double *weights,
                        guint         n_angles)
{
  g_autofree Entry *entries = g_new (Entry, n_angles);
  ReconAngleGroups *self = sort_angles (angles, weights, n_angles, entries);

  for (guint i = 0; i < G_N_ELEMENTS (sizes) && !self->pays; i++)
    {
      self->tile = sizes[i].tile;
      self->patch = sizes[i].patch;
      group_angles (self, entries);
      self->pays = n_angles >= sizes[i].min_angles * self->n_tile_groups;
    }
  group_groups (self, entries);

  return self;
}

/**
 * recon_angle_groups_new_for_tile:
 * @angles: radians
 * @weights: of each projection, see recon_angles_weights()
 * @n_angles: number of angles, at least 1
 * @tile: pixels of a tile's side
 *
 * As recon_angle_groups_new(), but merged once: the whole tile is its only patch.
 *
 * Returns: (transfer full): the groups
 */
ReconAngleGroups *
recon_angle_groups_new_for_tile (const double *angles,
                                 const double *weights,
                                 guint         n_angles,
                                 guint         tile)
{
  g_autofree Entry *entries = g_new (Entry, n_angles);
  ReconAngleGroups *self = sort_angles (angles, weights, n_angles, entries);

  self->tile = self->patch = tile;
  group_angles (self, entries);
  self->pays = n_angles >= MIN_SINGLE_ANGLES * self->n_tile_groups;

  self->n_patch_groups = self->n_tile_groups;
  for (guint i = 0; i <= self->n_tile_groups; i++)
    self->patch_begins[i] = i;
  memcpy (self->patch_angles, self->tile_angles, self->n_tile_groups * sizeof *self->tile_angles);

  return self;
}

ReconAngleGroups *
recon_angle_groups_ref (ReconAngleGroups *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
recon_angle_groups_unref (ReconAngleGroups *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->projections);
  g_free (self->tile_begins);
  g_free (self->tile_angles);
  g_free (self->patch_begins);
  g_free (self->patch_angles);
  g_free (self);
}
