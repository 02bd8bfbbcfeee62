/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series-gaps.h"

/* More than one in so many missing is no accident. */
#define MOST_MISSING 4

/* At most one jump in so many steps: runs that are complete in themselves. */
#define FEW_JUMPS 10

/* Numbers and ranges that a message shows. */
#define MAX_SHOWN 6

static guint64
get_step (const gint64 *numbers,
          gsize         i)
{
  return (guint64) numbers[i] - (guint64) numbers[i - 1];
}

static guint64
divide_commonly (guint64 a,
                 guint64 b)
{
  while (b != 0)
    {
      guint64 rest = a % b;

      a = b;
      b = rest;
    }

  return a;
}

static char *
describe_missing (const gint64 *numbers,
                  gsize         n,
                  guint64       step)
{
  GString *text = g_string_new (NULL);
  guint n_shown = 0;

  for (gsize i = 1; i < n; i++)
    {
      gint64 first = numbers[i - 1] + (gint64) step, last = numbers[i] - (gint64) step;

      if (get_step (numbers, i) == step)
        continue;

      if (n_shown > 0)
        g_string_append (text, ", ");
      if (n_shown++ == MAX_SHOWN)
        {
          g_string_append (text, "…");
          break;
        }

      g_string_append_printf (text, "%" G_GINT64_FORMAT, first);
      if (last != first)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, last - first == (gint64) step ? ", " : "–", last);
    }

  return g_string_free (text, FALSE);
}

/**
 * recon_series_gaps_find:
 * @numbers: (array length=n): the numbers of a series, ascending, all different
 * @n: how many
 *
 * Judges whether numbers are missing. They may count in steps of any size, the same everywhere: 0, 2, 4 … lacks none.
 *
 * Returns: (transfer full): what the numbers say
 */
ReconSeriesGaps *
recon_series_gaps_find (const gint64 *numbers,
                        gsize         n)
{
  ReconSeriesGaps *self = g_new0 (ReconSeriesGaps, 1);
  guint64 step = 0, n_places;
  gsize n_jumps = 0;

  self->n_places = (guint) n;
  for (gsize i = 1; i < n; i++)
    step = divide_commonly (get_step (numbers, i), step);
  if (step == 0)
    return self;

  for (gsize i = 1; i < n; i++)
    n_jumps += get_step (numbers, i) != step;
  if (n_jumps == 0)
    return self;

  n_places = ((guint64) numbers[n - 1] - (guint64) numbers[0]) / step + 1;
  self->missing = describe_missing (numbers, n, step);
  if (n_places - n <= n_places / MOST_MISSING)
    self->numbers = RECON_NUMBERS_GAPS;
  else if (n_places <= G_MAXINT32 && (n_jumps == 1 || n_jumps * FEW_JUMPS <= n || n_places <= 2 * (guint64) n))
    self->numbers = RECON_NUMBERS_HOLES;
  else
    self->numbers = RECON_NUMBERS_IRREGULAR;

  if (self->numbers == RECON_NUMBERS_IRREGULAR)
    {
      self->n_places = 0;
      return self;
    }

  self->n_places = (guint) n_places;
  self->n_missing = (guint) (n_places - n);
  self->places = g_new (guint, n);
  for (gsize i = 0; i < n; i++)
    self->places[i] = (guint) (((guint64) numbers[i] - (guint64) numbers[0]) / step);

  return self;
}

void
recon_series_gaps_free (ReconSeriesGaps *self)
{
  g_free (self->places);
  g_free (self->pattern);
  g_free (self->missing);
  g_free (self);
}
