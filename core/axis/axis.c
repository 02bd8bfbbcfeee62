/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis.h"

#include <glib/gi18n-lib.h>

#include "axis/axis-rows.h"
#include "axis/axis-search.h"
#include "axis/look-across.h"

/* Where rows tell little, columns may tell more. */
static gboolean
consider_columns (ReconAxisResult  *result,
                  ReconConfig      *config,
                  GCancellable     *cancellable,
                  GError          **error)
{
  g_autoptr (GError) unable = NULL;
  g_autofree char *reason = NULL;
  gboolean found, turned;

  if (result->confidence > RECON_AXIS_CONFIDENCE_LOW)
    return TRUE;

  /* It is only a hint: what can't be read otherwise is no reason to keep back what was found. */
  if (!recon_axis_look_across (config, &found, cancellable, &unable))
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (!found)
    return TRUE;

  turned = recon_config_get_choice (config, RECON_PARAM_ROTATE) % 2 == 1;
  reason = g_steal_pointer (&result->reason);
  result->reason = g_strdup_printf (_ ("%s The axis seems to lie along the rows: turn the frames with --rotate=%d "
                                       "(input.rotate)."),
                                    reason, turned ? 0 : 90);

  return TRUE;
}

/**
 * recon_axis_find:
 * @config: a configuration: the scan, its correction, the rows. Its axis is not looked at
 * @settings: where to look and how
 * @log: (nullable): hears what was decided about the scan
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads some rows of a scan and finds its rotation axis. The same scan and settings give the same result.
 *
 * Returns: (transfer full): a result, whose confidence may be none; %NULL with the errors of recon_scan_open(),
 *   #RECON_ERROR_CONFIG for rows or a range outside the detector, #RECON_ERROR_INPUT for a scan without projections
 *   half a turn apart, #RECON_ERROR_READ, #RECON_ERROR_DEVICE, #RECON_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
ReconAxisResult *
recon_axis_find (ReconConfig              *config,
                 const ReconAxisSettings  *settings,
                 ReconLog                 *log,
                 GCancellable             *cancellable,
                 GError                  **error)
{
  g_autoptr (ReconAxisRows) rows = NULL;
  g_autoptr (ReconAxisResult) result = NULL;

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  rows = recon_axis_rows_read (config, settings->rows, log, cancellable, error);

  result = rows != NULL ? recon_axis_search (rows, settings, cancellable, error) : NULL;
  if (result == NULL || !consider_columns (result, config, cancellable, error))
    return NULL;

  return g_steal_pointer (&result);
}
