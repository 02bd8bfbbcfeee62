/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series-counter.h"

#include "io/file-series.h"
#include "io/series-groups.h"
#include "io/series-kind.h"
#include "io/series-names.h"

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

/**
 * recon_series_counter_find_others:
 * @files: (element-type filename): files of a series, all of one folder
 * @numbers: (element-type gint64): their numbers
 * @suffixes: (array zero-terminated=1): which files of the folder count, in lower case
 *
 * Looks for the images that the same counter has numbered: series of other names in the folder, of darks and flats or
 * of at least two images, none of which has a number of this one. The folder is read.
 *
 * Returns: (transfer full) (element-type gint64): their numbers, ascending
 */
GArray *
recon_series_counter_find_others (GPtrArray         *files,
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
