/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/device.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "compute/device-private.h"

static cl_mem
create_buffer (ReconDevice   *self,
               cl_mem_flags   flags,
               gsize          bytes,
               gpointer       host,
               GError       **error)
{
  g_autofree char *size = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *what = NULL;
  cl_mem buffer;
  cl_int code;

  if (bytes > self->info->max_allocation)
    {
      g_autofree char *limit = g_format_size_full (self->info->max_allocation, G_FORMAT_SIZE_IEC_UNITS);

      return recon_fail_null (error, RECON_ERROR_MEMORY,
                              _ ("A buffer of %s is larger than the %s that %s allows. Set a smaller --memory-limit."),
                              size, limit, self->info->name);
    }

  buffer = clCreateBuffer (self->context, flags, bytes, host, &code);
  what = g_strdup_printf (_ ("allocate a buffer of %s"), size);

  return _recon_device_check (self, code, what, error) ? buffer : NULL;
}

/**
 * recon_device_new_buffer:
 * @self: a device
 * @bytes: its size, not 0
 * @error: return location
 *
 * Allocates memory of the device; it is not cleared. On a device that shares the host's memory mapping it costs
 * nothing.
 *
 * Returns: (transfer full): the buffer; %NULL with #RECON_ERROR_MEMORY if it is larger than the device allows, or with
 *   #RECON_ERROR_DEVICE
 */
cl_mem
recon_device_new_buffer (ReconDevice  *self,
                         gsize         bytes,
                         GError      **error)
{
  cl_mem_flags flags = CL_MEM_READ_WRITE;

  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);
  g_return_val_if_fail (bytes > 0, NULL);

  if (self->info->shares_memory)
    flags |= CL_MEM_ALLOC_HOST_PTR;

  return create_buffer (self, flags, bytes, NULL, error);
}

/**
 * recon_device_wrap:
 * @self: a device
 * @host: memory from recon_host_memory_new(); it must outlive the buffer
 * @bytes: how much of it, not 0
 * @upload: whether the kernels are to find the memory's contents in the buffer
 * @error: return location
 *
 * Makes host memory a buffer. On a device that shares the host's memory the buffer is that memory: nothing is
 * copied, and the host may touch it only between recon_device_map() and recon_device_unmap() as long as commands that
 * use the buffer are under way. On other devices it is new memory of the device. With @upload the contents are on
 * their way to it when this returns, and must not change before recon_device_wait() or recon_device_fetch().
 *
 * Returns: (transfer full): the buffer; %NULL with #RECON_ERROR_MEMORY if it is larger than the device allows, or with
 *   #RECON_ERROR_DEVICE
 */
cl_mem
recon_device_wrap (ReconDevice  *self,
                   gpointer      host,
                   gsize         bytes,
                   gboolean      upload,
                   GError      **error)
{
  g_auto (ReconClMem) buffer = NULL;
  cl_int code;

  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);
  g_return_val_if_fail (host != NULL && bytes > 0, NULL);

  if (self->info->shares_memory)
    return create_buffer (self, CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR, bytes, host, error);

  buffer = create_buffer (self, CL_MEM_READ_WRITE, bytes, NULL, error);
  if (buffer == NULL)
    return NULL;

  if (!upload)
    return g_steal_pointer (&buffer);

  code = clEnqueueWriteBuffer (self->queue, buffer, CL_FALSE, 0, bytes, host, 0, NULL, NULL);
  if (!_recon_device_check (self, code, _ ("send data to the device"), error))
    {
      /* Nothing of the host's memory may be in use when the caller frees it. */
      clFinish (self->queue);
      return NULL;
    }

  return g_steal_pointer (&buffer);
}

/**
 * recon_device_fetch:
 * @self: a device
 * @buffer: a buffer of it
 * @host: where the data go; may be the memory that @buffer wraps
 * @bytes: how much, from the buffer's start
 * @error: return location
 *
 * Waits for the commands in the queue and makes sure that @host holds what is in @buffer. Costs nothing if @buffer
 * is @host itself.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE if that or an earlier command failed
 */
