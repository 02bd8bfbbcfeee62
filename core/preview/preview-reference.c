/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "preview/preview-private.h"

/* The darks and flats of all rows as the correction takes them: each is one image, made of all of its frames. They are
 * those of the projection. */

static const float *
get_pixels (ReconPreview *self,
            ReconView     view)
{
  const ReconReferences *references = self->projection.references;

  switch (view)
    {
    case RECON_VIEW_DARK:
      /* Zeros stand for darks that nobody has taken. */
      return recon_scan_has_darks (self->scan) ? references->dark : NULL;
    case RECON_VIEW_FLAT:
      return references->flat;
    case RECON_VIEW_FLAT_AFTER:
    default:
      return references->flat_after;
    }
}

static const char *
describe_missing (ReconPreview *self,
                  ReconView     view)
{
  if (!recon_scan_get_correct (self->scan))
    return _ ("The scan is not corrected, and neither darks nor flats are used.");
  if (view == RECON_VIEW_DARK)
    return _ ("The scan has no darks: 0 is subtracted.");

  return _ ("The scan has no flats that were taken after it, or they are not told apart from the first ones.");
}

/* Returns: (transfer full): the reference, rows × columns; %NULL on error */
ReconImage *
_recon_preview_make_reference (ReconPreview  *self,
                               ReconView      view,
                               GCancellable  *cancellable,
                               GError       **error)
{
  const ReconShape shape = { RECON_DATA_COUNTS, recon_scan_get_n_slices (self->scan),
                             recon_scan_get_width (self->scan) };
  ReconPreviewProjection *projection = &self->projection;
  g_autoptr (GBytes) bytes = NULL;
  const float *pixels;
  gsize size;

  if (!_recon_preview_get_bytes (&shape, &size, error))
    return NULL;

  if (projection->references == NULL)
    projection->references = recon_references_read (self->scan, 0, shape.height, cancellable, error);
  if (projection->references == NULL)
    return NULL;

  pixels = get_pixels (self, view);
  if (pixels == NULL)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_INPUT, describe_missing (self, view));
      return NULL;
    }
  if (!_recon_preview_check_memory (self, 0, size, error))
    return NULL;
  bytes = g_bytes_new (pixels, size);

  return recon_image_new (shape.width, shape.height, bytes);
}
