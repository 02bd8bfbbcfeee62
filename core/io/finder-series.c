/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/contents.h"

/* Single images at an angle, taken to find the axis, are never more. */
#define MOST_AT_ANGLES 4

void
recon_finder_series_free (ReconFinderSeries *self)
{
  g_free (self->value);
  g_free (self->folder);
  g_free (self->relative);
  g_ptr_array_unref (self->names);
  g_free (self->stem);
  g_free (self->why);
  g_free (self->folder_why);
  g_free (self->place);
  g_free (self->folder_rest);
  g_free (self->rest);
  g_free (self->refusal);
  g_free (self);
}

static ReconFinderSeries *
series_new (const char *folder,
            const char *relative,
            gboolean    is_hdf5)
{
  ReconFinderSeries *self = g_new0 (ReconFinderSeries, 1);

  self->folder = g_strdup (folder);
  self->relative = g_strdup (relative);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->is_hdf5 = is_hdf5;

  return self;
}

/* Numbers that are missing among names that count by one. */
static guint
count_numbers (const ReconSeriesGroup *group)
{
  GArray *numbers = group->numbers;
  gint64 span;

  if (numbers == NULL || numbers->len < 2)
    return 0;

  span = g_array_index (numbers, gint64, numbers->len - 1) - g_array_index (numbers, gint64, 0) + 1;

  return span < 2 * (gint64) numbers->len ? (guint) span : 0;
}

static void
group_tiffs (const ReconFinderFolder *folder,
             GPtrArray               *series)
{
  g_autoptr (GPtrArray) groups = recon_finder_group_names (folder->tiffs, folder->path);

  for (guint i = 0; i < groups->len; i++)
    {
      const ReconSeriesGroup *group = g_ptr_array_index (groups, i);
      ReconFinderSeries *self = series_new (folder->path, folder->relative, FALSE);

      for (guint k = 0; k < group->names->len; k++)
        g_ptr_array_add (self->names, g_strdup (g_ptr_array_index (group->names, k)));
      self->stem = recon_finder_make_stem (group);
      self->n_numbers = count_numbers (group);
      self->in_parts = group->in_parts;
      g_ptr_array_add (series, self);
    }
}

static gboolean
is_at_angles (const ReconFinderSeries *self,
              const char              *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *found = strstr (lower, "deg");

  return self->names->len <= MOST_AT_ANGLES && found != NULL && found > lower &&
         (found[-1] == '#' || found[-1] == '_' || g_ascii_isdigit (found[-1]));
}

/* The nearest folder whose name says something. */
static char *
read_folders (ReconFinderSeries *self,
              ReconRole         *role,
              ReconWhen         *when)
{
  g_auto (GStrv) names = g_strsplit (self->relative, G_DIR_SEPARATOR_S, -1);
  g_autoptr (GString) rest = g_string_new (NULL);
  g_autoptr (GString) place = g_string_new (NULL);
  char *decisive = NULL;

  *role = RECON_ROLE_UNKNOWN;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_auto (ReconNameMeaning) meaning = { 0 };

      recon_name_meaning_read (&meaning, names[i]);
      if (is_at_angles (self, names[i]) || meaning.role == RECON_ROLE_PREVIEWS)
        meaning.role = RECON_ROLE_OTHER;
      if (meaning.role != RECON_ROLE_UNKNOWN && *role != RECON_ROLE_OTHER)
        {
          /* What all images are called says less than what is around it. */
          if (meaning.role != RECON_ROLE_IMAGES || *role == RECON_ROLE_UNKNOWN)
            {
              *role = meaning.role;
              g_free (decisive);
              decisive = g_strdup (names[i]);
            }
        }
      if (meaning.when != RECON_WHEN_UNKNOWN)
        *when = meaning.when;
      if (*meaning.rest != '\0')
        g_string_append_printf (rest, "%s/", meaning.rest);
      if (*meaning.rest != '\0' && meaning.role <= RECON_ROLE_IMAGES)
        g_string_append_printf (place, "%s/", meaning.rest);
    }
  self->place = g_strdup (place->str);
  self->folder_rest = g_strdup (rest->str);

  return decisive;
}

/* @role: of the folders; @alone: whether nothing else is in the folder */
static gboolean
folder_decides (ReconRole role,
                ReconRole own,
                gboolean  alone)
{
  gboolean own_is_image = own == RECON_ROLE_IMAGES || own == RECON_ROLE_PROJECTIONS;

  if (role == RECON_ROLE_UNKNOWN)
    return FALSE;
  if (role == RECON_ROLE_OTHER || own == RECON_ROLE_UNKNOWN || own == role)
    return TRUE;
  if (role == RECON_ROLE_IMAGES)
    return FALSE;
  if (own_is_image)
    return TRUE;

  /* Samples have all kinds of names. */
  return alone && role == RECON_ROLE_PROJECTIONS;
}

