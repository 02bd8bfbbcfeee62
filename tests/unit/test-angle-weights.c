/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/angles.h"
#include "support.h"

#define DEGREE (G_PI / 180.0)

static double *
range_new (guint  n,
           double start,
           double step)
{
  double *angles = g_new (double, n);

  for (guint i = 0; i < n; i++)
    angles[i] = start + i * step;

  return angles;
}

static double
sum_of (const double *values,
        guint         n)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    sum += values[i];

  return sum;
}

/* All weights are `expected`, and they add up to half a turn. */
static void
check_equal (const double *angles,
             guint         n,
             double        expected)
{
  double covered = 0.0;
  g_autofree double *weights = recon_angles_weights (angles, n, &covered);

  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], expected, 1e-12);

  g_assert_cmpfloat_with_epsilon (sum_of (weights, n), G_PI, 1e-9);
  g_assert_cmpfloat_with_epsilon (covered, G_PI, 1e-12);
}

static void
test_half_turn (void)
{
  static const guint counts[] = { 1, 2, 3, 91, 180, 1801 };
  static const double starts[] = { 0.0, -0.3, -88.2 * DEGREE, 5.0, -17.0 };

  for (gsize c = 0; c < G_N_ELEMENTS (counts); c++)
    for (gsize s = 0; s < G_N_ELEMENTS (starts); s++)
      {
        g_autofree double *up = range_new (counts[c], starts[s], G_PI / counts[c]);
        g_autofree double *down = range_new (counts[c], starts[s], -G_PI / counts[c]);

        check_equal (up, counts[c], G_PI / counts[c]);
        check_equal (down, counts[c], G_PI / counts[c]);
      }
}

static void
test_whole_turns (void)
{
  static const guint counts[] = { 3, 4, 5, 361, 720, 1201 };

  for (gsize c = 0; c < G_N_ELEMENTS (counts); c++)
    for (guint turns = 1; turns <= 3; turns++)
      {
        guint n = counts[c] * turns;
        g_autofree double *angles = range_new (n, 0.1, 2.0 * G_PI / counts[c]);

        /* Odd numbers interleave with their mirror images, even ones coincide with them. */
        check_equal (angles, n, G_PI / n);
      }
}

static void
test_both_ends (void)
{
  guint n = 181;
  g_autofree double *angles = range_new (n, 0.0, DEGREE);
  g_autofree double *turn = range_new (361, -G_PI, DEGREE);
  g_autofree double *weights = recon_angles_weights (angles, n, NULL);
  g_autofree double *turn_weights = recon_angles_weights (turn, 361, NULL);

  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], (i == 0 || i == n - 1) ? DEGREE / 2.0 : DEGREE, 1e-12);

  /* -180°, 0° and 180° are one direction. */
  for (guint i = 0; i < 361; i++)
    g_assert_cmpfloat_with_epsilon (turn_weights[i], i % 180 == 0 ? DEGREE / 3.0 : DEGREE / 2.0, 1e-12);
}

/* Angles as encoders read them: the mirror images at 0.002° from each other. */
static void
test_coincident (void)
{
  guint state = 3;
  guint n = 720;
  g_autofree double *angles = range_new (n, 0.0, 0.5 * DEGREE);
  g_autofree double *weights = NULL;

  for (guint i = 0; i < n; i++)
    angles[i] += (test_random (&state) - 0.5) * 0.002 * DEGREE;

  weights = recon_angles_weights (angles, n, NULL);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], G_PI / n, 0.002 * DEGREE);
  for (guint i = 0; i < n / 2; i++)
    g_assert_cmpfloat (weights[i], ==, weights[i + n / 2]);
  g_assert_cmpfloat_with_epsilon (sum_of (weights, n), G_PI, 1e-12);

  for (guint i = 0; i < n; i++)
    angles[i] = 1.25;
  check_equal (angles, n, G_PI / n);
}

