/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "graph/graph-private.h"
#include "graph/layouts.h"
#include "graph/plan.h"

/* How a pass is cut into blocks. They are as large as the memory limit and the devices allow, but no larger than a
 * share of the job: with too few blocks nothing overlaps, progress jumps and cancelling takes long. The results don't
 * depend on it. */
#define BLOCKS_PER_WORKER 16

/* Device memory that is left to the driver and others. */
#define DEVICE_SHARE 0.8

/* What a block takes, of so many images. */
typedef struct
{
  guint64 read;      /* host memory for what is read */
  guint64 results;   /* host memory for what is made */
  guint64 between;   /* what is made on the way */
  guint64 copies;    /* host memory for what is copied on the way */
  guint64 largest;   /* of these arrays */
  guint64 device_tables;
  guint64 host_tables;
  guint64 source_tables; /* of who reads, once */
} Need;

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

/* Whether a node has to work, or to read. */
static gboolean
works (ReconPlan         *self,
       const ReconPass   *pass,
       const ReconDemand *demand,
       guint              node)
{
  for (guint port = 0; port < RECON_MAX_PORTS; port++)
    if (recon_demand_has (demand, (ReconOutlet) { (int) node, port }) &&
        !recon_plan_is_kept (self, pass, (ReconOutlet) { (int) node, port }))
      return TRUE;

  return FALSE;
}

static gboolean
is_in_memory (ReconPlan       *self,
              const ReconPass *pass,
              ReconOutlet      outlet)
{
  return recon_plan_is_kept (self, pass, outlet) &&
         !self->in_file[recon_outlet_get_place (outlet)];
}

static gboolean
add_array (ReconPlan        *self,
           const ReconPass  *pass,
           const ReconDemand *demand,
           ReconOutlet        outlet,
           ReconLayout        layout,
           Need             *need)
{
  ReconTask *task = recon_graph_get_task (self->graph, (guint) outlet.node);
  gsize bytes;

  if (!recon_region_get_bytes (recon_demand_at (demand, outlet), recon_task_get_output (task, outlet.port)->type,
                               layout.lanes, &bytes) ||
      bytes > G_MAXINT64)
    return FALSE;

  need->largest = MAX (need->largest, bytes);
  /* What is kept in memory has been counted. */
  if (recon_plan_is_read (self, pass, outlet))
    need->read += is_in_memory (self, pass, outlet) ? 0 : bytes;
  else if (recon_plan_is_result (self, pass, outlet))
    need->results += bytes;
  else if (outlet.port != 0 || !recon_task_has_flag (task, RECON_TASK_IN_PLACE))
    need->between += bytes;

  return TRUE;
}

/* What is measured: a block of a pass, on a device. */
typedef struct
{
  ReconPlan             *plan;
  const ReconPass       *pass;
  const ReconDeviceInfo *device; /* (nullable) */
  guint                  lanes;
  ReconDemand            demand;
  ReconLayout           *layouts;
  guint8                *stays;
  guint8                *is_left;
} Measured;

static void
measured_clear (Measured *self)
{
  recon_demand_clear (&self->demand);
  g_free (self->layouts);
  g_free (self->stays);
  g_free (self->is_left);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measured, measured_clear)

/* How an output lies, and which part of it, when tasks come to use it. */
static ReconLayout
get_layout (const Measured *self,
            ReconOutlet     outlet,
            ReconRegion    *region)
{
  const gsize place = recon_outlet_get_place (outlet);

  *region = *recon_demand_at (&self->demand, outlet);
  if (is_in_memory (self->plan, self->pass, outlet))
    {
      recon_region_init_whole (region, recon_task_get_output (recon_graph_get_task (self->plan->graph,
                                                                                    (guint) outlet.node), outlet.port));
      return RECON_PLAIN;
    }

  return self->stays[place] && !recon_plan_is_read (self->plan, self->pass, outlet) &&
                 !self->layouts[place].is_interleaved
             ? RECON_PLAIN : self->layouts[place];
}

