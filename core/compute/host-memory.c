/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/device.h"

#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"

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
