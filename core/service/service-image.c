/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memfd_create, seals */
#include "config.h"

#include "service/service-image.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Memory whose size and values nobody can change any more: only so may another process map it without fear. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

static const char *const view_names[RECON_N_VIEWS] = {
  "projection", "corrected", "sinogram", "slice", "dark", "flat", "flat-after",
};

const char *
recon_view_get_name (ReconView view)
{
  return view_names[view];
}

gboolean
recon_view_parse (const char *name,
                  ReconView  *view)
{
  for (gsize i = 0; i < G_N_ELEMENTS (view_names); i++)
    {
      if (g_str_equal (name, view_names[i]))
        {
          *view = (ReconView) i;
          return TRUE;
        }
    }

  return FALSE;
}

ReconServiceImage *
recon_service_image_copy (const ReconServiceImage *self)
{
  ReconServiceImage *copy = g_memdup2 (self, sizeof *self);

  recon_image_ref (copy->image);

  return copy;
}

void
recon_service_image_free (ReconServiceImage *self)
{
  g_clear_pointer (&self->image, recon_image_unref);
  g_free (self);
}

static gboolean
write_all (int      fd,
           GBytes  *bytes,
           GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("There is no memory for an image: %s."),
                       g_strerror (code));
          return FALSE;
        }
      data += n;
      size -= (gsize) n;
    }

  return TRUE;
}

/**
 * recon_service_image_seal:
 * @pixels: the pixels of an image
 * @error: return location
 *
 * Returns: a file descriptor of sealed memory that holds the pixels, or -1
 */
int
recon_service_image_seal (GBytes  *pixels,
                          GError **error)
{
  int fd = memfd_create ("reconstruct-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("There is no shared memory for an image: %s."),
                   g_strerror (code));
      return -1;
    }

  if (!write_all (fd, pixels, error))
    {
      close (fd);
      return -1;
    }
  if (fcntl (fd, F_ADD_SEALS, SEALS) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("Shared memory could not be sealed: %s."),
                   g_strerror (code));
      close (fd);
      return -1;
    }

  return fd;
}

/**
 * recon_service_image_tell:
 * @self: an image
 *
 * Returns: (transfer full): what goes over the wire, but for the pixels
 */
GVariantDict *
recon_service_image_tell (const ReconServiceImage *self)
{
  GVariantDict *told = g_variant_dict_new (NULL);

  g_variant_dict_insert (told, "width", "u", recon_image_get_width (self->image));
  g_variant_dict_insert (told, "height", "u", recon_image_get_height (self->image));
  g_variant_dict_insert (told, "full-width", "u", self->full_width);
  g_variant_dict_insert (told, "full-height", "u", self->full_height);
  g_variant_dict_insert (told, "reduction", "u", self->reduction);
  g_variant_dict_insert (told, "view", "s", recon_view_get_name (self->view));
  g_variant_dict_insert (told, "index", "u", self->index);
  g_variant_dict_insert (told, "n-images", "u", self->n_images);
  g_variant_dict_insert (told, "number", "u", self->number);
  g_variant_dict_insert (told, "serial", "u", self->serial);
  g_variant_dict_insert (told, "seconds", "d", self->seconds);
  g_variant_dict_insert (told, "little-endian", "b", G_BYTE_ORDER == G_LITTLE_ENDIAN);

  return told;
}

/**
 * recon_service_image_hear:
 * @told: (type a{sv}): what came over the wire
 * @width: (out): columns
 * @height: (out): rows
 * @bytes: (out): what the pixels take
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the image, still without pixels, or %NULL if what was told can't be
 */
ReconServiceImage *
recon_service_image_hear (GVariant  *told,
                          guint     *width,
                          guint     *height,
                          gsize     *bytes,
                          GError   **error)
{
  g_autoptr (ReconServiceImage) self = g_new0 (ReconServiceImage, 1);
  const char *view = NULL;

  if (!g_variant_lookup (told, "width", "u", width) || !g_variant_lookup (told, "height", "u", height) ||
      !g_variant_lookup (told, "full-width", "u", &self->full_width) ||
      !g_variant_lookup (told, "full-height", "u", &self->full_height) ||
      !g_variant_lookup (told, "reduction", "u", &self->reduction) || !g_variant_lookup (told, "view", "&s", &view) ||
      !g_variant_lookup (told, "index", "u", &self->index) ||
      !g_variant_lookup (told, "n-images", "u", &self->n_images) ||
      !g_variant_lookup (told, "number", "u", &self->number) ||
      !g_variant_lookup (told, "serial", "u", &self->serial) ||
      !g_variant_lookup (told, "seconds", "d", &self->seconds) || !recon_view_parse (view, &self->view) ||
      *width == 0 || *height == 0 || self->reduction == 0 || !g_size_checked_mul (bytes, *width, *height) ||
      !g_size_checked_mul (bytes, *bytes, sizeof (float)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("The worker sent an image that can't be. Start the program anew."));
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Returns: whether the worker's byte order is not ours */
gboolean
recon_service_image_is_swapped (GVariant *told)
{
  gboolean little_endian = G_BYTE_ORDER == G_LITTLE_ENDIAN;

  g_variant_lookup (told, "little-endian", "b", &little_endian);

  return little_endian != (G_BYTE_ORDER == G_LITTLE_ENDIAN);
}

typedef struct
{
  gpointer address;
  gsize    bytes;
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->address, mapping->bytes);
  g_free (mapping);
}

/**
 * recon_service_image_map:
 * @fd: sealed memory from a worker; not taken over
 * @bytes: the size that it must have
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the memory, or %NULL if it isn't sealed or of another size
 */
GBytes *
recon_service_image_map (int      fd,
                         gsize    bytes,
                         GError **error)
{
  const int needed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  int seals = fcntl (fd, F_GET_SEALS);
  struct stat info;
  gpointer address;
  Mapping *mapping;

  if (seals < 0 || (seals & needed) != needed || fstat (fd, &info) != 0 || info.st_size < 0 ||
      (guint64) info.st_size != bytes)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("The worker sent an image in memory that is not sealed or of the wrong size. Start the "
                              "program anew."));
      return NULL;
    }

  address = mmap (NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("An image could not be mapped: %s."),
                   g_strerror (code));
      return NULL;
    }

  mapping = g_new (Mapping, 1);
  *mapping = (Mapping) { address, bytes };

  return g_bytes_new_with_free_func (address, bytes, mapping_free, mapping);
}
