/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/reference-levels.h"

/* Which darks and flats are what they are said to be. */

#define MOST  10
#define WIDTH 64
#define ROWS  2

/* The levels of a group up to END, and the verdicts on them. */
#define END -1

typedef struct
{
  double levels[MOST + 1];
  guint8 verdicts[MOST];
} Case;

#define K RECON_FRAME_KEPT
#define F RECON_FRAME_LIKE_FLATS
#define D RECON_FRAME_LIKE_DARKS
#define B RECON_FRAME_BRIGHTER
#define L RECON_FRAME_DARKER
#define N RECON_FRAME_NO_NUMBERS

/* A frame of one level, but for a little noise, a broken pixel and different ends of its rows. */
static void
measure (ReconLevels *group,
         guint        frame,
         double       level)
{
  for (guint row = 0; row < ROWS; row++)
    {
      float values[WIDTH];

      for (guint c = 0; c < WIDTH; c++)
        values[c] = (float) (level * (1 + 0.1 * c / WIDTH) + (frame * 31 + row * 17 + c * 7) % 5);
      values[5] = NAN;
      values[40] = 1e30f;
      recon_levels_measure_row (group, frame, row, values, WIDTH);
    }
}

static ReconLevels *
make_group (const Case *given)
{
  ReconLevels *group;
  guint n = 0;

  while (given->levels[n] != END)
    n++;
  group = recon_levels_new (n, ROWS);
  for (guint i = 0; i < n; i++)
    measure (group, i, given->levels[i]);

  return group;
}

static gboolean
judge (const Case  *given,
       double       projections,
       double      *others)
{
  const Case light = { { projections, END }, { 0 } };
  g_autoptr (ReconLevels) some = make_group (&light);
  ReconLevels *groups[RECON_N_LEVELS];
  gboolean is_clear;

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    groups[g] = make_group (&given[g]);
  is_clear = recon_levels_judge (groups, some);
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    {
      for (guint i = 0; i < groups[g]->n; i++)
        g_assert_cmpuint (groups[g]->verdicts[i], ==, given[g].verdicts[i]);
      if (others != NULL)
        others[g] = groups[g]->other;
      recon_levels_free (groups[g]);
    }

  return is_clear;
}

