/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <string.h>

/* A scan that is open already, with other settings: without some projections, with other rows and columns, with another
 * geometry. */

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
      while (i < self->geometry->n_angles && self->used[i] < numbers[k])
        i++;
      if (i == self->geometry->n_angles || self->used[i] != numbers[k])
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
 * @log: (nullable): gets what was decided
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
  gboolean has_flats_after;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);

  for (guint i = 0; self->survey != NULL && i < self->survey->n_angles; i++)
    numbers[i] = self->used[self->survey->angles[i]];

  has_flats_after = recon_scan_has_flats_after (self);
  _recon_scan_renew_geometry (self);
  g_clear_pointer (&self->used, g_free);
  g_clear_pointer (&self->projections, recon_frames_free);
  if (!_recon_scan_select_projections (self, config, log, error) ||
      !_recon_scan_set_up_angles (self, config, log, error))
    return FALSE;

  if (has_flats_after)
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
  rows = self->sinograms ? self->geometry->bin : MAX (recon_reader_get_batch_rows (reader), self->geometry->bin);
  bytes = rows * self->geometry->n_angles * self->n_columns * sizeof (guint16);

  return bytes <= FEW_BYTES || rows <= FEW_SHARE * self->geometry->n_rows * self->geometry->bin;
}

/**
 * recon_scan_update:
 * @self: a scan
 * @config: the configuration that it was opened with, but for the values that are looked at here
 * @log: (nullable): gets what was decided
 * @error: return location
 *
 * Takes over what can change without another look at the files: reconstruction.axis, angle-step, angle-offset and
 * pixel-size, and flat-field.absorptivity. Only an angle-step that becomes 0 may have the file of the angles read, if
 * that was not needed before.
 *
 * Returns: %FALSE with the errors of recon_scan_open(); the scan stays as it was then
 */
gboolean
recon_scan_update (ReconScan    *self,
                   ReconConfig  *config,
                   ReconLog     *log,
                   GError      **error)
{
  g_autoptr (ReconGeometry) old = NULL;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);

  old = recon_geometry_ref (self->geometry);
  _recon_scan_renew_geometry (self);
  if (!_recon_scan_set_up_axis (self, config, log, error) || !_recon_scan_set_up_angles (self, config, log, error))
    {
      recon_geometry_unref (self->geometry);
      self->geometry = g_steal_pointer (&old);
      return FALSE;
    }

  _recon_scan_set_up_pixel_size (self, config, log);
  _recon_scan_set_up_absorptivity (self, config);

  return TRUE;
}

/* All but what each scan has of its own is the same. */
static ReconScan *
copy (ReconScan *self)
{
  ReconScan *part = g_object_new (RECON_TYPE_SCAN, NULL);
  const GObject instance = part->parent_instance;

  recon_geometry_unref (part->geometry);
  *part = *self;
  part->parent_instance = instance;
  part->whole = g_object_ref (self->whole != NULL ? self->whole : self);
  part->geometry = recon_geometry_copy (self->geometry);
  part->used = g_memdup2 (self->used, self->geometry->n_angles * sizeof *self->used);
  part->file_angles = g_memdup2 (self->file_angles, self->n_projections * sizeof *self->file_angles);
  part->survey = NULL;
  if (self->projections != NULL)
    part->projections = recon_frames_subset (self->projections, 0, self->geometry->n_angles, 1);
  for (guint i = 0; i < RECON_N_LEVELS; i++)
    {
      const gsize n = _recon_scan_count_exposures (self, _recon_scan_get_references (self, i));

      part->ranks[i] = g_memdup2 (self->ranks[i], n * sizeof *self->ranks[i]);
    }

  return part;
}

/**
 * recon_scan_new_part:
 * @self: a scan
 * @config: the configuration that it was opened with, but for the rows and columns of [input], and for what
 *   recon_scan_update() takes
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * The same files, without opening them again, with the same projections, of which other rows and columns are read. What
 * was found of the darks and flats of @self, once for it, holds for the part.
 *
 * Returns: (transfer full): another scan, to be used by the thread that uses @self; %NULL with the errors of
 *   recon_scan_open() and recon_scan_get_survey()
 */
ReconScan *
recon_scan_new_part (ReconScan     *self,
                     ReconConfig   *config,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr (ReconScan) part = NULL;

  g_return_val_if_fail (RECON_IS_SCAN (self), NULL);
  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  if (self->whole == NULL && recon_scan_get_survey (self, cancellable, error) == NULL)
    return NULL;

  part = copy (self);
  _recon_scan_set_up_absorptivity (part, config);

  return _recon_scan_set_up_rows (part, config, NULL, error) &&
         _recon_scan_set_up_columns (part, config, NULL, error) &&
         _recon_scan_check_sources (part, error) ? g_steal_pointer (&part) : NULL;
}
