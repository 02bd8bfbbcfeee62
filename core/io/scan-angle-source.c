/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "io/angles.h"

/* At which angles the projections were taken: as somebody says, as their files say, or as it has to be assumed. */

void
_recon_scan_angles_clear (ReconScanAngles *self)
{
  g_free (self->angles);
  g_free (self->source);
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

guint
_recon_scan_count_places (ReconScan *self)
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

/* Puts the angles into the order of the projections, where the list says of which images they are. */
static gboolean
sort_by_keys (ReconScan             *self,
              const char            *path,
              const ReconAngleKeys  *keys,
              double               **angles,
              gsize                 *n,
              ReconLog              *log,
              GError               **error)
{
  ReconFrames *projections = self->contents->projections;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autofree guint *order = NULL;
  double *sorted;

  if (keys == NULL || self->sinograms)
    return TRUE;

  recon_reader_list_files (recon_frames_get_reader (projections), files);
  if (files->len == recon_reader_get_n_frames (recon_frames_get_reader (projections)))
    for (guint i = 0; i < self->n_projections; i++)
      g_ptr_array_add (own, g_ptr_array_index (files, recon_frames_get_index (projections)[i]));
  if (!recon_angle_keys_match (keys, path, own->len > 0 ? own : NULL, self->n_projections,
                               _recon_scan_count_places (self), &order, error))
    return FALSE;
  if (order == NULL)
    return TRUE;

  sorted = g_new (double, self->n_projections);
  for (guint i = 0; i < self->n_projections; i++)
    sorted[i] = (*angles)[order[i]];
  g_free (*angles);
  *angles = sorted;
  *n = self->n_projections;
  recon_log_info (log, "%s: each projection takes the angle of its own %s in column %u", path,
                  keys->are_numbers ? "number" : "name", keys->column);

  return TRUE;
}

/* Reads the file once: it may be asked for again when other settings of the angles have changed. */
static gboolean
read_file (ReconScan        *self,
           ReconConfig      *config,
           const char       *path,
           ReconLog         *log,
           ReconScanAngles  *result,
           GError          **error)
{
  if (self->file_angles == NULL)
    {
      g_autofree double *angles = NULL;
      g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
      int unit = recon_config_is_automatic (config, RECON_PARAM_ANGLE_UNIT)
                   ? -1
                   : (int) recon_config_get_choice (config, RECON_PARAM_ANGLE_UNIT);
      g_autoptr (ReconAngleKeys) keys = NULL;
      gsize n = 0;

      angles = recon_angles_read (path, unit, notes, warnings, &self->file_unit, &keys, &n, error);
      if (angles == NULL)
        return FALSE;

      for (guint i = 0; i < warnings->len; i++)
        recon_log_warning (log, "%s", (const char *) warnings->pdata[i]);
      for (guint i = 0; i < notes->len; i++)
        recon_log_info (log, "%s", (const char *) notes->pdata[i]);

      if (!sort_by_keys (self, path, keys, &angles, &n, log, error))
        return FALSE;
      drop_missing (self, angles, &n, log);
      if (!check_count (self, path, n, error))
        return FALSE;
      self->file_angles = g_steal_pointer (&angles);
    }

  result->angles = g_memdup2 (self->file_angles, self->n_projections * sizeof (double));
  result->source = g_strdup_printf ("%s (%s)", path, recon_angle_unit_get_name (self->file_unit));
  result->measured = TRUE;

  return TRUE;
}

/* What the images' own file says. Sinograms may lie beside angles that are not theirs. */
static gboolean
has_own_angles (ReconScan *self)
{
  return self->contents->angles != NULL && (!self->sinograms || self->contents->n_angles == self->n_projections);
}

static gboolean
take_own_angles (ReconScan        *self,
                 ReconConfig      *config,
                 ReconScanAngles  *result,
                 GError          **error)
{
  const ReconContents *contents = self->contents;
  ReconAngleUnit unit = contents->angle_unit;

  if (!recon_config_is_automatic (config, RECON_PARAM_ANGLE_UNIT))
    {
      unit = (ReconAngleUnit) recon_config_get_choice (config, RECON_PARAM_ANGLE_UNIT);
    }
  else if (contents->unit_error != NULL)
    {
      g_propagate_prefixed_error (error, g_error_copy (contents->unit_error), "%s: ", contents->path);
      return FALSE;
    }

  if (!check_count (self, contents->path, contents->n_angles, error))
    return FALSE;

  /* They were converted when the file was read. */
  result->angles = g_memdup2 (contents->angles, self->n_projections * sizeof (double));
  if (!recon_config_is_automatic (config, RECON_PARAM_ANGLE_UNIT))
    for (guint i = 0; i < self->n_projections; i++)
      {
        if (unit != contents->angle_unit)
          result->angles[i] *= unit == RECON_ANGLE_UNIT_DEGREE ? G_PI / 180 : 180 / G_PI;
        if (contents->angle_scale != 1)
          result->angles[i] /= contents->angle_scale;
      }
  result->source = g_strdup_printf ("%s (%s)", contents->path, recon_angle_unit_get_name (unit));
  result->measured = TRUE;

  return TRUE;
}

/* What angle-step says, which comes first. */
static void
take_step (ReconScan        *self,
           ReconConfig      *config,
           double            step,
           ReconLog         *log,
           ReconScanAngles  *result)
{
  const char *path = _recon_scan_get_path (config, RECON_PARAM_ANGLES);

  if (path != NULL)
    recon_log_warning (log, "input.angles=%s is not used: reconstruction.angle-step=%s gives the angles", path,
                       NUMBER (step));
  else if (has_own_angles (self))
    recon_log_info (log, "The angles in %s are not used: reconstruction.angle-step=%s gives them",
                    self->contents->path, NUMBER (step));

  result->angles = space_evenly (self, step);
  result->source = g_strdup (get_places (self) != NULL ? "reconstruction.angle-step and the numbers of the files"
                                                       : "reconstruction.angle-step");
}

static gboolean
assume (ReconScan        *self,
        ReconConfig      *config,
        ReconLog         *log,
        ReconScanAngles  *result,
        GError          **error)
{
  if (!recon_config_is_automatic (config, RECON_PARAM_ANGLE_UNIT))
    recon_log_warning (log, "input.angle-unit is not used: there are no angles that it could hold for");
  if (self->contents->angles != NULL)
    recon_log_info (log, "The %" G_GSIZE_FORMAT " angles in %s are not used: the sinograms have %u lines",
                    self->contents->n_angles, self->contents->path, self->n_projections);
  if (!check_places (self, log, error))
    return FALSE;

  result->angles = space_evenly (self, G_PI / _recon_scan_count_places (self));
  result->source = g_strdup_printf (get_places (self) != NULL ? "π/%u by the numbers of the files, assumed"
                                                              : "π/%u, assumed",
                                    _recon_scan_count_places (self));
  result->assumed = TRUE;

  return TRUE;
}

/* The angles of all projections. */
gboolean
_recon_scan_find_angles (ReconScan        *self,
                         ReconConfig      *config,
                         ReconLog         *log,
                         ReconScanAngles  *result,
                         GError          **error)
{
  const char *path = _recon_scan_get_path (config, RECON_PARAM_ANGLES);
  double step = recon_config_get_number (config, RECON_PARAM_ANGLE_STEP);

  if (step != 0.0)
    {
      take_step (self, config, step, log, result);
      return TRUE;
    }

  if (path != NULL)
    return read_file (self, config, path, log, result, error);

  if (self->contents->angles_error != NULL && !self->sinograms)
    {
      g_propagate_error (error, g_error_copy (self->contents->angles_error));
      return FALSE;
    }

  if (has_own_angles (self))
    return take_own_angles (self, config, result, error);

  return assume (self, config, log, result, error);
}
