/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/error.h"

struct _ReconStore
{
  ReconArrayInfo  info;
  ReconArray     *array; /* (nullable): in memory */
  int             fd;    /* or in a file; -1 */
};

static gboolean
fail_file (const char  *what,
           GError     **error)
{
  const int code = errno;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("The temporary file in %s can't be %s: %s. Free space there, or name another folder by TMPDIR."),
               g_get_tmp_dir (), what, g_strerror (code));

  return FALSE;
}

/**
 * recon_store_new:
 * @info: the array
 * @in_file: whether it is too large for memory
 * @error: return location
 *
 * Returns: (transfer full): room for the array; %NULL with #RECON_ERROR_MEMORY or #RECON_ERROR_WRITE
 */
ReconStore *
recon_store_new (const ReconArrayInfo  *info,
                 gboolean               in_file,
                 GError               **error)
{
  g_autoptr (ReconStore) self = g_new0 (ReconStore, 1);
  ReconRegion whole;

  self->fd = -1;
  recon_array_info_copy (&self->info, info);
  recon_region_init_whole (&whole, info);
  if (in_file)
    {
      g_autofree char *name = g_build_filename (g_get_tmp_dir (), "reconstruct-XXXXXX", NULL);

      self->fd = g_mkstemp (name);
      if (self->fd < 0)
        {
          fail_file (_ ("created"), error);
          return NULL;
        }
      g_unlink (name);
    }
  else
    {
      self->array = recon_array_new (info, &whole, RECON_PLAIN);
      if (recon_array_write (self->array, error) == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
recon_store_free (ReconStore *self)
{
  g_clear_pointer (&self->array, recon_array_unref);
  if (self->fd >= 0)
    close (self->fd);
  recon_array_info_clear (&self->info);
  g_free (self);
}

/* Calls one of pread and pwrite until all is done. */
static gboolean
transfer (int       fd,
          char     *memory,
          gsize     bytes,
          goffset   place,
          gboolean  writes,
          GError  **error)
{
  while (bytes > 0)
    {
      const gssize n = writes ? pwrite (fd, memory, bytes, place) : pread (fd, memory, bytes, place);

      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        errno = EIO;
      if (n <= 0)
        return fail_file (writes ? _ ("written") : _ ("read"), error);
      memory += n;
      bytes -= (gsize) n;
      place += n;
    }

  return TRUE;
}

/* Line by line along the last axis, or in longer pieces where all of the axes below are whole. */
static gboolean
transfer_axis (ReconStore         *self,
               const ReconRegion  *region,
               guint               axis,
               char              **memory,
               goffset             place,
               gboolean            writes,
               GError            **error)
{
  gsize stride = recon_array_type_get_bytes (self->info.type);
  gboolean below_is_whole = TRUE;

  for (guint i = axis + 1; i < region->n_axes; i++)
    {
      stride *= self->info.axes[i].size;
      below_is_whole = below_is_whole && region->axes[i].n == self->info.axes[i].size;
    }

  place += (goffset) (region->axes[axis].first * stride);
  if (below_is_whole)
    {
      const gsize bytes = region->axes[axis].n * stride;
      char *from = *memory;

      *memory += bytes;
      return transfer (self->fd, from, bytes, place, writes, error);
    }

  for (guint64 i = 0; i < region->axes[axis].n; i++)
    if (!transfer_axis (self, region, axis + 1, memory, place + (goffset) (i * stride), writes, error))
      return FALSE;

  return TRUE;
}

/**
 * recon_store_write:
 * @self: a store
 * @part: a region of its array
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, #RECON_ERROR_DEVICE or #RECON_ERROR_MEMORY
 */
gboolean
recon_store_write (ReconStore  *self,
                   ReconArray  *part,
                   GError     **error)
{
  const ReconRegion *region = recon_array_get_region (part);
  g_autoptr (ReconArray) plain = recon_array_new (&self->info, region, RECON_PLAIN);
  char *memory;

  if (self->array != NULL)
    return recon_array_paste (self->array, part, error);

  if (!recon_array_copy (plain, part, error))
    return FALSE;
  memory = recon_array_write (plain, error);

  return memory != NULL && transfer_axis (self, region, 0, &memory, 0, TRUE, error);
}

/**
 * recon_store_read:
 * @self: a store
 * @part: (inout): a region of its array, which is filled
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE or #RECON_ERROR_MEMORY
 */
gboolean
recon_store_read (ReconStore  *self,
                  ReconArray  *part,
                  GError     **error)
{
  const ReconRegion *region = recon_array_get_region (part);
  g_autoptr (ReconArray) plain = NULL;
  char *memory;

  if (self->array != NULL)
    return recon_array_copy (part, self->array, error);

  plain = recon_array_new (&self->info, region, RECON_PLAIN);
  memory = recon_array_write (plain, error);

  return memory != NULL && transfer_axis (self, region, 0, &memory, 0, FALSE, error) &&
         recon_array_copy (part, plain, error);
}

/* Returns: (transfer none) (nullable): the whole array, if it is in memory */
ReconArray *
recon_store_get_array (ReconStore *self)
{
  return self->array;
}
