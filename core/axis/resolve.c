/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/resolve.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"

/* Parts of a pixel: far finer than any search is sure, and short to read and to type. */
#define PARTS 1000.0

/**
 * recon_axis_result_get_column:
 * @self: a result
 *
 * Returns: the axis as configurations hold it, to a thousandth of a pixel; NaN if there is none
 */
double
recon_axis_result_get_column (const ReconAxisResult *self)
{
  return self->confidence == RECON_AXIS_CONFIDENCE_NONE ? (double) NAN : round (self->axis * PARTS) / PARTS;
}

/**
 * recon_axis_result_store:
 * @self: a result with an axis
 * @config: a configuration
 *
 * Gives the configuration the axis that was found.
 */
void
recon_axis_result_store (const ReconAxisResult *self,
                         ReconConfig           *config)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (self->confidence != RECON_AXIS_CONFIDENCE_NONE);

  g_ascii_formatd (text, sizeof text, "%.3f", recon_axis_result_get_column (self));
  recon_config_parse (config, RECON_PARAM_AXIS, text, NULL);
}

/**
 * recon_axis_resolve:
 * @config: a configuration
 * @scan: the scan that it describes, open and checked, of which projections without light have been left out
 * @log: (nullable): gets what was found; a warning if that isn't sure
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Finds the rotation axis if the configuration wants that (reconstruction.axis is "auto"). The same data and
 * parameters come to the same axis again.
 *
 * Returns: (transfer full): the configuration with a number, or the same one if there is nothing to find; %NULL with
 *   the errors of recon_axis_find(), or #RECON_ERROR_AXIS if there is no telling where the axis is
 */
ReconConfig *
recon_axis_resolve (ReconConfig   *config,
                    ReconScan     *scan,
                    ReconLog      *log,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (ReconAxisResult) result = NULL;
  g_autofree char *line = NULL;
  ReconConfig *resolved;

  g_return_val_if_fail (RECON_IS_CONFIG (config), NULL);

  if (!recon_config_has_word (config, RECON_PARAM_AXIS, "auto"))
    return g_object_ref (config);

  recon_log_info (log, "Looking for the rotation axis");
  result = recon_axis_find_in (scan, config, &settings, cancellable, error);
  if (result == NULL)
    return NULL;

  if (result->confidence == RECON_AXIS_CONFIDENCE_NONE)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_AXIS,
                   _ ("The rotation axis could not be found (reconstruction.axis = auto): %s Give the axis with "
                      "--axis=COLUMN."),
                   result->reason);
      return NULL;
    }

  line = recon_axis_result_say (result);
  if (result->confidence == RECON_AXIS_CONFIDENCE_HIGH)
    recon_log_info (log, "Found: %s", line);
  else
    recon_log_warning (log, "The axis that was found is not sure: %s. %s Look at the slices, or give the axis with "
                       "--axis=COLUMN.", line, result->reason);

  resolved = recon_config_copy (config);
  recon_axis_result_store (result, resolved);

  return resolved;
}
