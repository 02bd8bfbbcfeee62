/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "io/scan-survey.h"
#include "pipeline/values.h"
#include "tasks/dead-pixels.h"

/* Whether values can be what they are taken for: a correction of what is corrected already leaves nothing, and the
 * darks of another scan leave values on both sides of 0. */

/* Transmissions below 0 by more than noise, or beyond all bounds: as a share of all, so many are no accident. */
#define FAR_BELOW -0.02
#define MOST_FAR  0.25

/* Behind what is opaque half of the values are below 0 by chance, but there has to be something else. */
#define MOST_LOW 0.5

/* Less than this share of the values above this transmission, and there is no light anywhere. */
#define LIGHT       1e-3
#define LEAST_LIGHT 0.01

/* Values up to these look like transmissions and line integrals. */
#define MOST_AIR      1.3
#define MOST_INTEGRAL 50

/* Beside the sample the transmission is 1, within this; in it somewhere less than the second, as a part of that. */
#define AIR_TOLERANCE 0.1
#define LEAST_SHADOW  0.9

typedef struct
{
  gsize n;
  gsize n_low;
  gsize n_far;
  gsize n_light;
} Counts;

/* Of the values of a survey that are numbers. */
void
recon_tomography_find_range (const ReconSurvey *survey,
                             double            *lowest,
                             double            *highest)
{
  const gsize n = (gsize) survey->n_angles * survey->n_slices * survey->width;

  *lowest = G_MAXDOUBLE;
  *highest = -G_MAXDOUBLE;
  for (gsize i = 0; i < n; i++)
    if (isfinite (survey->values[i]))
      {
        *lowest = fmin (*lowest, (double) survey->values[i]);
        *highest = fmax (*highest, (double) survey->values[i]);
      }
}

static void
count (const ReconSurvey *survey,
       const float       *transmissions,
       double             least,
       Counts            *counts)
{
  const gsize n = (gsize) survey->n_angles * survey->n_slices * survey->width;

  *counts = (Counts) { 0 };
  for (gsize i = 0; i < n; i++)
    {
      const double t = (double) transmissions[i];

      if (isnan (t))
        continue;
      counts->n++;
      counts->n_low += t < least;
      counts->n_far += t < FAR_BELOW || t > RECON_MOST_TRANSMISSION;
      counts->n_light += t > LIGHT;
    }
}

/* What the user may have meant. */
static char *
suggest (ReconScan         *scan,
         const ReconSurvey *survey)
{
  double lowest, highest;

  recon_tomography_find_range (survey, &lowest, &highest);
  if (!recon_scan_get_correct (scan))
    return g_strdup_printf (_ ("The values lie between %.6g and %.6g. Are they line integrals, of which no logarithm "
                               "is to be taken (--no-absorptivity)?"), lowest, highest);
  if (!recon_scan_has_integers (scan) && highest <= MOST_AIR && lowest >= -MOST_AIR)
    return g_strdup_printf (_ ("The values lie between %.6g and %.6g and seem to be corrected already: give "
                               "--no-correct --absorptivity if they are transmissions, --no-correct if they are line "
                               "integrals."), lowest, highest);
  if (!recon_scan_has_integers (scan) && highest <= MOST_INTEGRAL && lowest >= -MOST_INTEGRAL)
    return g_strdup_printf (_ ("The values lie between %.6g and %.6g and seem to be line integrals, corrected already: "
                               "give --no-correct."), lowest, highest);

  return g_strdup_printf (_ ("The darks have a level of %.6g, the flats of %.6g, the projections of %.6g. Give the "
                             "darks and flats that belong to the scan, taken without the sample, by --darks and "
                             "--flats."),
                          survey->dark_level, survey->flat_level, survey->level);
}

/**
 * recon_tomography_check_values:
 * @config: a configuration
 * @scan: its scan
 * @survey: what was seen of it
 * @transmissions: (array): of each value of the survey; NaN where a pixel can't be used
 * @log: hears of it if the user goes on
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if so many transmissions are impossible that slices would be worth nothing
 */
