/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/references.h"

#include <glib/gi18n-lib.h>

#include "error.h"

static gboolean
allocate (float  **image,
          gsize    bytes,
          GError **error)
{
  *image = recon_host_memory_new (bytes, error);

  return *image != NULL;
}

/**
 * recon_references_read:
 * @scan: a scan
 * @slice: first slice, counted from 0
 * @n: number of slices
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Returns: (transfer full): the references of these slices, without images where the scan isn't corrected; %NULL with
 *   #RECON_ERROR_READ, #RECON_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
ReconReferences *
recon_references_read (ReconScan     *scan,
                       guint          slice,
                       guint          n,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr (ReconReferences) self = g_new0 (ReconReferences, 1);
  gsize bytes;

  self->n = n;
  if (!recon_scan_get_correct (scan))
    return g_steal_pointer (&self);

  if (!g_size_checked_mul (&bytes, n, recon_scan_get_width (scan)) ||
      !g_size_checked_mul (&bytes, bytes, sizeof (float)))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("The references of %u rows of %u columns are larger than any memory."), n,
                   recon_scan_get_width (scan));
      return NULL;
    }

  if (!allocate (&self->dark, bytes, error) || !allocate (&self->flat, bytes, error) ||
      (recon_scan_has_flats_after (scan) && !allocate (&self->flat_after, bytes, error)) ||
      !recon_scan_read_references (scan, slice, n, self->dark, self->flat, self->flat_after, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
recon_references_free (ReconReferences *self)
{
  recon_host_memory_free (self->dark);
  recon_host_memory_free (self->flat);
  recon_host_memory_free (self->flat_after);
  g_free (self);
}

/**
 * recon_references_lend:
 * @self: references
 * @block: (inout): a block of the slices that they belong to; it must not outlive them
 *
 * Gives a block its references.
 */
void
recon_references_lend (const ReconReferences *self,
                       ReconBlock            *block)
{
  g_return_if_fail (block->n == self->n);

  block->dark = self->dark;
  block->flat = self->flat;
  block->flat_after = self->flat_after;
}

/**
 * recon_references_correct:
 * @self: references
 * @flat_field: a #ReconFlatField, prepared for single lanes
 * @shape: of one slice's lines: angles × columns
 * @pixels: (inout): from recon_host_memory_new(): slices × angles × columns of the slices of @self
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Corrects what lies in memory, where it lies.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE, #RECON_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
gboolean
recon_references_correct (const ReconReferences  *self,
                          ReconStep              *flat_field,
                          const ReconShape       *shape,
                          float                  *pixels,
                          GCancellable           *cancellable,
                          GError                **error)
{
  ReconDevice *device = recon_step_get_device (flat_field);
  const ReconShape all = { shape->kind, shape->height * self->n, shape->width };
  g_auto (ReconClMem) buffer = NULL;
  ReconBlock block;
  gsize bytes;

  if (!recon_shape_get_bytes (&all, &bytes))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("An image of %u × %u values is larger than any memory."),
                   all.width, all.height);
      return FALSE;
    }
  buffer = recon_device_wrap (device, pixels, bytes, TRUE, error);
  if (buffer == NULL)
    return FALSE;

  recon_block_init (&block, 0, self->n, 1, shape);
  recon_references_lend (self, &block);
  if (recon_step_process (flat_field, &block, buffer, buffer, cancellable, error) &&
      recon_device_fetch (device, buffer, pixels, bytes, error))
    return TRUE;

  /* The memory may still be in use. */
  recon_device_wait (device, NULL);

  return FALSE;
}
