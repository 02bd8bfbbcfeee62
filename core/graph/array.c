/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/array-private.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"

/**
 * recon_array_new:
 * @info: what the whole array is
 * @region: the part of it
 * @layout: how it lies in memory; of arrays of one axis it means nothing
 *
 * Returns: (transfer full): room for the region, which is allocated where it is first used
 */
ReconArray *
recon_array_new (const ReconArrayInfo *info,
                 const ReconRegion    *region,
                 ReconLayout           layout)
{
  return recon_array_new_for_host (info, region, layout, NULL);
}

/**
 * recon_array_new_for_host:
 * @info: what the whole array is
 * @region: the part of it
 * @layout: how it lies in memory
 * @memory: (nullable): room for it from recon_host_memory_new(), which has to outlive the array
 *
 * Returns: (transfer full): the region in that memory; it holds no numbers yet
 */
ReconArray *
recon_array_new_for_host (const ReconArrayInfo *info,
                          const ReconRegion    *region,
                          ReconLayout           layout,
                          gpointer              memory)
{
  ReconArray *self = g_new0 (ReconArray, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->type = info->type;
  self->region = *region;
  self->layout = layout;
  self->host = memory;
  if (!recon_region_get_bytes (region, info->type, layout.lanes, &self->bytes))
    self->bytes = G_MAXSIZE;

  return self;
}

/**
 * recon_array_new_view:
 * @self: an array whose numbers are in the host's memory
 *
 * Returns: (transfer full): another array of the same memory, which another thread may read at the same time
 */
ReconArray *
recon_array_new_view (ReconArray *self)
{
  const ReconArrayInfo info = { .type = self->type };
  ReconArray *view;

  g_return_val_if_fail (self->newest == ON_HOST || self->newest == ON_BOTH, NULL);

  view = recon_array_new_for_host (&info, &self->region, self->layout, self->host);
  view->newest = ON_HOST;
  view->viewed = recon_array_ref (self);

  return view;
}

ReconArray *
recon_array_ref (ReconArray *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
recon_array_unref (ReconArray *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->buffer, clReleaseMemObject);
  g_clear_object (&self->device);
  if (self->owns_host)
    recon_host_memory_free (self->host);
  g_clear_pointer (&self->viewed, recon_array_unref);
  g_free (self);
}

ReconArrayType
recon_array_get_type_of (ReconArray *self)
{
  return self->type;
}

/**
 * recon_array_get_region:
 * @self: an array
 *
 * Returns: (transfer none): which part of the whole it holds
 */
const ReconRegion *
recon_array_get_region (ReconArray *self)
{
  return &self->region;
}

ReconLayout
recon_array_get_layout (ReconArray *self)
{
  return self->layout;
}

/* Returns: whether nobody has written to it */
gboolean
recon_array_is_empty (ReconArray *self)
{
  return self->newest == NOWHERE;
}

gsize
recon_array_get_bytes (ReconArray *self)
{
  return self->bytes;
}

/**
 * recon_array_get_n:
 * @self: an array
 * @axis: which axis, from the slowest
 *
 * Returns: how many of them it holds; 1 beyond the last axis
 */
guint
recon_array_get_n (ReconArray *self,
                   guint       axis)
{
  return axis < self->region.n_axes ? (guint) self->region.axes[axis].n : 1;
}

/**
 * recon_array_get_pitch:
 * @self: an array of two axes or more
 *
 * Returns: the number of rows (of the last axis but one) that there is room for, in whole groups: what lies between an
 *   image's first row and that of the next
 */
guint
recon_array_get_pitch (ReconArray *self)
{
  const guint lanes = self->layout.lanes;

  g_return_val_if_fail (self->region.n_axes >= 2, 1);

  return (recon_array_get_n (self, self->region.n_axes - 2) + lanes - 1) / lanes * lanes;
}

static gboolean
allocate_host (ReconArray  *self,
               GError     **error)
{
  if (self->host == NULL)
    {
      self->host = recon_host_memory_new (self->bytes, error);
      self->owns_host = self->host != NULL;
    }

  return self->host != NULL;
}

static gboolean
fail_empty (GError **error)
{
  g_set_error_literal (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("Numbers are read that nobody has written."));

  return FALSE;
}

/**
 * recon_array_read:
 * @self: an array
 * @error: return location
 *
 * Waits for what the device does with it, and brings the numbers to the host where they are not there.
 *
 * Returns: (transfer none): the numbers; %NULL with #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
gconstpointer
recon_array_read (ReconArray  *self,
                  GError     **error)
{
  if (self->newest == NOWHERE)
    {
      fail_empty (error);
      return NULL;
    }

  if (self->newest == ON_DEVICE)
    {
      if (!allocate_host (self, error) ||
          !recon_device_fetch (self->device, self->buffer, self->host, self->bytes, error))
        return NULL;
      self->newest = ON_BOTH;
    }

  return self->host;
}

/**
 * recon_array_write:
 * @self: an array
 * @error: return location
 *
 * What the host changes is what everybody sees from now on. Numbers that are on the device only are not brought: call
 * recon_array_read() before, to change a part of them.
 *
 * Returns: (transfer none): room for all numbers; %NULL with #RECON_ERROR_MEMORY
 */
gpointer
recon_array_write (ReconArray  *self,
                   GError     **error)
{
  if (!allocate_host (self, error))
    return NULL;
  self->newest = ON_HOST;

  return self->host;
}

/* On a device that shares the host's memory the buffer is always made of that. */
static gboolean
make_buffer (ReconArray   *self,
             ReconDevice  *device,
             gboolean      upload,
             GError      **error)
{
  g_clear_pointer (&self->buffer, clReleaseMemObject);
  g_set_object (&self->device, device);

  if (recon_device_get_info (device)->shares_memory && !allocate_host (self, error))
    return FALSE;

  if (upload || recon_device_get_info (device)->shares_memory)
    self->buffer = recon_device_wrap (device, self->host, self->bytes, upload, error);
  else
    self->buffer = recon_device_new_buffer (device, self->bytes, error);

  return self->buffer != NULL;
}

/**
 * recon_array_read_on:
 * @self: an array
 * @device: a device
 * @error: return location
 *
 * Sends the numbers to the device where they are not there.
 *
 * Returns: (transfer none): a buffer that holds them; %NULL with #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
cl_mem
recon_array_read_on (ReconArray   *self,
                     ReconDevice  *device,
                     GError      **error)
{
  const gboolean is_there = self->newest >= ON_DEVICE && self->device == device;

  if (is_there)
    return self->buffer;

  if (recon_array_read (self, error) == NULL || !make_buffer (self, device, TRUE, error))
    return NULL;
  self->newest = ON_BOTH;

  return self->buffer;
}

/**
 * recon_array_write_on:
 * @self: an array
 * @device: a device
 * @error: return location
 *
 * What the device writes is what everybody sees from now on. Numbers that are elsewhere are not sent: call
 * recon_array_read_on() before, to change them.
 *
 * Returns: (transfer none): a buffer with room for all numbers; %NULL with #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
cl_mem
recon_array_write_on (ReconArray   *self,
                      ReconDevice  *device,
                      GError      **error)
{
  if ((self->buffer == NULL || self->device != device) && !make_buffer (self, device, FALSE, error))
    return NULL;
  self->newest = ON_DEVICE;

  return self->buffer;
}

/**
 * recon_array_reshape:
 * @self: an array that nobody else uses
 * @info: what its numbers are now
 * @region: and which part of that; of the same size
 * @layout: and how they lie
 *
 * For tasks that work in place.
 */
void
recon_array_reshape (ReconArray           *self,
                     const ReconArrayInfo *info,
                     const ReconRegion    *region,
                     ReconLayout           layout)
{
  self->type = info->type;
  self->region = *region;
  self->layout = layout;
}

/**
 * recon_array_reuse:
 * @self: an array whose numbers nobody needs any more
 * @info: what it is to hold
 * @region: and which part of that
 * @layout: and how that is to lie
 *
 * Forgets the numbers and keeps the memory.
 *
 * Returns: %FALSE if somebody else has the array or its memory, or it has another size; it stays as it was then
 */
gboolean
recon_array_reuse (ReconArray           *self,
                   const ReconArrayInfo *info,
                   const ReconRegion    *region,
                   ReconLayout           layout)
{
  gsize bytes;

  if (!recon_region_get_bytes (region, info->type, layout.lanes, &bytes) || bytes != self->bytes ||
      self->viewed != NULL || !g_atomic_ref_count_compare (&self->ref_count, 1))
    return FALSE;

  recon_array_reshape (self, info, region, layout);
  self->newest = NOWHERE;

  return TRUE;
}