/* What the worker copies for a task, in another layout, of a part, or as the task works in place, by the host. */
static void
add_copies (Measured *self,
            guint     node,
            Need     *need)
{
  ReconGraph *graph = self->plan->graph;

  for (guint i = 0; i < recon_task_get_n_inputs (recon_graph_get_task (graph, node)); i++)
    {
      const ReconOutlet source = recon_graph_get_source (graph, node, i);
      ReconRegion needed, region;
      ReconLayout layout, wanted;
      gboolean is_changed;
      gsize bytes;

      if (!recon_demand_get_input (&self->demand, node, i, &needed))
        continue;
      is_changed = recon_layouts_choose_input (graph, self->layouts, self->lanes, self->stays, self->is_left, node, i,
                                              &wanted);
      layout = get_layout (self, source, &region);
      if ((!is_changed && recon_region_equal (&region, &needed) && recon_layout_serves (layout, wanted)) ||
          !recon_region_get_bytes (&needed, recon_task_get_input (recon_graph_get_task (graph, node), i)->type,
                                   wanted.lanes, &bytes))
        continue;

      need->copies += bytes;
      if (self->device != NULL && !self->device->shares_memory)
        need->between += bytes;
    }
}

/* Results that lie interleaved are put straight on the host, and a part is cut out of what is kept for who is fed. */
static void
add_fed (Measured *self,
         Need     *need)
{
  for (guint i = 0; i < self->pass->n_targets; i++)
    {
      const ReconOutlet source = recon_graph_get_source (self->plan->graph, self->pass->targets[i], 0);
      ReconRegion region;
      const ReconLayout layout = get_layout (self, source, &region);
      gsize bytes;

      if (recon_region_get_bytes (recon_demand_at (&self->demand, source),
                                  recon_task_get_input (recon_graph_get_task (self->plan->graph,
                                                                              self->pass->targets[i]), 0)->type,
                                  1, &bytes))
        {
          need->results += layout.is_interleaved ? bytes : 0;
          need->copies += is_in_memory (self->plan, self->pass, source) ? bytes : 0;
        }
    }
}

/* What a node takes: what it makes, what is copied for it, and its tables. */
static gboolean
add_node (Measured  *self,
          guint      node,
          Need      *need,
          GError   **error)
{
  ReconPlan *plan = self->plan;
  ReconTask *task = recon_graph_get_task (plan->graph, node);
  ReconTaskNeed own = { 0 };

  for (guint port = 0; port < RECON_MAX_PORTS; port++)
    if (recon_demand_has (&self->demand, (ReconOutlet) { (int) node, port }) &&
        !add_array (plan, self->pass, &self->demand, (ReconOutlet) { (int) node, port },
                    self->layouts[(gsize) node * RECON_MAX_PORTS + port], need))
      {
        g_autofree char *text = recon_array_info_describe (recon_task_get_output (task, port));

        g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                     _ ("An image of what %s makes (%s) is larger than any memory."),
                     recon_graph_get_name (plan->graph, node), text);
        return FALSE;
      }

  if (!self->is_left[node])
    return TRUE;
  if (self->device == NULL && recon_task_get_n_inputs (task) > 0 && !recon_task_has_flag (task, RECON_TASK_ON_HOST))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE, _ ("%s needs an OpenCL device, and there is none."),
                   recon_graph_get_name (plan->graph, node));
      return FALSE;
    }
  add_copies (self, node, need);
  if (!recon_task_need (task, self->device, self->lanes, &own, error))
    return FALSE;
  need->device_tables += own.device_bytes;
  if (recon_task_get_n_inputs (task) == 0)
    need->source_tables += own.host_bytes;
  else
    need->host_tables += own.host_bytes;

  return TRUE;
}

