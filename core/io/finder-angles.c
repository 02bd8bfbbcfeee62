/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "io/angles.h"
#include "io/finder-private.h"

/* Files of angles often hold those of dark and flat frames too: the stage stands still while these are taken. */

/* Steps between angles differ by less than this part of the mean step where they are evenly spaced. */
#define STEP_TOLERANCE 0.25

/* Fewer angles are evenly spaced by chance. */
#define FEWEST 3

static gboolean
is_even (const double *angles,
         gsize         n)
{
  double step = (angles[n - 1] - angles[0]) / (double) (n - 1);

  if (step == 0 || !isfinite (step))
    return FALSE;

  for (gsize i = 1; i < n; i++)
    if (!(fabs (angles[i] - angles[i - 1] - step) < STEP_TOLERANCE * fabs (step)))
      return FALSE;

  return TRUE;
}

/* Looks for the angles that follow each other in even steps. Returns whether there is exactly one place where they do.
 * */
static gboolean
find_even_run (const double *angles,
               gsize         n_angles,
               gsize         n_wanted,
               gsize        *first)
{
  guint n_found = 0;

  if (n_wanted < FEWEST)
    return FALSE;

  for (gsize i = 0; i + n_wanted <= n_angles && n_found < 2; i++)
    if (is_even (angles + i, n_wanted))
      {
        *first = i;
        n_found++;
      }

  return n_found == 1;
}

/* Which text file, if any, lists the projections' angles. */

/* Part of a step by which angles may miss half a turn or a whole one. */
#define TOLERANCE 0.25

/* Columns of a table that are looked at. */
#define MOST_COLUMNS 9

/* Files that a message names one by one. */
#define MAX_NOTED 3

/* A file that was looked at. */
typedef struct
{
  char    *path;
  gboolean named;  /* after angles */
  char    *value;  /* (nullable): the path, or the part of it, that fits the projections */
  char    *reason; /* (nullable) */
  char    *misfit; /* (nullable): why it does not fit */
  gboolean doubtful; /* as many rising numbers as projections that make no turn */
  GPtrArray *columns; /* (nullable) (element-type utf8): parts of the file, one of which may fit */
  gsize    first;
  gsize    n_angles;
} Candidate;

static void
candidate_free (Candidate *self)
{
  g_free (self->path);
  g_free (self->value);
  g_free (self->reason);
  g_free (self->misfit);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_free (self);
}

/* 0, 1, 2 … are numbers of projections, unless they make half a turn or a whole one in degrees. */
static gboolean
is_counting (const Candidate *self,
             const double    *angles,
             gsize            n,
             ReconAngleUnit   unit)
{
  double scale = unit == RECON_ANGLE_UNIT_DEGREE ? G_PI / 180 : 1;
  gboolean is_turn = n == 180 || n == 181 || n == 360 || n == 361;

  if (n < 2 || (self->named && is_turn))
    return FALSE;

  for (gsize i = 1; i < n; i++)
    if (fabs ((angles[i] - angles[i - 1]) / scale - 1) > 1e-6)
      return FALSE;

  return fabs (angles[0] / scale) < 1e-6 || fabs (angles[0] / scale - 1) < 1e-6;
}

static gboolean
is_monotonic (const double *angles,
              gsize         n)
{
  gboolean rises = angles[n - 1] > angles[0];

  for (gsize i = 1; i < n; i++)
    if (rises ? angles[i] < angles[i - 1] : angles[i] > angles[i - 1])
      return FALSE;

  return angles[n - 1] != angles[0];
}

/* Numbers in a file that is not named after angles have to look like angles: times and positions rise, too. */
static gboolean
look_like_angles (const double *angles,
                  gsize         n)
{
  double span = fabs (angles[n - 1] - angles[0]);
  double step = span / (double) (MAX (n, 2) - 1);

  if (n < 2 || !is_monotonic (angles, n))
    return FALSE;

  /* The last one may be a step before that, or there. */
  for (guint turns = 1; turns <= 2; turns++)
    for (guint k = 0; k <= 1; k++)
      if (fabs (span + k * step - turns * G_PI) <= TOLERANCE * step)
        return TRUE;

  return FALSE;
}