gboolean
recon_tomography_check_values (ReconConfig        *config,
                               ReconScan          *scan,
                               const ReconSurvey  *survey,
                               const float        *transmissions,
                               ReconLog           *log,
                               GError            **error)
{
  g_autofree char *suggestion = NULL;
  g_autofree char *what = NULL;
  Counts counts;

  count (survey, transmissions, recon_config_get_number (config, recon_parameter ("flat-field.clip-minimum")), &counts);
  if (counts.n == 0)
    return TRUE;

  if (counts.n_far > MOST_FAR * counts.n || counts.n_low > MOST_LOW * counts.n)
    what = g_strdup_printf (_ ("Of the transmissions that were looked at, %.3g %% are impossible (below 0, or above "
                               "%d)"),
                            100.0 * (double) MAX (counts.n_far, counts.n_low) / (double) counts.n,
                            RECON_MOST_TRANSMISSION);
  else if (recon_scan_get_correct (scan) && counts.n_light < LEAST_LIGHT * counts.n)
    what = g_strdup_printf (_ ("Next to nothing of the flats' light is in the projections (transmissions below %g)"),
                            LIGHT);
  else
    return TRUE;

  suggestion = suggest (scan, survey);
  if (recon_config_get_boolean (config, RECON_PARAM_FORCE))
    {
      recon_log_warning (log, "%s. %s", what, suggestion);
      return TRUE;
    }

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("%s. %s To go on all the same, add --force."), what,
               suggestion);
  return FALSE;
}

/* The mean of some columns of a row. */
static double
get_mean (const float *values,
          guint        n)
{
  double sum = 0;

  for (guint c = 0; c < n; c++)
    sum += (double) values[c];

  return sum / n;
}

/* Whether values are about 1 at both ends of all rows, nowhere much more or less than 0, and less between. */
static gboolean
look_like_transmissions (const ReconSurvey *survey)
{
  const guint n_edge = MAX (survey->width / 32, 1), n_rows = survey->n_angles * survey->n_slices;
  double lowest, highest, least = 1;

  recon_tomography_find_range (survey, &lowest, &highest);
  if (lowest < -AIR_TOLERANCE || highest > MOST_AIR)
    return FALSE;

  for (guint i = 0; i < n_rows; i++)
    {
      const float *row = survey->values + (gsize) i * survey->width;

      if (!(fabs (get_mean (row, n_edge) - 1) < AIR_TOLERANCE &&
            fabs (get_mean (row + survey->width - n_edge, n_edge) - 1) < AIR_TOLERANCE))
        return FALSE;
      for (guint c = 0; c + n_edge <= survey->width; c += n_edge)
        least = fmin (least, get_mean (row + c, n_edge));
    }

  return least < LEAST_SHADOW;
}

/**
 * recon_tomography_report_integrals:
 * @config: a configuration
 * @scan: its scan
 * @survey: what was seen of it
 * @log: hears if line integrals look like something else, and nobody said that they are as they should be
 */
void
recon_tomography_report_integrals (ReconConfig       *config,
                                   ReconScan         *scan,
                                   const ReconSurvey *survey,
                                   ReconLog          *log)
{
  double lowest, highest;

  if (recon_scan_get_correct (scan) || recon_scan_get_absorptivity (scan) || recon_scan_has_integers (scan) ||
      !recon_config_is_automatic (config, recon_parameter ("flat-field.absorptivity")) ||
      !look_like_transmissions (survey))
    return;

  recon_tomography_find_range (survey, &lowest, &highest);
  recon_log_warning (log, "The %s hold values from %.6g to %.6g, about 1 beside the sample, which look like "
                          "transmissions but are taken for line integrals. Give --absorptivity if they are "
                          "transmissions, --no-absorptivity if they are as they should be",
                     recon_scan_has_sinograms (scan) ? "sinograms" : "projections", lowest, highest);
}