/* What `n` images take on a device; in the middle, where nothing is cut off at the ends. */
static gboolean
measure (ReconPlan              *self,
         const ReconPass        *pass,
         const ReconDeviceInfo  *device,
         guint                   lanes,
         guint                   n,
         Need                   *need,
         GError                **error)
{
  const guint *order = recon_graph_order (self->graph, NULL);
  g_auto (Measured) block = { self, pass, device, lanes };

  *need = (Need) { 0 };
  n = MIN (n, pass->n_items);
  recon_demand_init (&block.demand, self->graph);
  recon_plan_demand (self, pass, (pass->n_items - n) / 2, n, &block.demand);
  block.layouts = recon_layouts_choose (self->graph, lanes);
  block.stays = recon_plan_make_stays (self, pass);
  block.is_left = g_new0 (guint8, block.demand.n + 1);
  for (guint node = 0; node < block.demand.n; node++)
    block.is_left[node] = works (self, pass, &block.demand, node);

  for (guint i = 0; i < block.demand.n; i++)
    {
      if (recon_demand_wants (&block.demand, order[i]) && !add_node (&block, order[i], need, error))
        return FALSE;
      block.is_left[order[i]] = FALSE;
    }
  add_fed (&block, need);

  return TRUE;
}

/* What a pass takes in all if blocks have `groups` groups of rows. */
typedef struct
{
  guint64 fixed; /* host memory, whatever the number of slots */
  guint64 slot;  /* host memory of one */
  gboolean fits_devices;
  Need    need;  /* on the last device */
  const ReconDeviceInfo *small; /* (nullable): the device that it doesn't fit */
} Cost;

static gboolean
get_cost (ReconPlan        *self,
          const ReconPass  *pass,
          guint             lanes,
          guint             n,
          Cost             *cost,
          GError          **error)
{
  *cost = (Cost) { .fits_devices = TRUE, .fixed = self->kept_bytes };
  if (self->devices->len == 0)
    {
      if (!measure (self, pass, NULL, lanes, n, &cost->need, error))
        return FALSE;
      cost->fixed += cost->need.host_tables + cost->need.between + cost->need.copies;
    }

  for (guint i = 0; i < self->devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (self->devices, i);
      const guint n_workers = recon_plan_get_n_workers (info);
      Need *need = &cost->need;
      guint64 all;

      if (!measure (self, pass, info, lanes, n, need, error))
        return FALSE;

      /* A device's own memory isn't the host's. */
      cost->fixed += n_workers * (need->host_tables + need->copies);
      if (info->shares_memory)
        cost->fixed += need->device_tables + need->between;
      all = need->read + need->results + need->between + need->device_tables;
      if (need->largest > info->max_allocation ||
          (!info->shares_memory && (double) all > DEVICE_SHARE * (double) info->memory / n_workers))
        {
          cost->fits_devices = FALSE;
          cost->small = info;
        }
    }
  cost->fixed += cost->need.source_tables;
  cost->slot = cost->need.read + cost->need.results;

  return TRUE;
}

static gboolean
fail_memory (ReconPlan        *self,
             const ReconPass  *pass,
             guint             n,
             const Cost       *cost,
             GError          **error)
{
  g_autofree char *needed_text = g_format_size_full (cost->fixed + cost->slot, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *limit_text = g_format_size_full (self->memory_limit, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *device_text = g_format_size_full (cost->need.read + cost->need.results + cost->need.between +
                                                     cost->need.device_tables, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *kept_text = g_format_size_full (self->kept_bytes, G_FORMAT_SIZE_IEC_UNITS);

  if (!cost->fits_devices)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("%u slices, the fewest that are computed at a time, take %s of device memory, more than %s has. "
                    "Use a region of interest, crop or bin, or another --device."),
                 n, device_text, cost->small->name);
  else if (self->kept_bytes > 0)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("Making %u images at a time, the fewest possible, takes %s, of which %s are for what is needed "
                    "throughout, but the memory limit is %s. Raise --memory-limit, or use crop or bin."),
                 n, needed_text, kept_text, limit_text);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("Making %u slices at a time, the fewest possible, takes %s, but the memory limit is %s. Raise "
                    "--memory-limit, or use a region of interest, crop or bin."),
                 n, needed_text, limit_text);

  return FALSE;
}

static gboolean
fits (const ReconPlan *self,
      const Cost      *cost,
      guint            n_slots)
{
  return cost->fits_devices && cost->slot <= G_MAXINT64 / n_slots &&
         cost->fixed + n_slots * cost->slot <= self->memory_limit;
}

