/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/angles.h"

#define DEGREE (G_PI / 180.0)

typedef struct
{
  double   start; /* degrees */
  double   step;
  guint    n;
  gboolean found;
  guint    first;
  guint    second;
} Case;

static void
test_ranges (void)
{
  const Case cases[] = {
    { 0, 1, 181, TRUE, 0, 180 },    { 0, 1, 180, TRUE, 0, 179 },    { 0, 0.5, 720, TRUE, 0, 360 },
    { 0, 1, 170, FALSE, 0, 0 },     { 0, 1, 176, TRUE, 0, 175 },    { 0, 1, 175, FALSE, 0, 0 },
    { -90, 1, 181, TRUE, 0, 180 },  { 360, -1, 181, TRUE, 0, 180 }, { 1000, 3, 200, TRUE, 0, 60 },
    { 0, 50, 4, FALSE, 0, 0 },      { 0, 183, 2, TRUE, 0, 1 },      { 0, 540, 3, TRUE, 0, 1 },
    { 0, 0, 5, FALSE, 0, 0 },       { 0, 1, 1, FALSE, 0, 0 },       { 0, 1, 0, FALSE, 0, 0 },
    { 0.25, 0.7, 600, TRUE, 0, 257 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree double *angles = g_new (double, MAX (c->n, 1));
      guint first = 0, second = 0;

      for (guint k = 0; k < c->n; k++)
        angles[k] = (c->start + k * c->step) * DEGREE;

      g_test_message ("case %u", i);
      g_assert_cmpint (recon_angles_find_opposite (angles, c->n, 5 * DEGREE, &first, &second), ==, c->found);
      g_assert_cmpuint (first, ==, c->first);
      g_assert_cmpuint (second, ==, c->second);
    }
}

/* Against all pairs, for angles in no order. */
static void
test_all_pairs (void)
{
  double angles[97];
  guint first, second;
  double best = 10, found;

  for (guint i = 0; i < G_N_ELEMENTS (angles); i++)
    angles[i] = fmod (i * i * 0.737, 11.0) - 3;

  for (guint i = 0; i < G_N_ELEMENTS (angles); i++)
    for (guint k = i + 1; k < G_N_ELEMENTS (angles); k++)
      best = MIN (best, fabs (remainder (angles[i] - angles[k] + G_PI, 2 * G_PI)));

  g_assert_true (recon_angles_find_opposite (angles, G_N_ELEMENTS (angles), 1, &first, &second));
  g_assert_cmpuint (first, <, second);
  found = fabs (remainder (angles[first] - angles[second] + G_PI, 2 * G_PI));
  g_assert_cmpfloat_with_epsilon (found, best, 2e-6);

  angles[3] = NAN;
  g_assert_false (recon_angles_find_opposite (angles, G_N_ELEMENTS (angles), 1, &first, &second));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/opposite-angles/ranges", test_ranges);
  g_test_add_func ("/opposite-angles/all-pairs", test_all_pairs);

  return g_test_run ();
}
