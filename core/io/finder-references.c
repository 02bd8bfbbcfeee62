/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/finder-private.h"

/* References are at most this part of the projections, where little else tells them. */
#define FEW 2

/* Darks and flats that fit the projections. */

/* Whether images that are named like @series are projections of another scan. */
static gboolean
belongs_to_other (ReconFinder       *self,
                  ReconFinderSeries *series)
{
  if (g_str_equal (series->rest, self->images->rest) || *series->rest == '\0')
    return FALSE;

  for (guint i = 0; i < self->series->len; i++)
    {
      const ReconFinderSeries *other = g_ptr_array_index (self->series, i);

      if (other != self->images && other->role <= RECON_ROLE_PROJECTIONS && other->names->len > 1 &&
          g_str_equal (other->rest, series->rest) && g_str_equal (other->folder, self->images->folder))
        return TRUE;
    }

  return FALSE;
}

/* Only what can be read and has the size of the projections is of use. */
static gboolean
fits (ReconFinder       *self,
      ReconFinderSeries *series)
{
  recon_finder_series_probe (series);
  if (series->refusal != NULL)
    {
      _recon_found_warn (self->found, _ ("%s is not taken: %s"), series->value, series->refusal);
      return FALSE;
    }

  if (series->width == self->images->width && series->height == self->n_rows)
    return TRUE;

  _recon_found_warn (self->found, _ ("%s is not taken: its images are %u × %u, but projections are %u × %u"),
                     series->value, series->width, series->height, self->images->width, self->n_rows);

  return FALSE;
}

/* Another scan is no reference of this one, whatever it is called. */
static gboolean
is_other_scan (ReconFinder       *self,
               ReconFinderSeries *series)
{
  recon_finder_series_probe (series);
  if (!series->is_whole)
    return FALSE;

  _recon_found_note (self->found, _ ("%s is left out: it is a scan of its own"), series->value);

  return TRUE;
}

/* As many images as a scan has are not known by one letter; who calls samples a, b, c … has a d and an f too. */
static gboolean
is_doubtful (ReconFinder             *self,
             const ReconFinderSeries *series)
{
  return series->by_letter && series->n_frames * FEW > self->n_projections;
}

/* Takes those out of the candidates that only the user can tell. Returns: whether there is something to ask */
static gboolean
ask_doubtful (ReconFinder    *self,
              ReconParameter  parameter,
              GPtrArray      *candidates)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < candidates->len;)
    {
      const ReconFinderSeries *series = g_ptr_array_index (candidates, i);

      if (!is_doubtful (self, series))
        {
          i++;
          continue;
        }
      g_ptr_array_add (paths, g_strdup (series->value));
      g_ptr_array_remove_index (candidates, i);
    }

  for (guint i = 0; i < paths->len && candidates->len > 0; i++)
    _recon_found_note (self->found, _ ("%s is left out: a letter says little, and it has as many images as a scan"),
                       (char *) g_ptr_array_index (paths, i));
  if (paths->len == 0 || candidates->len > 0)
    return FALSE;

  _recon_found_ask (self->found, parameter,
                    g_strdup (parameter == RECON_PARAM_DARKS
                                ? _ ("Are these the darks, or another scan? Their name is but a letter, and they "
                                     "are as many images as a scan has.")
                                : _ ("Are these the flats, or another scan? Their name is but a letter, and they "
                                     "are as many images as a scan has.")),
                    g_steal_pointer (&paths));

  return TRUE;
}

/* Returns: (transfer container) */
static GPtrArray *
list_fitting (ReconFinder *self,
              GPtrArray   *series,
              ReconRole    role)
{
  GPtrArray *fitting = g_ptr_array_new ();

  for (guint i = 0; i < series->len; i++)
    {
      ReconFinderSeries *candidate = g_ptr_array_index (series, i);

      if (candidate->role == role && candidate != self->images && !belongs_to_other (self, candidate) &&
          !is_other_scan (self, candidate) && fits (self, candidate))
        g_ptr_array_add (fitting, candidate);
    }

  return fitting;
}