static void
test_levels (void)
{
  static const Case cases[][RECON_N_LEVELS] = {
    /* All as it should be, with what is usual between frames. */
    { { { 200, 203, 199, 201, END }, { K, K, K, K } },
      { { 20000, 19700, 19400, 20100, END }, { K, K, K, K } },
      { { 15000, 15100, END }, { K, K } } },
    /* Without darks. */
    { { { END }, { 0 } }, { { 20000, 20100, 0, 20050, END }, { K, K, L, K } }, { { END }, { 0 } } },
    /* Three of five darks are flats. */
    { { { 19700, 19700, 19700, 200, 200, END }, { F, F, F, K, K } },
      { { 19700, 19710, 19690, 19700, 19700, END }, { K, K, K, K, K } },
      { { END }, { 0 } } },
    /* Three of five flats are darks. */
    { { { 200, 201, 200, END }, { K, K, K } },
      { { 200, 20000, 202, 20100, 201, END }, { D, K, D, K, D } },
      { { END }, { 0 } } },
    /* One of each among the others. */
    { { { 200, 20000, 201, END }, { K, F, K } },
      { { 20000, 20100, 198, 19900, END }, { K, K, D, K } },
      { { END }, { 0 } } },
    /* Blank, saturated, half exposed and broken ones. */
    { { { 200, NAN, 201, 3000, 199, END }, { K, N, K, B, K } },
      { { 20000, 65535, 19900, 0, 20100, 11000, 20050, NAN, 19950, END }, { K, B, K, D, K, L, K, N, K } },
      { { END }, { 0 } } },
    /* No flats after are. */
    { { { 200, 201, 200, END }, { K, K, K } },
      { { 20000, 20100, END }, { K, K } },
      { { 199, 202, END }, { D, D } } },
    /* A slow fall is no fault, though its ends are far apart. */
    { { { 0, 0, END }, { K, K } },
      { { 20000, 18800, 17600, 16400, 15200, 14000, END }, { K, K, K, K, K, K } },
      { { END }, { 0 } } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("Case %u", i);
      g_assert_true (judge (cases[i], 12000, NULL));
    }
}

/* Where the same number of frames speaks for two levels, nothing is left out. */
static void
test_unclear (void)
{
  const Case flats[] = {
    { { 200, 201, 199, END }, { K, K, K } }, { { 20000, 9000, END }, { K, K } }, { { END }, { 0 } },
  };
  const Case darks[] = {
    { { 200, 4000, END }, { K, K } }, { { 20000, 20100, END }, { K, K } }, { { END }, { 0 } },
  };
  double others[RECON_N_LEVELS];

  g_assert_true (judge (flats, 7000, others));
  g_assert_true (isnan (others[RECON_LEVELS_DARKS]));
  g_assert_cmpfloat_with_epsilon (others[RECON_LEVELS_FLATS], 9000, 1000);

  g_assert_true (judge (darks, 7000, others));
  g_assert_cmpfloat_with_epsilon (others[RECON_LEVELS_DARKS], 4000, 400);
  g_assert_true (isnan (others[RECON_LEVELS_FLATS]));
}

/* Flats that aren't brighter than darks: nothing is right, so nothing is left out. */
static void
test_not_clear (void)
{
  const Case same[] = {
    { { 19700, 19710, 19690, END }, { K, K, K } }, { { 19700, 19700, 19690, END }, { K, K, K } }, { { END }, { 0 } },
  };
  const Case swapped[] = {
    { { 20000, 20100, END }, { K, K } }, { { 200, 201, END }, { K, K } }, { { END }, { 0 } },
  };

  g_assert_false (judge (same, 9000, NULL));
  g_assert_false (judge (swapped, 9000, NULL));
}

/* A shutter that was half open, and the sample in a flat. */
static void
test_uneven (void)
{
  const Case cases[] = {
    { { 200, 200, 200, END }, { 0 } }, { { 20000, 20000, 20000, 20000, END }, { 0 } }, { { END }, { 0 } },
  };
  const Case light = { { 9000, END }, { 0 } };
  g_autoptr (ReconLevels) projections = make_group (&light);
  ReconLevels *groups[RECON_N_LEVELS];
  float values[WIDTH];

  for (guint g = 0; g < RECON_N_LEVELS; g++)
    groups[g] = make_group (&cases[g]);
  for (guint c = 0; c < WIDTH; c++)
    values[c] = c < WIDTH / 4 ? 15000 : 21000;
  recon_levels_measure_row (groups[RECON_LEVELS_FLATS], 2, 1, values, WIDTH);
  for (guint c = 0; c < WIDTH; c++)
    values[c] = c < WIDTH / 4 ? 3000 : 210;
  recon_levels_measure_row (groups[RECON_LEVELS_DARKS], 1, 0, values, WIDTH);

  g_assert_true (recon_levels_judge (groups, projections));
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (groups[RECON_LEVELS_FLATS]->verdicts[i], ==, i == 2 ? RECON_FRAME_UNEVEN : RECON_FRAME_KEPT);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (groups[RECON_LEVELS_DARKS]->verdicts[i], ==, i == 1 ? RECON_FRAME_UNEVEN : RECON_FRAME_KEPT);
  for (guint g = 0; g < RECON_N_LEVELS; g++)
    recon_levels_free (groups[g]);
}

/* A frame of which the brightest pixels are above what can be counted. */
static void
measure_clipped (ReconLevels *group,
                 guint        frame,
                 double       level,
                 double       ceiling)
{
  for (guint row = 0; row < ROWS; row++)
    {
      float values[WIDTH];

      for (guint c = 0; c < WIDTH; c++)
        values[c] = (float) MIN (floor (level * (1 + 0.2 * c / WIDTH)) + (frame * 31 + row * 17 + c * 7) % 23, ceiling);
      recon_levels_measure_row (group, frame, row, values, WIDTH);
    }
}

typedef struct
{
  double levels[MOST + 1];
  double ceiling;
  double projections;   /* their level */
  guint8 verdicts[MOST];
  double all;           /* ceiling of the group */
} Clipped;

#define S RECON_FRAME_SATURATED

static void
test_saturated (void)
{
  static const Clipped cases[] = {
    /* The majority, and the minority, whatever it is that they can't count beyond. */
    { { 90000, 90000, 20000, 90000, 20000, END }, 65535, 15000, { S, S, K, S, K }, 0 },
    { { 20000, 90000, 20000, END }, 65535, 15000, { K, S, K }, 0 },
    { { 5000, 3000, 4000, 4000, END }, 4095, 2500, { S, K, S, S }, 0 },
    { { 5000, 3000, 4000, 4000, END }, 3967, 2500, { S, K, S, S }, 0 },
    { { 900, 150, 900, END }, 255, 100, { S, K, S }, 0 },
    /* In a part of the image only. */
    { { 62000, 62000, 30000, END }, 65535, 25000, { S, S, K }, 0 },
    { { 3700, 3600, 3700, END }, 3967, 2500, { S, S, S, }, 3967 },
    /* All of them. */
    { { 90000, 90000, 90000, END }, 65535, 15000, { K, K, K }, 65535 },
    { { 90000, END }, 65535, 15000, { K }, 65535 },
    /* None: there are larger values, or all of it is by intent. */
    { { 90000, 90000, END }, 4095, 15000, { K, K }, 0 },
    { { 90000, 90000, 90000, END }, 1000, 700, { K, K, K }, 0 },
    { { 60000, 60000, 59000, END }, 65535 * 2, 45000, { K, K, K }, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Clipped *given = &cases[i];
      const Case none = { { END }, { 0 } }, dark = { { 100, 101, END }, { 0 } };
      const Case light = { { given->projections, given->projections, END }, { 0 } };
      g_autoptr (ReconLevels) projections = make_group (&light);
      g_autoptr (ReconLevels) darks = make_group (&dark);
      g_autoptr (ReconLevels) after = make_group (&none);
      g_autoptr (ReconLevels) flats = NULL;
      guint n = 0;

      while (given->levels[n] != END)
        n++;
      flats = recon_levels_new (n, ROWS);
      for (guint k = 0; k < n; k++)
        measure_clipped (flats, k, given->levels[k], given->ceiling);

      g_test_message ("Case %u", i);
      recon_levels_judge ((ReconLevels *[]) { darks, flats, after }, projections);
      for (guint k = 0; k < n; k++)
        g_assert_cmpuint (flats->verdicts[k], ==, given->all != 0 ? K : given->verdicts[k]);
      if (given->all != 0)
        g_assert_cmpfloat (flats->ceiling, ==, given->all);
      else
        g_assert_true (isnan (flats->ceiling));
    }
}

/* Where the detector is blind, projections have the largest value as well. */
static void
test_blind (void)
{
  const Case none = { { END }, { 0 } }, dark = { { 100, 101, END }, { 0 } };
  const Case bright = { { 20000, 20000, END }, { 0 } }, light = { { 9000, 8000, END }, { 0 } };
  g_autoptr (ReconLevels) projections = make_group (&light);
  g_autoptr (ReconLevels) darks = make_group (&dark);
  g_autoptr (ReconLevels) flats = make_group (&bright);
  g_autoptr (ReconLevels) after = make_group (&none);
  float values[WIDTH];

  for (guint c = 0; c < WIDTH; c++)
    values[c] = 65535;
  for (guint i = 0; i < 2; i++)
    {
      recon_levels_measure_row (projections, i, 1, values, WIDTH);
      recon_levels_measure_row (flats, i, 1, values, WIDTH);
    }

  recon_levels_judge ((ReconLevels *[]) { darks, flats, after }, projections);
  g_assert_cmpuint (recon_levels_count (flats, K), ==, 2);
  g_assert_true (isnan (flats->ceiling));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reference-levels/levels", test_levels);
  g_test_add_func ("/reference-levels/unclear", test_unclear);
  g_test_add_func ("/reference-levels/not-clear", test_not_clear);
  g_test_add_func ("/reference-levels/uneven", test_uneven);
  g_test_add_func ("/reference-levels/saturated", test_saturated);
  g_test_add_func ("/reference-levels/blind", test_blind);

  return g_test_run ();
}
