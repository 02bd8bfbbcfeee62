/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "error.h"
#include "io/angles.h"

/* Which projections are used, and at which angles they were taken. */

#define DEGREES(radians) ((radians) * 180.0 / G_PI)
/* Less than this is a limited angle, in degrees. */
#define ENOUGH 170.0

/* The angles of all projections and where they are from. */
typedef struct
{
  double *angles;
  char   *source;
} Angles;

static void
angles_clear (Angles *self)
{
  g_free (self->angles);
  g_free (self->source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Angles, angles_clear)

gboolean
_recon_scan_select_projections (ReconScan    *self,
                                ReconConfig  *config,
                                GError      **error)
{
  guint start = (guint) recon_config_get_integer (config, RECON_PARAM_ANGLE_START);
  guint step = (guint) recon_config_get_integer (config, RECON_PARAM_ANGLE_EVERY);
  guint stop = self->n_projections;

  if (!recon_config_is_automatic (config, RECON_PARAM_ANGLE_STOP))
    stop = (guint) recon_config_get_integer (config, RECON_PARAM_ANGLE_STOP);

  if (stop > self->n_projections)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Projections up to angle-stop=%u are selected, but there are %u projections (%s). Choose "
                      "input.angle-stop of at most %u, or 'end'."),
                   stop, self->n_projections, self->contents->path, self->n_projections);
      return FALSE;
    }

  if (start >= stop)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Zero projections selected: input.angle-start=%u is not less than angle-stop=%u, and there are "
                      "%u projections (%s). Choose an angle-start less than the angle-stop."),
                   start, stop, self->n_projections, self->contents->path);
      return FALSE;
    }

  self->angle_start = start;
  self->angle_step = MIN (step, stop - start);
  self->n_angles = (stop - start + self->angle_step - 1) / self->angle_step;
  if (!self->sinograms)
    self->projections = recon_frames_subset (self->contents->projections, start, stop, self->angle_step);

  return TRUE;
}

/* Of a series with gaps, where each projection stood in the complete one; else %NULL. */
static const guint *
get_places (ReconScan *self)
{
  return self->sinograms || self->contents->gaps == NULL ? NULL : self->contents->gaps->places;
}

/* Where a projection stood when none was missing, counted from 0. */
guint
_recon_scan_get_place (ReconScan *self,
                       guint      projection)
{
  const guint *places = get_places (self);

  return places != NULL ? places[projection] : projection;
}

static guint
count_places (ReconScan *self)
{
  return get_places (self) != NULL ? self->contents->gaps->n_places : self->n_projections;
}

/* Projections that are missing leave their gaps. */
static double *
space_evenly (ReconScan *self,
              double     step)
{
  double *angles = g_new (double, self->n_projections);

  for (guint i = 0; i < self->n_projections; i++)
    angles[i] = _recon_scan_get_place (self, i) * step;

  return angles;
}

/* Whether numbers that jump leave open where the projections stood. */
static gboolean
check_places (ReconScan  *self,
              ReconLog   *log,
              GError    **error)
{
  const ReconSeriesGaps *gaps = self->sinograms ? NULL : self->contents->gaps;

  if (gaps != NULL && gaps->numbers == RECON_NUMBERS_HOLES)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("The angles of %s cannot be told from the numbers of its files (%s), of which %u of %u are "
                      "missing: %s. Give one angle for each of the %u files with --angles=PATH, or choose one series "
                      "by a pattern."),
                   self->contents->path, gaps->pattern, gaps->n_missing, gaps->n_places, gaps->missing,
                   self->n_projections);
      return FALSE;
    }

  if (gaps != NULL && gaps->numbers == RECON_NUMBERS_IRREGULAR)
    recon_log_warning (log,
                       "The numbers of the files %s do not count (missing would be %s): the projections are taken as "
                       "evenly spaced in this order. If they are not, give their angles with --angles=PATH.",
                       gaps->pattern, gaps->missing);

  return TRUE;
}

static gboolean
check_count (ReconScan   *self,
             const char  *path,
             gsize        n,
             GError     **error)
{
  if (n == self->n_projections)
    return TRUE;

  if (get_places (self) != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s holds %" G_GSIZE_FORMAT " angles, but there are %u projections (%s), and would be %u if none "
                      "were missing. Choose a file with one angle for each projection, of either number."),
                   path, n, self->n_projections, self->contents->path, self->contents->gaps->n_places);
      return FALSE;
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               n > self->n_projections
                 ? _ ("%s holds %" G_GSIZE_FORMAT " angles, but there are %u projections (%s). Choose a file with one "
                      "angle for each projection; this one may also hold the angles of dark and flat frames.")
                 : _ ("%s holds %" G_GSIZE_FORMAT " angles, but there are %u projections (%s). Choose a file with one "
                      "angle for each projection."),
               path, n, self->n_projections, self->contents->path);

  return FALSE;
}

/* Of angles for a complete series, those of the projections that are there. */
static void
drop_missing (ReconScan *self,
              double    *angles,
              gsize     *n,
              ReconLog  *log)
{
  const guint *places = get_places (self);

  if (places == NULL || *n != self->contents->gaps->n_places)
    return;

  for (guint i = 0; i < self->n_projections; i++)
    angles[i] = angles[places[i]];
  *n = self->n_projections;
  recon_log_info (log, "%u of %u angles are left out: those of the projections that are missing",
                  self->contents->gaps->n_missing, self->contents->gaps->n_places);
}

