/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/worker.h"

struct _ReconWorker
{
  ReconDevice *device;
  GPtrArray   *steps;
  GArray      *needs;       /* ReconRequisition of each step */
  guint        last_output; /* the last step that doesn't work in place; its output is the result */
  GArray      *costs;       /* ReconCost of each step, and of transfers */

  ReconWorkerProgressFunc progress; /* (nullable) */
  gpointer                progress_data;
  guint                   step; /* that works */

  ReconWorkerPreparedFunc prepared; /* (nullable) */
  gpointer                prepared_data;
  guint                   n_prepared; /* steps whose kernels have run */
};

static void
add_cost (ReconWorker *self,
          const char  *name)
{
  const ReconCost cost = { name, 0 };

  g_array_append_val (self->costs, cost);
}

/* Adds the time since `start` to what the step costs; returns the time. */
static gint64
charge (ReconWorker *self,
        guint        step,
        gint64       start)
{
  const gint64 now = g_get_monotonic_time ();

  g_array_index (self->costs, ReconCost, step).seconds += (double) (now - start) / G_USEC_PER_SEC;

  return now;
}

/* What a step's share of the work is taken for: what it has cost so far, or before the first block, that making the
 * slices takes longest. */
static double
get_weight (ReconWorker *self,
            guint        step)
{
  const double seconds = g_array_index (self->costs, ReconCost, step).seconds;

  if (g_array_index (self->costs, ReconCost, self->steps->len - 1).seconds > 0)
    return seconds;

  return g_array_index (self->needs, ReconRequisition, step).in_place ? 1 : 4;
}

static void
device_progress_cb (double   done,
                    gpointer user_data)
{
  ReconWorker *self = user_data;
  double before = 0, all = 0;

  /* Some drivers finish compiling only when a kernel is launched. */
  if (self->step >= self->n_prepared)
    {
      self->n_prepared = self->step + 1;
      if (self->prepared != NULL)
        self->prepared (recon_device_get_info (self->device), self->n_prepared, self->steps->len, self->prepared_data);
    }
  if (self->progress == NULL)
    return;

  for (guint i = 0; i < self->steps->len; i++)
    {
      const double weight = get_weight (self, i);

      all += weight;
      before += i < self->step ? weight : i == self->step ? weight * done : 0;
    }
  if (all > 0)
    self->progress (before / all, self->progress_data);
}

/**
 * recon_worker_new:
 * @info: the device
 * @graph: what is done to blocks
 * @input: shape of an item as the source gives it
 * @lanes: slices of a group
 * @error: return location
 *
 * Opens the device and prepares every step on it: kernels are compiled, tables made.
 *
 * Returns: (transfer full) (nullable): a worker, or %NULL with #RECON_ERROR_DEVICE
 */
ReconWorker *
recon_worker_new (const ReconDeviceInfo  *info,
                  ReconGraph             *graph,
                  const ReconShape       *input,
                  guint                   lanes,
                  GError                **error)
{
  return recon_worker_new_told (info, graph, input, lanes, NULL, NULL, error);
}

/**
 * recon_worker_new_told:
 * @info: the device
 * @graph: what is done to blocks
 * @input: shape of an item as the source gives it
 * @lanes: slices of a group
 * @prepared: (nullable): called before the first step is prepared, and with the first block when each step's kernels
 *   have run for the first time, as some drivers finish compiling only then
 * @user_data: (closure): for @prepared
 * @error: return location
 *
 * As recon_worker_new(), which takes long where kernels have to be compiled.
 *
 * Returns: (transfer full) (nullable): a worker, or %NULL with #RECON_ERROR_DEVICE
 */
ReconWorker *
recon_worker_new_told (const ReconDeviceInfo    *info,
                       ReconGraph               *graph,
                       const ReconShape         *input,
                       guint                     lanes,
                       ReconWorkerPreparedFunc   prepared,
                       gpointer                  user_data,
                       GError                  **error)
{
  g_autoptr (ReconWorker) self = g_new0 (ReconWorker, 1);
  ReconShape shape = *input;

  self->last_output = G_MAXUINT;
  self->needs = g_array_new (FALSE, TRUE, sizeof (ReconRequisition));
  self->costs = g_array_new (FALSE, TRUE, sizeof (ReconCost));
  self->steps = recon_graph_make_steps (graph);
  self->device = recon_device_open (info, error);
  if (self->device == NULL)
    return NULL;
  self->prepared = prepared;
  self->prepared_data = user_data;
  if (prepared != NULL)
    prepared (info, 0, self->steps->len, user_data);

  for (guint i = 0; i < self->steps->len; i++)
    {
      ReconStep *step = g_ptr_array_index (self->steps, i);
      ReconRequisition need = { 0 };

      if (!recon_step_requisition (step, info, &shape, lanes, &need, error) ||
          !recon_step_prepare (step, self->device, &shape, lanes, error))
        return NULL;

      if (!need.in_place)
        self->last_output = i;
      shape = need.output;
      g_array_append_val (self->needs, need);
      add_cost (self, recon_step_get_name (step));
    }
  add_cost (self, "transfer");
  recon_device_set_progress (self->device, device_progress_cb, self);

  return g_steal_pointer (&self);
}