static void
test_shuffled (void)
{
  guint state = 7;
  guint n = 501;
  g_autofree double *angles = g_new (double, n);
  g_autofree double *shuffled = g_new (double, n);
  g_autofree guint *order = g_new (guint, n);
  g_autofree double *weights = NULL;
  g_autofree double *shuffled_weights = NULL;

  for (guint i = 0; i < n; i++)
    {
      angles[i] = 7.0 * test_random (&state) - 2.0;
      order[i] = i;
    }

  for (guint i = n - 1; i > 0; i--)
    {
      guint j = (guint) (test_random (&state) * (i + 1));
      guint swap = order[i];

      order[i] = order[j];
      order[j] = swap;
    }

  for (guint i = 0; i < n; i++)
    shuffled[i] = angles[order[i]];

  weights = recon_angles_weights (angles, n, NULL);
  shuffled_weights = recon_angles_weights (shuffled, n, NULL);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (shuffled_weights[i], weights[order[i]], 1e-14);
}

static void
test_golden_angle (void)
{
  static const guint counts[] = { 2, 3, 5, 30, 144, 1000 };

  for (gsize c = 0; c < G_N_ELEMENTS (counts); c++)
    {
      double covered = 0.0;
      g_autofree double *angles = range_new (counts[c], 0.0, G_PI * (sqrt (5.0) - 1.0) / 2.0);
      g_autofree double *weights = recon_angles_weights (angles, counts[c], &covered);

      g_assert_cmpfloat_with_epsilon (sum_of (weights, counts[c]), G_PI, 1e-12);
      g_assert_cmpfloat_with_epsilon (covered, G_PI, 1e-12);
      for (guint i = 0; i < counts[c]; i++)
        {
          g_assert_cmpfloat (weights[i], >, 0.5 * G_PI / counts[c]);
          g_assert_cmpfloat (weights[i], <, 2.0 * G_PI / counts[c]);
        }
    }
}

static void
test_missing_wedge (void)
{
  guint n = 121;
  double covered = 0.0;
  g_autofree double *angles = range_new (n, -60.0 * DEGREE, DEGREE);
  g_autofree double *weights = recon_angles_weights (angles, n, &covered);
  double two[] = { 0.0, 10.0 * DEGREE };
  g_autofree double *two_weights = NULL;

  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], DEGREE, 1e-12);
  g_assert_cmpfloat_with_epsilon (covered, 121.0 * DEGREE, 1e-12);

  two_weights = recon_angles_weights (two, 2, &covered);
  g_assert_cmpfloat_with_epsilon (two_weights[0], 10.0 * DEGREE, 1e-12);
  g_assert_cmpfloat_with_epsilon (two_weights[1], 10.0 * DEGREE, 1e-12);
  g_assert_cmpfloat_with_epsilon (covered, 20.0 * DEGREE, 1e-12);
}

/* One lost projection is not a wedge: its neighbours stand in for it. */
static void
test_lost_projection (void)
{
  g_autofree double *angles = g_new (double, 179);
  g_autofree double *weights = NULL;

  for (guint i = 0; i < 179; i++)
    angles[i] = (i < 50 ? i : i + 1) * DEGREE;

  weights = recon_angles_weights (angles, 179, NULL);
  for (guint i = 0; i < 179; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], (i == 49 || i == 50) ? 1.5 * DEGREE : DEGREE, 1e-12);
}