/* Keeps those whose names say the same as the projections', if there are any. */
static void
prefer_same (ReconFinder *self,
             GPtrArray   *candidates,
             gboolean     folders)
{
  g_autoptr (GPtrArray) same = g_ptr_array_new ();
  const char *wanted = folders ? self->images->folder_rest : self->images->rest;

  for (guint i = 0; i < candidates->len; i++)
    {
      ReconFinderSeries *candidate = g_ptr_array_index (candidates, i);

      if (g_str_equal (folders ? candidate->folder_rest : candidate->rest, wanted))
        g_ptr_array_add (same, candidate);
    }
  if (same->len == 0 || same->len == candidates->len)
    return;

  for (guint i = 0; i < candidates->len; i++)
    {
      const ReconFinderSeries *candidate = g_ptr_array_index (candidates, i);

      if (!g_ptr_array_find (same, candidate, NULL))
        _recon_found_note (self->found, _ ("%s is left out: %s is named more like the projections"), candidate->value,
                           ((ReconFinderSeries *) g_ptr_array_index (same, 0))->value);
    }

  g_ptr_array_set_size (candidates, 0);
  for (guint i = 0; i < same->len; i++)
    g_ptr_array_add (candidates, g_ptr_array_index (same, i));
}

/* Moves those of a time to a list of their own. Returns: (transfer container) */
static GPtrArray *
split_off (GPtrArray *candidates,
           ReconWhen  when)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < candidates->len;)
    {
      ReconFinderSeries *candidate = g_ptr_array_index (candidates, i);

      if (candidate->when == when)
        g_ptr_array_add (list, g_ptr_array_remove_index (candidates, i));
      else
        i++;
    }

  return list;
}

static void
choose (ReconFinder    *self,
        ReconParameter  parameter,
        GPtrArray      *candidates)
{
  GPtrArray *paths;

  if (candidates->len == 1)
    {
      ReconFinderSeries *series = g_ptr_array_index (candidates, 0);

      _recon_found_take (self->found, parameter, series->value, recon_finder_series_describe (series));
      if (recon_finder_are_apart (self->images, series))
        _recon_found_warn (self->found, _ ("%s lies apart from %s and may be of another scan"), series->value,
                           self->images->value);
      return;
    }
  if (candidates->len == 0)
    return;

  paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < candidates->len; i++)
    g_ptr_array_add (paths, g_strdup (((ReconFinderSeries *) g_ptr_array_index (candidates, i))->value));
  _recon_found_ask (self->found, parameter,
                    g_strdup (parameter == RECON_PARAM_DARKS   ? _ ("Which of these are the darks?")
                              : parameter == RECON_PARAM_FLATS ? _ ("Which of these are the flats taken before the "
                                                                    "projections?")
                                                               : _ ("Which of these are the flats taken after the "
                                                                    "projections?")),
                    paths);
}

static void
choose_darks (ReconFinder *self,
              GPtrArray   *all)
{
  g_autoptr (GPtrArray) candidates = list_fitting (self, all, RECON_ROLE_DARKS);
  g_autoptr (GPtrArray) after = NULL;

  if (ask_doubtful (self, RECON_PARAM_DARKS, candidates))
    return;
  prefer_same (self, candidates, TRUE);
  prefer_same (self, candidates, FALSE);
  after = split_off (candidates, RECON_WHEN_AFTER);
  if (candidates->len == 0)
    {
      choose (self, RECON_PARAM_DARKS, after);
      return;
    }

  choose (self, RECON_PARAM_DARKS, candidates);
  for (guint i = 0; i < after->len; i++)
    _recon_found_note (self->found, _ ("%s is left out: darks are taken from before the projections"),
                       ((ReconFinderSeries *) g_ptr_array_index (after, i))->value);
}

/* "flats" and "flats2", as ufo has them: without other words the second ones are those after. */
static void
split_second (GPtrArray *before,
              GPtrArray *after)
{
  ReconFinderSeries *first, *second;
  g_autofree char *expected = NULL;
  g_autofree char *name = NULL;
  g_autofree char *second_name = NULL;

  if (before->len != 2 || after->len != 0)
    return;

  first = g_ptr_array_index (before, 0);
  second = g_ptr_array_index (before, 1);
  name = g_path_get_basename (*first->relative != '\0' ? first->relative : first->stem);
  second_name = g_path_get_basename (*second->relative != '\0' ? second->relative : second->stem);
  expected = g_strconcat (name, "2", NULL);
  if (!g_str_equal (second_name, expected))
    {
      g_free (expected);
      expected = g_strconcat (name, "_2", NULL);
    }
  if (g_str_equal (second_name, expected))
    {
      g_ptr_array_remove_index (before, 1);
      g_ptr_array_add (after, second);
    }
}

