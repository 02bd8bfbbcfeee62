/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The files that the images are in, and whether all of them are there: of the images that are used, and of no others,
 * so that a scan whose end is lost can still be reconstructed from its beginning. */

static gboolean
check (ReconFrames  *frames,
       guint         first,
       guint         n_rows,
       const char   *title,
       GError      **error)
{
  if (frames == NULL ||
      recon_reader_check (recon_frames_get_reader (frames), recon_frames_get_index (frames),
                          recon_frames_get_n (frames), first, n_rows, error))
    return TRUE;

  g_prefix_error (error, "%s: ", title);

  return FALSE;
}

/* As check(), for darks or flats; exposures may be lines of images that are detector rows. */
static gboolean
check_references (ReconScan    *self,
                  ReconFrames  *frames,
                  guint         n_rows,
                  const char   *title,
                  GError      **error)
{
  g_autoptr (ReconFrames) used = NULL;

  if (frames == NULL || !_recon_scan_is_reference_by_rows (self, frames))
    return check (frames, self->y_start, n_rows, title, error);

  used = recon_frames_subset (frames, self->y_start, self->y_start + n_rows, 1);

  return check (used, 0, _recon_scan_count_exposures (self, frames), title, error);
}

static gboolean
check_all_references (ReconScan  *self,
                      guint       n_rows,
                      GError    **error)
{
  return check_references (self, self->darks, n_rows, _ ("Darks"), error) &&
         check_references (self, self->flats, n_rows, _ ("Flats"), error) &&
         check_references (self, self->flats_after, n_rows, _ ("Flats after"), error);
}

/* Needs everything else to be set up. */
gboolean
_recon_scan_check_sources (ReconScan  *self,
                           GError    **error)
{
  const guint bin = self->geometry->bin;
  guint last_slice = self->y_start + (self->geometry->n_rows - 1) * self->y_step * bin;
  guint n_rows = last_slice + bin - self->y_start;
  guint n_angles = self->used[self->geometry->n_angles - 1] - self->used[0] + 1;

  if (self->sinograms)
    {
      g_autoptr (ReconFrames) used =
          recon_frames_subset (self->contents->projections, self->y_start, self->y_start + n_rows, 1);

      return check (used, self->used[0], n_angles, _ ("Sinograms"), error) &&
             check_all_references (self, n_rows, error);
    }

  return check (self->projections, self->y_start, n_rows, _ ("Projections"), error) &&
         check_all_references (self, n_rows, error);
}

static void
add_files (GPtrArray   *files,
           ReconFrames *frames)
{
  if (frames != NULL)
    recon_reader_list_files (recon_frames_get_reader (frames), files);
}

/**
 * recon_scan_list_files:
 * @self: a scan
 * @input: one of the parameters that name an input
 *
 * Returns: (transfer full) (element-type filename) (nullable): the files that the images of @input are read from, links
 *   included, some of them perhaps several times; %NULL where @input names no images or is not used
 */
GPtrArray *
recon_scan_list_files (ReconScan      *self,
                       ReconParameter  input)
{
  const ReconContents *contents = NULL;
  GPtrArray *files;

  g_return_val_if_fail (RECON_IS_SCAN (self), NULL);

  if (input == (self->sinograms ? RECON_PARAM_SINOGRAMS : RECON_PARAM_PROJECTIONS))
    contents = self->contents;
  else if (input == RECON_PARAM_DARKS)
    contents = self->dark_contents;
  else if (input == RECON_PARAM_FLATS)
    contents = self->flat_contents;
  else if (input == RECON_PARAM_FLATS_AFTER)
    contents = self->flat_after_contents;

  if (contents == NULL)
    return NULL;

  files = g_ptr_array_new_with_free_func (g_free);
  add_files (files, contents->projections);
  add_files (files, contents->darks);
  add_files (files, contents->flats);
  add_files (files, contents->flats_after);

  return files;
}

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
