/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "io/scan-private.h"

/* Projections that are left out of a scan that is open already, and what it costs to look for them. */

/* A row of all projections is quick to read if no more than this has to be read and unpacked for it, or than this share
 * of what is read anyway. */
#define FEW_BYTES ((guint64) 64 * 1024 * 1024)
#define FEW_SHARE 0.02

/* Of the projections that were looked at, those that are still used. */
static void
update_survey (ReconScan   *self,
               const guint *numbers)
{
  ReconSurvey *survey = self->survey;
  const gsize size = (gsize) survey->n_slices * survey->width;
  guint n = 0, i = 0;

  for (guint k = 0; k < survey->n_angles; k++)
    {
      while (i < self->n_angles && self->used[i] < numbers[k])
        i++;
      if (i == self->n_angles || self->used[i] != numbers[k])
        continue;

      memmove (survey->values + n * size, survey->values + k * size, size * sizeof *survey->values);
      survey->angle_levels[n] = survey->angle_levels[k];
      survey->angles[n++] = i;
    }
  survey->n_angles = n;
}

/**
 * recon_scan_select_again:
 * @self: a scan
 * @config: the configuration that it was opened with, but for input.exclude, which leaves out more
 * @log: (nullable): hears what was decided
 * @error: return location
 *
 * Leaves projections out. The others keep their angles and what they were corrected with.
 *
 * Returns: %FALSE with the errors of recon_scan_open(); the scan is of no use then
 */
gboolean
recon_scan_select_again (ReconScan    *self,
                         ReconConfig  *config,
                         ReconLog     *log,
                         GError      **error)
{
  guint numbers[RECON_SURVEY_ANGLES];

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);

  for (guint i = 0; self->survey != NULL && i < self->survey->n_angles; i++)
    numbers[i] = self->used[self->survey->angles[i]];

  g_clear_pointer (&self->used, g_free);
  g_clear_pointer (&self->projections, recon_frames_free);
  if (!_recon_scan_select_projections (self, config, log, error) ||
      !_recon_scan_set_up_angles (self, config, log, error))
    return FALSE;

  if (self->flat_positions != NULL)
    _recon_scan_set_up_positions (self);
  if (self->survey != NULL)
    update_survey (self, numbers);

  return TRUE;
}

/**
 * recon_scan_reads_rows_quickly:
 * @self: a scan
 *
 * Returns: whether one row of all projections costs little beside what a whole run reads
 */
gboolean
recon_scan_reads_rows_quickly (ReconScan *self)
{
  ReconReader *reader;
  guint64 bytes, rows;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);

  reader = recon_frames_get_reader (self->contents->projections);
  rows = self->sinograms ? self->bin : MAX (recon_reader_get_batch_rows (reader), self->bin);
  bytes = rows * self->n_angles * self->n_columns * sizeof (guint16);

  return bytes <= FEW_BYTES || rows <= FEW_SHARE * self->n_slices * self->bin;
}
