/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/plan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

/* Blocks are as large as the memory limit and the devices allow, but no larger than a share of the job: with
 * too few blocks nothing overlaps, progress jumps and cancelling takes long. */
#define BLOCKS_PER_WORKER 16

/* Device memory that is left to the driver and others. */
#define DEVICE_SHARE 0.8

/**
 * recon_plan_get_n_workers:
 * @device: a device
 *
 * A device with memory of its own has two workers, each with a queue: while the one computes a block the other sends
 * the next one and fetches the last.
 *
 * Returns: the number of blocks that the device works on at a time
 */
guint
recon_plan_get_n_workers (const ReconDeviceInfo *device)
{
  return device->shares_memory ? 1 : 2;
}

/* What of the job doesn't depend on how it is cut. */
typedef struct
{
  const ReconSourceInfo *source;
  ReconGraph            *graph;
  GPtrArray             *devices;
  guint64                memory_limit;
  guint                  n_slices;
} Job;

/* Slices per block that a device's own memory holds. On a device that works in the host's memory only the size of a
 * single buffer limits; what it takes in all is the host's. */
static guint64
device_slices (const ReconDeviceInfo *info,
               const ReconGraphNeed  *need)
{
  const guint n_workers = recon_plan_get_n_workers (info);
  guint64 slices = info->max_allocation / need->largest_bytes;
  double memory = DEVICE_SHARE * (double) info->memory / n_workers - (double) need->device_bytes;

  if (!info->shares_memory)
    slices = MIN (slices, memory > 0 ? (guint64) (memory / (double) need->item_bytes) : 0);

  return slices;
}

static gboolean
fail_memory (const Job  *job,
             guint       lanes,
             guint64     needed,
             GError    **error)
{
  g_autofree char *needed_text = g_format_size_full (needed, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *limit_text = g_format_size_full (job->memory_limit, G_FORMAT_SIZE_IEC_UNITS);

  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
               _ ("Reconstructing %u slices at a time, the fewest possible, from %u angles of %u columns takes %s, but "
                  "the memory limit is %s. Raise --memory-limit, or use a region of interest, crop or bin."),
               lanes, job->source->shape.height, job->source->shape.width, needed_text, limit_text);
  return FALSE;
}

/* Cuts the job into blocks of groups of `lanes` slices.
 *
 * Returns: %FALSE if not even one group fits into the memory */
static gboolean
plan_lanes (ReconPlan   *self,
            const Job   *job,
            guint        lanes,
            GError     **error)
{
  const ReconSourceInfo *source = job->source;
  const guint n_references = source->has_dark + source->has_flat + source->has_flat_after;
  guint64 fixed = source->scratch_bytes, slot_slice, slot_group, groups = G_MAXUINT64, wanted;
  guint n_workers = 0;

  for (guint i = 0; i < job->devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (job->devices, i);
      ReconGraphNeed need;

      if (!recon_graph_requisition (job->graph, info, &source->shape, lanes, &need, error))
        return FALSE;

      self->output = need.output;
      self->makes_output = need.makes_output;
      /* A device's own memory isn't the host's. */
      n_workers += recon_plan_get_n_workers (info);
      fixed += recon_plan_get_n_workers (info) * (guint64) need.host_bytes;
      if (info->shares_memory)
        fixed += need.device_bytes;
      groups = MIN (groups, device_slices (info, &need) / lanes);
      if (groups == 0)
        {
          g_autofree char *text = g_format_size_full (need.item_bytes * lanes + need.device_bytes,
                                                      G_FORMAT_SIZE_IEC_UNITS);

          g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                       _ ("%u slices, the fewest that are computed at a time, take %s of device memory, more than %s "
                          "has. Use a region of interest, crop or bin, or another --device."),
                       lanes, text, info->name);
          return FALSE;
        }
    }

  self->lanes = lanes;
  self->input = source->shape;
  recon_shape_get_bytes (&source->shape, &self->input_bytes);
  recon_shape_get_bytes (&self->output, &self->output_bytes);
  if (!self->makes_output)
    self->output_bytes = 0;

  /* What a slice takes of the host in one slot. */
  slot_slice = (guint64) self->input_bytes + self->output_bytes + n_references * source->shape.width * sizeof (float);
  slot_group = lanes * slot_slice;
  if (fixed + slot_group > job->memory_limit)
    return fail_memory (job, lanes, fixed + slot_group, error);

  self->n_slots = n_workers + 2;
  while (self->n_slots > 1 && fixed + self->n_slots * slot_group > job->memory_limit)
    self->n_slots--;

  wanted = MAX (1, job->n_slices / (BLOCKS_PER_WORKER * n_workers * lanes));
  groups = MIN (groups, MIN (wanted, (job->memory_limit - fixed) / (self->n_slots * slot_group)));
  self->block_slices = (guint) groups * lanes;
  self->n_slots = MIN (self->n_slots, (job->n_slices + self->block_slices - 1) / self->block_slices);
  self->host_bytes = fixed + self->n_slots * groups * slot_group;

  return TRUE;
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
 * Cuts a job into blocks: one is read and one written while every device computes one. A group of 16 slices takes
 * hardly longer than one of 4; smaller ones serve jobs of few slices and where memory is short. The result doesn't
 * depend on it.
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY if not even the smallest group of slices at a time fits
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
  const Job job = { source, graph, devices, memory_limit, n_slices };
  guint lanes = RECON_MAX_LANES;

  while (lanes > RECON_MIN_LANES && n_slices <= lanes / 2)
    lanes /= 2;

  /* Two blocks in flight at least, so that something overlaps. */
  for (; lanes > RECON_MIN_LANES; lanes /= 2)
    if (plan_lanes (self, &job, lanes, NULL) && (self->n_slots > 1 || n_slices <= self->block_slices))
      break;

  if (lanes == RECON_MIN_LANES && !plan_lanes (self, &job, lanes, error))
    return FALSE;

  recon_log_debug (log, "Blocks of %u slices in groups of %u, %u in flight, %.1f MiB of data", self->block_slices,
                   self->lanes, self->n_slots, (double) self->host_bytes / 1048576.0);

  return TRUE;
}
