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

/* The numbers that a series could have, ascending, but for those that others have. */
typedef struct
{
  gint64        start;
  guint64       step;
  const gint64 *others;
  gsize         n_others;
} Count;

/* How many of the others stand between two numbers of the series, those that the same steps lead to. */
static guint64
count_others (const Count *count,
              gint64       after,
              gint64       before)
{
  guint64 n = 0;

  for (gsize i = 0; i < count->n_others && count->others[i] < before; i++)
    if (count->others[i] > after && ((guint64) count->others[i] - (guint64) count->start) % count->step == 0 &&
        (i == 0 || count->others[i] != count->others[i - 1]))
      n++;

  return n;
}

static void
append_range (GString *text,
              gint64   first,
              gint64   last,
              guint64  step)
{
  g_string_append_printf (text, "%s%" G_GINT64_FORMAT, text->len > 0 ? ", " : "", first);
  if (last != first)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, last - first == (gint64) step ? ", " : "–", last);
}

static char *
describe_missing (const Count  *count,
                  const gint64 *numbers,
                  gsize         n)
{
  GString *text = g_string_new (NULL);
  guint n_shown = 0;
  gsize other = 0;

  for (gsize i = 1; i < n; i++)
    for (gint64 last = numbers[i - 1]; last < numbers[i];)
      {
        gint64 first = last + (gint64) count->step;

        /* Up to the next number that the series or another one has. */
        while (other < count->n_others &&
               (count->others[other] <= last ||
                ((guint64) count->others[other] - (guint64) count->start) % count->step != 0))
          other++;
        last = other < count->n_others ? MIN (count->others[other], numbers[i]) : numbers[i];
        if (last == first)
          continue;
        if (n_shown++ == MAX_SHOWN)
          {
            g_string_append (text, ", …");
            return g_string_free (text, FALSE);
          }
        append_range (text, first, last - (gint64) count->step, count->step);
      }

  return g_string_free (text, FALSE);
}

/**
 * recon_series_gaps_find:
 * @numbers: (array length=n): the numbers of a series, ascending, all different
 * @n: how many
 * @others: (nullable) (element-type gint64): numbers that other images have been given by the same counter, ascending
 *
 * Judges whether numbers are missing. They may count in steps of any size, the same everywhere: 0, 2, 4 … lacks none.
 *
 * Returns: (transfer full): what the numbers say
 */
ReconSeriesGaps *
recon_series_gaps_find (const gint64 *numbers,
                        gsize         n,
                        GArray       *others)
{
  ReconSeriesGaps *self = g_new0 (ReconSeriesGaps, 1);
  Count count = { .others = others != NULL ? (const gint64 *) others->data : NULL,
                  .n_others = others != NULL ? others->len : 0 };
  g_autofree guint64 *places = NULL;
  guint64 n_places;
  gsize n_jumps = 0;

  self->n_places = (guint) n;
  for (gsize i = 1; i < n; i++)
    count.step = divide_commonly (get_step (numbers, i), count.step);
  if (count.step == 0)
    return self;

  count.start = numbers[0];
  places = g_new0 (guint64, n);
  for (gsize i = 1; i < n; i++)
    {
      guint64 n_steps = get_step (numbers, i) / count.step;

      if (n_steps > 1)
        n_steps -= count_others (&count, numbers[i - 1], numbers[i]);
      places[i] = places[i - 1] + n_steps;
      n_jumps += n_steps != 1;
    }
  if (n_jumps == 0)
    return self;

  n_places = places[n - 1] + 1;
  self->missing = describe_missing (&count, numbers, n);
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
    self->places[i] = (guint) places[i];

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
