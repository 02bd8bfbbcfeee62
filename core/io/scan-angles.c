/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "io/angles.h"
#include "io/reader.h"

/* Which projections are used, and what their angles are like. */

#define DEGREES(radians) ((radians) * 180.0 / G_PI)
/* Less than this is a limited angle, in degrees. */
#define ENOUGH 170.0

/* The projections that are used, by their numbers among all of them. */
static gboolean
choose_projections (ReconScan    *self,
                    ReconConfig  *config,
                    guint         start,
                    guint         stop,
                    guint         step,
                    ReconLog     *log,
                    GError      **error)
{
  const char *exclude = recon_config_get_text (config, RECON_PARAM_EXCLUDE);
  g_autofree gboolean *excluded = NULL;
  guint n_excluded = 0, n = 0;

  excluded = recon_frame_list_parse (exclude != NULL ? exclude : "", self->n_projections, error);
  if (excluded == NULL)
    {
      g_prefix_error (error, _ ("Projections to leave out (input.exclude) of %s: "), self->contents->path);
      return FALSE;
    }

  self->used = g_new (guint, (stop - start - 1) / step + 1);
  for (guint64 i = start; i < stop; i += step)
    {
      if (excluded[i])
        n_excluded++;
      else
        self->used[n++] = (guint) i;
    }
  recon_geometry_set_angles (self->geometry, NULL, NULL, NULL, n);

  if (n == 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Zero projections are left: input.exclude=%s takes away all that input.projection-start, "
                      "projection-stop and projection-step select of the %u (%s). Leave out fewer."),
                   exclude, self->n_projections, self->contents->path);
      return FALSE;
    }

  if (n_excluded > 0)
    recon_log_info (log, "%u of %u selected projections are left out by input.exclude=%s", n_excluded,
                    n_excluded + n, exclude);
  else if (exclude != NULL && *exclude != '\0')
    recon_log_info (log, "None of the projections that input.exclude=%s names is among those that are selected",
                    exclude);

  return TRUE;
}

gboolean
_recon_scan_select_projections (ReconScan    *self,
                                ReconConfig  *config,
                                ReconLog     *log,
                                GError      **error)
{
  guint start = (guint) recon_config_get_integer (config, RECON_PARAM_PROJECTION_START);
  guint step = (guint) recon_config_get_integer (config, RECON_PARAM_PROJECTION_STEP);
  guint stop = self->n_projections;

  if (!recon_config_is_automatic (config, RECON_PARAM_PROJECTION_STOP))
    stop = (guint) recon_config_get_integer (config, RECON_PARAM_PROJECTION_STOP);

  if (stop > self->n_projections)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Projections up to projection-stop=%u are selected, but there are %u projections (%s). Choose "
                      "input.projection-stop of at most %u, or 'end'."),
                   stop, self->n_projections, self->contents->path, self->n_projections);
      return FALSE;
    }

  if (start >= stop)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Zero projections selected: input.projection-start=%u is not less than projection-stop=%u, and "
                      "there are %u projections (%s). Choose a projection-start less than the projection-stop."),
                   start, stop, self->n_projections, self->contents->path);
      return FALSE;
    }

  if (!choose_projections (self, config, start, stop, step, log, error))
    return FALSE;

  if (!self->sinograms)
    {
      const guint *index = recon_frames_get_index (self->contents->projections);
      const guint n = self->geometry->n_angles;
      g_autofree guint *frames = g_new (guint, n);

      for (guint i = 0; i < n; i++)
        frames[i] = index[self->used[i]];
      self->projections = recon_frames_new (recon_frames_get_reader (self->contents->projections), frames, n);
    }

  return TRUE;
}

/* @covered: by the projections, radians */
static void
report (const ReconGeometry *geometry,
        double               covered,
        const char          *source,
        ReconLog            *log)
{
  const guint n = geometry->n_angles;
  double minimum = geometry->angles[0];
  double maximum = geometry->angles[0];
  double step;

  for (guint i = 1; i < n; i++)
    {
      minimum = MIN (minimum, geometry->angles[i]);
      maximum = MAX (maximum, geometry->angles[i]);
    }

  step = n > 1 ? (maximum - minimum) / (n - 1) : 0.0;
  recon_log_info (log, "Angles: %u, %s° … %s°, mean step %s°, from %s", n, NUMBER (DEGREES (minimum)),
                  NUMBER (DEGREES (maximum)), NUMBER (DEGREES (step)), source);

  if (n == 1)
    {
      recon_log_warning (log, "There is only one projection");
      return;
    }

  covered = DEGREES (MIN (covered, maximum - minimum + step));
  if (covered < ENOUGH)
    recon_log_warning (log, "Limited angle: the projections cover only %s° of 180° (from %s)", NUMBER (covered),
                       source);
}

/* What no scan has. */
static gboolean
check_angles (ReconScan     *self,
              const double  *angles,
              const char    *source,
              GError       **error)
{
  const guint n = self->geometry->n_angles;

  for (guint i = 0; i < n; i++)
    if (!isfinite (angles[i]))
      {
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                     _ ("The angle of projection %u in %s is not a finite number. Correct the file, or give the "
                        "angles with --angles=PATH or --reconstruction.angle-step=RADIANS."),
                     self->used[i], source);
        return FALSE;
      }

  for (guint i = 1; i < n; i++)
    if (angles[i] != angles[0])
      return TRUE;

  if (n == 1)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("All %u angles are equal (%s°, from %s), so that there is nothing to reconstruct from. Give the "
                  "right ones with --angles=PATH or --reconstruction.angle-step=RADIANS."),
               n, NUMBER (DEGREES (angles[0])), source);

  return FALSE;
}

/* Needs the selection of projections. What was set up before stays if this fails. */
gboolean
_recon_scan_set_up_angles (ReconScan    *self,
                           ReconConfig  *config,
                           ReconLog     *log,
                           GError      **error)
{
  ReconGeometry *geometry = self->geometry;
  g_auto (ReconScanAngles) all = { 0 };
  g_autofree double *angles = g_new (double, geometry->n_angles);
  double covered, offset = recon_config_get_number (config, RECON_PARAM_ANGLE_OFFSET);

  if (!_recon_scan_find_angles (self, config, log, &all, error))
    return FALSE;

  for (guint i = 0; i < geometry->n_angles; i++)
    angles[i] = all.angles[self->used[i]] + offset;
  if (!check_angles (self, angles, all.source, error) ||
      (all.assumed && !_recon_scan_check_half_turn (self, log, error)))
    return FALSE;

  g_free (geometry->angles);
  g_free (geometry->weights);
  geometry->angles = g_steal_pointer (&angles);
  geometry->weights = recon_angles_weights (geometry->angles, geometry->n_angles, &covered);
  report (geometry, covered, all.source, log);
  if (all.measured)
    {
      g_autoptr (GPtrArray) faults = recon_angles_find_faults (geometry->angles, geometry->n_angles, self->used);

      for (guint i = 0; i < faults->len; i++)
        recon_log_warning (log, "%s (from %s)", (const char *) faults->pdata[i], all.source);
    }

  return TRUE;
}
