/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preview/preview-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/memory.h"
#include "error.h"
#include "tomography-steps.h"

/* What the stages of a preview have in common. */

/* The first of the devices that a job would use: all of them make the same slices. */
gboolean
_recon_preview_open_device (ReconPreview  *self,
                            GError       **error)
{
  if (self->device == NULL)
    self->device = recon_devices_open_first (recon_config_get_text (self->config, RECON_PARAM_DEVICE), error);

  return self->device != NULL;
}

gboolean
_recon_preview_get_bytes (const ReconShape *shape,
                          gsize            *bytes,
                          GError          **error)
{
  if (recon_shape_get_bytes (shape, bytes))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("An image of %u × %u values is larger than any memory."),
               shape->width, shape->height);
  return FALSE;
}

/* Whether so many bytes more than are @taken already are within the limit, or are free where there is none. */
gboolean
_recon_preview_check_memory (ReconPreview  *self,
                             gsize          taken,
                             gsize          more,
                             GError       **error)
{
  const gboolean is_automatic = recon_config_is_automatic (self->config, RECON_PARAM_MEMORY_LIMIT);
  guint64 limit = is_automatic ? recon_memory_available ()
                               : recon_config_get_size (self->config, RECON_PARAM_MEMORY_LIMIT);
  g_autofree char *bytes_text = NULL;
  g_autofree char *limit_text = NULL;
  gsize bytes = G_MAXSIZE;

  if (is_automatic)
    taken = 0;
  if (g_size_checked_add (&bytes, taken, more) && bytes <= limit)
    return TRUE;

  bytes_text = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  limit_text = g_format_size_full (limit, G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
               is_automatic
                 ? _ ("The preview takes %s of memory, but only %s are free. Close other programs, or use crop, bin or "
                      "fewer angles.")
                 : _ ("The preview takes %s of memory, but the memory limit is %s. Raise --memory-limit, or use crop, "
                      "bin or fewer angles."),
               bytes_text, limit_text);
  return FALSE;
}

/* @pixels: (transfer full): from recon_host_memory_new() */
ReconImage *
_recon_preview_take_image (float *pixels,
                           guint  width,
                           guint  height)
{
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (pixels, (gsize) width * height * sizeof (float),
                                                         recon_host_memory_free, pixels);

  return recon_image_new (width, height, bytes);
}

/* Corrects as many slices as there are references for.
 *
 * Returns: (transfer full): an image of angles · slices × columns; %NULL on error */
ReconImage *
_recon_preview_correct (ReconPreview           *self,
                        ReconStep              *flat_field,
                        const float            *raw,
                        const ReconShape       *shape,
                        const ReconReferences  *references,
                        GCancellable           *cancellable,
                        GError                **error)
{
  const ReconShape image = { shape->kind, shape->height * references->n, shape->width };
  float *pixels;
  gsize bytes;

  if (!_recon_preview_get_bytes (&image, &bytes, error))
    return NULL;

  pixels = recon_host_memory_new (bytes, error);
  if (pixels == NULL)
    return NULL;

  memcpy (pixels, raw, bytes);
  if (recon_references_correct (references, flat_field, shape, pixels, cancellable, error))
    return _recon_preview_take_image (pixels, image.width, image.height);

  recon_host_memory_free (pixels);

  return NULL;
}
