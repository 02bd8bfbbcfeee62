/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "io/scan-survey.h"
#include "pipeline/pipeline.h"
#include "pipeline/values.h"
#include "tasks/dead-pixels.h"
#include "tasks/transmissions.h"

/* What a survey of a scan says about its correction, before any work: the same for jobs, previews and the search for
 * the axis. Everything is in memory, so that another setting costs nothing. */

/* Darks and flats are as bright as each other if they differ by less than this share of all levels' range; there has to
 * be some, as a share of the highest. */
#define LEAST_CONTRAST 0.05
#define LEAST_RANGE    0.02

/* No line integral is as large: e^-50 of the light would be left. */
#define MOST_ABSORPTION 50

/* Integers up to this may be anything. */
#define LEAST_COUNTS 16

/* A projection shows no light if its transmission is below the first, and that of others is above the second. */
#define NO_LIGHT    0.005
#define ENOUGH_LIGHT 0.05

static gboolean
check_levels (const ReconSurvey  *survey,
              double              dark_scale,
              GError            **error)
{
  const double dark = dark_scale * survey->dark_level, flat = survey->flat_level;
  const double highest = fmax (fmax (dark, flat), survey->level);
  const double lowest = fmin (fmin (dark, flat), survey->level);
  const double range = highest - lowest;

  /* Rows that no light reaches say nothing. */
  if (!isfinite (range) || range < LEAST_RANGE * fmax (fabs (highest), fabs (lowest)) ||
      flat - dark >= LEAST_CONTRAST * range)
    return TRUE;

  if (dark - flat >= LEAST_CONTRAST * range)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("The darks are brighter than the flats: their levels are %.6g and %.6g, that of the projections "
                    "%.6g. Have --flats and --darks been taken for each other, or is --dark-scale too large?"),
                 dark, flat, survey->level);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("The darks are as bright as the flats: their levels are %.6g and %.6g, that of the projections "
                    "%.6g. Give the darks that belong to the scan by --darks, or the flats by --flats."),
                 dark, flat, survey->level);
  return FALSE;
}

static gboolean
check_pixels (ReconScan          *scan,
              const ReconSurvey  *survey,
              double              dark_scale,
              GError            **error)
{
  const gsize n = (gsize) survey->n_slices * survey->width;

  for (gsize i = 0; i < n; i++)
    if ((double) survey->flat[i] > dark_scale * (double) survey->dark[i])
      return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("The flats are nowhere brighter than the darks (looked at in detector row %g). Have --flats and "
                  "--darks been taken for each other, or is --dark-scale too large?"),
               recon_scan_get_geometry (scan)->detector_rows[survey->slices[survey->n_slices / 2]]);
  return FALSE;
}

/* Flats that say nothing but that there was too much light. */
static gboolean
check_saturation (ReconConfig        *config,
                  const ReconSurvey  *survey,
                  ReconLog           *log,
                  GError            **error)
{
  if (isnan (survey->ceiling))
    return TRUE;

  if (recon_config_get_boolean (config, RECON_PARAM_FORCE))
    {
      recon_log_warning (log, "All flats are saturated: many of their pixels have the largest value, %.9g. They are "
                              "used all the same, and attenuation is wrong", survey->ceiling);
      return TRUE;
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("All flats are saturated: many of their pixels have the largest value, %.9g, so that they don't tell "
                  "how much light there was. Give flats of a shorter exposure by --flats, or add --force to use these "
                  "all the same."), survey->ceiling);
  return FALSE;
}

/* The transmission of a value in the survey, or the value itself where nothing is corrected. */
static double
get_transmission (ReconScan          *scan,
                  const ReconSurvey  *survey,
                  double              dark_scale,
                  guint               angle,
                  guint               slice,
                  guint               column)
{
  const gsize i = (gsize) slice * survey->width + column;
  const double value = (double) survey->values[(gsize) angle * survey->n_slices * survey->width + i];
  double dark, flat;

  if (survey->flat == NULL)
    return value;

  dark = dark_scale * (double) survey->dark[i];
  flat = (double) survey->flat[i];
  if (survey->flat_after != NULL)
    flat += (double) recon_scan_get_geometry (scan)->flat_positions[survey->angles[angle]] *
            ((double) survey->flat_after[i] - flat);

  return (value - dark) / (flat - dark);
}

