/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "graph/array-private.h"

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
