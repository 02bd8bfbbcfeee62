/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "tasks/angle-groups.h"

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
wrap (double angle)
{
  return angle - 2 * G_PI * floor (angle / (2 * G_PI));
}

/* Every projection is in one group, in the order of the angles, and every tile group in one patch group. */
static ReconAngleGroups *
make_groups (const double *angles,
             guint         n)
{
  g_autofree double *weights = g_new (double, n);
  g_autofree double *sorted = g_new (double, n);
  g_autofree guint *seen = g_new0 (guint, n);
  ReconAngleGroups *groups;

  for (guint i = 0; i < n; i++)
    {
      weights[i] = 1 + i % 3;
      sorted[i] = wrap (angles[i]);
    }
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  groups = recon_angle_groups_new (angles, weights, n);

  g_assert_cmpuint (groups->n_angles, ==, n);
  g_assert_cmpuint (groups->tile_begins[0], ==, 0);
  g_assert_cmpuint (groups->tile_begins[groups->n_tile_groups], ==, n);
  g_assert_cmpuint (groups->patch_begins[0], ==, 0);
  g_assert_cmpuint (groups->patch_begins[groups->n_patch_groups], ==, groups->n_tile_groups);
  g_assert_cmpuint (groups->patch, ==, MAX (groups->tile / 4, 16));

  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (groups->projections[i], <, n);
      g_assert_cmpuint (seen[groups->projections[i]]++, ==, 0);
      g_assert_cmpfloat (wrap (angles[groups->projections[i]]), ==, sorted[i]);
    }

  for (guint i = 0; i < groups->n_tile_groups; i++)
    {
      const guint begin = groups->tile_begins[i], end = groups->tile_begins[i + 1];

      g_assert_cmpuint (begin, <, end);
      g_assert_cmpfloat ((sorted[end - 1] - sorted[begin]) * groups->tile, <=, 1.05);
      g_assert_cmpfloat (groups->tile_angles[i], >=, sorted[begin]);
      g_assert_cmpfloat (groups->tile_angles[i], <=, sorted[end - 1] + 1e-12);
    }

  for (guint i = 0; i < groups->n_patch_groups; i++)
    {
      const guint begin = groups->patch_begins[i], end = groups->patch_begins[i + 1];
      const double first = sorted[groups->tile_begins[begin]], last = sorted[groups->tile_begins[end] - 1];

      g_assert_cmpuint (begin, <, end);
      g_assert_cmpuint (end - begin, <=, 4);
      g_assert_cmpfloat ((last - first) * groups->patch, <=, 1.05);
      g_assert_cmpfloat (groups->patch_angles[i], >=, first);
      g_assert_cmpfloat (groups->patch_angles[i], <=, last + 1e-12);
    }

  return groups;
}

static double *
make_uniform (guint  n,
              double range)
{
  double *angles = g_new (double, n);

  for (guint i = 0; i < n; i++)
    angles[i] = range * i / n;

  return angles;
}

static void
test_uniform (void)
{
  static const struct
  {
    guint  n;
    double range;
    guint  tile, in_tile, in_patch; /* angles */
  } expected[] = {
    { 768, G_PI, 64, 3, 9 },          { 1536, G_PI, 64, 6, 18 },       { 3072, G_PI, 128, 6, 18 },
    { 6144, G_PI, 128, 12, 36 },      { 1536, 2 * G_PI, 64, 3, 9 },    { 3072, 2 * G_PI, 64, 6, 18 },
    { 12288, G_PI, 128, 24, 72 },     { 180, G_PI, 32, 1, 2 },       { 360, G_PI, 32, 2, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree double *angles = make_uniform (expected[i].n, expected[i].range);
      g_autoptr (ReconAngleGroups) groups = make_groups (angles, expected[i].n);

      g_assert_cmpuint (groups->tile, ==, expected[i].tile);
      g_assert_cmpuint (groups->tile_begins[1], ==, expected[i].in_tile);
      g_assert_cmpuint (groups->tile_begins[groups->patch_begins[1]], ==, expected[i].in_patch);
      g_assert_true (groups->pays == (expected[i].in_tile > 1));
    }
}

/* Lists that no scan has, and some that it has. */
static void
test_lists (void)
{
  const double one[] = { -7.5 };
  const double same[] = { 1, 1, 1, 1 + 2 * G_PI, 1 - 4 * G_PI, 1 };
  const double far[] = { 0, 1, 2, 3, 4, 5, 6, 1e6, -1e6 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (ReconAngleGroups) of_one = make_groups (one, 1);
  g_autoptr (ReconAngleGroups) of_same = make_groups (same, G_N_ELEMENTS (same));
  g_autoptr (ReconAngleGroups) of_far = make_groups (far, G_N_ELEMENTS (far));

  g_assert_cmpuint (of_one->n_patch_groups, ==, 1);
  g_assert_cmpuint (of_same->n_tile_groups, ==, 1);
  g_assert_cmpuint (of_far->n_tile_groups, ==, G_N_ELEMENTS (far));
  g_assert_false (of_far->pays);

  for (guint n = 2; n < 5000; n = n * 3 / 2)
    {
      g_autofree double *angles = g_new (double, n);
      g_autoptr (ReconAngleGroups) groups = NULL;

      for (guint i = 0; i < n; i++)
        angles[i] = n % 2 == 0 ? g_rand_double_range (rand, -10, 10)
                               : g_rand_double_range (rand, 0, 0.3) + (i % 2 == 0 ? 1 : 3);
      groups = make_groups (angles, n);
    }
}

/* A gap ends a group. */
static void
test_gap (void)
{
  enum { N = 1536 };
  g_autofree double *angles = make_uniform (N, G_PI);
  g_autoptr (ReconAngleGroups) groups = NULL;

  for (guint i = 100; i < N; i++)
    angles[i] += 0.3;
  groups = make_groups (angles, N);
  for (guint i = 0; i < groups->n_tile_groups; i++)
    g_assert_false (groups->tile_begins[i] < 100 && groups->tile_begins[i + 1] > 100);
  g_assert_true (groups->pays);
}

/* Merged once, for the tile itself. */
static void
test_single_level (void)
{
  g_autofree double *angles = make_uniform (1536, G_PI);
  g_autofree double *weights = make_uniform (1536, 1);
  g_autoptr (ReconAngleGroups) groups = recon_angle_groups_new_for_tile (angles, weights, 1536, 32);

  g_assert_cmpuint (groups->tile, ==, 32);
  g_assert_cmpuint (groups->patch, ==, 32);
  g_assert_cmpuint (groups->tile_begins[1], ==, 12);
  g_assert_cmpuint (groups->n_patch_groups, ==, groups->n_tile_groups);
  for (guint i = 0; i <= groups->n_patch_groups; i++)
    g_assert_cmpuint (groups->patch_begins[i], ==, i);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/angle-groups/uniform", test_uniform);
  g_test_add_func ("/angle-groups/lists", test_lists);
  g_test_add_func ("/angle-groups/gap", test_gap);
  g_test_add_func ("/angle-groups/single-level", test_single_level);

  return g_test_run ();
}
