/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/reduce.h"

#define N_IMAGES 4
#define N_PIXELS 5

/* Images that become one; what is no number is left out of its pixel. */
static const float images[N_IMAGES][N_PIXELS] = {
  { 1, 10, NAN, NAN, 5 },
  { 2, NAN, 7, NAN, INFINITY },
  { 4, 30, NAN, NAN, 9 },
  { 9, 80, 9, -INFINITY, 1 },
};

static void
reduce (ReconReduction  method,
        float          *result)
{
  g_autoptr (ReconReducer) reducer = recon_reducer_new (method, N_IMAGES, N_PIXELS);

  for (guint i = 0; i < N_IMAGES; i++)
    recon_reducer_add (reducer, i, 0, images[i], N_PIXELS);
  recon_reducer_finish (reducer, result);
}

static void
test_average (void)
{
  float result[N_PIXELS];

  reduce (RECON_REDUCTION_AVERAGE, result);
  g_assert_cmpfloat (result[0], ==, 4);
  g_assert_cmpfloat (result[1], ==, 40);
  g_assert_cmpfloat (result[2], ==, 8);
  g_assert_true (isnan (result[3]));
  g_assert_cmpfloat (result[4], ==, 5);
}

static void
test_median (void)
{
  float result[N_PIXELS];

  reduce (RECON_REDUCTION_MEDIAN, result);
  g_assert_cmpfloat (result[0], ==, 3);
  g_assert_cmpfloat (result[1], ==, 30);
  g_assert_cmpfloat (result[2], ==, 8);
  g_assert_true (isnan (result[3]));
  g_assert_cmpfloat (result[4], ==, 5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reduce/average", test_average);
  g_test_add_func ("/reduce/median", test_median);

  return g_test_run ();
}
