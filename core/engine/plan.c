/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/plan.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

/* Blocks are as large as the memory limit and the devices allow, but no larger than a share of the job: with
 * too few blocks nothing overlaps, progress jumps and cancelling takes long. */
#define BLOCKS_PER_DEVICE 8

/* Device memory that is left to the driver and others. */
#define DEVICE_SHARE 0.8

/**
 * recon_memory_available:
 *
 * Returns: bytes that new work can take without swapping
 */
guint64
recon_memory_available (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL) && (line = strstr (text, "MemAvailable:")) != NULL)
    return g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10) * 1024;

  return (guint64) sysconf (_SC_AVPHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
}

/* Slices per block that a device's own memory holds. On a device that works in the host's memory only the size of a
 * single buffer limits; what it takes in all is the host's. */
static guint64
device_slices (const ReconDeviceInfo *info,
               const ReconGraphNeed  *need)
{
  guint64 slices = info->max_allocation / need->largest_bytes;
  double memory = DEVICE_SHARE * (double) info->memory - (double) need->device_bytes;

  if (!info->shares_memory)
    slices = MIN (slices, memory > 0 ? (guint64) (memory / (double) need->item_bytes) : 0);

  return slices;
}

static gboolean
fail_memory (const ReconSourceInfo  *source,
             guint64                 needed,
             guint64                 limit,
             GError                **error)
{
  g_autofree char *needed_text = g_format_size_full (needed, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *limit_text = g_format_size_full (limit, G_FORMAT_SIZE_IEC_UNITS);

  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
               _ ("Reconstructing one slice at a time from %u angles of %u columns takes %s, but the memory limit is "
                  "%s. Raise --memory-limit, or use a region of interest, crop or bin."),
               source->shape.height, source->shape.width, needed_text, limit_text);
  return FALSE;
}

/**
 * recon_plan_make:
 * @self: (out caller-allocates): the plan
 * @source: what the source gives
 * @graph: what is done to it
 * @devices: (element-type ReconDeviceInfo): the devices that share the work
 * @memory_limit: bytes of host memory for data in work, tables included
 * @n_slices: slices that are to be made
 * @log: (nullable): hears how the work is cut
 * @error: return location
 *
 * Cuts a job into blocks: one is read and one written while every device computes one.
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY if not even one slice at a time fits
 */
gboolean
recon_plan_make (ReconPlan              *self,
                 const ReconSourceInfo  *source,
                 ReconGraph             *graph,
                 GPtrArray              *devices,
                 guint64                 memory_limit,
                 guint                   n_slices,
                 ReconLog               *log,
                 GError                **error)
{
  ReconGraphNeed need;
  guint n_references = source->has_dark + source->has_flat + source->has_flat_after;
  gsize slice_bytes, fixed;
  guint64 slices;

  if (!recon_graph_requisition (graph, &source->shape, &need, error))
    return FALSE;

  self->input = source->shape;
  self->output = need.output;
  self->makes_output = need.makes_output;
  recon_shape_get_bytes (&source->shape, &self->input_bytes);
  recon_shape_get_bytes (&need.output, &self->output_bytes);
  if (!need.makes_output)
    self->output_bytes = 0;

  /* What a slice takes of the host in one slot, and what the job takes anyhow. */
  slice_bytes = self->input_bytes + self->output_bytes + n_references * source->shape.width * sizeof (float);
  fixed = source->scratch_bytes + devices->len * (need.host_bytes + need.device_bytes);

  self->n_slots = devices->len + 2;
  while (self->n_slots > 1 && fixed + self->n_slots * (guint64) slice_bytes > memory_limit)
    self->n_slots--;
  if (fixed + slice_bytes > memory_limit)
    return fail_memory (source, fixed + slice_bytes, memory_limit, error);

  slices = (memory_limit - fixed) / (self->n_slots * (guint64) slice_bytes);
  slices = MIN (slices, MAX (1, n_slices / (BLOCKS_PER_DEVICE * devices->len)));
  for (guint i = 0; i < devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (devices, i);

      slices = MIN (slices, device_slices (info, &need));
      if (slices == 0)
        {
          g_autofree char *text = g_format_size_full (need.item_bytes + need.device_bytes, G_FORMAT_SIZE_IEC_UNITS);

          g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                       _ ("One slice takes %s of device memory, more than %s has. Use a region of interest, crop or "
                          "bin, or another --device."),
                       text, info->name);
          return FALSE;
        }
    }

  self->block_slices = (guint) slices;
  self->n_slots = MIN (self->n_slots, (n_slices + self->block_slices - 1) / self->block_slices);

  recon_log_debug (log, "Blocks of %u slices, %u in flight, %.1f MiB of data", self->block_slices, self->n_slots,
                   (double) (fixed + self->n_slots * (guint64) self->block_slices * slice_bytes) / 1048576.0);

  return TRUE;
}
