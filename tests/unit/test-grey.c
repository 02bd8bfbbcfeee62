/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/grey.h"
#include "support.h"

static void
test_window (void)
{
  const float values[] = { -1.0f, 0.0f, 0.5f, 1.0f, 2.0f, NAN, INFINITY, -INFINITY, 0.00195f, 0.00197f };
  const guint8 expected8[] = { 0, 0, 128, 255, 255, 0, 255, 0, 0, 1 };
  const guint16 expected16[] = { 0, 0, 32768, 65535, 65535, 0, 65535, 0, 128, 129 };
  guint8 grey8[G_N_ELEMENTS (values)];
  guint16 grey16[G_N_ELEMENTS (values)];

  recon_grey_to_uint8 (values, G_N_ELEMENTS (values), 0.0, 1.0, grey8);
  recon_grey_to_uint16 (values, G_N_ELEMENTS (values), 0.0, 1.0, grey16);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_assert_cmpuint (grey8[i], ==, expected8[i]);
      g_assert_cmpuint (grey16[i], ==, expected16[i]);
    }
}

/* The nearest level for a window that is not 0 … 1, against rounding by the C library. */
static void
test_nearest (void)
{
  guint state = 1;

  for (guint i = 0; i < 10000; i++)
    {
      float value = (float) (test_random (&state) * 0.3 - 0.1);
      double exact = ((double) value + 0.1) / 0.3 * 65535.0;
      guint16 grey;

      recon_grey_to_uint16 (&value, 1, -0.1, 0.2, &grey);
      g_assert_cmpfloat (fabs (grey - exact), <=, 0.5 + 1e-9);
    }
}

static void
test_empty_window (void)
{
  const float values[] = { 1.0f, 2.0f, 3.0f, NAN };
  guint8 grey[4];

  recon_grey_to_uint8 (values, 4, 2.0, 2.0, grey);
  g_assert_cmpuint (grey[0], ==, 0);
  g_assert_cmpuint (grey[1], ==, 0);
  g_assert_cmpuint (grey[2], ==, 255);
  g_assert_cmpuint (grey[3], ==, 0);
}

/* 0 … 1000 shuffled: the value at p percent is 10·p. */
static void
test_percentiles (void)
{
  float values[1001 + 3];
  double minimum, maximum;

  for (guint i = 0; i <= 1000; i++)
    values[i + 1] = (float) (i * 10 % 1001);
  values[0] = NAN;
  values[1002] = INFINITY;
  values[1003] = -INFINITY;

  g_assert_true (recon_grey_percentiles (values, G_N_ELEMENTS (values), 0.1, 99.9, &minimum, &maximum));
  g_assert_cmpfloat_with_epsilon (minimum, 1.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (maximum, 999.0, 1e-9);

  g_assert_true (recon_grey_percentiles (values, G_N_ELEMENTS (values), 0, 100, &minimum, &maximum));
  g_assert_cmpfloat (minimum, ==, 0.0);
  g_assert_cmpfloat (maximum, ==, 1000.0);
}

static void
test_percentiles_between (void)
{
  float values[] = { 4.0f, 2.0f };
  float one[] = { 5.0f };
  double minimum, maximum;

  g_assert_true (recon_grey_percentiles (values, 2, 25, 75, &minimum, &maximum));
  g_assert_cmpfloat (minimum, ==, 2.5);
  g_assert_cmpfloat (maximum, ==, 3.5);

  g_assert_true (recon_grey_percentiles (one, 1, 0, 99.9, &minimum, &maximum));
  g_assert_cmpfloat (minimum, ==, 5.0);
  g_assert_cmpfloat (maximum, ==, 5.0);
}

static void
test_percentiles_nothing (void)
{
  float values[] = { NAN, INFINITY, -INFINITY };
  double minimum, maximum;

  g_assert_false (recon_grey_percentiles (values, 3, 0, 100, &minimum, &maximum));
  g_assert_false (recon_grey_percentiles (NULL, 0, 0, 100, &minimum, &maximum));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/grey/window", test_window);
  g_test_add_func ("/grey/nearest", test_nearest);
  g_test_add_func ("/grey/empty-window", test_empty_window);
  g_test_add_func ("/grey/percentiles", test_percentiles);
  g_test_add_func ("/grey/percentiles-between", test_percentiles_between);
  g_test_add_func ("/grey/percentiles-nothing", test_percentiles_nothing);

  return g_test_run ();
}