/* Decides whether the angles of a file are those of the projections. */
static void
judge (Candidate         *self,
       const double      *angles,
       gsize              n,
       ReconAngleUnit     unit,
       const ReconFinder *finder)
{
  guint n_wanted = finder->n_projections;

  self->n_angles = n;
  if (is_counting (self, angles, n, unit))
    self->misfit = g_strdup_printf (_ ("%s counts from %g on: these are numbers rather than angles."), self->path,
                                    unit == RECON_ANGLE_UNIT_DEGREE ? angles[0] * 180 / G_PI : angles[0]);
  else if (n == n_wanted && (self->named || look_like_angles (angles, n)))
    {
      self->value = g_strdup (self->path);
      self->reason = g_strdup_printf (_ ("%u angles, one for each projection"), n_wanted);
    }
  else if (n == finder->n_numbers && (self->named || look_like_angles (angles, n)))
    {
      self->value = g_strdup (self->path);
      self->reason = g_strdup_printf (_ ("%" G_GSIZE_FORMAT " angles, one for each number, of which %" G_GSIZE_FORMAT
                                         " are missing"),
                                      n, n - n_wanted);
    }
  else if (n > n_wanted && self->named && find_even_run (angles, n, n_wanted, &self->first))
    {
      self->value = g_strdup_printf ("%s:[%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT "]", self->path, self->first,
                                     self->first + n_wanted);
      self->reason = g_strdup_printf (_ ("%u of %" G_GSIZE_FORMAT " angles, those in even steps"), n_wanted, n);
    }
  else if (n == n_wanted && is_monotonic (angles, n))
    self->doubtful = TRUE;
  else
    self->misfit = g_strdup_printf (_ ("%s holds %" G_GSIZE_FORMAT " angles, but there are %u projections."),
                                    self->path, n, n_wanted);
}

/* The columns of a table that have a number for each projection. */
static GPtrArray *
list_columns (const char        *path,
              const ReconFinder *finder)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);

  for (guint column = 1; column <= MOST_COLUMNS; column++)
    {
      g_autofree char *part = g_strdup_printf ("%s:%u", path, column);
      g_autofree double *angles = NULL;
      gsize n;

      angles = recon_angles_read (part, RECON_ANGLE_UNIT_DEGREE, NULL, NULL, NULL, NULL, &n, NULL);
      if (angles != NULL && (n == finder->n_projections || n == finder->n_numbers))
        g_ptr_array_add (columns, g_steal_pointer (&part));
    }

  return columns;
}

static Candidate *
examine_file (const char        *folder,
              const char        *name,
              const ReconFinder *finder)
{
  Candidate *self = g_new0 (Candidate, 1);
  ReconAngleUnit unit = RECON_ANGLE_UNIT_RADIAN;
  g_autofree double *angles = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  self->path = recon_finder_join (folder, name);
  self->named = recon_name_is_of_angles (name);
  angles = recon_angles_read (self->path, -1, NULL, NULL, &unit, NULL, &n, &error);
  /* Whether these are degrees is another question, which who opens the scan asks. */
  if (angles == NULL && self->named)
    angles = recon_angles_read (self->path, RECON_ANGLE_UNIT_DEGREE, NULL, NULL, &unit, NULL, &n, NULL);
  if (angles == NULL && self->named)
    self->columns = list_columns (self->path, finder);

  if (angles != NULL)
    judge (self, angles, n, unit, finder);
  else
    self->misfit = g_strdup (error->message);

  return self;
}

/* The folder of the images, then those above up to where the search began, then the one beside. */
static GPtrArray *
list_near (ReconFinder *self)
{
  GPtrArray *near = g_ptr_array_new ();
  g_autofree char *relative = g_strdup (self->images->relative);

  while (TRUE)
    {
      char *slash;

      for (guint i = 0; i < self->folders->len; i++)
        {
          ReconFinderFolder *folder = g_ptr_array_index (self->folders, i);

          if (g_str_equal (folder->relative, relative))
            g_ptr_array_add (near, folder);
        }
      if (*relative == '\0')
        break;
      slash = strrchr (relative, G_DIR_SEPARATOR);
      *(slash != NULL ? slash : relative) = '\0';
    }

  if (self->beside_folders != NULL && self->beside_folders->len > 0)
    g_ptr_array_add (near, g_ptr_array_index (self->beside_folders, 0));

  return near;
}

/* Another folder than the scan's may have files of other scans, so that only a name that says so counts. */
static GPtrArray *
examine_folder (ReconFinder             *self,
                const ReconFinderFolder *folder,
                gboolean                 only_named)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) candidate_free);

  for (guint i = 0; i < folder->texts->len; i++)
    {
      const char *name = g_ptr_array_index (folder->texts, i);

      if (!only_named || recon_name_is_of_angles (name))
        g_ptr_array_add (candidates, examine_file (folder->path, name, self));
    }

  return candidates;
}

static void
take (ReconFinder     *self,
      const Candidate *candidate)
{
  _recon_found_take (self->found, RECON_PARAM_ANGLES, candidate->value, g_strdup (candidate->reason));
  if (!g_str_equal (candidate->value, candidate->path))
    _recon_found_warn (self->found,
                       _ ("%s holds %" G_GSIZE_FORMAT " angles for %u projections: those from %" G_GSIZE_FORMAT
                          " to %" G_GSIZE_FORMAT " (counted from 0) are taken, the only ones in even steps; the first "
                          "%" G_GSIZE_FORMAT " and last %" G_GSIZE_FORMAT " are taken for those of darks and flats"),
                       candidate->path, candidate->n_angles, self->n_projections, candidate->first,
                       candidate->first + self->n_projections - 1, candidate->first,
                       candidate->n_angles - candidate->first - self->n_projections);
}

