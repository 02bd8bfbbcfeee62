/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-scan.h"
#include "axis/centroid.h"
#include "axis/mirror.h"
#include "axis/pairs.h"
#include "axis/slice-search.h"
#include "axis/statistics.h"
#include "axis/wedge.h"

#include <string.h>

/* Every estimator by itself on one sinogram. */

#define WIDTH 160

static const AxisCase whole = { AXIS_VIEW_WHOLE, AXIS_OBJECT_ASYMMETRIC, FALSE, 0.4, FALSE };
static const AxisCase turn = { AXIS_VIEW_CUT, AXIS_OBJECT_FOAM, TRUE, 0.4, FALSE };
static const AxisCase half = { AXIS_VIEW_HALF, AXIS_OBJECT_ASYMMETRIC, TRUE, 0.12, FALSE };

static ReconAxisSinogram *
make (const AxisCase *axis_case,
      double          photons,
      double         *axis)
{
  g_autofree double *angles = NULL;
  g_autofree float *data = NULL;
  AxisScan scan;

  axis_scan_init (&scan, axis_case, WIDTH, 3, photons);
  angles = axis_scan_angles (&scan);
  data = axis_scan_sinogram (&scan, 1);
  *axis = scan.axis;

  return recon_axis_sinogram_new (data, angles, scan.n_angles, WIDTH);
}

static void
check (const ReconAxisEstimate *estimate,
       double                   axis,
       double                   tolerance)
{
  g_test_message ("%.3f ± %.3f, score %.2f, of %.2f", estimate->axis, estimate->uncertainty, estimate->score, axis);
  g_assert_cmpfloat_with_epsilon (estimate->axis, axis, tolerance);
  g_assert_cmpfloat (estimate->uncertainty, >, 0);
  g_assert_cmpfloat (estimate->uncertainty, <, 1);
  g_assert_cmpfloat (estimate->score, >, 0);
  g_assert_cmpfloat (estimate->score, <=, 1);
}

/* Where the evidence is largest. */
static double
find_coarse (ReconAxisPairs *pairs)
{
  g_autoptr (ReconAxisMirror) mirror = recon_axis_mirror_new (pairs);
  g_autofree double *evidence = recon_axis_mirror_evidence (mirror);
  guint best = 0;

  for (guint t = 0; t < 2 * WIDTH - 1; t++)
    if (evidence[t] > evidence[best])
      best = t;

  return best / 2.0;
}

static void
check_pairs (const AxisCase *axis_case,
             ReconAxisPairs *(*find) (const ReconAxisSinogram *sinogram),
             double          tolerance)
{
  double axis;
  g_autoptr (ReconAxisSinogram) sinogram = make (axis_case, 1e5, &axis);
  g_autoptr (ReconAxisPairs) pairs = find (sinogram);
  double coarse = find_coarse (pairs);
  ReconAxisEstimate estimate;

  g_assert_cmpfloat_with_epsilon (coarse, axis, 1.0);
  estimate = recon_axis_pairs_refine (pairs, coarse);
  check (&estimate, axis, tolerance);

  /* From wherever it starts, it comes to the same. */
  for (double off = -2; off <= 2; off += 0.8)
    {
      ReconAxisEstimate other = recon_axis_pairs_refine (pairs, axis + off);

      g_assert_cmpfloat_with_epsilon (other.axis, estimate.axis, 0.05);
    }
}

static void
test_pair (void)
{
  double axis;
  g_autoptr (ReconAxisSinogram) sinogram = make (&turn, 1e5, &axis);
  g_autoptr (ReconAxisPairs) pairs = recon_axis_pair_find (sinogram);

  g_assert_cmpuint (pairs->n, >, 3);
  check_pairs (&whole, recon_axis_pair_find, 0.1);
  check_pairs (&turn, recon_axis_pair_find, 0.1);
}

static void
test_full_turn (void)
{
  check_pairs (&turn, recon_axis_full_turn_find, 0.05);
  check_pairs (&half, recon_axis_full_turn_find, 0.1);
}

static void
test_wedge (void)
{
  const ReconAxisRange range = { 0, WIDTH - 1 };
  double axis;
  g_autoptr (ReconAxisSinogram) sinogram = make (&whole, 1e5, &axis);
  double coarse = recon_axis_wedge_search (sinogram, &range);
  ReconAxisEstimate estimate = recon_axis_wedge_refine (sinogram, coarse);

  g_assert_cmpfloat_with_epsilon (coarse, axis, 1.5);
  check (&estimate, axis, 0.05);
}

static void
test_centroid (void)
{
  double axis, unused;
  g_autoptr (ReconAxisSinogram) sinogram = make (&whole, 1e5, &axis);
  g_autoptr (ReconAxisSinogram) cut = make (&turn, 1e5, &unused);
  ReconAxisEstimate estimate, drift;

  estimate = recon_axis_centroid (sinogram, &drift);
  check (&estimate, axis, 0.1);

  /* What is cut has no centre. */
  g_assert_true (recon_axis_sinogram_is_cut (cut));
  estimate = recon_axis_centroid (cut, &drift);
  g_assert_true (isnan (estimate.axis));
}

