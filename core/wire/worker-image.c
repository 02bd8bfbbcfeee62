/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memfd_create, seals */
#include "config.h"

#include "wire/worker-image.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Memory whose size and values nobody can change any more: only so may another process map it without fear. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

G_DEFINE_BOXED_TYPE (ReconWorkerImage, recon_worker_image, recon_worker_image_copy, recon_worker_image_free)

ReconWorkerImage *
recon_worker_image_copy (const ReconWorkerImage *self)
{
  ReconWorkerImage *copy = g_memdup2 (self, sizeof *self);

  recon_image_ref (copy->image);

  return copy;
}

void
recon_worker_image_free (ReconWorkerImage *self)
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
 * recon_sealed_memory_new:
 * @pixels: the pixels of an image
 * @error: return location
 *
 * Returns: a file descriptor of sealed memory that holds the pixels, or -1
 */
int
recon_sealed_memory_new (GBytes  *pixels,
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
 * recon_sealed_memory_map:
 * @fd: sealed memory from a worker; not taken over
 * @bytes: the size that it must have
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the memory, or %NULL if it isn't sealed or of another size
 */
GBytes *
recon_sealed_memory_map (int      fd,
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
