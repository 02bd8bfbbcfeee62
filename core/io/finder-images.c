/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "io/finder-private.h"
#include "io/hdf5-datasets.h"
#include "io/hdf5.h"

/* Which images of a scan are its projections, or its sinograms. */

/* HDF5 files that are looked into: more of them are no scan but its parts. */
#define MAX_HDF5 32

/* A series of at least this part of the images may be another scan. */
#define RIVAL 2

/* Kinds of files that a message lists. */
#define MAX_KINDS 4

/* A file that holds all of a scan is one, whatever it is called. */
static gboolean
is_reference (ReconFinderSeries *series)
{
  if (series->role != RECON_ROLE_DARKS && series->role != RECON_ROLE_FLATS && series->role != RECON_ROLE_UNSURE)
    return FALSE;

  if (series->is_hdf5)
    recon_finder_series_probe (series);

  return !series->is_whole;
}

/* How clearly images are meant as projections. */
static int
get_rank (ReconFinderSeries *series)
{
  if (series->role == RECON_ROLE_PROJECTIONS || (series->is_hdf5 && recon_finder_series_is_scan (series)))
    return 3;
  if (series->role == RECON_ROLE_IMAGES)
    return 2;

  return series->role == RECON_ROLE_UNKNOWN ? 1 : 0;
}

/* Returns: (transfer container): those that may be meant */
static GPtrArray *
list_candidates (ReconFinder *self,
                 gboolean     sinograms)
{
  GPtrArray *candidates = g_ptr_array_new ();
  guint n_hdf5 = 0;

  for (guint i = 0; i < self->series->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (self->series, i);

      if (is_reference (series) || series->role == RECON_ROLE_OTHER ||
          (series->role == RECON_ROLE_SINOGRAMS) != sinograms || (series->is_hdf5 && ++n_hdf5 > MAX_HDF5))
        continue;

      recon_finder_series_probe (series);
      if (series->refusal == NULL && series->n_frames > 1)
        g_ptr_array_add (candidates, series);
    }

  return candidates;
}

/* Whether @other may as well be what is meant. What is named after projections can only be mistaken for images of the
 * same size, as another scan has; others by chance also for more images of any size. */
static gboolean
is_rival (ReconFinderSeries *best,
          ReconFinderSeries *other)
{
  gboolean same_size = other->width == best->width && other->height == best->height;

  if (get_rank (other) == get_rank (best) || recon_finder_are_apart (best, other))
    return TRUE;
  if (same_size)
    return other->n_frames >= best->n_frames / RIVAL;

  return get_rank (best) < 3 && other->n_frames > best->n_frames;
}

/* The one that is clearest, if there is no rival; else %NULL. */
static ReconFinderSeries *
find_best (GPtrArray *candidates)
{
  ReconFinderSeries *best = NULL;

  for (guint i = 0; i < candidates->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (candidates, i);

      if (best == NULL || get_rank (series) > get_rank (best))
        best = series;
    }

  for (guint i = 0; i < candidates->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (candidates, i);

      if (series != best && is_rival (best, series))
        return NULL;
    }

  return best;
}

/* The part of the way to a candidate's folder that no other candidate shares, else its own path. */
static char *
name_scan (ReconFinder             *self,
           const ReconFinderSeries *series,
           GPtrArray               *candidates)
{
  const char *slash = strchr (series->relative, G_DIR_SEPARATOR);
  g_autofree char *first = slash != NULL ? g_strndup (series->relative, slash - series->relative)
                                         : g_strdup (series->relative);

  if (*first == '\0')
    return g_strdup (series->value);

  for (guint i = 0; i < candidates->len; i++)
    {
      const ReconFinderSeries *other = g_ptr_array_index (candidates, i);
      gsize n = strlen (first);

      if (other != series && strncmp (other->relative, first, n) == 0 &&
          (other->relative[n] == '\0' || other->relative[n] == G_DIR_SEPARATOR))
        return g_strdup (series->value);
    }

  return recon_finder_join (self->root, first);
}

static void
ask_which (ReconFinder *self,
           GPtrArray   *candidates)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < candidates->len; i++)
    g_ptr_array_add (paths, name_scan (self, g_ptr_array_index (candidates, i), candidates));

  _recon_found_ask (self->found, RECON_NO_PARAMETER,
                    g_strdup_printf (ngettext ("there is %u series of images that may be the projections:",
                                               "There are %u series of images that may be the projections:",
                                               candidates->len),
                                     candidates->len),
                    paths);
}

static char *
describe_others (ReconFinder *self)
{
  g_autoptr (GHashTable) kinds = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) names = NULL;
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < self->folders->len; i++)
    {
      const ReconFinderFolder *folder = g_ptr_array_index (self->folders, i);
      GHashTableIter iter;
      gpointer kind, count;

      g_hash_table_iter_init (&iter, folder->others);
      while (g_hash_table_iter_next (&iter, &kind, &count))
        g_hash_table_insert (kinds, kind,
                             GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (kinds, kind)) +
                                               GPOINTER_TO_UINT (count)));
    }

  names = g_list_sort (g_hash_table_get_keys (kinds), (GCompareFunc) strcmp);
  for (GList *link = names; link != NULL && n < MAX_KINDS; link = link->next, n++)
    g_string_append_printf (text, "%s%u × %s", n > 0 ? ", " : "",
                            GPOINTER_TO_UINT (g_hash_table_lookup (kinds, link->data)),
                            *(char *) link->data != '\0' ? (char *) link->data : _ ("no extension"));
  if (g_list_length (names) > MAX_KINDS)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

