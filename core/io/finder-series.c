/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-series.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/contents.h"
#include "io/finder-pattern.h"

/* Single images at an angle, taken to find the axis, are never more. */
#define MOST_AT_ANGLES 4

/* Numbers of flats taken between projections are at least so far apart: they are those of projections. */
#define FAR_APART 10

/* A file name taken apart: the numbers in it, and what is around them. */
typedef struct
{
  const char *name;
  char       *template; /* with # for each number, and the extension */
  GPtrArray  *numbers;  /* (element-type utf8) */
} Name;

static void
name_free (Name *self)
{
  g_free (self->template);
  g_ptr_array_unref (self->numbers);
  g_free (self);
}

static gsize
measure_number (const char *text)
{
  gsize n = strspn (text, "0123456789");

  /* A decimal point within: angles may be part of names. */
  if (n > 0 && text[n] == '.' && g_ascii_isdigit (text[n + 1]))
    n += 1 + strspn (text + n + 1, "0123456789");

  return n;
}

static Name *
name_new (const char *name)
{
  Name *self = g_new0 (Name, 1);
  const char *dot = strrchr (name, '.');
  GString *template = g_string_new (NULL);

  self->name = name;
  self->numbers = g_ptr_array_new_with_free_func (g_free);
  for (const char *p = name; *p != '\0';)
    {
      gsize n = p < dot ? measure_number (p) : 0;

      if (n > 0)
        {
          g_string_append_c (template, '#');
          g_ptr_array_add (self->numbers, g_strndup (p, n));
          p += n;
        }
      else
        g_string_append_c (template, *p++);
    }
  self->template = g_string_free (template, FALSE);

  return self;
}

void
recon_finder_series_free (ReconFinderSeries *self)
{
  g_free (self->value);
  g_free (self->folder);
  g_free (self->relative);
  g_ptr_array_unref (self->names);
  g_free (self->stem);
  g_free (self->why);
  g_free (self->folder_rest);
  g_free (self->rest);
  g_free (self->refusal);
  g_free (self);
}

static ReconFinderSeries *
series_new (const ReconFinderFolder *folder,
            gboolean                 is_hdf5)
{
  ReconFinderSeries *self = g_new0 (ReconFinderSeries, 1);

  self->folder = g_strdup (folder->path);
  self->relative = g_strdup (folder->relative);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->is_hdf5 = is_hdf5;

  return self;
}

/* The last number that differs among files is the one that runs. Returns -1 where none does. */
static int
find_running (GPtrArray *group)
{
  const Name *first = g_ptr_array_index (group, 0);

  for (int k = (int) first->numbers->len - 1; k >= 0; k--)
    for (guint i = 1; i < group->len; i++)
      {
        const Name *name = g_ptr_array_index (group, i);

        if (!g_str_equal (g_ptr_array_index (name->numbers, k), g_ptr_array_index (first->numbers, k)))
          return k;
      }

  return -1;
}

/* The template with the numbers written out that do not run. */
static char *
make_stem (const Name *name,
           int         running)
{
  GString *stem = g_string_new (NULL);
  const char *dot = strrchr (name->template, '.');
  int k = 0;

  for (const char *p = name->template; *p != '\0' && p != dot; p++)
    {
      if (*p == '#' && k++ != running)
        g_string_append (stem, g_ptr_array_index (name->numbers, k - 1));
      else
        g_string_append_c (stem, *p);
    }

  return g_string_free (stem, FALSE);
}

static void
add_group (const ReconFinderFolder *folder,
           GPtrArray               *group,
           GPtrArray               *series)
{
  ReconFinderSeries *self = series_new (folder, FALSE);

  for (guint i = 0; i < group->len; i++)
    g_ptr_array_add (self->names, g_strdup (((Name *) g_ptr_array_index (group, i))->name));
  self->stem = make_stem (g_ptr_array_index (group, 0), find_running (group));
  g_ptr_array_add (series, self);
}

/* What tells one of several series in a group: the numbers before the running one, or else that one itself. */
static char *
make_key (const Name *name,
          int         running,
          gboolean    by_running)
{
  GString *key;

  if (by_running)
    return g_strdup (g_ptr_array_index (name->numbers, running));

  key = g_string_new (NULL);
  for (int k = 0; k < running; k++)
    g_string_append_printf (key, "%s/", (char *) g_ptr_array_index (name->numbers, k));

  return g_string_free (key, FALSE);
}

static void
add_split (const ReconFinderFolder *folder,
           GPtrArray               *group,
           int                      running,
           gboolean                 by_running,
           GPtrArray               *series)
{
  g_autoptr (GHashTable) parts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (guint i = 0; i < group->len; i++)
    {
      Name *name = g_ptr_array_index (group, i);
      char *key = make_key (name, running, by_running);
      GPtrArray *part = g_hash_table_lookup (parts, key);

      if (part == NULL)
        {
          part = g_ptr_array_new ();
          g_ptr_array_add (order, part);
          g_hash_table_insert (parts, key, part);
        }
      else
        g_free (key);
      g_ptr_array_add (part, name);
    }

  for (guint i = 0; i < order->len; i++)
    add_group (folder, g_ptr_array_index (order, i), series);
}

/* ESRF writes refHST0000.tif and refHST1500.tif, or ref0003_0000.tif and ref0003_1500.tif: the last number is that of
 * the projection before which the flats were taken. */
