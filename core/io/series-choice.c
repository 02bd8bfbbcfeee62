/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

/* A series of at least this part of the longest one may be the one that is meant. */
#define RIVAL 4

/* Series and names that a message lists. */
#define MAX_LISTED 8
#define MAX_NAMES 3

/* Files that a stack may be in. */
#define MAX_PARTS 64

static ReconSeriesKind
get_kind (const ReconSeriesGroup *group)
{
  g_autofree char *name = g_path_get_basename (group->pattern);
  char *dot = strrchr (name, '.');

  if (dot != NULL)
    *dot = '\0';

  return recon_series_kind_guess (name);
}

/* "flat_%03d.tif (5 files)"; of few files the names. */
static void
append_group (GString                *text,
              const ReconSeriesGroup *group)
{
  g_autofree char *pattern = g_path_get_basename (group->pattern);

  if (group->names->len > MAX_NAMES)
    {
      g_string_append_printf (text, ngettext ("%s (%u file)", "%s (%u files)", group->names->len), pattern,
                              group->names->len);
      return;
    }

  for (guint i = 0; i < group->names->len; i++)
    {
      g_autofree char *name = g_path_get_basename (group->names->pdata[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", name);
    }
}

static char *
list_groups (GPtrArray *groups)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (i == MAX_LISTED)
        {
          g_string_append (text, "…");
          break;
        }
      append_group (text, groups->pdata[i]);
    }

  return g_string_free (text, FALSE);
}

/* "--flats=scan/flat_%03d.tif", for the first group of that kind. */
static void
append_offer (GString         *text,
              GPtrArray       *groups,
              ReconSeriesKind  kind,
              const char      *option)
{
  for (guint i = 0; i < groups->len; i++)
    {
      const ReconSeriesGroup *group = groups->pdata[i];

      if (get_kind (group) == kind)
        {
          g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", option, group->pattern);
          return;
        }
    }
}

static char *
describe_left_out (const char *path,
                   GPtrArray  *taken,
                   GPtrArray  *others)
{
  g_autofree char *taken_text = list_groups (taken);
  g_autofree char *others_text = list_groups (others);
  g_autoptr (GString) offer = g_string_new (NULL);

  append_offer (offer, others, RECON_SERIES_DARKS, "--darks");
  append_offer (offer, others, RECON_SERIES_FLATS, "--flats");
  append_offer (offer, others, RECON_SERIES_FLATS_AFTER, "--flats-after");
  if (offer->len > 0)
    return g_strdup_printf (_ ("%s: taken is %s; left out is %s. What looks like darks or flats is given with %s."),
                            path, taken_text, others_text, offer->str);

  return g_strdup_printf (_ ("%s: taken is %s; left out is %s. To take others, give a pattern for their names."), path,
                          taken_text, others_text);
}

static void
set_unclear_error (const char  *path,
                   GPtrArray   *groups,
                   GError     **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < groups->len && i <= MAX_LISTED; i++)
    {
      const ReconSeriesGroup *group = groups->pdata[i];

      if (i == MAX_LISTED)
        g_string_append (text, ", …");
      else
        g_string_append_printf (text, ngettext ("%s%s (%u file)", "%s%s (%u files)", group->names->len),
                                i > 0 ? ", " : "", group->pattern, group->names->len);
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s holds several series of images. Choose one, by its pattern: %s."), path, text->str);
}

static guint
count_files (GPtrArray *groups)
{
  guint n = 0;

  for (guint i = 0; i < groups->len; i++)
    n += ((const ReconSeriesGroup *) groups->pdata[i])->names->len;

  return n;
}

/* Whether the names of two groups are the same but for numbers. */
static gboolean
have_same_text (const ReconSeriesGroup *a,
                const ReconSeriesGroup *b)
{
  const char *p = a->names->pdata[0], *q = b->names->pdata[0];

  while (TRUE)
    {
      while (g_ascii_isdigit (*p))
        p++;
      while (g_ascii_isdigit (*q))
        q++;
      if (*p != *q)
        return FALSE;
      if (*p == '\0')
        return TRUE;
      p++;
      q++;
    }
}

