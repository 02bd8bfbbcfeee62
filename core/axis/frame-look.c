/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/frame-look.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"

#define LEAST_TRANSMISSION 1e-4f

static gboolean
read_references (ReconFrameLook  *self,
                 gsize            size,
                 GCancellable    *cancellable,
                 GError         **error)
{
  g_autofree float *flat_after = NULL;

  self->dark = g_try_new (float, size);
  self->flat = g_try_new (float, size);
  if (recon_scan_has_flats_after (self->scan))
    flat_after = g_try_new (float, size);
  if (self->dark == NULL || self->flat == NULL || (recon_scan_has_flats_after (self->scan) && flat_after == NULL))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory for flats of %u × %u."), self->width,
                   self->n_rows);
      return FALSE;
    }

  return recon_scan_read_references (self->scan, 0, self->n_rows, self->dark, self->flat, flat_after, cancellable,
                                     error);
}

/**
 * recon_frame_look_new:
 * @scan: a scan
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Returns: (transfer full): what its projections can be read with; %NULL with #RECON_ERROR_READ, #RECON_ERROR_MEMORY or
 *   %G_IO_ERROR_CANCELLED
 */
ReconFrameLook *
recon_frame_look_new (ReconScan     *scan,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr (ReconFrameLook) self = g_new0 (ReconFrameLook, 1);
  gsize size;

  self->scan = g_object_ref (scan);
  self->n_rows = recon_scan_get_geometry (scan)->n_rows;
  self->width = recon_scan_get_width (scan);
  if (!g_size_checked_mul (&size, self->n_rows, self->width) ||
      (self->pixels = g_try_new (float, size)) == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory for a projection of %u × %u."),
                   self->width, self->n_rows);
      return NULL;
    }

  return !recon_scan_get_correct (scan) || read_references (self, size, cancellable, error) ? g_steal_pointer (&self)
                                                                                            : NULL;
}

/**
 * recon_frame_look_read:
 * @self: a look at projections
 * @angle: the projection's number in the scan
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads and corrects a projection.
 *
 * Returns: %FALSE with #RECON_ERROR_READ or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_frame_look_read (ReconFrameLook  *self,
                       guint            angle,
                       GCancellable    *cancellable,
                       GError         **error)
{
  const gboolean absorptivity = recon_scan_get_absorptivity (self->scan);
  const gsize size = (gsize) self->n_rows * self->width;

  if (!recon_scan_read_projection (self->scan, angle, self->pixels, cancellable, error))
    return FALSE;

  for (gsize i = 0; i < size; i++)
    {
      float *p = self->pixels + i;

      if (self->flat != NULL)
        *p = (*p - self->dark[i]) / (self->flat[i] - self->dark[i]);
      if (absorptivity)
        *p = isfinite (*p) ? -logf (MAX (*p, LEAST_TRANSMISSION)) : NAN;
      else if (self->flat != NULL)
        *p = 1 - *p;
    }

  return TRUE;
}

void
recon_frame_look_free (ReconFrameLook *self)
{
  g_clear_object (&self->scan);
  g_free (self->dark);
  g_free (self->flat);
  g_free (self->pixels);
  g_free (self);
}