static gboolean
is_by_projection (GPtrArray *group,
                  int        running)
{
  const Name *first = g_ptr_array_index (group, 0);
  g_autofree char *lower = g_ascii_strdown (first->template, -1);
  guint64 last = 0;

  if (!g_str_has_prefix (lower, "ref"))
    return FALSE;

  for (guint i = 0; i < group->len; i++)
    {
      const Name *name = g_ptr_array_index (group, i);
      guint64 number = g_ascii_strtoull (g_ptr_array_index (name->numbers, running), NULL, 10);

      if ((i == 0 && number != 0) || (number != last && number < last + FAR_APART && number >= last))
        return FALSE;
      last = number;
    }

  return TRUE;
}

/* Whether the files make several series: numbers run anew. */
static gboolean
runs_anew (GPtrArray *group,
           int        running)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < group->len; i++)
    {
      const Name *name = g_ptr_array_index (group, i);

      if (!g_hash_table_add (seen, g_ptr_array_index (name->numbers, running)))
        return TRUE;
    }

  return FALSE;
}

static void
add_groups (const ReconFinderFolder *folder,
            GPtrArray               *group,
            GPtrArray               *series)
{
  const Name *first = g_ptr_array_index (group, 0);
  int running = find_running (group);
  g_auto (ReconNameMeaning) meaning = { 0 };

  recon_name_meaning_read (&meaning, first->template);
  if (running >= 0 && meaning.role == RECON_ROLE_FLATS && is_by_projection (group, running))
    add_split (folder, group, running, TRUE, series);
  else if (running > 0 && meaning.role != RECON_ROLE_FLATS && meaning.role != RECON_ROLE_DARKS &&
           runs_anew (group, running))
    add_split (folder, group, running, FALSE, series);
  else
    add_group (folder, group, series);
}

static void
group_tiffs (const ReconFinderFolder *folder,
             GPtrArray               *series)
{
  g_autoptr (GHashTable) groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (guint i = 0; i < folder->tiffs->len; i++)
    {
      Name *name = name_new (g_ptr_array_index (folder->tiffs, i));
      GPtrArray *group = g_hash_table_lookup (groups, name->template);

      if (group == NULL)
        {
          group = g_ptr_array_new_with_free_func ((GDestroyNotify) name_free);
          g_ptr_array_add (order, group);
          g_hash_table_insert (groups, name->template, group);
        }
      g_ptr_array_add (group, name);
    }

  for (guint i = 0; i < order->len; i++)
    add_groups (folder, g_ptr_array_index (order, i), series);
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
  char *telling = NULL;

  *role = RECON_ROLE_UNKNOWN;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_auto (ReconNameMeaning) meaning = { 0 };

      recon_name_meaning_read (&meaning, names[i]);
      if (is_at_angles (self, names[i]))
        meaning.role = RECON_ROLE_OTHER;
      if (meaning.role != RECON_ROLE_UNKNOWN && *role != RECON_ROLE_OTHER)
        {
          /* What all images are called says less than what is around it. */
          if (meaning.role != RECON_ROLE_IMAGES || *role == RECON_ROLE_UNKNOWN)
            {
              *role = meaning.role;
              g_free (telling);
              telling = g_strdup (names[i]);
            }
        }
      if (meaning.when != RECON_WHEN_UNKNOWN)
        *when = meaning.when;
      if (*meaning.rest != '\0')
        g_string_append_printf (rest, "%s/", meaning.rest);
    }
  self->folder_rest = g_strdup (rest->str);

  return telling;
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
  g_autofree char *telling = read_folders (self, &role, &self->when);

  recon_name_meaning_read (&own, self->stem);
  self->rest = g_strdup (own.rest);
  if (own.role != RECON_ROLE_DARKS && own.role != RECON_ROLE_FLATS && is_at_angles (self, self->stem))
    own.role = RECON_ROLE_OTHER;
  if (own.when != RECON_WHEN_UNKNOWN)
    self->when = own.when;

  if (folder_decides (role, own.role, alone))
    {
      self->role = role;
      self->why = g_strdup_printf (_ ("the folder is named %s"), telling);
    }
  else if (own.role != RECON_ROLE_UNKNOWN)
    {
      gboolean contradicts = (role == RECON_ROLE_DARKS || role == RECON_ROLE_FLATS || role == RECON_ROLE_UNSURE) &&
                             (own.role == RECON_ROLE_DARKS || own.role == RECON_ROLE_FLATS) && own.role != role;

      self->role = contradicts ? RECON_ROLE_UNSURE : own.role;
      self->why = contradicts ? g_strdup_printf (_ ("the folder is named %s, but the files are named %s"), telling,
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
      ReconFinderSeries *self = series_new (folder, TRUE);
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
 * recon_finder_series_new_path:
 * @path: what a user has named: a file, a pattern, or an HDF5 file:/path
 *
 * Returns: (transfer full): what it means, as projections
 */
ReconFinderSeries *
recon_finder_series_new_path (const char *path)
{
  ReconFinderSeries *self = g_new0 (ReconFinderSeries, 1);

  self->value = g_strdup (path);
  self->folder = g_path_get_dirname (path);
  self->relative = g_strdup ("");
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->stem = g_path_get_basename (path);
  self->role = RECON_ROLE_PROJECTIONS;
  self->why = g_strdup (_ ("it was named"));
  self->folder_rest = g_strdup ("");
  self->rest = g_strdup ("");

  return self;
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
  gboolean is_series = self->names->len > 1;
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
  self->n_frames = recon_frames_get_n (contents->projections) * MAX (self->names->len, 1);
  self->width = recon_reader_get_width (reader);
  self->height = recon_reader_get_height (reader);
  self->layout = contents->layout;
  self->n_angles = contents->n_angles;
  self->has_own_darks = contents->darks != NULL;
  self->has_own_flats = contents->flats != NULL || contents->flats_after != NULL;
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
