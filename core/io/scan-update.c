/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

/**
 * recon_scan_update:
 * @self: a scan
 * @config: the configuration that it was opened with, but for the values that are looked at here
 * @log: (nullable): hears what was decided
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
  double axis, axis_as_read;

  g_return_val_if_fail (RECON_IS_SCAN (self), FALSE);
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);

  axis = self->axis;
  axis_as_read = self->axis_as_read;
  if (!_recon_scan_set_up_axis (self, config, log, error))
    return FALSE;
  if (!_recon_scan_set_up_angles (self, config, log, error))
    {
      self->axis = axis;
      self->axis_as_read = axis_as_read;
      return FALSE;
    }

  _recon_scan_set_up_pixel_size (self, config, log);
  _recon_scan_set_up_absorptivity (self, config);

  return TRUE;
}
