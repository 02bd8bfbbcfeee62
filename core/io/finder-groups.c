/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-private.h"

#include <fnmatch.h>
#include <string.h>

/* Numbers of flats taken between projections are at least so far apart: they are those of projections. */
#define FAR_APART 10

/* Appends a text with # for each number in it. */
static void
append_without_numbers (GString    *stem,
                        const char *text,
                        gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      g_string_append_c (stem, text[i]);
    else if (i == 0 || !g_ascii_isdigit (text[i - 1]))
      g_string_append_c (stem, '#');
}

/**
 * recon_finder_make_stem:
 * @group: names
 *
 * Returns: (transfer full): what the names have in common, without extension, with # for what runs
 */
char *
recon_finder_make_stem (const ReconSeriesGroup *group)
{
  const char *first = g_ptr_array_index (group->names, 0);
  const char *dot = strrchr (first, '.');
  gboolean common = TRUE;
  const char *rest;
  GString *stem;

  if (group->numbers == NULL)
    return g_strndup (first, dot - first);

  stem = g_string_new (group->stem);
  rest = first + strlen (group->stem);
  rest += strspn (rest, "+-");
  rest += strspn (rest, "0123456789");
  g_string_append_c (stem, '#');
  for (guint i = 1; i < group->names->len; i++)
    common &= g_str_has_suffix (g_ptr_array_index (group->names, i), rest);

  if (rest < dot && common)
    g_string_append_len (stem, rest, dot - rest);
  else if (rest < dot)
    append_without_numbers (stem, rest, dot - rest);

  return g_string_free (stem, FALSE);
}

/* Adds the groups of names to a list. */
static void
add_groups (GPtrArray  *groups,
            GPtrArray  *names,
            const char *folder)
{
  g_autoptr (GPtrArray) found = recon_series_groups_find (names, folder);

  g_ptr_array_extend_and_steal (groups, g_steal_pointer (&found));
}

/* The last number in a name; −1 if there is none. */
static gint64
get_last_number (const char *name)
{
  const char *end = strrchr (name, '.');
  const char *begin;

  while (end > name && !g_ascii_isdigit (end[-1]))
    end--;
  begin = end;
  while (begin > name && g_ascii_isdigit (begin[-1]))
    begin--;

  return begin < end ? g_ascii_strtoll (begin, NULL, 10) : -1;
}

/* The different last numbers of names, if they are those of projections: from 0 on, far apart. Else %NULL. */
static GArray *
list_projections (GPtrArray *names)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < names->len; i++)
    {
      gint64 number = get_last_number (g_ptr_array_index (names, i));

      g_array_append_val (numbers, number);
    }
  g_array_sort (numbers, recon_series_compare_values);

  for (guint i = 1; i < numbers->len;)
    {
      gint64 step = g_array_index (numbers, gint64, i) - g_array_index (numbers, gint64, i - 1);

      if (step == 0)
        g_array_remove_index (numbers, i);
      else if (step < FAR_APART)
        return NULL;
      else
        i++;
    }

  return numbers->len > 1 && g_array_index (numbers, gint64, 0) == 0 ? g_steal_pointer (&numbers) : NULL;
}

/* ESRF writes refHST0000.tif and refHST1500.tif, or ref0003_0000.tif and ref0003_1500.tif: the last number is that of
 * the projection before which the flats were taken. */
static void
add_esrf_flats (GPtrArray  *groups,
                GPtrArray  *names,
                const char *folder)
{
  g_autoptr (GArray) projections = list_projections (names);

  if (projections == NULL)
    {
      add_groups (groups, names, folder);
      return;
    }

  for (guint k = 0; k < projections->len; k++)
    {
      g_autoptr (GPtrArray) part = g_ptr_array_new ();

      for (guint i = 0; i < names->len; i++)
        if (get_last_number (g_ptr_array_index (names, i)) == g_array_index (projections, gint64, k))
          g_ptr_array_add (part, g_ptr_array_index (names, i));
      add_groups (groups, part, folder);
    }
}

/**
 * recon_finder_group_names:
 * @names: (element-type filename): names of images in a folder
 * @folder: the folder
 *
 * As recon_series_groups_find(), but flats that are numbered like projections are divided by their projections.
 *
 * Returns: (transfer full) (element-type ReconSeriesGroup): the groups; those flats in the order of the projections
 */
GPtrArray *
recon_finder_group_names (GPtrArray  *names,
                          const char *folder)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_series_group_free);
  g_autoptr (GPtrArray) esrf_flats = g_ptr_array_new ();
  g_autoptr (GPtrArray) others = g_ptr_array_new ();

  for (guint i = 0; i < names->len; i++)
    {
      char *name = g_ptr_array_index (names, i);
      gboolean is_flat = g_ascii_strncasecmp (name, "ref", 3) == 0 && strpbrk (name, "0123456789") != NULL;

      g_ptr_array_add (is_flat ? esrf_flats : others, name);
    }

  add_groups (groups, others, folder);
  if (esrf_flats->len > 0)
    add_esrf_flats (groups, esrf_flats, folder);

  return groups;
}

