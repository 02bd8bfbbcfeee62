/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preview/preview-private.h"
#include "tomography-steps.h"

/* One projection. Its rows are corrected as slices of a scan of one angle, by the step that corrects sinograms. */

void
_recon_preview_projection_drop_correction (ReconPreviewProjection *self)
{
  g_clear_pointer (&self->corrected, recon_image_unref);
}

void
_recon_preview_projection_drop (ReconPreviewProjection *self)
{
  _recon_preview_projection_drop_correction (self);
  g_clear_pointer (&self->raw, recon_image_unref);
  g_clear_pointer (&self->references, recon_references_free);
}

static gboolean
read_projection (ReconPreview  *self,
                 guint          index,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const ReconShape shape = { RECON_DATA_COUNTS, recon_scan_get_n_slices (self->scan),
                             recon_scan_get_width (self->scan) };
  ReconPreviewProjection *projection = &self->projection;
  float *pixels;
  gsize bytes;

  if (!_recon_preview_get_bytes (&shape, &bytes, error) || !_recon_preview_check_memory (self, 0, bytes, error))
    return FALSE;

  pixels = recon_host_memory_new (bytes, error);
  if (pixels == NULL)
    return FALSE;
  if (!recon_scan_read_projection (self->scan, index, pixels, cancellable, error))
    {
      recon_host_memory_free (pixels);
      return FALSE;
    }

  _recon_preview_projection_drop_correction (projection);
  g_clear_pointer (&projection->raw, recon_image_unref);
  projection->raw = _recon_preview_take_image (pixels, shape.width, shape.height);
  projection->index = index;

  return TRUE;
}

static ReconImage *
correct_projection (ReconPreview  *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const ReconShape row = { RECON_DATA_COUNTS, 1, recon_scan_get_width (self->scan) };
  const guint n_rows = recon_scan_get_n_slices (self->scan);
  ReconPreviewProjection *projection = &self->projection;
  g_autoptr (ReconStep) flat_field = NULL;
  ReconFlatFieldSettings settings;

  if (!recon_tomography_check_scan (self->config, self->scan, NULL, cancellable, error) || !_recon_preview_open_device (self, error))
    return NULL;

  if (projection->references == NULL)
    projection->references = recon_references_read (self->scan, 0, n_rows, cancellable, error);
  if (projection->references == NULL)
    return NULL;

  recon_tomography_get_flat_field (self->config, self->scan, &settings);
  if (settings.positions != NULL)
    settings.positions += projection->index;
  settings.n_angles = 1;
  flat_field = recon_flat_field_new (&settings);
  if (!recon_step_prepare (flat_field, self->device, &row, 1, error))
    return NULL;

  return _recon_preview_correct (self, flat_field, recon_image_get_pixels (projection->raw), &row,
                                 projection->references, cancellable, error);
}

/* Returns: (transfer none): a projection, rows × columns; %NULL on error */
ReconImage *
_recon_preview_get_projection (ReconPreview  *self,
                               guint          index,
                               gboolean       corrected,
                               GCancellable  *cancellable,
                               GError       **error)
{
  ReconPreviewProjection *projection = &self->projection;

  if ((projection->raw == NULL || projection->index != index) && !read_projection (self, index, cancellable, error))
    return NULL;

  if (!corrected)
    return projection->raw;

  if (projection->corrected == NULL)
    projection->corrected = correct_projection (self, cancellable, error);

  return projection->corrected;
}
