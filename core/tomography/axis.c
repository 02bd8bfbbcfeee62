/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "axis/axis.h"
#include "axis/one-sided.h"
#include "base/error.h"
#include "tomography/tomography-private.h"

/* An axis that has to be found is found when the job has begun: that takes a while and can be cancelled. The ledger
 * holds the word that was given and beside it what was found, so that a later run goes on about the same axis. */

#define MEMBER "axis"

gboolean
recon_tomography_wants_axis (ReconTomography *self)
{
  return recon_config_has_word (self->config, RECON_PARAM_AXIS, "auto");
}

/* Returns: the axis as configurations have it: the middle of the detector where nobody has given one; NaN where it has
 * to be found first */
double
recon_tomography_get_axis (ReconTomography *self)
{
  if (recon_tomography_wants_axis (self))
    return NAN;

  return recon_config_is_automatic (self->config, RECON_PARAM_AXIS)
           ? (recon_scan_get_width_as_read (self->scan) - 1) / 2.0
           : recon_config_get_number (self->config, RECON_PARAM_AXIS);
}

/* Returns: (transfer full) (nullable): the configuration with the axis of the run that is resumed */
static ReconConfig *
take_earlier (ReconTomography  *self,
              ReconLedger      *earlier,
              GError          **error)
{
  double axis = json_object_get_double_member_with_default (recon_ledger_get_header (earlier), MEMBER, NAN);
  ReconConfig *config;

  if (!isfinite (axis))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("%s doesn't say which axis the earlier run has found. Start again without --resume."),
                   recon_writer_get_partial_ledger (self->writer));
      return NULL;
    }

  recon_log_info (self->log, "Axis %.7g px, as the earlier run has found it", axis);
  config = recon_config_copy (self->config);
  recon_config_set_number (config, RECON_PARAM_AXIS, axis);

  return config;
}

/* The node that reads the scan knows that its files are the same. */
static gboolean
set_axis (ReconTomography  *self,
          double            axis,
          GError          **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return recon_task_set (recon_graph_get_task (self->graph, self->read), "axis",
                         g_ascii_dtostr (text, sizeof text, axis), error) &&
         recon_graph_shape (self->graph, NULL, error);
}

/* Finds the axis if that is wanted, or takes what @earlier (nullable), the run that goes on, has found. */
gboolean
recon_tomography_find_axis (ReconTomography  *self,
                            ReconLedger      *earlier,
                            GCancellable     *cancellable,
                            GError          **error)
{
  g_autoptr (ReconConfig) config = NULL;

  if (!recon_tomography_wants_axis (self))
    return TRUE;

  config = earlier != NULL ? take_earlier (self, earlier, error)
                           : recon_axis_resolve (self->config, self->scan, self->log, cancellable, error);

  /* The log has heard of all but the axis when the scan was opened. */
  if (config == NULL || !set_axis (self, recon_config_get_number (config, RECON_PARAM_AXIS), error))
    return FALSE;

  recon_config_set_number (self->resolved, RECON_PARAM_AXIS, recon_config_get_number (config, RECON_PARAM_AXIS));

  return recon_tomography_check_axis (self, FALSE, cancellable, error);
}

/* Whether slices about the axis show what they should. @describe: only to tell, not to refuse */
gboolean
recon_tomography_check_axis (ReconTomography  *self,
                             gboolean          describe,
                             GCancellable     *cancellable,
                             GError          **error)
{
  const gboolean force = recon_config_get_boolean (self->config, RECON_PARAM_FORCE);

  return recon_one_sided_check (self->scan, describe || force, self->log, cancellable, error) &&
         (force || !recon_config_get_boolean (self->config, RECON_PARAM_STRICT) || recon_log_check (self->log, error));
}

/* @config: what the header has of the configuration */
void
recon_tomography_note_axis (ReconTomography *self,
                            ReconConfig     *config,
                            JsonObject      *header)
{
  if (!recon_tomography_wants_axis (self))
    return;

  recon_config_parse (config, RECON_PARAM_AXIS, "auto", NULL);
  json_object_set_double_member (header, MEMBER, recon_config_get_number (self->resolved, RECON_PARAM_AXIS));
}
