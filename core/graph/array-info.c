/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/array.h"

#include <stdarg.h>
#include <string.h>

static const struct
{
  const char *name;
  gsize       bytes;
} samples[] = {
  [RECON_ARRAY_FLOAT32] = { "float32", 4 }, [RECON_ARRAY_COMPLEX64] = { "complex64", 8 },
  [RECON_ARRAY_UINT8] = { "uint8", 1 },     [RECON_ARRAY_UINT16] = { "uint16", 2 },
  [RECON_ARRAY_UINT32] = { "uint32", 4 },
};

gsize
recon_array_type_get_bytes (ReconArrayType type)
{
  return samples[type].bytes;
}

const char *
recon_array_type_get_name (ReconArrayType type)
{
  return samples[type].name;
}

/**
 * recon_array_info_init:
 * @self: (out caller-allocates): the description
 * @type: type of the numbers
 * @n_axes: number of axes, at most %RECON_MAX_AXES
 * @...: name (const char *) and size (guint64) of each axis, slowest first
 */
void
recon_array_info_init (ReconArrayInfo *self,
                       ReconArrayType     type,
                       guint           n_axes,
                       ...)
{
  va_list axes;

  g_return_if_fail (n_axes > 0 && n_axes <= RECON_MAX_AXES);

  *self = (ReconArrayInfo) { .type = type, .n_axes = n_axes };
  va_start (axes, n_axes);
  for (guint i = 0; i < n_axes; i++)
    {
      self->axes[i].name = g_intern_string (va_arg (axes, const char *));
      self->axes[i].size = va_arg (axes, guint64);
    }
  va_end (axes);
}

/**
 * recon_array_info_copy:
 * @self: (out caller-allocates): another description of the same; the geometry is shared
 * @source: a description
 */
void
recon_array_info_copy (ReconArrayInfo       *self,
                       const ReconArrayInfo *source)
{
  *self = *source;
  if (self->geometry != NULL)
    recon_geometry_ref (self->geometry);
}

void
recon_array_info_clear (ReconArrayInfo *self)
{
  g_clear_pointer (&self->geometry, recon_geometry_unref);
  self->n_axes = 0;
}

/**
 * recon_array_info_find:
 * @self: a description
 * @axis: name of an axis
 *
 * Returns: which axis that is, counted from the slowest; -1 if there is none of the name
 */
int
recon_array_info_find (const ReconArrayInfo *self,
                       const char           *axis)
{
  for (guint i = 0; i < self->n_axes; i++)
    if (strcmp (self->axes[i].name, axis) == 0)
      return (int) i;

  return -1;
}

/**
 * recon_array_info_has_axes:
 * @self: a description
 * @...: names of axes, slowest first, and %NULL
 *
 * Returns: whether these are the array's axes, in this order
 */
gboolean
recon_array_info_has_axes (const ReconArrayInfo *self,
                           ...)
{
  gboolean equal = TRUE;
  const char *name;
  va_list axes;
  guint n = 0;

  va_start (axes, self);
  while ((name = va_arg (axes, const char *)) != NULL)
    {
      equal = equal && n < self->n_axes && strcmp (self->axes[n].name, name) == 0;
      n++;
    }
  va_end (axes);

  return equal && n == self->n_axes;
}

/**
 * recon_array_info_describe:
 * @self: a description
 *
 * Returns: (transfer full): such as "float32, angle 91 × row 128 × column 161"
 */
char *
recon_array_info_describe (const ReconArrayInfo *self)
{
  GString *text = g_string_new (samples[self->type].name);

  for (guint i = 0; i < self->n_axes; i++)
    g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT, i == 0 ? ", " : " × ", self->axes[i].name,
                            self->axes[i].size);

  return g_string_free (text, FALSE);
}

/**
 * recon_region_init_whole:
 * @self: (out caller-allocates): the region
 * @info: an array, which it holds whole
 */
void
recon_region_init_whole (ReconRegion          *self,
                         const ReconArrayInfo *info)
{
  *self = (ReconRegion) { .n_axes = info->n_axes };
  for (guint i = 0; i < info->n_axes; i++)
    self->axes[i].n = info->axes[i].size;
}

gboolean
recon_region_equal (const ReconRegion *self,
                    const ReconRegion *other)
{
  return self->n_axes == other->n_axes && memcmp (self->axes, other->axes, self->n_axes * sizeof self->axes[0]) == 0;
}

/**
 * recon_region_contains:
 * @self: a region
 * @other: another one of the same array
 *
 * Returns: whether all of @other is in @self
 */
gboolean
recon_region_contains (const ReconRegion *self,
                       const ReconRegion *other)
{
  for (guint i = 0; i < self->n_axes; i++)
    if (other->axes[i].first < self->axes[i].first ||
        other->axes[i].first + other->axes[i].n > self->axes[i].first + self->axes[i].n)
      return FALSE;

  return TRUE;
}

gboolean
recon_region_is_whole (const ReconRegion    *self,
                       const ReconArrayInfo *info)
{
  for (guint i = 0; i < self->n_axes; i++)
    if (self->axes[i].n != info->axes[i].size)
      return FALSE;

  return TRUE;
}

/**
 * recon_region_unite:
 * @self: (inout): a region; becomes the smallest that holds both
 * @other: another one of the same array
 */
void
recon_region_unite (ReconRegion       *self,
                    const ReconRegion *other)
{
  for (guint i = 0; i < self->n_axes; i++)
    {
      const guint64 first = MIN (self->axes[i].first, other->axes[i].first);
      const guint64 end = MAX (self->axes[i].first + self->axes[i].n, other->axes[i].first + other->axes[i].n);

      self->axes[i].first = first;
      self->axes[i].n = end - first;
    }
}

/**
 * recon_region_grow:
 * @self: (inout): a region
 * @info: the array that it is of
 * @axis: which axis
 * @halo: by how much it grows at either end, as far as the array reaches
 *
 * What a task needs whose result at one place depends on neighbours.
 */
void
recon_region_grow (ReconRegion          *self,
                   const ReconArrayInfo *info,
                   guint                 axis,
                   guint64               halo)
{
  const guint64 before = MIN (self->axes[axis].first, halo);
  const guint64 end = self->axes[axis].first + self->axes[axis].n;
  const guint64 after = MIN (info->axes[axis].size - end, halo);

  self->axes[axis].first -= before;
  self->axes[axis].n += before + after;
}

/**
 * recon_region_get_bytes:
 * @self: a region
 * @type: type of the numbers
 * @lanes: of its layout
 * @bytes: (out): what it takes in memory
 *
 * Returns: %FALSE if the size is beyond any memory
 */
gboolean
recon_region_get_bytes (const ReconRegion *self,
                        ReconArrayType        type,
                        guint              lanes,
                        gsize             *bytes)
{
  *bytes = samples[type].bytes;
  for (guint i = 0; i < self->n_axes; i++)
    {
      guint64 n = self->axes[i].n;

      if (i + 2 == self->n_axes)
        n = (n + lanes - 1) / lanes * lanes;
      if (n > G_MAXSIZE || !g_size_checked_mul (bytes, *bytes, (gsize) n))
        return FALSE;
    }

  return TRUE;
}