static void
set_role (ReconFinderSeries *self,
          gboolean           alone)
{
  g_auto (ReconNameMeaning) own = { 0 };
  ReconRole role;
  g_autofree char *decisive = read_folders (self, &role, &self->when);

  self->folder_role = role;
  self->folder_why = decisive != NULL ? g_strdup_printf (_ ("the folder is named %s"), decisive) : NULL;
  recon_name_meaning_read (&own, self->stem);
  self->rest = g_strdup (own.rest);
  if (own.role == RECON_ROLE_PREVIEWS ||
      (own.role != RECON_ROLE_DARKS && own.role != RECON_ROLE_FLATS && is_at_angles (self, self->stem)))
    own.role = RECON_ROLE_OTHER;
  if (own.when != RECON_WHEN_UNKNOWN)
    self->when = own.when;

  if (folder_decides (role, own.role, alone))
    {
      g_auto (ReconNameMeaning) folder = { 0 };

      recon_name_meaning_read (&folder, decisive);
      self->by_letter = folder.is_letter && own.role != role;
      self->role = role;
      self->why = g_strdup (self->folder_why);
    }
  else if (own.role != RECON_ROLE_UNKNOWN)
    {
      gboolean contradicts = (role == RECON_ROLE_DARKS || role == RECON_ROLE_FLATS || role == RECON_ROLE_UNSURE) &&
                             (own.role == RECON_ROLE_DARKS || own.role == RECON_ROLE_FLATS) && own.role != role;

      self->role = contradicts ? RECON_ROLE_UNSURE : own.role;
      self->by_letter = own.is_letter;
      self->why = contradicts ? g_strdup_printf (_ ("the folder is named %s, but the files are named %s"), decisive,
                                                 self->stem)
                              : g_strdup_printf (_ ("it is named %s"), self->stem);
    }
}

/* Flats that are numbered like projections: those of the first are before, those of the last after. */
static void
set_times (GPtrArray *series,
           guint      first)
{
  ReconFinderSeries *last = NULL;

  for (guint i = first; i < series->len; i++)
    {
      ReconFinderSeries *self = g_ptr_array_index (series, i);
      g_autofree char *lower = g_ascii_strdown (self->stem, -1);

      if (self->role != RECON_ROLE_FLATS || !g_str_has_prefix (lower, "ref") || self->when != RECON_WHEN_UNKNOWN)
        continue;

      if (last != NULL)
        last->when = last->when == RECON_WHEN_UNKNOWN ? RECON_WHEN_BEFORE : last->when;
      if (last != NULL && last->when == RECON_WHEN_AFTER)
        {
          last->role = RECON_ROLE_OTHER;
          g_free (last->why);
          last->why = g_strdup (_ ("flats taken during the scan"));
        }
      if (last != NULL)
        self->when = RECON_WHEN_AFTER;
      last = self;
    }
}

/* Our own slices, wherever they lie. */
static gboolean
is_output (const ReconFinderFolder *folder)
{
  static const char *const marks[] = { "ledger.jsonl", "reco.conf", "contact-sheet.png" };
  g_autofree char *first = NULL;

  if (folder->tiffs->len == 0 || !g_str_has_prefix (g_ptr_array_index (folder->tiffs, 0), "slice_"))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autofree char *mark = g_build_filename (folder->path, marks[i], NULL);

      if (g_file_test (mark, G_FILE_TEST_EXISTS))
        return TRUE;
    }

  return FALSE;
}

/**
 * recon_finder_add_series:
 * @folder: a folder
 * @series: (element-type ReconFinderSeries): what was found is added
 *
 * Tells the series of images in a folder apart, by their names.
 */
void
recon_finder_add_series (const ReconFinderFolder *folder,
                         GPtrArray               *series)
{
  guint first = series->len;

  group_tiffs (folder, series);
  for (guint i = 0; i < folder->hdf5s->len; i++)
    {
      ReconFinderSeries *self = series_new (folder->path, folder->relative, TRUE);
      const char *name = g_ptr_array_index (folder->hdf5s, i);

      g_ptr_array_add (self->names, g_strdup (name));
      self->stem = g_strndup (name, strrchr (name, '.') - name);
      g_ptr_array_add (series, self);
    }

  for (guint i = first; i < series->len; i++)
    {
      ReconFinderSeries *self = g_ptr_array_index (series, i);

      set_role (self, series->len - first == 1);
      if (is_output (folder) && !self->is_hdf5)
        {
          self->role = RECON_ROLE_OTHER;
          g_free (self->why);
          self->why = g_strdup (_ ("these are slices of this program"));
        }
      self->value = recon_finder_describe_files (folder, self->names);
    }
  set_times (series, first);
}

/**
 * recon_finder_are_apart:
 * @a: a series
 * @b: another one
 *
 * Returns: whether their folders are named after different scans, and not just one of them lies deeper
 */
gboolean
recon_finder_are_apart (const ReconFinderSeries *a,
                        const ReconFinderSeries *b)
{
  return *a->place != '\0' && *b->place != '\0' && !g_str_has_prefix (a->place, b->place) &&
         !g_str_has_prefix (b->place, a->place);
}