/* Of all values of the survey; NaN where a pixel has no usable flat. */
static float *
get_transmissions (ReconScan          *scan,
                   const ReconSurvey  *survey,
                   double              dark_scale)
{
  const gsize n_row = survey->width, n_frame = survey->n_slices * n_row;
  float *transmissions = g_new (float, survey->n_angles * n_frame);
  g_autofree guint8 *states = g_new0 (guint8, n_frame);

  for (gsize first = 0; survey->flat != NULL && first < n_frame; first += n_row)
    {
      recon_dead_pixels_mark_flats (survey->dark + first, survey->flat + first, dark_scale, survey->width,
                                    states + first);
      if (survey->flat_after != NULL)
        recon_dead_pixels_mark_flats (survey->dark + first, survey->flat_after + first, dark_scale, survey->width,
                                      states + first);
    }
  for (guint a = 0; a < survey->n_angles; a++)
    for (guint k = 0; k < survey->n_slices; k++)
      for (guint c = 0; c < survey->width; c++)
        transmissions[a * n_frame + k * n_row + c] =
            states[k * n_row + c] == RECON_PIXEL_USABLE
                ? (float) get_transmission (scan, survey, dark_scale, a, k, c) : NAN;

  return transmissions;
}

static void
look_at_row (ReconConfig         *config,
             ReconScan           *scan,
             const ReconSurvey   *survey,
             guint                slice,
             ReconTransmissions  *met)
{
  const double dark_scale = recon_config_get_number (config, recon_parameter ("flat-field.dark-scale"));
  const double least = recon_config_get_number (config, recon_parameter ("flat-field.clip-minimum"));
  const guint width = survey->width;
  const gsize first = (gsize) slice * width;
  g_autofree guint8 *states = g_new0 (guint8, width);
  g_autofree guint *n_low = g_new0 (guint, width);
  g_autofree guint *n_odd = g_new0 (guint, width);
  const ReconTransmissionsRow row = { survey->slices[slice], survey->n_angles, states, n_low, n_odd };

  if (survey->flat != NULL)
    recon_dead_pixels_mark_flats (survey->dark + first, survey->flat + first, dark_scale, width, states);
  if (survey->flat_after != NULL)
    recon_dead_pixels_mark_flats (survey->dark + first, survey->flat_after + first, dark_scale, width, states);

  for (guint a = 0; recon_scan_get_absorptivity (scan) && a < survey->n_angles; a++)
    for (guint c = 0; c < width; c++)
      {
        const double t = get_transmission (scan, survey, dark_scale, a, slice, c);

        n_low[c] += isfinite (t) && t < least;
        n_odd[c] += !isfinite (t) || t > RECON_MOST_TRANSMISSION;
      }
  recon_dead_pixels_mark_data (n_low, n_odd, survey->n_angles, width, states);

  recon_transmissions_add (met, &row);
}

static void
report_transmissions (ReconConfig        *config,
                      ReconScan          *scan,
                      const ReconSurvey  *survey,
                      ReconLog           *log)
{
  g_autoptr (ReconTransmissions) met =
      recon_transmissions_new (survey->width,
                               recon_config_get_number (config, recon_parameter ("flat-field.clip-minimum")),
                               recon_config_get_boolean (config, recon_parameter ("flat-field.fix-nan-inf")));
  const ReconGeometry *geometry = recon_scan_get_geometry (scan);
  g_autofree char *pixels = NULL;
  g_autofree char *values = NULL;

  for (guint i = 0; i < survey->n_slices; i++)
    look_at_row (config, scan, survey, i, met);

  pixels = recon_transmissions_describe_pixels (met, geometry);
  values = recon_transmissions_describe_values (met, geometry);
  if (pixels != NULL)
    recon_log_warning (log, "Looked at in %u rows, %s", survey->n_slices, pixels);
  if (values != NULL && recon_transmissions_get_share (met) >= RECON_FEW_TRANSMISSIONS)
    recon_log_warning (log, "Looked at in %u rows of %u projections, %s", survey->n_slices, survey->n_angles, values);
}

