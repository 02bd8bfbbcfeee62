/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/output-files.h"
#include "pipeline/pipeline.h"
#include "tomography/describe.h"
#include "tomography/tomography-private.h"

/* What a configuration comes to, told without starting anything. */

/* What all slices take on disk, or the largest number if that is beyond it. */
static guint64
get_output_bytes (ReconTomography *self)
{
  const ReconArrayInfo *slices = recon_tomography_get_slices (self);
  guint64 bytes = recon_output_type_get_bytes (recon_config_get_choice (self->config, RECON_PARAM_OUTPUT_TYPE));

  if (!g_uint64_checked_mul (&bytes, bytes, slices->axes[2].size) ||
      !g_uint64_checked_mul (&bytes, bytes, slices->axes[1].size) ||
      !g_uint64_checked_mul (&bytes, bytes, recon_scan_get_geometry (self->scan)->n_rows))
    return G_MAXUINT64;

  return bytes;
}

ReconTomographyInfo *
recon_tomography_get_info (ReconTomography *self)
{
  const ReconGeometry *geometry = recon_scan_get_geometry (self->scan);
  ReconTomographyInfo *info = g_new (ReconTomographyInfo, 1);
  const ReconArrayInfo *slices = recon_tomography_get_slices (self);

  *info = (ReconTomographyInfo) {
    .n_slices = geometry->n_rows,
    .n_angles = geometry->n_angles,
    .width = recon_scan_get_width (self->scan),
    .width_as_read = recon_scan_get_width_as_read (self->scan),
    .axis = recon_tomography_get_axis (self),
    .pixel_size = geometry->pixel_size,
    .correct = recon_scan_get_correct (self->scan),
    .has_darks = recon_scan_has_darks (self->scan),
    .has_flats_after = recon_scan_has_flats_after (self->scan),
    .absorptivity = recon_scan_get_absorptivity (self->scan),
    .slice_width = (guint) slices->axes[2].size,
    .slice_height = (guint) slices->axes[1].size,
    .output_bytes = get_output_bytes (self),
    .format = self->format,
  };

  info->angles = g_memdup2 (geometry->angles, info->n_angles * sizeof (double));
  info->numbers = g_memdup2 (geometry->row_numbers, info->n_slices * sizeof (guint));

  return info;
}

/* What an interrupted run has left at the output's place, and whether it can be gone on with. */
static void
describe_interrupted (ReconTomography     *self,
                      ReconTomographyInfo *info)
{
  g_autoptr (ReconLedger) ledger =
      recon_write_slices_peek_interrupted (self->writer, &info->n_finished, &info->n_interrupted);
  gboolean has_looked;

  if (ledger == NULL)
    return;

  info->interrupted = TRUE;
  info->partial = g_strdup (recon_writer_get_partial (self->writer));

  /* A run has left out what has no light: that is no other setting. */
  if (!recon_tomography_leave_out_lost (self->config, self->scan, NULL, &has_looked, &info->resume_error))
    return;
  self->resolved = recon_tomography_resolve (self);
  if (recon_tomography_check_settings (self, ledger, &info->resume_error))
    info->input_changed =
        !recon_tomography_check_record (self->scan, ledger, recon_writer_get_partial_ledger (self->writer),
                                        RECON_RESUME_CHECKED, self->log, &info->resume_error);
}

/**
 * recon_tomography_describe:
 * @config: a configuration
 * @looks_at_all: whether to look for projections without the beam, at a row of each, as a job does
 * @log: (nullable): hears what was decided, and warnings
 * @error: return location
 *
 * Opens and checks the input as a job would do. What is wrong with the output is a part of what is told, so that the
 * input can be looked at before it is known where the slices shall go.
 *
 * Returns: (transfer full) (nullable): what the configuration comes to, or %NULL with what is wrong with the input
 */
ReconTomographyInfo *
recon_tomography_describe (ReconConfig  *config,
                           gboolean      looks_at_all,
                           ReconLog     *log,
                           GError      **error)
{
  g_autoptr (ReconTomography) self = recon_tomography_open (config, log, error);
  g_autoptr (GError) output_error = NULL;
  ReconTomographyInfo *info;
  gboolean has_looked;

  if (self == NULL ||
      (looks_at_all &&
       !recon_tomography_leave_out_lost (self->config, self->scan, self->log, &has_looked, error)) ||
      !recon_tomography_check_references (self, error) ||
      (!recon_tomography_wants_axis (self) && !recon_tomography_check_axis (self, TRUE, NULL, error)))
    return NULL;

  if (recon_tomography_choose_output (self, &output_error) && recon_writer_check (self->writer, &output_error))
    recon_output_place_try (recon_writer_get_partial (self->writer), &output_error);
  info = recon_tomography_get_info (self);
  if (output_error == NULL)
    {
      info->earlier = recon_tomography_find_earlier (self);
      describe_interrupted (self, info);
    }
  info->output_error = g_steal_pointer (&output_error);

  return info;
}

void
recon_tomography_info_free (ReconTomographyInfo *self)
{
  g_free (self->numbers);
  g_free (self->angles);
  g_free (self->earlier);
  g_free (self->partial);
  g_clear_error (&self->output_error);
  g_clear_error (&self->resume_error);
  g_free (self);
}
