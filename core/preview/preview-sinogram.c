/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "preview/preview-private.h"
#include "tomography-steps.h"

/* Rows of one slice at all angles: read once, corrected as often as the correction changes. */

void
_recon_preview_sinogram_drop_correction (ReconPreviewSinogram *self)
{
  g_clear_object (&self->flat_field);
  g_clear_pointer (&self->corrected, recon_image_unref);
}

void
_recon_preview_sinogram_drop (ReconPreviewSinogram *self)
{
  _recon_preview_sinogram_drop_correction (self);
  g_clear_pointer (&self->raw, recon_host_memory_free);
  g_clear_pointer (&self->references, recon_references_free);
}

/* The slice that was there before stays if this fails. */
static gboolean
read_slice (ReconPreview  *self,
            guint          slice,
            gsize          bytes,
            GCancellable  *cancellable,
            GError       **error)
{
  ReconPreviewSinogram *sinogram = &self->sinogram;
  g_autoptr (ReconReferences) references = NULL;
  gsize both = G_MAXSIZE;
  float *raw;

  g_size_checked_mul (&both, bytes, 2);
  if (!_recon_preview_check_memory (self, 0, both, error))
    return FALSE;

  references = recon_references_read (self->scan, slice, 1, cancellable, error);
  if (references == NULL)
    return FALSE;

  raw = recon_host_memory_new (bytes, error);
  if (raw == NULL)
    return FALSE;
  if (!recon_scan_read_sinograms (self->scan, slice, 1, 1, raw, cancellable, error))
    {
      recon_host_memory_free (raw);
      return FALSE;
    }

  recon_host_memory_free (sinogram->raw);
  g_clear_pointer (&sinogram->references, recon_references_free);
  g_clear_pointer (&sinogram->corrected, recon_image_unref);
  for (guint i = 0; i < RECON_N_REDUCTIONS; i++)
    _recon_preview_slice_drop_data (&self->slices[i]);
  sinogram->raw = raw;
  sinogram->references = g_steal_pointer (&references);
  sinogram->slice = slice;

  return TRUE;
}

/* Returns: (transfer none): the corrected sinogram of a slice, angles × columns; %NULL on error */
ReconImage *
_recon_preview_get_sinogram (ReconPreview  *self,
                             guint          slice,
                             GCancellable  *cancellable,
                             GError       **error)
{
  ReconPreviewSinogram *sinogram = &self->sinogram;
  const ReconShape shape = { RECON_DATA_COUNTS, recon_scan_get_n_angles (self->scan),
                             recon_scan_get_width (self->scan) };
  g_autoptr (ReconStep) flat_field = NULL;
  ReconFlatFieldSettings settings;
  gsize bytes;

  if (!recon_tomography_check_scan (self->config, self->scan, NULL, cancellable, error) ||
      !_recon_preview_get_bytes (&shape, &bytes, error))
    return NULL;

  if ((sinogram->raw == NULL || sinogram->slice != slice) && !read_slice (self, slice, bytes, cancellable, error))
    return NULL;

  if (sinogram->corrected != NULL)
    return sinogram->corrected;

  if (!_recon_preview_open_device (self, error))
    return NULL;

  if (sinogram->flat_field == NULL)
    {
      recon_tomography_get_flat_field (self->config, self->scan, &settings);
      flat_field = recon_flat_field_new (&settings);
      if (!recon_step_prepare (flat_field, self->device, &shape, 1, error))
        return NULL;
      sinogram->flat_field = g_steal_pointer (&flat_field);
    }

  sinogram->corrected = _recon_preview_correct (self, sinogram->flat_field, sinogram->raw, &shape,
                                                sinogram->references, cancellable, error);

  return sinogram->corrected;
}