/* The groups that may be meant, by what their names say. */
static GPtrArray *
find_candidates (GPtrArray       *groups,
                 ReconSeriesKind  wanted)
{
  gboolean is_reference = wanted == RECON_SERIES_DARKS || wanted == RECON_SERIES_FLATS ||
                          wanted == RECON_SERIES_FLATS_AFTER;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < groups->len; i++)
    {
      ReconSeriesKind kind = get_kind (groups->pdata[i]);

      if (is_reference ? kind == wanted : kind == RECON_SERIES_UNKNOWN || kind == RECON_SERIES_PROJECTIONS)
        g_ptr_array_add (found, groups->pdata[i]);
    }

  /* Flats before and after are often called the same. */
  for (guint i = 0; found->len == 0 && is_reference && wanted != RECON_SERIES_DARKS && i < groups->len; i++)
    if (get_kind (groups->pdata[i]) == RECON_SERIES_FLATS || get_kind (groups->pdata[i]) == RECON_SERIES_FLATS_AFTER)
      g_ptr_array_add (found, groups->pdata[i]);

  if (found->len == 0)
    g_ptr_array_extend (found, groups, NULL, NULL);

  return g_steal_pointer (&found);
}

/* Of candidates, the ones that are taken; NULL if that is not clear. */
static GPtrArray *
choose (GPtrArray       *candidates,
        ReconSeriesKind  wanted,
        gboolean         is_pattern)
{
  const ReconSeriesGroup *longest = candidates->pdata[0];
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  gboolean all = longest->names->len == 1;
  guint n_rivals = 0;

  for (guint i = 1; i < candidates->len; i++)
    {
      const ReconSeriesGroup *other = candidates->pdata[i];

      n_rivals += other->names->len > 1 && other->names->len * RIVAL >= longest->names->len;
    }

  /* Names that say what is wanted: darks before and darks after, say. */
  if (n_rivals > 0 && wanted != RECON_SERIES_UNKNOWN && wanted != RECON_SERIES_PROJECTIONS)
    all = get_kind (longest) != RECON_SERIES_UNKNOWN;

  /* Who writes a pattern for names that differ in numbers only means all of them, such as the parts of one scan. */
  if (n_rivals > 0 && is_pattern)
    {
      all = TRUE;
      for (guint i = 1; i < candidates->len; i++)
        all = all && have_same_text (longest, candidates->pdata[i]);
    }

  if (all)
    {
      g_ptr_array_extend (taken, candidates, NULL, NULL);
      return g_steal_pointer (&taken);
    }

  if (n_rivals > 0 || 2 * longest->names->len <= count_files (candidates))
    return NULL;

  g_ptr_array_add (taken, candidates->pdata[0]);

  return g_steal_pointer (&taken);
}

static ReconSeries *
make_series (GPtrArray *taken)
{
  ReconSeries *self = g_new0 (ReconSeries, 1);

  self->files = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < taken->len; i++)
    {
      const ReconSeriesGroup *group = taken->pdata[i];

      for (guint k = 0; k < group->names->len; k++)
        g_ptr_array_add (self->files, g_strdup (group->names->pdata[k]));
    }

  if (taken->len == 1)
    {
      const ReconSeriesGroup *group = taken->pdata[0];

      self->pattern = g_path_get_basename (group->pattern);
      self->numbers = group->numbers != NULL ? g_array_copy (group->numbers) : NULL;
    }
  else
    {
      self->pattern = list_groups (taken);
      recon_natural_sort (self->files);
    }

  return self;
}

/* What @taken lacks of @groups. */
static GPtrArray *
find_others (GPtrArray *groups,
             GPtrArray *taken)
{
  GPtrArray *others = g_ptr_array_new ();

  for (guint i = 0; i < groups->len; i++)
    if (!g_ptr_array_find (taken, groups->pdata[i], NULL))
      g_ptr_array_add (others, groups->pdata[i]);

  return others;
}

/* Whether nothing was guessed: darks or flats were wanted and are called so, as all else is called something else. */
static gboolean
is_known (GPtrArray       *taken,
          GPtrArray       *others,
          ReconSeriesKind  wanted)
{
  if (wanted == RECON_SERIES_UNKNOWN || wanted == RECON_SERIES_PROJECTIONS)
    return FALSE;

  for (guint i = 0; i < taken->len; i++)
    if (get_kind (taken->pdata[i]) != wanted)
      return FALSE;
  for (guint i = 0; i < others->len; i++)
    if (get_kind (others->pdata[i]) == RECON_SERIES_UNKNOWN)
      return FALSE;

  return TRUE;
}

/* A stack without one of its parts has images at wrong angles. */
static gboolean
check_parts (GPtrArray  *taken,
             GError    **error)
{
  for (guint i = 0; i < taken->len; i++)
    {
      const ReconSeriesGroup *group = taken->pdata[i];

      if (group->lacks == NULL)
        continue;

      return recon_fail (error, RECON_ERROR_INPUT,
                         _ ("%s is a stack in several files, of which one is missing: %s. Copy it again."),
                         group->pattern, group->lacks);
    }

  return TRUE;
}