gboolean
recon_device_fetch (ReconDevice  *self,
                    cl_mem        buffer,
                    gpointer      host,
                    gsize         bytes,
                    GError      **error)
{
  gpointer mapped;

  g_return_val_if_fail (RECON_IS_DEVICE (self), FALSE);
  g_return_val_if_fail (host != NULL && bytes > 0, FALSE);

  if (!self->info->shares_memory)
    return _recon_device_check (self,
                                clEnqueueReadBuffer (self->queue, buffer, CL_TRUE, 0, bytes, host, 0, NULL, NULL),
                                _ ("read data from the device"), error);

  mapped = recon_device_map (self, buffer, CL_MAP_READ, bytes, error);
  if (mapped == NULL)
    return FALSE;
  if (mapped != host)
    memcpy (host, mapped, bytes);

  return recon_device_unmap (self, buffer, mapped, error) && recon_device_wait (self, error);
}

/**
 * recon_device_new_table:
 * @self: a device
 * @data: what the buffer is to hold; copied
 * @bytes: its size, not 0
 * @error: return location
 *
 * Returns: (transfer full): a buffer that kernels only read; %NULL with #RECON_ERROR_MEMORY if it is larger than the
 *   device allows, or with #RECON_ERROR_DEVICE
 */
cl_mem
recon_device_new_table (ReconDevice    *self,
                        gconstpointer   data,
                        gsize           bytes,
                        GError        **error)
{
  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);
  g_return_val_if_fail (data != NULL && bytes > 0, NULL);

  return create_buffer (self, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, bytes, (gpointer) data, error);
}

/**
 * recon_device_map:
 * @self: a device
 * @buffer: a buffer of it
 * @flags: what the host will do: `CL_MAP_READ`, `CL_MAP_WRITE` or both
 * @bytes: how much, from the buffer's start
 * @error: return location
 *
 * Waits for the commands in the queue and gives the host access to a buffer. Until recon_device_unmap() the device
 * must not use it.
 *
 * Returns: the data; %NULL with #RECON_ERROR_DEVICE if that or an earlier command failed
 */
gpointer
recon_device_map (ReconDevice   *self,
                  cl_mem         buffer,
                  cl_map_flags   flags,
                  gsize          bytes,
                  GError       **error)
{
  gpointer mapped;
  cl_int code;

  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);
  g_return_val_if_fail (bytes > 0, NULL);

  mapped = clEnqueueMapBuffer (self->queue, buffer, CL_TRUE, flags, 0, bytes, 0, NULL, NULL, &code);

  return _recon_device_check (self, code, _ ("give access to data on the device"), error) ? mapped : NULL;
}

/**
 * recon_device_unmap:
 * @self: a device
 * @buffer: a buffer of it
 * @mapped: what recon_device_map() returned
 * @error: return location
 *
 * Gives a buffer back to the device, before the commands that follow.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE
 */
gboolean
recon_device_unmap (ReconDevice  *self,
                    cl_mem        buffer,
                    gpointer      mapped,
                    GError      **error)
{
  g_return_val_if_fail (RECON_IS_DEVICE (self), FALSE);
  g_return_val_if_fail (mapped != NULL, FALSE);

  return _recon_device_check (self, clEnqueueUnmapMemObject (self->queue, buffer, mapped, 0, NULL, NULL),
                              _ ("give data back to the device"), error);
}

/* A page: what OpenCL drivers ask of memory that they are to use without copying it. */
#define ALIGNMENT 4096

/**
 * recon_host_memory_new:
 * @bytes: how much
 * @error: return location
 *
 * Allocates memory for recon_device_wrap(): aligned to pages, a whole number of them. It is not cleared.
 *
 * Returns: (transfer full): the memory, to be freed with recon_host_memory_free(); %NULL with #RECON_ERROR_MEMORY if
 *   there is not so much
 */
gpointer
recon_host_memory_new (gsize    bytes,
                       GError **error)
{
  gpointer memory = NULL;
  gsize rounded;

  if (!g_size_checked_add (&rounded, MAX (bytes, 1), ALIGNMENT - 1) || rounded > PTRDIFF_MAX ||
      posix_memalign (&memory, ALIGNMENT, rounded / ALIGNMENT * ALIGNMENT) != 0)
    {
      g_autofree char *size = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);

      return recon_fail_null (error, RECON_ERROR_MEMORY,
                              _ ("Could not allocate %s of memory. Set a smaller --memory-limit, or close other "
                                 "programs."),
                              size);
    }

  return memory;
}

/**
 * recon_host_memory_free:
 * @memory: (nullable) (transfer full): what recon_host_memory_new() returned
 */
void
recon_host_memory_free (gpointer memory)
{
  free (memory);
}