/* Cuts the pass into blocks of groups of `lanes` rows; FALSE if not even one group fits into the memory. */
static gboolean
size_for (ReconPlan  *self,
          ReconPass  *pass,
          guint       lanes,
          guint       n_left,
          GError    **error)
{
  guint n_workers = 0, low = 1, high;
  Cost cost;

  for (guint i = 0; i < self->devices->len; i++)
    n_workers += recon_plan_get_n_workers (g_ptr_array_index (self->devices, i));
  n_workers = MAX (n_workers, 1);

  if (!get_cost (self, pass, lanes, lanes, &cost, error))
    return FALSE;
  if (!fits (self, &cost, 1))
    return fail_memory (self, pass, lanes, &cost, error);

  pass->n_slots = n_workers + 2;
  while (pass->n_slots > 1 && !fits (self, &cost, pass->n_slots))
    pass->n_slots--;

  /* The most groups that fit. */
  high = MAX (1, n_left / (BLOCKS_PER_WORKER * n_workers * lanes));
  while (low < high)
    {
      const guint middle = low + (high - low + 1) / 2;

      if (!get_cost (self, pass, lanes, middle * lanes, &cost, error))
        return FALSE;
      if (fits (self, &cost, pass->n_slots))
        low = middle;
      else
        high = middle - 1;
    }

  if (!get_cost (self, pass, lanes, low * lanes, &cost, error))
    return FALSE;
  pass->lanes = lanes;
  pass->block = low * lanes;
  pass->n_slots = MIN (pass->n_slots, (n_left + pass->block - 1) / pass->block);
  pass->host_bytes = cost.fixed + pass->n_slots * cost.slot;

  return TRUE;
}

static gboolean
has_groups (ReconPlan       *self,
            const ReconPass *pass)
{
  g_auto (ReconDemand) demand = { 0 };

  recon_demand_init (&demand, self->graph);
  recon_plan_demand (self, pass, 0, 1, &demand);
  for (guint node = 0; node < demand.n; node++)
    {
      ReconTask *task = recon_graph_get_task (self->graph, node);
      const ReconPort *inputs = recon_task_get_info (task)->inputs;

      for (guint i = 0; works (self, pass, &demand, node) && i < recon_task_get_n_inputs (task); i++)
        if ((inputs[i].flags & (RECON_PORT_GROUPS | RECON_PORT_INTERLEAVED)) != 0)
          return TRUE;
    }

  return FALSE;
}

/**
 * recon_plan_size_pass:
 * @self: a plan
 * @pass: one of its passes
 * @n_left: images that are still to be made
 * @log: (nullable): to say how the work is cut
 * @error: return location
 *
 * Cuts a pass into blocks: one is read and one written while every device computes one. A group of 16 rows takes
 * hardly longer than one of 4; smaller ones serve jobs of few slices and where memory is short.
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY if not even the smallest block fits
 */
gboolean
recon_plan_size_pass (ReconPlan  *self,
                      ReconPass  *pass,
                      guint       n_left,
                      ReconLog   *log,
                      GError    **error)
{
  guint lanes = RECON_MAX_LANES;

  pass->has_groups = has_groups (self, pass);
  if (!pass->has_groups)
    {
      if (!size_for (self, pass, 1, n_left, error))
        return FALSE;
    }
  else
    {
      while (lanes > RECON_MIN_LANES && n_left <= lanes / 2)
        lanes /= 2;

      /* Two blocks in flight at least, so that something overlaps. */
      for (; lanes > RECON_MIN_LANES; lanes /= 2)
        if (size_for (self, pass, lanes, n_left, NULL) && (pass->n_slots > 1 || n_left <= pass->block))
          break;
      if (lanes == RECON_MIN_LANES && !size_for (self, pass, lanes, n_left, error))
        return FALSE;
    }

  recon_log_debug (log, "Blocks of %u slices in groups of %u, %u in flight, %.1f MiB of data", pass->block, pass->lanes,
                   pass->n_slots, (double) pass->host_bytes / 1048576.0);

  return TRUE;
}