void
recon_worker_free (ReconWorker *self)
{
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_pointer (&self->needs, g_array_unref);
  g_clear_pointer (&self->costs, g_array_unref);
  g_clear_object (&self->device);
  g_free (self);
}

static gsize
block_bytes (const ReconBlock *block)
{
  gsize bytes = 0;

  /* The plan has checked the size of a whole block. */
  recon_block_get_bytes (block, &bytes);

  return bytes;
}

static cl_mem
output_buffer (ReconWorker       *self,
               guint              step,
               const ReconBlock  *block,
               float             *result,
               GError           **error)
{
  ReconBlock after = *block;

  after.shape = g_array_index (self->needs, ReconRequisition, step).output;
  if (step == self->last_output)
    return recon_device_wrap (self->device, result, block_bytes (&after), FALSE, error);

  return recon_device_new_buffer (self->device, block_bytes (&after), error);
}

static gboolean
process (ReconWorker   *self,
         ReconBlock    *block,
         float         *data,
         float         *result,
         GCancellable  *cancellable,
         GError       **error)
{
  gint64 time = g_get_monotonic_time ();
  g_auto (ReconClMem) buffer = recon_device_wrap (self->device, data, block_bytes (block), TRUE, error);
  gboolean success;

  if (buffer == NULL)
    return FALSE;
  time = charge (self, self->steps->len, time);

  for (guint i = 0; i < self->steps->len; i++)
    {
      ReconStep *step = g_ptr_array_index (self->steps, i);
      const ReconRequisition *need = &g_array_index (self->needs, ReconRequisition, i);
      g_auto (ReconClMem) output = NULL;

      self->step = i;
      if (!need->in_place)
        {
          output = output_buffer (self, i, block, result, error);
          if (output == NULL)
            return FALSE;
        }

      if (!recon_step_process (step, block, buffer, output != NULL ? output : buffer, cancellable, error))
        {
          g_prefix_error (error, "%s: ", recon_step_get_name (step));
          return FALSE;
        }

      device_progress_cb (1, self);
      time = charge (self, i, time);
      block->shape = need->output;
      if (output != NULL)
        {
          clReleaseMemObject (buffer);
          buffer = g_steal_pointer (&output);
        }
    }

  success = recon_device_fetch (self->device, buffer, self->last_output == G_MAXUINT ? data : result,
                                block_bytes (block), error);
  charge (self, self->steps->len, time);

  return success;
}

/**
 * recon_worker_process:
 * @self: a worker
 * @block: (inout): the block; its shape becomes that of the result
 * @data: host memory from recon_host_memory_new() with the block's data; changed
 * @result: (out caller-allocates) (nullable): host memory likewise for what comes out; not used if every step of the
 *   graph works in place: then @data is the result
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Takes a block through all steps. The result is in host memory when the function returns; whether it succeeds or not,
 * the device does not use @data and @result any more.
 *
 * Returns: %FALSE with the step's error
 */
gboolean
recon_worker_process (ReconWorker   *self,
                      ReconBlock    *block,
                      float         *data,
                      float         *result,
                      GCancellable  *cancellable,
                      GError       **error)
{
  if (process (self, block, data, result, cancellable, error))
    return TRUE;

  /* What was put into the queue before the failure may still use the memory, which its owner may free. */
  recon_device_wait (self->device, NULL);

  return FALSE;
}

/**
 * recon_worker_set_progress:
 * @self: a worker
 * @func: (nullable): called as parts of a block get done
 * @user_data: (closure): for @func
 */
void
recon_worker_set_progress (ReconWorker             *self,
                           ReconWorkerProgressFunc  func,
                           gpointer                 user_data)
{
  self->progress = func;
  self->progress_data = user_data;
}

/**
 * recon_worker_get_costs:
 * @self: a worker
 *
 * Returns: (transfer none) (element-type ReconCost): the time that each step has taken so far, and the transfer of data
 *   to and from the device
 */
GArray *
recon_worker_get_costs (ReconWorker *self)
{
  return self->costs;
}
