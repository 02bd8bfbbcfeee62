/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/team.h"

#include "base/error.h"

#define ITEMS 500

typedef struct
{
  gint   done[ITEMS];
  gint   in_use[64]; /* of each member */
  guint  n_members;
  guint  fails_from; /* items */
  gint   n_calls;
} Sums;

static gboolean
item_cb (guint     item,
         guint     member,
         gpointer  user_data,
         GError  **error)
{
  Sums *sums = user_data;

  g_assert_cmpuint (item, <, ITEMS);
  g_assert_cmpuint (member, <, sums->n_members);
  g_atomic_int_inc (&sums->n_calls);

  /* A member is one thread. */
  g_assert_cmpint (g_atomic_int_add (&sums->in_use[member], 1), ==, 0);
  g_atomic_int_inc (&sums->done[item]);
  if (item % 50 == 0)
    g_usleep (500);
  g_atomic_int_add (&sums->in_use[member], -1);

  if (item < sums->fails_from)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_READ, "%u", item);
  return FALSE;
}

/* All items, each once, by one team after the other and by one team again and again. */
static void
test_items (void)
{
  for (guint n = 1; n < 30; n = 2 * n + 1)
    {
      g_autoptr (ReconTeam) team = recon_team_new (n);

      g_assert_cmpuint (recon_team_get_n_members (team), ==, n);
      for (guint n_items = 0; n_items <= ITEMS; n_items += n_items < 3 ? 1 : 71)
        {
          Sums sums = { .n_members = n, .fails_from = G_MAXUINT };
          g_autoptr (GError) error = NULL;

          g_assert_true (recon_team_run (team, 64, n_items, item_cb, &sums, &error));
          g_assert_no_error (error);
          for (guint i = 0; i < ITEMS; i++)
            g_assert_cmpint (sums.done[i], ==, i < n_items);
        }
    }
}

/* Fewer members than the team has. */
static void
test_members (void)
{
  g_autoptr (ReconTeam) team = recon_team_new (8);

  for (guint n = 1; n <= 8; n += 3)
    {
      Sums sums = { .n_members = n, .fails_from = G_MAXUINT };

      g_assert_true (recon_team_run (team, n, ITEMS, item_cb, &sums, NULL));
      g_assert_cmpint (sums.n_calls, ==, ITEMS);
    }
}

static void
test_first_failure (void)
{
  for (guint n = 1; n < 30; n = 2 * n + 1)
    {
      g_autoptr (ReconTeam) team = recon_team_new (n);

      for (guint first = 0; first < 200; first += 33)
        {
          Sums sums = { .n_members = n, .fails_from = first };
          g_autofree char *number = g_strdup_printf ("%u", first);
          g_autoptr (GError) error = NULL;

          g_assert_false (recon_team_run (team, n, ITEMS, item_cb, &sums, &error));
          g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
          g_assert_cmpstr (error->message, ==, number);
          /* The others stop. */
          g_assert_cmpint (sums.n_calls, <=, (int) (first + n));

          /* The team goes on. */
          sums.fails_from = G_MAXUINT;
          g_assert_true (recon_team_run (team, n, 3, item_cb, &sums, NULL));
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/team/items", test_items);
  g_test_add_func ("/team/members", test_members);
  g_test_add_func ("/team/first-failure", test_first_failure);

  return g_test_run ();
}