/**
 * recon_finder_decide_roles:
 * @series: (element-type ReconFinderSeries): all that were found
 *
 * Where files are named alike in folders that are named after different things, as dark/white_stone_0001.tif and
 * proj/white_stone_0001.tif, the files' name is the sample's and says nothing.
 */
void
recon_finder_decide_roles (GPtrArray *series)
{
  for (guint i = 0; i < series->len; i++)
    {
      ReconFinderSeries *self = g_ptr_array_index (series, i);
      gboolean is_shared = FALSE;

      for (guint k = 0; k < series->len && !is_shared; k++)
        {
          const ReconFinderSeries *other = g_ptr_array_index (series, k);

          is_shared = g_str_equal (other->stem, self->stem) && other->folder_role != self->folder_role;
        }
      if (!is_shared || self->role == self->folder_role)
        continue;

      self->role = self->folder_role;
      g_free (self->why);
      self->why = g_strdup (self->folder_why);
    }
}

/**
 * recon_finder_series_new_path:
 * @path: what a user has named: a file, a pattern, or an HDF5 file:/path
 *
 * Returns: (transfer full): what it means, as projections
 */
ReconFinderSeries *
recon_finder_series_new_path (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  ReconFinderSeries *self = series_new (folder, "", FALSE);

  self->value = g_strdup (path);
  self->stem = g_path_get_basename (path);
  self->role = RECON_ROLE_PROJECTIONS;
  self->why = g_strdup (_ ("it was named"));
  self->place = g_strdup ("");
  self->folder_rest = g_strdup ("");
  self->rest = g_strdup ("");

  return self;
}

/**
 * recon_finder_series_new_dataset:
 * @value: an HDF5 file:/path
 * @path: the path in the file
 *
 * Returns: (transfer full): the dataset, as what its name says
 */
ReconFinderSeries *
recon_finder_series_new_dataset (const char *value,
                                 const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  ReconFinderSeries *self = series_new (folder, folder + 1, TRUE);

  self->value = g_strdup (value);
  self->stem = g_path_get_basename (path);
  set_role (self, FALSE);

  return self;
}

/* Angles that are all the same are those of darks or flats. */
static gboolean
turns (const ReconContents *contents)
{
  double minimum = G_MAXDOUBLE, maximum = -G_MAXDOUBLE;

  for (gsize i = 0; contents->angles != NULL && i < contents->n_angles; i++)
    {
      minimum = MIN (minimum, contents->angles[i]);
      maximum = MAX (maximum, contents->angles[i]);
    }

  return maximum > minimum;
}

/**
 * recon_finder_series_probe:
 * @self: a series
 *
 * Looks at the files, of a series at the first one, unless that was done before.
 */
void
recon_finder_series_probe (ReconFinderSeries *self)
{
  gboolean is_series = self->names->len > 1 && !self->in_parts;
  g_autofree char *first = is_series ? recon_finder_join (self->folder, g_ptr_array_index (self->names, 0)) : NULL;
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (GError) error = NULL;
  ReconReader *reader;

  if (self->probed)
    return;

  self->probed = TRUE;
  contents = recon_contents_open (is_series ? first : self->value, &error);
  if (contents == NULL || contents->projections == NULL)
    {
      self->refusal = g_strdup (error != NULL ? error->message : _ ("There are no images in it."));
      return;
    }

  reader = recon_frames_get_reader (contents->projections);
  self->n_frames = recon_frames_get_n (contents->projections) * (is_series ? self->names->len : 1);
  self->width = recon_reader_get_width (reader);
  self->height = recon_reader_get_height (reader);
  self->counts = recon_reader_get_sample_type (reader) < RECON_SAMPLE_FLOAT16;
  self->layout = contents->layout;
  self->n_angles = contents->n_angles;
  self->has_own_darks = contents->darks != NULL;
  self->has_own_flats = contents->flats != NULL || contents->flats_after != NULL;
  self->is_whole = recon_finder_series_is_scan (self) &&
                   (self->has_own_darks || self->has_own_flats || turns (contents));
}

/**
 * recon_finder_series_is_scan:
 * @self: a series
 *
 * Returns: whether it is a file that says by itself what is in it
 */
gboolean
recon_finder_series_is_scan (ReconFinderSeries *self)
{
  recon_finder_series_probe (self);

  return g_strcmp0 (self->layout, "DXchange") == 0 || g_strcmp0 (self->layout, "NXtomo") == 0;
}

/**
 * recon_finder_series_describe:
 * @self: a series
 *
 * Returns: (transfer full): how many images of which size, and why they are what they were taken for
 */
char *
recon_finder_series_describe (ReconFinderSeries *self)
{
  recon_finder_series_probe (self);
  if (self->why == NULL)
    return g_strdup_printf (ngettext ("%u image of %u × %u", "%u images of %u × %u", self->n_frames), self->n_frames,
                            self->width, self->height);

  return g_strdup_printf (ngettext ("%u image of %u × %u: %s", "%u images of %u × %u: %s", self->n_frames),
                          self->n_frames, self->width, self->height, self->why);
}