/* Of a few files, whether there are more in which their stack goes on. */
static void
find_parts (ReconSeries        *self,
            const char         *kind,
            const char *const  *suffixes)
{
  g_autofree char *folder = g_path_get_dirname (self->files->pdata[0]);
  g_autofree char *first = g_path_get_basename (self->files->pdata[0]);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) stacks = NULL;

  if (self->files->len > MAX_PARTS)
    return;

  all = recon_file_series_find (folder, kind, suffixes, NULL);
  for (guint i = 0; all != NULL && i < all->len; i++)
    g_ptr_array_add (names, g_path_get_basename (all->pdata[i]));

  stacks = recon_series_parts_find (names, folder);
  for (guint i = 0; i < stacks->len; i++)
    {
      const ReconSeriesParts *stack = stacks->pdata[i];
      g_autofree char *pattern = g_build_filename (folder, stack->pattern, NULL);
      g_autofree char *before = g_steal_pointer (&self->left_out);

      if (stack->names->len <= self->files->len ||
          !g_ptr_array_find_with_equal_func (stack->names, first, g_str_equal, NULL))
        {
          self->left_out = g_steal_pointer (&before);
          continue;
        }

      self->left_out = g_strdup_printf (_ ("%s is one of the files that a stack goes on in, and images are missing: "
                                           "taken are %u of its %u files. All of them are %s.%s%s"),
                                        first, self->files->len, stack->names->len, pattern, before != NULL ? " " : "",
                                        before != NULL ? before : "");
    }
}

static ReconSeries *
choose_files (const char       *path,
              GPtrArray        *files,
              ReconSeriesKind   wanted,
              GError          **error)
{
  g_autoptr (GPtrArray) groups = recon_series_groups_find (files, NULL);
  g_autoptr (GPtrArray) candidates = find_candidates (groups, wanted);
  g_autoptr (GPtrArray) taken = choose (candidates, wanted, recon_file_series_is_pattern (path));
  g_autoptr (GPtrArray) others = NULL;
  ReconSeries *self;

  if (taken == NULL)
    {
      set_unclear_error (path, candidates, error);
      return NULL;
    }

  if (!check_parts (taken, error))
    return NULL;

  self = make_series (taken);
  others = find_others (groups, taken);
  if (is_known (taken, others, wanted))
    return self;

  if (others->len > 0)
    self->left_out = describe_left_out (path, taken, others);
  else if (taken->len > 1)
    self->left_out =
        g_strdup_printf (_ ("%s: files of different names are taken for one series, in this order: %s."), path,
                         self->pattern);

  return self;
}

/**
 * recon_series_choose:
 * @path: what recon_file_series_find() takes
 * @wanted: what the images are wanted for
 * @kind: what is looked for, for messages, such as "TIFF"
 * @suffixes: (array zero-terminated=1): which files of a folder count, in lower case
 * @error: return location
 *
 * Finds the files that @path stands for, as far as they are one series. Of several series the longest is taken, but
 * those whose names say that they hold what is @wanted before those that say nothing, and those that say that they hold
 * something else only if there are no others. Single files without numbers are all taken if there is nothing else.
 *
 * Returns: (transfer full): the files, by number; or %NULL with #RECON_ERROR_INPUT, also where several series may be
 *   meant (the message lists their patterns)
 */
ReconSeries *
recon_series_choose (const char         *path,
                     ReconSeriesKind     wanted,
                     const char         *kind,
                     const char *const  *suffixes,
                     GError            **error)
{
  g_autoptr (GPtrArray) files = recon_file_series_find (path, kind, suffixes, error);
  g_autoptr (GError) failure = NULL;
  ReconSeries *self;

  if (files == NULL)
    return NULL;

  self = choose_files (path, files, wanted, &failure);
  if (self != NULL && !g_file_test (path, G_FILE_TEST_IS_DIR))
    find_parts (self, kind, suffixes);
  if (self == NULL)
    {
      /* Names of files need not be UTF-8, messages are. */
      g_autofree char *text = g_utf8_make_valid (failure->message, -1);

      g_set_error_literal (error, failure->domain, failure->code, text);
    }

  return self;
}

/**
 * recon_series_remove:
 * @self: a series
 * @file: one of its files, counted from 0; not the only one
 *
 * Leaves a file out.
 */
void
recon_series_remove (ReconSeries *self,
                     guint        file)
{
  g_return_if_fail (file < self->files->len && self->files->len > 1);

  g_ptr_array_remove_index (self->files, file);
  if (self->numbers != NULL)
    g_array_remove_index (self->numbers, file);
}

void
recon_series_free (ReconSeries *self)
{
  g_ptr_array_unref (self->files);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_free (self->pattern);
  g_free (self->left_out);
  g_free (self);
}
