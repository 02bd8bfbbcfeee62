/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "io/scan-survey.h"
#include "pipeline/pipeline.h"
#include "tasks/lost-beam.h"

/* Projections without the beam are left out before work. One row of every projection tells most of them; the other rows
 * of the survey have to agree. Where files make a row as costly as much of a scan (chunks of whole frames), the source
 * of a job looks at its first block instead. */

/* Reads one row of the survey at all angles. @can_tell: (out): whether it tells which are lost */
static gboolean
look_at_row (ReconConfig        *config,
             ReconScan          *scan,
             const ReconSurvey  *survey,
             guint               k,
             gboolean           *is_lost,
             gboolean           *can_tell,
             GError            **error)
{
  const gsize first = (gsize) k * survey->width;
  const guint n_angles = recon_scan_get_geometry (scan)->n_angles;
  g_autofree float *values = g_try_malloc_n ((gsize) n_angles * survey->width, sizeof (float));
  const ReconLostBeamRow row = {
    .n_angles = n_angles,
    .width = survey->width,
    .values = values,
    .pitch = survey->width,
    .dark = survey->flat != NULL ? survey->dark + first : NULL,
    .flat = survey->flat != NULL ? survey->flat + first : NULL,
    .flat_after = survey->flat_after != NULL ? survey->flat_after + first : NULL,
    .positions = recon_scan_get_geometry (scan)->flat_positions,
    .dark_scale = recon_config_get_number (config, recon_parameter ("flat-field.dark-scale")),
    .is_integral = !recon_scan_get_correct (scan) && !recon_scan_get_absorptivity (scan),
  };

  if (values == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a row of %u projections of %u columns."),
                   n_angles, survey->width);
      return FALSE;
    }
  if (!recon_scan_read_sinograms (scan, survey->slices[k], 1, 1, values, NULL, error))
    return FALSE;

  *can_tell = recon_lost_beam_find (&row, is_lost);

  return TRUE;
}

/* The row of the survey in which there is most light: another one may lie beside the beam. */
static guint
find_brightest_row (const ReconSurvey *survey)
{
  guint brightest = survey->n_slices / 2;
  double most = 0;

  for (guint k = 0; survey->flat != NULL && k < survey->n_slices; k++)
    {
      double light = 0;

      for (gsize i = (gsize) k * survey->width; i < (gsize) (k + 1) * survey->width; i++)
        if (survey->flat[i] > survey->dark[i])
          light += (double) survey->flat[i] - (double) survey->dark[i];
      /* The middle one, unless another is much brighter. */
      if (light > (k == survey->n_slices / 2 || brightest == survey->n_slices / 2 ? 1.5 : 1) * most)
        {
          most = light;
          brightest = k;
        }
    }

  return brightest;
}

/* @is_lost: (out): those that are lost in all rows that were looked at */
static gboolean
find_lost (ReconConfig        *config,
           ReconScan          *scan,
           const ReconSurvey  *survey,
           gboolean           *is_lost,
           guint              *n_lost,
           GError            **error)
{
  const guint row = find_brightest_row (survey), n = recon_scan_get_geometry (scan)->n_angles;
  g_autofree gboolean *is_lost_here = g_new (gboolean, n);
  gboolean can_tell;

  *n_lost = 0;
  if (!look_at_row (config, scan, survey, row, is_lost, &can_tell, error))
    return FALSE;
  if (can_tell)
    *n_lost = recon_lost_beam_agree (is_lost, is_lost, n);

  for (guint k = 0; *n_lost > 0 && k < survey->n_slices; k++)
    {
      if (k == row)
        continue;
      if (!look_at_row (config, scan, survey, k, is_lost_here, &can_tell, error))
        return FALSE;
      if (can_tell)
        *n_lost = recon_lost_beam_agree (is_lost, is_lost_here, n);
    }

  return TRUE;
}

static gboolean
leave_out (ReconConfig     *config,
           ReconScan       *scan,
           const gboolean  *is_lost,
           guint            n_lost,
           ReconLog        *log,
           GError         **error)
{
  const char *exclude = recon_config_get_text (config, RECON_PARAM_EXCLUDE);
  g_autofree char *numbers = recon_lost_beam_format (scan, is_lost);
  g_autofree char *all = exclude != NULL && *exclude != '\0' ? g_strconcat (exclude, ",", numbers, NULL)
                                                             : g_strdup (numbers);

  recon_log_warning (log, "Of %u projections %u %s no light, or nothing at all, and %s left out: %s, counted from 0",
                     recon_scan_get_geometry (scan)->n_angles, n_lost, n_lost == 1 ? "shows" : "show",
                     n_lost == 1 ? "is" : "are", numbers);

  return recon_config_parse (config, RECON_PARAM_EXCLUDE, all, error) &&
         recon_scan_select_again (scan, config, log, error);
}

/**
 * recon_tomography_leave_out_lost:
 * @config: a configuration; its input.exclude grows
 * @scan: its scan
 * @log: (nullable): hears which projections are left out
 * @has_looked: (out): whether the files allow for a quick look
 * @error: return location
 *
 * Leaves out projections in which there is no light, or nothing at all. The others keep their angles. If @config is
 * strict, it is an error that there are such ones.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT, or with the errors of recon_scan_get_survey()
 */
gboolean
recon_tomography_leave_out_lost (ReconConfig  *config,
                                 ReconScan    *scan,
                                 ReconLog     *log,
                                 gboolean     *has_looked,
                                 GError      **error)
{
  g_autoptr (ReconLog) counting = recon_log_new_for (log);
  const ReconSurvey *survey = recon_scan_get_survey (scan, NULL, error);
  g_autofree gboolean *is_lost = NULL;
  guint n_lost;

  *has_looked = FALSE;
  if (survey == NULL)
    return FALSE;
  if (!recon_scan_reads_rows_quickly (scan))
    return TRUE;

  *has_looked = TRUE;
  is_lost = g_new (gboolean, recon_scan_get_geometry (scan)->n_angles);
  if (!find_lost (config, scan, survey, is_lost, &n_lost, error) ||
      (n_lost > 0 && !leave_out (config, scan, is_lost, n_lost, counting, error)))
    return FALSE;

  return !recon_config_get_boolean (config, RECON_PARAM_STRICT) || recon_log_check (counting, error);
}