/* Projections without light, by their level; only where that of others shows that there is some. */
static void
report_projections (ReconConfig        *config,
                    ReconScan          *scan,
                    const ReconSurvey  *survey,
                    ReconLog           *log)
{
  const double dark = recon_config_get_number (config, recon_parameter ("flat-field.dark-scale")) * survey->dark_level;
  const double light = survey->flat_level - dark;
  g_autoptr (GString) numbers = g_string_new (NULL);

  if (survey->flat == NULL || !(light > 0) || !(survey->level - dark > ENOUGH_LIGHT * light))
    return;

  for (guint i = 0; i < survey->n_angles; i++)
    if (!(survey->angle_levels[i] - dark > NO_LIGHT * light))
      g_string_append_printf (numbers, "%s%u", numbers->len > 0 ? ", " : "",
                              recon_scan_get_projection_number (scan, survey->angles[i]));

  if (numbers->len > 0)
    recon_log_warning (log, "Of %u projections that were looked at, these show no light, or no numbers: %s, counted "
                            "from 0", survey->n_angles, numbers->str);
}

/* Sinograms that nobody said to be anything else than line integrals. */
static void
report_counts (ReconConfig        *config,
               ReconScan          *scan,
               const ReconSurvey  *survey,
               ReconLog           *log)
{
  double lowest, highest;
  const gboolean is_integer = recon_scan_has_integers (scan);

  if (!recon_scan_has_sinograms (scan) || recon_scan_get_correct (scan) || recon_scan_get_absorptivity (scan) ||
      !recon_config_is_automatic (config, recon_parameter ("flat-field.correct")))
    return;

  recon_tomography_find_range (survey, &lowest, &highest);
  if (is_integer ? highest < LEAST_COUNTS : !(survey->level > MOST_ABSORPTION && lowest >= 0))
    return;

  recon_log_warning (log, "The sinograms hold %s from %.6g to %.6g, which look like counts but are taken for line "
                          "integrals. Give the flats (and darks) that belong to them by --flats and --darks to have "
                          "them corrected; --absorptivity if they are transmissions; --no-correct if they are as they "
                          "should be", is_integer ? "integers" : "values", lowest, highest);
}

/**
 * recon_tomography_check_scan:
 * @config: a configuration
 * @scan: its scan
 * @log: (nullable): hears what looks wrong, in one line each
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Looks at some rows of a scan's darks and flats and of a few projections (see recon_scan_get_survey()): which darks
 * and flats are none, which pixels have no usable flat, which transmissions and projections can't be, which sinograms
 * are counts. What is read is kept by the scan, so that the check costs little but for the first time. If @config is
 * strict, what would be warned about is an error.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where the result would be worth nothing: flats that are nowhere brighter than
 *   darks, disagree or are saturated, transmissions that can't be; or with the errors of recon_scan_get_survey()
 */
gboolean
recon_tomography_check_scan (ReconConfig   *config,
                             ReconScan     *scan,
                             ReconLog      *log,
                             GCancellable  *cancellable,
                             GError       **error)
{
  const double dark_scale = recon_config_get_number (config, recon_parameter ("flat-field.dark-scale"));
  const ReconSurvey *survey = recon_scan_get_survey (scan, cancellable, error);
  g_autoptr (ReconLog) counting = recon_log_new_for (log);

  if (survey == NULL)
    return FALSE;

  if (survey->flat != NULL &&
      (!check_levels (survey, dark_scale, error) || !check_pixels (scan, survey, dark_scale, error)))
    return FALSE;

  if (!check_saturation (config, survey, counting, error))
    return FALSE;
  for (guint i = 0; i < survey->warnings->len; i++)
    recon_log_warning (counting, "%s", (const char *) g_ptr_array_index (survey->warnings, i));
  if (recon_scan_get_absorptivity (scan))
    {
      g_autofree float *transmissions = get_transmissions (scan, survey, dark_scale);

      if (!recon_tomography_check_values (config, scan, survey, transmissions, counting, error))
        return FALSE;
      if (survey->flat != NULL)
        recon_tomography_report_beam (scan, survey, transmissions, counting);
    }
  if (survey->flat != NULL || recon_scan_get_absorptivity (scan))
    report_transmissions (config, scan, survey, counting);
  report_projections (config, scan, survey, counting);
  report_counts (config, scan, survey, counting);
  recon_tomography_report_integrals (config, scan, survey, counting);

  return !recon_config_get_boolean (config, RECON_PARAM_STRICT) || recon_log_check (counting, error);
}