/* Reads the file once: it may be asked for again when other settings of the angles have changed. */
static gboolean
read_file (ReconScan    *self,
           ReconConfig  *config,
           const char   *path,
           ReconLog     *log,
           Angles       *result,
           GError      **error)
{
  int unit = -1;

  if (self->file_angles == NULL)
    {
      g_autofree double *angles = NULL;
      gsize n = 0;

      if (!recon_config_is_automatic (config, RECON_PARAM_ANGLE_UNIT))
        unit = (int) recon_config_get_choice (config, RECON_PARAM_ANGLE_UNIT);

      angles = recon_angles_read (path, unit, &self->file_unit, &n, error);
      if (angles != NULL)
        drop_missing (self, angles, &n, log);
      if (angles == NULL || !check_count (self, path, n, error))
        return FALSE;
      self->file_angles = g_steal_pointer (&angles);
    }

  result->angles = g_memdup2 (self->file_angles, self->n_projections * sizeof (double));
  result->source =
      g_strdup_printf ("%s (%s)", path, self->file_unit == RECON_ANGLE_UNIT_DEGREE ? "degrees" : "radians");

  return TRUE;
}

/* What the images' own file says. Sinograms may lie beside angles that are not theirs. */
static gboolean
has_own_angles (ReconScan *self)
{
  return self->contents->angles != NULL && (!self->sinograms || self->contents->n_angles == self->n_projections);
}

static gboolean
find_angles (ReconScan    *self,
             ReconConfig  *config,
             ReconLog     *log,
             Angles       *result,
             GError      **error)
{
  const char *path = _recon_scan_get_path (config, RECON_PARAM_ANGLES);
  double step = recon_config_get_number (config, RECON_PARAM_ANGLE_STEP);

  if (step != 0.0)
    {
      if (path != NULL)
        recon_log_warning (log, "input.angles=%s is not used: reconstruction.angle-step=%s gives the angles", path,
                           NUMBER (step));
      else if (has_own_angles (self))
        recon_log_info (log, "The angles in %s are not used: reconstruction.angle-step=%s gives them",
                        self->contents->path, NUMBER (step));

      result->angles = space_evenly (self, step);
      result->source = g_strdup (get_places (self) != NULL ? "reconstruction.angle-step and the numbers of the files"
                                                           : "reconstruction.angle-step");
      return TRUE;
    }

  if (path != NULL)
    return read_file (self, config, path, log, result, error);

  if (!recon_config_is_automatic (config, RECON_PARAM_ANGLE_UNIT))
    recon_log_warning (log, "input.angle-unit is not used: it holds for the file that input.angles names, and that is "
                            "empty");

  if (self->contents->angles_error != NULL && !self->sinograms)
    {
      g_propagate_error (error, g_error_copy (self->contents->angles_error));
      return FALSE;
    }

  if (has_own_angles (self))
    {
      if (!check_count (self, self->contents->path, self->contents->n_angles, error))
        return FALSE;

      result->angles = g_memdup2 (self->contents->angles, self->n_projections * sizeof (double));
      result->source = g_strdup (self->contents->path);
      return TRUE;
    }

  if (!check_places (self, log, error))
    return FALSE;

  result->angles = space_evenly (self, G_PI / count_places (self));
  result->source = g_strdup_printf (get_places (self) != NULL ? "π/%u by the numbers of the files, assumed"
                                                              : "π/%u, assumed",
                                    count_places (self));

  return TRUE;
}

static void
report (ReconScan  *self,
        const char *source,
        ReconLog   *log)
{
  double minimum = self->angles[0];
  double maximum = self->angles[0];
  double step, covered;
  g_autofree double *weights = NULL;

  for (guint i = 1; i < self->n_angles; i++)
    {
      minimum = MIN (minimum, self->angles[i]);
      maximum = MAX (maximum, self->angles[i]);
    }

  step = self->n_angles > 1 ? (maximum - minimum) / (self->n_angles - 1) : 0.0;
  recon_log_info (log, "Angles: %u, %s° … %s°, mean step %s°, from %s", self->n_angles, NUMBER (DEGREES (minimum)),
                  NUMBER (DEGREES (maximum)), NUMBER (DEGREES (step)), source);

  if (self->n_angles == 1)
    {
      recon_log_warning (log, "There is only one projection");
      return;
    }

  if (minimum == maximum)
    {
      recon_log_warning (log, "All %u angles are equal (%s°), from %s", self->n_angles, NUMBER (DEGREES (minimum)),
                         source);
      return;
    }

  weights = recon_angles_weights (self->angles, self->n_angles, &covered);
  covered = DEGREES (MIN (covered, maximum - minimum + step));
  if (covered < ENOUGH)
    recon_log_warning (log, "Limited angle: the projections cover only %s° of 180° (from %s)", NUMBER (covered),
                       source);
}

/* Needs the selection of projections. What was set up before stays if this fails. */
gboolean
_recon_scan_set_up_angles (ReconScan    *self,
                           ReconConfig  *config,
                           ReconLog     *log,
                           GError      **error)
{
  g_auto (Angles) all = { 0 };
  g_autofree double *angles = g_new (double, self->n_angles);
  double offset = recon_config_get_number (config, RECON_PARAM_ANGLE_OFFSET);

  if (!find_angles (self, config, log, &all, error))
    return FALSE;

  for (guint i = 0; i < self->n_angles; i++)
    {
      guint projection = self->angle_start + i * self->angle_step;

      if (!isfinite (all.angles[projection]))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                       _ ("The angle of projection %u in %s is not a finite number. Correct the file, or give the "
                          "angles with --angles=PATH or --reconstruction.angle-step=RADIANS."),
                       projection, all.source);
          return FALSE;
        }

      angles[i] = all.angles[projection] + offset;
    }

  g_free (self->angles);
  self->angles = g_steal_pointer (&angles);
  report (self, all.source, log);

  return TRUE;
}