/* Why none of the images can be the projections. */
static char *
describe_refused (ReconFinder *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->series->len && i < MAX_KINDS; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (self->series, i);

      g_string_append_printf (text, "%s%s (%s)", i > 0 ? ", " : "", series->value,
                              series->refusal != NULL             ? series->refusal
                              : series->why != NULL               ? series->why
                              : series->probed && series->n_frames == 1 ? _ ("a single image")
                                                                  : _ ("not taken"));
    }
  if (self->series->len > MAX_KINDS)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

static gboolean
set_nothing_error (ReconFinder  *self,
                   GError      **error)
{
  g_autofree char *others = describe_others (self);
  g_autofree char *refused = describe_refused (self);

  if (*refused != '\0')
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s holds no projections that are known by their names; there are %s. Give them with "
                          "--projections=PATH."),
                       self->found->path, refused);
  if (*others != '\0')
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s holds neither TIFF nor HDF5, but %s. Choose the folder that holds the images; other "
                          "kinds of files have to be converted."),
                       self->found->path, others);

  return recon_fail (error, RECON_ERROR_INPUT, _ ("%s holds no files. Choose the folder that holds the images."),
                     self->found->path);
}

/* Datasets of a file of no known layout, as series. What NXtomo and DXchange are made of is not taken apart: there the
 * file has to be mended. */
static GPtrArray *
list_datasets (const char *path)
{
  GPtrArray *series = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_finder_series_free);
  g_autoptr (ReconHdf5Datasets) datasets = recon_hdf5_datasets_list (path, NULL, G_USEC_PER_SEC);

  for (guint i = 0; datasets != NULL && i < datasets->datasets->len; i++)
    {
      const ReconHdf5Dataset *dataset = g_ptr_array_index (datasets->datasets, i);
      g_autofree char *value = g_strconcat (datasets->file, ":", dataset->path, NULL);

      if (dataset->shape.rank == 3 && dataset->refusal == NULL)
        g_ptr_array_add (series, recon_finder_series_new_dataset (value, dataset->path));
    }

  return series;
}

/* A file that is not known by its layout may still have names that say what is what. */
static ReconFinderSeries *
find_named_dataset (GPtrArray *datasets)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  gboolean has_references = FALSE;

  for (guint i = 0; i < datasets->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (datasets, i);

      if (strstr (series->value, "/exchange/") != NULL)
        return NULL;

      has_references |= is_reference (series);
      recon_finder_series_probe (series);
      if (!is_reference (series) && series->role != RECON_ROLE_OTHER && series->role != RECON_ROLE_SINOGRAMS &&
          series->refusal == NULL && series->n_frames > 1)
        g_ptr_array_add (candidates, series);
    }

  return has_references && candidates->len > 0 ? find_best (candidates) : NULL;
}

/* An HDF5 file that is clear is taken; in another the user chooses a dataset. */
static gboolean
take_hdf5 (ReconFinder        *self,
           ReconFinderSeries  *series,
           GError            **error)
{
  g_autoptr (GPtrArray) datasets = NULL;
  GPtrArray *paths;

  recon_finder_series_probe (series);
  self->images = series;
  if (series->refusal == NULL)
    return TRUE;

  datasets = list_datasets (series->value);
  self->images = find_named_dataset (datasets);
  if (self->images != NULL)
    {
      g_ptr_array_extend_and_steal (self->series, g_steal_pointer (&datasets));
      return TRUE;
    }

  paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < datasets->len; i++)
    {
      ReconFinderSeries *dataset = g_ptr_array_index (datasets, i);

      if (!is_reference (dataset))
        g_ptr_array_add (paths, g_strdup (dataset->value));
    }
  if (paths->len == 0)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_INPUT, series->refusal);
      g_ptr_array_unref (paths);
      return FALSE;
    }
  _recon_found_ask (self->found, RECON_PARAM_PROJECTIONS, g_strdup (series->refusal), paths);

  return TRUE;
}

