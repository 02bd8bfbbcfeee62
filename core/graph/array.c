/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/array.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"

/* Where the numbers were written last. */
typedef enum
{
  NOWHERE,
  ON_HOST,
  ON_DEVICE,
  ON_BOTH,
} Place;

struct _ReconArray
{
  gatomicrefcount ref_count;
  ReconArrayType     type;
  ReconRegion     region;
  ReconLayout     layout;
  gsize           bytes;

  Place           newest;
  gpointer        host;      /* (nullable): from recon_host_memory_new() */
  gboolean        owns_host;
  ReconArray     *viewed;    /* (nullable): whose host memory it is */
  ReconDevice    *device;    /* (nullable): that of the buffer */
  cl_mem          buffer;    /* (nullable): on a device that shares the host's memory, it is the memory at `host` */
};

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
  ReconArray *view = g_new0 (ReconArray, 1);

  g_return_val_if_fail (self->newest == ON_HOST || self->newest == ON_BOTH, NULL);

  g_atomic_ref_count_init (&view->ref_count);
  view->type = self->type;
  view->region = self->region;
  view->layout = self->layout;
  view->bytes = self->bytes;
  view->newest = ON_HOST;
  view->host = self->host;
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

/* Bytes from one place on an axis to the next. */
static void
get_strides (ReconArray *self,
             gsize      *strides)
{
  gsize stride = recon_array_type_get_bytes (self->type);

  for (guint i = self->region.n_axes; i-- > 0;)
    {
      strides[i] = stride;
      stride *= i + 2 == self->region.n_axes ? recon_array_get_pitch (self) : recon_array_get_n (self, i);
    }
}

static void
copy_axis (const ReconRegion *part,
           guint              axis,
           char              *to,
           const gsize       *to_strides,
           const char        *from,
           const gsize       *from_strides)
{
  if (axis + 1 == part->n_axes)
    {
      memcpy (to, from, part->axes[axis].n * to_strides[axis]);
      return;
    }

  for (guint64 i = 0; i < part->axes[axis].n; i++)
    copy_axis (part, axis + 1, to + i * to_strides[axis], to_strides, from + i * from_strides[axis], from_strides);
}

/* In numbers, from the image's first. */
static inline gsize
locate (ReconArray *self,
        gsize       row,
        gsize       column)
{
  const guint lanes = self->layout.lanes, width = recon_array_get_n (self, self->region.n_axes - 1);

  return self->layout.is_interleaved ? (row / lanes * width + column) * lanes + row % lanes : row * width + column;
}

/* Number by number, between an interleaved array and another one. */
static void
copy_images (const ReconRegion *part,
             guint              axis,
             ReconArray        *to,
             char              *target,
             const gsize       *to_strides,
             ReconArray        *from,
             const char        *source,
             const gsize       *from_strides)
{
  const gsize bytes = recon_array_type_get_bytes (to->type);
  const guint rows = part->n_axes - 2, columns = part->n_axes - 1;

  if (axis < rows)
    {
      const guint64 to_first = part->axes[axis].first - to->region.axes[axis].first;
      const guint64 from_first = part->axes[axis].first - from->region.axes[axis].first;

      for (guint64 i = 0; i < part->axes[axis].n; i++)
        copy_images (part, axis + 1, to, target + (to_first + i) * to_strides[axis], to_strides,
                     from, source + (from_first + i) * from_strides[axis], from_strides);
      return;
    }

  for (guint64 i = 0; i < part->axes[rows].n; i++)
    for (guint64 k = 0; k < part->axes[columns].n; k++)
      {
        const guint64 row = part->axes[rows].first + i, column = part->axes[columns].first + k;

        memcpy (target + bytes * locate (to, row - to->region.axes[rows].first,
                                         column - to->region.axes[columns].first),
                source + bytes * locate (from, row - from->region.axes[rows].first,
                                         column - from->region.axes[columns].first), bytes);
      }
}

/* Copies what both have; one of them lies within the other. */
static gboolean
copy_part (ReconArray         *to,
           ReconArray         *from,
           const ReconRegion  *part,
           GError            **error)
{
  gsize to_strides[RECON_MAX_AXES], from_strides[RECON_MAX_AXES];
  const char *source = recon_array_read (from, error);
  char *target = source != NULL ? recon_array_write (to, error) : NULL;

  if (target == NULL)
    return FALSE;

  get_strides (to, to_strides);
  get_strides (from, from_strides);
  if (to->layout.is_interleaved || from->layout.is_interleaved)
    {
      copy_images (part, 0, to, target, to_strides, from, source, from_strides);
      return TRUE;
    }

  for (guint i = 0; i < part->n_axes; i++)
    {
      target += (part->axes[i].first - to->region.axes[i].first) * to_strides[i];
      source += (part->axes[i].first - from->region.axes[i].first) * from_strides[i];
    }
  copy_axis (part, 0, target, to_strides, source, from_strides);

  return TRUE;
}

/**
 * recon_array_copy:
 * @self: an array
 * @source: another one of the same numbers, whose region has the one of @self in it
 * @error: return location
 *
 * Fills @self, by way of the host.
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
gboolean
recon_array_copy (ReconArray  *self,
                  ReconArray  *source,
                  GError     **error)
{
  g_return_val_if_fail (recon_region_contains (&source->region, &self->region), FALSE);

  return copy_part (self, source, &self->region, error);
}

/**
 * recon_array_paste:
 * @self: an array
 * @part: another one of the same numbers, whose region is in the one of @self
 * @error: return location
 *
 * Replaces a part of @self, which is in the host's memory.
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
gboolean
recon_array_paste (ReconArray  *self,
                   ReconArray  *part,
                   GError     **error)
{
  g_return_val_if_fail (recon_region_contains (&self->region, &part->region), FALSE);

  return copy_part (self, part, &part->region, error);
}

/**
 * recon_array_straighten:
 * @self: an array with numbers
 * @error: return location
 *
 * Returns: (transfer full): the same numbers, not interleaved; @self if it is not. %NULL with #RECON_ERROR_MEMORY or
 *   #RECON_ERROR_DEVICE
 */
ReconArray *
recon_array_straighten (ReconArray  *self,
                        GError     **error)
{
  const ReconArrayInfo info = { .type = self->type };
  g_autoptr (ReconArray) plain = NULL;

  if (!self->layout.is_interleaved)
    return recon_array_ref (self);

  plain = recon_array_new (&info, &self->region, RECON_PLAIN);

  return recon_array_copy (plain, self, error) ? g_steal_pointer (&plain) : NULL;
}
