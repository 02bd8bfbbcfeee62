/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-pattern.h"

#include <fnmatch.h>
#include <string.h>

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

static void
append_escaped (GString    *pattern,
                const char *text,
                gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (strchr ("*?[]\\", text[i]) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, text[i]);
    }
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

  append_escaped (pattern, first, prefix);
  g_string_append (pattern, middle);
  append_escaped (pattern, first + strlen (first) - suffix, suffix);

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

  append_escaped (escaped, folder, strlen (folder));

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
