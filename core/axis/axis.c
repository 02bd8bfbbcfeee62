/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis.h"

#include "axis/axis-rows.h"
#include "axis/axis-search.h"

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

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  rows = recon_axis_rows_read (config, settings->rows, log, cancellable, error);

  return rows != NULL ? recon_axis_search (rows, settings, cancellable, error) : NULL;
}