static void
choose_flats (ReconFinder *self,
              GPtrArray   *all)
{
  g_autoptr (GPtrArray) candidates = list_fitting (self, all, RECON_ROLE_FLATS);
  g_autoptr (GPtrArray) after = NULL;

  if (ask_doubtful (self, RECON_PARAM_FLATS, candidates))
    return;
  after = split_off (candidates, RECON_WHEN_AFTER);
  split_second (candidates, after);
  prefer_same (self, candidates, TRUE);
  prefer_same (self, candidates, FALSE);
  prefer_same (self, after, TRUE);
  prefer_same (self, after, FALSE);
  choose (self, RECON_PARAM_FLATS, candidates);
  choose (self, RECON_PARAM_FLATS_AFTER, after);
}

/* What may be either is asked for only if something is missing. */
static void
ask_unsure (ReconFinder *self,
            GPtrArray   *all)
{
  g_autoptr (GPtrArray) unsure = list_fitting (self, all, RECON_ROLE_UNSURE);
  gboolean has_flats = recon_found_scan_get (self->found, RECON_PARAM_FLATS) != NULL ||
                       recon_found_scan_get (self->found, RECON_PARAM_FLATS_AFTER) != NULL;
  GPtrArray *paths;

  if (unsure->len == 0)
    return;

  for (guint i = 0; i < unsure->len; i++)
    {
      const ReconFinderSeries *series = g_ptr_array_index (unsure, i);

      _recon_found_note (self->found, _ ("%s may be darks or flats: %s"), series->value, series->why);
    }
  if (has_flats)
    return;

  paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < unsure->len; i++)
    g_ptr_array_add (paths, g_strdup (((ReconFinderSeries *) g_ptr_array_index (unsure, i))->value));
  _recon_found_ask (self->found, RECON_PARAM_FLATS, g_strdup (_ ("Are these flats, or darks?")), paths);
}

static gboolean
has_references (GPtrArray *series)
{
  for (guint i = 0; i < series->len; i++)
    {
      ReconRole role = ((ReconFinderSeries *) g_ptr_array_index (series, i))->role;

      if (role == RECON_ROLE_DARKS || role == RECON_ROLE_FLATS || role == RECON_ROLE_UNSURE)
        return TRUE;
    }

  return FALSE;
}

/* The folder may be that of the projections alone, and its neighbours the rest of the scan. */
static GPtrArray *
find_beside (ReconFinder *self)
{
  g_autofree char *canonical = g_canonicalize_filename (self->root, NULL);
  g_autofree char *name = g_path_get_basename (canonical);
  g_autofree char *parent = g_path_get_dirname (self->root);
  g_autofree char *beside = NULL;
  g_auto (ReconNameMeaning) own = { 0 };
  g_autoptr (GError) error = NULL;

  if (g_str_has_suffix (self->root, "/.") || g_str_has_suffix (self->root, "..") || g_str_equal (self->root, "."))
    {
      g_free (parent);
      parent = g_str_equal (self->root, ".") ? g_strdup ("..") : g_path_get_dirname (canonical);
    }
  self->beside_folders = recon_finder_list_folders (parent, RECON_FINDER_REFERENCES, &error);
  self->beside = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_finder_series_free);
  if (self->beside_folders == NULL)
    return self->beside;

  /* The names of the folders count as they do from there. */
  recon_name_meaning_read (&own, name);
  g_free (self->images->folder_rest);
  self->images->folder_rest = *own.rest != '\0' ? g_strconcat (own.rest, "/", NULL) : g_strdup ("");

  for (guint i = 0; i < self->beside_folders->len; i++)
    {
      const ReconFinderFolder *folder = g_ptr_array_index (self->beside_folders, i);
      g_autofree char *path = g_canonicalize_filename (folder->path, NULL);

      if (!g_str_equal (path, canonical))
        recon_finder_add_series (folder, self->beside);
    }
  recon_finder_decide_roles (self->beside);

  return self->beside;
}

/* Finds darks and flats for the images that were chosen. */
void
_recon_finder_choose_references (ReconFinder *self)
{
  GPtrArray *all = self->series;

  /* Files that say what is in them are complete, and line integrals need nothing. */
  if ((self->sinograms && !self->images->counts) || self->images->has_own_flats)
    return;

  if (*self->images->relative == '\0' && !has_references (all))
    {
      if (self->images->is_hdf5)
        return;
      all = find_beside (self);
    }

  choose_darks (self, all);
  choose_flats (self, all);
  ask_unsure (self, all);
}