/* The images that the user has named, by one of their files or as a whole. */
static gboolean
choose_focus (ReconFinder  *self,
              GError      **error)
{
  ReconFinderSeries *series = NULL;

  for (guint i = 0; i < self->series->len && series == NULL; i++)
    {
      ReconFinderSeries *candidate = g_ptr_array_index (self->series, i);

      if (*candidate->relative != '\0')
        continue;
      if (g_str_equal (candidate->value, self->found->path) ||
          g_ptr_array_find_with_equal_func (candidate->names, self->focus, g_str_equal, NULL))
        series = candidate;
    }

  /* Such as a pattern of the user's own, or a dataset. */
  if (series == NULL)
    {
      series = recon_finder_series_new_path (self->found->path);
      g_ptr_array_add (self->series, series);
    }

  g_free (series->why);
  series->why = g_strdup (_ ("it was named"));
  if (series->is_hdf5)
    return take_hdf5 (self, series, error);

  recon_finder_series_probe (series);
  if (series->refusal != NULL)
    return recon_fail (error, RECON_ERROR_INPUT, "%s", series->refusal);
  if (series->n_frames == 1)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s is a single image, and no others are named like it. Choose the folder of the scan, or "
                          "one of its projections; a sinogram is given as --sinograms=%s."),
                       self->found->path, self->found->path);
  self->images = series;
  self->sinograms = series->role == RECON_ROLE_SINOGRAMS;

  return TRUE;
}

/* An HDF5 file whose content is not clear is still the scan where there is nothing else. */
static ReconFinderSeries *
find_only_hdf5 (ReconFinder *self)
{
  ReconFinderSeries *only = NULL;

  for (guint i = 0; i < self->series->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (self->series, i);

      if (!series->is_hdf5 || is_reference (series) || series->role == RECON_ROLE_OTHER)
        continue;
      if (only != NULL)
        return NULL;
      only = series;
    }

  return only;
}

static gboolean
choose_below (ReconFinder  *self,
              GError      **error)
{
  g_autoptr (GPtrArray) candidates = list_candidates (self, FALSE);
  ReconFinderSeries *only;

  if (candidates->len == 0)
    {
      g_ptr_array_unref (candidates);
      candidates = list_candidates (self, TRUE);
      self->sinograms = TRUE;
    }

  if (candidates->len == 0)
    {
      only = find_only_hdf5 (self);
      if (only == NULL)
        return set_nothing_error (self, error);
      self->sinograms = FALSE;
      return take_hdf5 (self, only, error);
    }

  self->images = find_best (candidates);
  if (self->images == NULL)
    {
      ask_which (self, candidates);
      return TRUE;
    }
  if (self->images->why == NULL)
    self->images->why = g_strdup (self->images->is_hdf5 ? _ ("the only file of its kind")
                                                        : _ ("the only series that is not named otherwise"));

  for (guint i = 0; i < candidates->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (candidates, i);

      if (series != self->images)
        _recon_found_note (self->found, _ ("%s is left out: the name of %s is clearer"), series->value,
                           self->images->value);
    }

  return TRUE;
}

/* Somebody who chooses the folder of the darks means something else. */
static gboolean
check_name (ReconFinder  *self,
            GError      **error)
{
  g_autofree char *canonical = g_canonicalize_filename (self->root, NULL);
  g_autofree char *name = g_path_get_basename (canonical);
  g_auto (ReconNameMeaning) meaning = { 0 };

  recon_name_meaning_read (&meaning, name);
  if (self->focus != NULL || self->images == NULL || *self->images->relative != '\0' || *meaning.rest != '\0' ||
      (meaning.role != RECON_ROLE_DARKS && meaning.role != RECON_ROLE_FLATS))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               meaning.role == RECON_ROLE_DARKS
                 ? _ ("%s holds darks, by its name. Choose the folder of the whole scan, or that of its projections.")
                 : _ ("%s holds flats, by its name. Choose the folder of the whole scan, or that of its projections."),
               self->found->path);

  return FALSE;
}

static void
note_left_out (ReconFinder *self)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      ReconFinderSeries *series = g_ptr_array_index (self->series, i);

      if (series->role == RECON_ROLE_OTHER && series != self->images)
        _recon_found_note (self->found, _ ("%s is left out: %s"), series->value, series->why);
      else if (series->role == RECON_ROLE_SINOGRAMS && series != self->images && !self->sinograms)
        _recon_found_note (self->found, _ ("%s is left out: %s, and there are projections"), series->value,
                           series->why);
      else if (series->role <= RECON_ROLE_PROJECTIONS && series->probed && series->n_frames == 1 &&
               series->refusal == NULL && series != self->images)
        _recon_found_note (self->found, _ ("%s is left out: a single image that does not belong to the series"),
                           series->value);
    }
}

/* Chooses the images, or asks. */
gboolean
_recon_finder_choose_images (ReconFinder  *self,
                             GError      **error)
{
  if (!(self->focus != NULL ? choose_focus (self, error) : choose_below (self, error)) || !check_name (self, error))
    return FALSE;

  if (self->images == NULL)
    return TRUE;

  _recon_found_take (self->found, self->sinograms ? RECON_PARAM_SINOGRAMS : RECON_PARAM_PROJECTIONS,
                     self->images->value, recon_finder_series_describe (self->images));
  self->n_projections = self->sinograms ? self->images->height : self->images->n_frames;
  self->n_rows = self->sinograms ? self->images->n_frames : self->images->height;
  if (!self->sinograms && self->images->names->len == self->images->n_frames)
    self->n_numbers = self->images->n_numbers;
  note_left_out (self);

  return TRUE;
}
