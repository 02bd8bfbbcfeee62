/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/frame-look.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "error.h"

#define LEAST_TRANSMISSION 1e-4f

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
  self->n_rows = recon_scan_get_n_slices (scan);
  self->width = recon_scan_get_width (scan);
  if (!g_size_checked_mul (&size, self->n_rows, self->width) ||
      (self->pixels = g_try_new (float, size)) == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory for a projection of %u × %u."),
                   self->width, self->n_rows);
      return NULL;
    }
  self->references = recon_references_read (scan, 0, self->n_rows, cancellable, error);

  return self->references != NULL ? g_steal_pointer (&self) : NULL;
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
  const ReconReferences *references = self->references;
  const gboolean absorptivity = recon_scan_get_absorptivity (self->scan);
  const gsize size = (gsize) self->n_rows * self->width;

  if (!recon_scan_read_projection (self->scan, angle, self->pixels, cancellable, error))
    return FALSE;

  for (gsize i = 0; i < size; i++)
    {
      float *p = self->pixels + i;

      if (references->flat != NULL)
        *p = (*p - references->dark[i]) / (references->flat[i] - references->dark[i]);
      if (absorptivity)
        *p = isfinite (*p) ? -logf (MAX (*p, LEAST_TRANSMISSION)) : NAN;
      else if (references->flat != NULL)
        *p = 1 - *p;
    }

  return TRUE;
}

void
recon_frame_look_free (ReconFrameLook *self)
{
  g_clear_object (&self->scan);
  g_clear_pointer (&self->references, recon_references_free);
  g_free (self->pixels);
  g_free (self);
}