/* Some files of a folder as one path: the folder, a file, or a pattern that no other file matches. */

/* @whole: whether digits at its end belong to it */
static gsize
common_prefix (GPtrArray *names,
               gboolean   whole)
{
  const char *first = g_ptr_array_index (names, 0);
  gsize n = strlen (first);

  for (guint i = 1; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      gsize k = 0;

      while (k < n && name[k] == first[k])
        k++;
      n = k;
    }

  /* Zeros before a number are part of it. */
  while (!whole && n > 0 && g_ascii_isdigit (first[n - 1]))
    n--;

  return n;
}

static gsize
common_suffix (GPtrArray *names,
               gsize      prefix)
{
  const char *first = g_ptr_array_index (names, 0);
  gsize length = strlen (first);
  gsize n = length - prefix;

  for (guint i = 1; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      gsize own = strlen (name);
      gsize k = 0;

      while (k < n && k < own - prefix && name[own - 1 - k] == first[length - 1 - k])
        k++;
      n = k;
    }

  while (n > 0 && g_ascii_isdigit (first[length - n]))
    n--;

  return n;
}

/* @middle: what the pattern has for the part that differs; @whole: whether that may begin within a number */
static char *
make_pattern (GPtrArray  *names,
              const char *middle,
              gboolean    whole)
{
  const char *first = g_ptr_array_index (names, 0);
  gsize prefix = common_prefix (names, whole);
  gsize suffix = common_suffix (names, prefix);
  GString *pattern = g_string_new (NULL);

  recon_glob_append (pattern, first, prefix);
  g_string_append (pattern, middle);
  recon_glob_append (pattern, first + strlen (first) - suffix, suffix);

  return g_string_free (pattern, FALSE);
}

/* The differing part, character by character: digits where there are digits. */
static char *
make_classes (GPtrArray *names)
{
  const char *first = g_ptr_array_index (names, 0);
  gsize prefix = common_prefix (names, FALSE);
  gsize suffix = common_suffix (names, prefix);
  gsize end = strlen (first) - suffix;
  g_autoptr (GString) classes = g_string_new (NULL);

  for (gsize i = prefix; i < end; i++)
    g_string_append (classes, g_ascii_isdigit (first[i]) ? "[0-9]" : "?");

  return make_pattern (names, classes->str, FALSE);
}

static gboolean
matches_only (const ReconFinderFolder *folder,
              GPtrArray               *names,
              const char              *pattern)
{
  GPtrArray *const lists[] = { folder->tiffs, folder->hdf5s, folder->texts };
  guint n = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (lists); k++)
    for (guint i = 0; i < lists[k]->len; i++)
      if (fnmatch (pattern, g_ptr_array_index (lists[k], i), FNM_PERIOD) == 0)
        n++;

  for (guint i = 0; i < names->len; i++)
    if (fnmatch (pattern, g_ptr_array_index (names, i), FNM_PERIOD) != 0)
      return FALSE;

  return n == names->len;
}

/* The folder's own name may have characters of patterns. */
static char *
join_pattern (const char *folder,
              const char *pattern)
{
  g_autoptr (GString) escaped = g_string_new (NULL);

  recon_glob_append (escaped, folder, strlen (folder));

  return recon_finder_join (escaped->str, pattern);
}

/**
 * recon_finder_describe_files:
 * @folder: a folder
 * @names: (element-type filename): names of one or more files of one kind in it
 *
 * Returns: (transfer full): the shortest path that means these files and no others
 */
char *
recon_finder_describe_files (const ReconFinderFolder *folder,
                             GPtrArray               *names)
{
  static const char *const middles[] = { "*", "[0-9]*" };
  g_autofree char *classes = NULL;

  if (names->len == 1)
    return recon_finder_join (folder->path, g_ptr_array_index (names, 0));
  if (names->len == folder->tiffs->len)
    return g_strdup (folder->path);

  for (gsize i = 0; i < G_N_ELEMENTS (middles); i++)
    {
      g_autofree char *pattern = make_pattern (names, middles[i], FALSE);

      if (matches_only (folder, names, pattern))
        return join_pattern (folder->path, pattern);
    }

  classes = make_classes (names);
  if (!matches_only (folder, names, classes))
    {
      g_autofree char *pattern = make_pattern (names, "*", TRUE);

      if (matches_only (folder, names, pattern))
        return join_pattern (folder->path, pattern);
    }

  return join_pattern (folder->path, classes);
}