static void
ask (ReconFinder *self,
     GPtrArray   *candidates,
     gboolean     fitting)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = g_ptr_array_index (candidates, i);

      if (fitting && candidate->value != NULL)
        g_ptr_array_add (paths, g_strdup (candidate->value));
      else if (!fitting && candidate->named && text->len == 0)
        {
          g_string_append_printf (text, _ ("What are the angles of the projections? %s"), candidate->misfit);
          for (guint k = 0; candidate->columns != NULL && k < candidate->columns->len; k++)
            g_ptr_array_add (paths, g_strdup (g_ptr_array_index (candidate->columns, k)));
        }
    }
  if (fitting)
    g_string_append (text, _ ("Which of these files has the angles of the projections?"));

  _recon_found_ask (self->found, RECON_PARAM_ANGLES, g_string_free (g_steal_pointer (&text), FALSE), paths);
}

/* Returns: whether there is an answer in this folder, or a question about it */
static gboolean
choose (ReconFinder *self,
        GPtrArray   *candidates)
{
  Candidate *named = NULL, *fitting = NULL;
  guint n_named = 0, n_fitting = 0;
  gboolean misfit = FALSE;

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = g_ptr_array_index (candidates, i);

      misfit |= candidate->named && candidate->value == NULL;
      if (candidate->value == NULL)
        continue;
      fitting = candidate;
      n_fitting++;
      if (candidate->named)
        {
          named = candidate;
          n_named++;
        }
    }

  if (n_named == 1 || (n_named == 0 && n_fitting == 1 && !misfit))
    take (self, n_named == 1 ? named : fitting);
  else if (n_fitting > 0)
    ask (self, candidates, TRUE);
  else if (misfit)
    ask (self, candidates, FALSE);

  return n_fitting > 0 || misfit;
}

/* Whether something else than angles was taken from a file, as from a scanner's log: its path begins the reason. */
static gboolean
is_reason (ReconFinder *self,
           const char  *path)
{
  for (guint i = 0; i < self->found->findings->len; i++)
    {
      const ReconFinding *finding = g_ptr_array_index (self->found->findings, i);

      if (g_str_has_prefix (finding->reason, path) && finding->reason[strlen (path)] == ' ')
        return TRUE;
    }

  return FALSE;
}

/* Whether a file that is not understood may have the angles: in words, or in one of several columns of numbers. */
static gboolean
may_have_angles (ReconFinder     *self,
                 const Candidate *candidate)
{
  g_autoptr (GPtrArray) columns = list_columns (candidate->path, self);

  return columns->len > 1 || recon_finder_log_has_angles (candidate->path);
}

static void
note_unused (ReconFinder *self,
             GPtrArray   *candidates,
             gboolean     done)
{
  const char *used = recon_found_scan_get (self->found, RECON_PARAM_ANGLES);
  guint n_unused = 0;

  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = g_ptr_array_index (candidates, i);

      if (used == NULL && candidate->doubtful)
        _recon_found_warn (self->found,
                           _ ("%s has one number for each projection, but they make neither half a turn nor a whole "
                              "one, and are not taken for angles. If they are, give them with --angles=%s"),
                           candidate->path, candidate->path);
      else if (!done && may_have_angles (self, candidate))
        _recon_found_warn (self->found,
                           _ ("%s may hold the angles, but not in a form that is known, and is not used. If it does, "
                              "give them with --angles=PATH (a column as --angles=%s:2) or "
                              "--reconstruction.angle-step=RADIANS"),
                           candidate->path, candidate->path);
      else if ((g_strcmp0 (candidate->value, used) != 0 || used == NULL) && !is_reason (self, candidate->path) &&
               n_unused++ < MAX_NOTED)
        _recon_found_note (self->found, _ ("%s was seen, but is not used"), candidate->path);
    }

  if (n_unused > MAX_NOTED)
    _recon_found_note (self->found,
                       ngettext ("%u more such file was seen, but is not used",
                                 "%u more such files were seen, but are not used", n_unused - MAX_NOTED),
                       n_unused - MAX_NOTED);
}

/* Finds the angles for the images that were chosen. */
void
_recon_finder_choose_angles (ReconFinder *self)
{
  g_autoptr (GPtrArray) near = NULL;
  gboolean done = FALSE;

  if (self->images->n_angles > 0)
    return;

  near = list_near (self);
  for (guint i = 0; i < near->len && !done; i++)
    {
      const ReconFinderFolder *folder = g_ptr_array_index (near, i);
      gboolean is_beside = self->beside_folders != NULL && i == near->len - 1;
      g_autoptr (GPtrArray) candidates = examine_folder (self, folder, is_beside);

      done = choose (self, candidates) || recon_finder_read_log (self, folder);
      note_unused (self, candidates, done);
    }
}
