/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "axis/one-sided.h"
#include "axis/resolve.h"
#include "error.h"
#include "preview/preview-private.h"

/* An axis that has to be found (reconstruction.axis = auto) is found once for a scan and its correction. */

void
_recon_preview_drop_axis (ReconPreview *self)
{
  self->axis = NAN;
  g_clear_error (&self->axis_error);
}

static gboolean
find (ReconPreview  *self,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (ReconConfig) found = recon_axis_resolve (self->config, self->log, cancellable, &failure);

  if (found != NULL)
    {
      self->axis = recon_config_get_number (found, RECON_PARAM_AXIS);
      return TRUE;
    }

  /* Another search would come to the same. */
  if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_AXIS))
    self->axis_error = g_error_copy (failure);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static gboolean
update_scan (ReconPreview  *self,
             GError       **error)
{
  g_autoptr (ReconConfig) config = recon_config_copy (self->config);

  recon_config_set_number (config, RECON_PARAM_AXIS, self->axis);
  if (!recon_scan_update (self->scan, config, NULL, error))
    return FALSE;

  for (guint i = 0; i < RECON_N_REDUCTIONS; i++)
    _recon_preview_slice_drop_backprojection (&self->slices[i]);

  return TRUE;
}

/* Gives the open scan the axis that was found, if the configuration wants that. */
gboolean
_recon_preview_settle_axis (ReconPreview  *self,
                            GCancellable  *cancellable,
                            GError       **error)
{
  if (!recon_config_has_word (self->config, RECON_PARAM_AXIS, "auto"))
    return TRUE;

  if (self->axis_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->axis_error));
      return FALSE;
    }

  if (isnan (self->axis) && !find (self, cancellable, error))
    return FALSE;

  /* Who looks may see what a run would be refused for. */
  return recon_scan_get_axis_as_read (self->scan) == self->axis ||
         (update_scan (self, error) && recon_one_sided_check (self->scan, TRUE, self->log, cancellable, error));
}
