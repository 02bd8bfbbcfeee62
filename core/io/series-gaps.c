/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include "io/finder-words.h"

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

/**
 * recon_series_kind_guess:
 * @name: a name of a file, folder or series, without the folders that it is in
 *
 * Returns: what its words say that it is; those for projections count only if there is no other: "tomo_dark" are darks
 */
ReconSeriesKind
recon_series_kind_guess (const char *name)
{
  static const ReconSeriesKind kinds[RECON_N_ROLES] = {
    [RECON_ROLE_PROJECTIONS] = RECON_SERIES_PROJECTIONS,
    [RECON_ROLE_DARKS] = RECON_SERIES_DARKS,
    [RECON_ROLE_FLATS] = RECON_SERIES_FLATS,
    [RECON_ROLE_PREVIEWS] = RECON_SERIES_PREVIEWS,
  };
  g_auto (ReconNameMeaning) meaning = { 0 };

  g_return_val_if_fail (name != NULL, RECON_SERIES_UNKNOWN);

  recon_name_meaning_read (&meaning, name);
  if (meaning.role == RECON_ROLE_FLATS && meaning.when == RECON_WHEN_AFTER)
    return RECON_SERIES_FLATS_AFTER;

  return kinds[meaning.role];
}

/* A camera may count through all that it takes: dark_0000 … 0004, flat_0005 … 0009, proj_0010 … 0084, flat_0085 … What
 * projections lack then was taken, as something else. */

static gboolean
is_reference (const ReconSeriesGroup *group)
{
  g_autofree char *name = g_path_get_basename (group->pattern);
  ReconSeriesKind kind = recon_series_kind_guess (name);

  return kind == RECON_SERIES_DARKS || kind == RECON_SERIES_FLATS || kind == RECON_SERIES_FLATS_AFTER;
}

/* Whether names differ in more than their numbers; else they are further series of the same kind, which count anew. */
static gboolean
has_other_text (const ReconSeriesGroup *group,
                const char             *file)
{
  g_autoptr (ReconSeriesName) a = recon_series_name_new (g_ptr_array_index (group->names, 0));
  g_autoptr (ReconSeriesName) b = recon_series_name_new (file);

  return !g_str_equal (a->text, b->text);
}

/* Counters that are shared give no number twice. */
static gboolean
is_disjoint (const ReconSeriesGroup *group,
             GHashTable             *own)
{
  for (guint i = 0; i < group->numbers->len; i++)
    if (g_hash_table_contains (own, &g_array_index (group->numbers, gint64, i)))
      return FALSE;

  return TRUE;
}

/* The numbers of the images that the same counter has numbered, ascending: those of series of other names in the
 * folder, of darks and flats or of at least two images, none of which has a number of this one. The folder is read. */
static GArray *
find_others (GPtrArray         *files,
             GArray            *numbers,
             const char *const *suffixes)
{
  GArray *others = g_array_new (FALSE, FALSE, sizeof (gint64));
  const char *file = g_ptr_array_index (files, 0);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree char *base = g_path_get_basename (file);
  g_autoptr (GHashTable) own = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) all = recon_file_series_find (folder, "", suffixes, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) groups = NULL;

  for (guint i = 0; i < numbers->len; i++)
    g_hash_table_add (own, &g_array_index (numbers, gint64, i));
  for (guint i = 0; all != NULL && i < all->len; i++)
    g_ptr_array_add (names, g_path_get_basename (g_ptr_array_index (all, i)));

  groups = recon_series_groups_find (names, folder);
  for (guint i = 0; i < groups->len; i++)
    {
      const ReconSeriesGroup *group = g_ptr_array_index (groups, i);

      if (group->numbers != NULL && (group->names->len > 1 || is_reference (group)) && has_other_text (group, base) &&
          is_disjoint (group, own))
        g_array_append_vals (others, group->numbers->data, group->numbers->len);
    }
  g_array_sort (others, recon_series_compare_values);

  return others;
}

/**
 * recon_series_gaps_find_in_files:
 * @files: (element-type filename): files of a series, all of one folder
 * @numbers: (element-type gint64): their numbers, ascending
 * @suffixes: (array zero-terminated=1): which files of the folder count, in lower case
 *
 * As recon_series_gaps_find(), with the folder looked through for what else may have been counted.
 *
 * Returns: (transfer full): what the numbers say
 */
ReconSeriesGaps *
recon_series_gaps_find_in_files (GPtrArray         *files,
                                 GArray            *numbers,
                                 const char *const *suffixes)
{
  g_autoptr (ReconSeriesGaps) gaps = recon_series_gaps_find ((const gint64 *) numbers->data, numbers->len, NULL);
  g_autoptr (GArray) others = NULL;

  if (gaps->numbers == RECON_NUMBERS_COMPLETE)
    return g_steal_pointer (&gaps);

  others = find_others (files, numbers, suffixes);

  return recon_series_gaps_find ((const gint64 *) numbers->data, numbers->len, others);
}