static void
test_slices (void)
{
  static const ReconAxisMethod methods[] = { RECON_AXIS_ENTROPY, RECON_AXIS_NEGATIVITY, RECON_AXIS_SHARPNESS };
  const ReconAxisRange range = { 10, WIDTH - 10 };
  double axis;
  g_autoptr (ReconAxisSinogram) sinogram = make (&whole, 1e5, &axis);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      ReconAxisEstimate near = recon_axis_slice_refine (sinogram, methods[i], axis + 1.3, 4, WIDTH);
      ReconAxisEstimate anywhere = recon_axis_slice_search (sinogram, methods[i], &range);

      check (&near, axis, 0.2);
      check (&anywhere, axis, 0.2);
    }
}

static void
test_curve (void)
{
  double axis, values[21];
  g_autoptr (ReconAxisSinogram) sinogram = make (&whole, 1e5, &axis);

  recon_axis_slice_curve (sinogram, RECON_AXIS_ENTROPY, axis - 10, 1, values, G_N_ELEMENTS (values), WIDTH);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpfloat (values[10], <, values[i]);
      g_assert_cmpfloat (values[10], <, values[20 - i]);
    }
}

/* The order of the lines doesn't matter, nor lines without values, nor a hole in some. */
static void
test_sinogram (void)
{
  double axis;
  g_autoptr (ReconAxisSinogram) sinogram = NULL;
  g_autoptr (ReconAxisSinogram) expected = make (&whole, 1e5, &axis);
  g_autofree double *angles = NULL;
  g_autofree float *data = NULL;
  g_autofree float *line = NULL;
  AxisScan scan;
  guint n, j;

  axis_scan_init (&scan, &whole, WIDTH, 3, 1e5);
  angles = axis_scan_angles (&scan);
  data = axis_scan_sinogram (&scan, 1);
  n = scan.n_angles;
  line = g_new (float, WIDTH);
  for (guint i = 0; i < n / 2; i++)
    {
      double angle = angles[i];

      j = n - 1 - i;
      angles[i] = angles[j] - 3 * G_PI;
      angles[j] = angle - 3 * G_PI;
      memcpy (line, data + (gsize) i * WIDTH, WIDTH * sizeof *line);
      memcpy (data + (gsize) i * WIDTH, data + (gsize) j * WIDTH, WIDTH * sizeof *line);
      memcpy (data + (gsize) j * WIDTH, line, WIDTH * sizeof *line);
    }
  for (guint c = 0; c < WIDTH; c++)
    data[(gsize) 77 * WIDTH + c] = NAN;
  data[(gsize) 20 * WIDTH + 40] = INFINITY;

  sinogram = recon_axis_sinogram_new (data, angles, n, WIDTH);
  g_assert_cmpuint (sinogram->n, ==, expected->n - 1);
  for (guint i = 0; i < sinogram->n; i++)
    {
      /* One line is missing: the others are where they were. */
      const guint other = i < n - 1 - 77 ? i : i + 1;
      const float *a = recon_axis_sinogram_line (sinogram, i), *b = recon_axis_sinogram_line (expected, other);

      g_assert_cmpfloat_with_epsilon (sinogram->angles[i], expected->angles[other], 1e-9);
      for (guint c = 0; c < WIDTH; c++)
        g_assert_cmpfloat_with_epsilon ((double) a[c], (double) b[c], 0.05);
    }
}

static void
test_line (void)
{
  ReconAxisPoint points[] = {
    { 0, 100.0, 0.05, FALSE },    { 100, 100.2, 0.05, FALSE },  { 200, NAN, G_MAXDOUBLE, FALSE },
    { 300, 100.6, 0.05, FALSE },  { 400, 120.0, 0.05, FALSE },  { 500, 101.0, 0.05, FALSE },
    { 600, 101.2, 0.05, FALSE },
  };
  ReconAxisLine line;

  g_assert_true (recon_axis_line_fit (points, G_N_ELEMENTS (points), &line));
  g_assert_cmpuint (line.n_used, ==, 5);
  g_assert_false (points[2].used);
  g_assert_false (points[4].used);
  g_assert_cmpfloat_with_epsilon (line.slope, 0.002, 1e-5);
  g_assert_cmpfloat_with_epsilon (line.axis, 100 + 0.002 * line.row, 1e-3);
  g_assert_cmpfloat (line.uncertainty, <, 0.1);

  /* Two rows tell no tilt; none tell nothing. */
  g_assert_true (recon_axis_line_fit (points, 2, &line));
  g_assert_true (isnan (line.slope));
  g_assert_false (recon_axis_line_fit (points + 2, 1, &line));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis-estimators/pair", test_pair);
  g_test_add_func ("/axis-estimators/full-turn", test_full_turn);
  g_test_add_func ("/axis-estimators/wedge", test_wedge);
  g_test_add_func ("/axis-estimators/centroid", test_centroid);
  g_test_add_func ("/axis-estimators/slices", test_slices);
  g_test_add_func ("/axis-estimators/curve", test_curve);
  g_test_add_func ("/axis-estimators/sinogram", test_sinogram);
  g_test_add_func ("/axis-estimators/line", test_line);

  return g_test_run ();
}