/* Nor are some: the value of the slices would be less by their part. */
static void
test_lost_projections (void)
{
  for (guint n_lost = 2; n_lost <= 9; n_lost++)
    {
      guint n = 180 - n_lost;
      double covered = 0.0;
      g_autofree double *angles = g_new (double, n);
      g_autofree double *weights = NULL;

      for (guint i = 0; i < n; i++)
        angles[i] = (i < 50 ? i : i + n_lost) * DEGREE;

      weights = recon_angles_weights (angles, n, &covered);
      for (guint i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (weights[i], (i == 49 || i == 50) ? (2 + n_lost) * DEGREE / 2 : DEGREE, 1e-12);
      g_assert_cmpfloat_with_epsilon (covered, G_PI, 1e-12);
    }
}

static void
test_uneven (void)
{
  g_autofree double *angles = g_new (double, 225);
  g_autofree double *weights = NULL;

  /* 0° … 89.5° in steps of 0.5°, 90° … 178° in steps of 2°. */
  for (guint i = 0; i < 180; i++)
    angles[i] = i * 0.5 * DEGREE;
  for (guint i = 0; i < 45; i++)
    angles[180 + i] = (90.0 + 2.0 * i) * DEGREE;

  weights = recon_angles_weights (angles, 225, NULL);
  for (guint i = 1; i < 180; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], 0.5 * DEGREE, 1e-12);
  for (guint i = 181; i < 225; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], 2.0 * DEGREE, 1e-12);
  g_assert_cmpfloat_with_epsilon (weights[0], 1.25 * DEGREE, 1e-12);
  g_assert_cmpfloat_with_epsilon (weights[180], 1.25 * DEGREE, 1e-12);
}

/* A run much finer than the mean distance keeps its extent: it does not become one direction. */
static void
test_fine_run (void)
{
  g_autofree double *angles = g_new (double, 1000);
  g_autofree double *weights = NULL;

  for (guint i = 0; i < 900; i++)
    angles[i] = i * 0.002 * DEGREE;
  for (guint i = 0; i < 100; i++)
    angles[900 + i] = (2.0 + 1.78 * i) * DEGREE;

  weights = recon_angles_weights (angles, 1000, NULL);
  g_assert_cmpfloat_with_epsilon (sum_of (weights, 1000), G_PI, 1e-12);
  g_assert_cmpfloat_with_epsilon (sum_of (weights + 100, 700), 1.4 * DEGREE, 0.02 * DEGREE);
}

/* Wherever a scan begins, and in whichever order its projections were taken. */
static void
test_range (void)
{
  static const double some[] = { 3, 0.5, 1, -0.25, 2 }, across[] = { 6, 0.2, 6.2 };
  double turn[12];

  for (guint i = 0; i < G_N_ELEMENTS (turn); i++)
    turn[i] = 2 * G_PI * i / G_N_ELEMENTS (turn) - 1;

  g_assert_cmpfloat_with_epsilon (recon_angles_get_range (some, G_N_ELEMENTS (some)), 3.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (recon_angles_get_range (across, G_N_ELEMENTS (across)), 0.2 + 2 * G_PI - 6, 1e-12);
  g_assert_cmpfloat_with_epsilon (recon_angles_get_range (turn, G_N_ELEMENTS (turn)), 2 * G_PI * 11 / 12, 1e-12);
  g_assert_cmpfloat (recon_angles_get_range (some, 1), ==, 0);
  g_assert_cmpfloat (recon_angles_get_range (some, 0), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/angle-weights/half-turn", test_half_turn);
  g_test_add_func ("/angle-weights/whole-turns", test_whole_turns);
  g_test_add_func ("/angle-weights/both-ends", test_both_ends);
  g_test_add_func ("/angle-weights/coincident", test_coincident);
  g_test_add_func ("/angle-weights/shuffled", test_shuffled);
  g_test_add_func ("/angle-weights/golden-angle", test_golden_angle);
  g_test_add_func ("/angle-weights/missing-wedge", test_missing_wedge);
  g_test_add_func ("/angle-weights/lost-projection", test_lost_projection);
  g_test_add_func ("/angle-weights/lost-projections", test_lost_projections);
  g_test_add_func ("/angle-weights/uneven", test_uneven);
  g_test_add_func ("/angle-weights/fine-run", test_fine_run);
  g_test_add_func ("/angle-weights/range", test_range);

  return g_test_run ();
}
