/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pipeline.h"

#include "engine/queue.h"
#include "engine/worker.h"
#include "threads.h"

/* A block travels in a slot, which holds all the host memory that it needs on its way:
 *
 *   free slots → reader → filled slots → workers of the devices → written slots → writer → free slots
 *
 * The number of slots bounds the memory and the blocks in flight. The reader hands slots out in the order of the
 * slices, so whatever the devices do, the block that the writer waits for has a slot already and comes through:
 * the writer can put the blocks in order without a deadlock.
 *
 * The first error of any thread is kept; it cancels the others and closes all queues. */

/* What of the work on a block reading is taken for, and computing. */
#define READ_SHARE    0.05
#define COMPUTE_SHARE 0.9

typedef struct
{
  ReconBlock  block;
  guint       sequence; /* blocks count from 0 in the order of reading */
  float      *data;
  float      *result; /* (nullable): if the graph makes an output of its own */
  float      *references;
  double      told; /* slices' worth of work on the block that were told */
} Slot;

typedef struct
{
  const ReconPipelineSettings *settings;

  GCancellable *cancellable;
  ReconQueue   *free_slots;
  ReconQueue   *filled;
  ReconQueue   *computed;
  gint          workers_left;

  GMutex        mutex;
  GError       *error; /* the first one */
} Pipeline;

typedef struct
{
  Pipeline              *pipeline;
  const ReconDeviceInfo *info;
  Slot                  *slot; /* (nullable): in work */
} WorkerData;

/* Takes the error. */
static void
pipeline_fail (Pipeline *self,
               GError   *error)
{
  g_mutex_lock (&self->mutex);
  if (self->error == NULL)
    self->error = g_steal_pointer (&error);
  g_mutex_unlock (&self->mutex);
  g_clear_error (&error);

  g_cancellable_cancel (self->cancellable);
  recon_queue_abort (self->free_slots);
  recon_queue_abort (self->filled);
  recon_queue_abort (self->computed);
}

static void
pipeline_done (Pipeline         *self,
               ReconStage        stage,
               const ReconBlock *block,
               gint64            started)
{
  if (self->settings->done != NULL)
    self->settings->done (stage, block, (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC,
                          self->settings->done_data);
}

/* Only the thread that has the slot does this. */
static void
tell_progress (Pipeline *self,
               Slot     *slot,
               double    share)
{
  const double slices = slot->block.n * share;

  if (self->settings->progress != NULL)
    self->settings->progress (slices - slot->told, self->settings->done_data);
  slot->told = slices;
}

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  recon_host_memory_free (slot->data);
  recon_host_memory_free (slot->result);
  recon_host_memory_free (slot->references);
  g_free (slot);
}

static Slot *
slot_new (const ReconPipelineSettings  *settings,
          GError                      **error)
{
  const ReconPlan *plan = settings->plan;
  const ReconSourceInfo *info = &settings->source_info;
  gsize slices = plan->block_slices;
  gsize n_references = info->has_dark + info->has_flat + info->has_flat_after;
  Slot *slot = g_new0 (Slot, 1);

  slot->data = recon_host_memory_new (slices * plan->input_bytes, error);
  if (slot->data != NULL && plan->makes_output)
    slot->result = recon_host_memory_new (slices * plan->output_bytes, error);
  if (slot->data != NULL && n_references > 0)
    slot->references = recon_host_memory_new (slices * n_references * info->shape.width * sizeof (float), error);

  if (slot->data == NULL || (plan->makes_output && slot->result == NULL) ||
      (n_references > 0 && slot->references == NULL))
    {
      slot_free (slot);
      return NULL;
    }

  return slot;
}

static void
slot_begin (Slot                        *slot,
            const ReconPipelineSettings *settings,
            guint                        first,
            guint                        n)
{
  const ReconSourceInfo *info = &settings->source_info;
  float *next = slot->references;
  gsize step = (gsize) n * info->shape.width;

  recon_block_init (&slot->block, first, n, settings->plan->lanes, &info->shape);
  if (info->has_dark)
    {
      slot->block.dark = next;
      next += step;
    }
  if (info->has_flat)
    {
      slot->block.flat = next;
      next += step;
    }
  if (info->has_flat_after)
    slot->block.flat_after = next;
}

static gpointer
reader_thread (gpointer data)
{
  Pipeline *self = data;
  const ReconPipelineSettings *settings = self->settings;
  guint n_slices = settings->source_info.n_slices;
  guint sequence = 0;

  for (guint first = 0; first < n_slices;)
    {
      g_autoptr (GError) error = NULL;
      gint64 started;
      guint n = 0;
      Slot *slot;

      if (settings->finished != NULL && settings->finished[first])
        {
          first++;
          continue;
        }
      while (n < settings->plan->block_slices && first + n < n_slices &&
             (settings->finished == NULL || !settings->finished[first + n]))
        n++;

      slot = recon_queue_pop (self->free_slots);
      if (slot == NULL)
        return NULL;

      started = g_get_monotonic_time ();
      slot_begin (slot, settings, first, n);
      slot->sequence = sequence++;
      if (!recon_source_read (settings->source, &slot->block, slot->data, self->cancellable, &error))
        {
          pipeline_fail (self, g_steal_pointer (&error));
          return NULL;
        }
      pipeline_done (self, RECON_STAGE_READ, &slot->block, started);
      tell_progress (self, slot, READ_SHARE);
      recon_queue_push (self->filled, slot);
      first += n;
    }

  recon_queue_close (self->filled);

  return NULL;
}

static void
tell_costs (Pipeline    *self,
            ReconWorker *worker)
{
  GArray *costs = recon_worker_get_costs (worker);

  for (guint i = 0; i < costs->len && self->settings->cost != NULL; i++)
    {
      const ReconCost *cost = &g_array_index (costs, ReconCost, i);

      self->settings->cost (cost->name, cost->seconds, self->settings->done_data);
    }
}

static void
worker_progress_cb (double   done,
                    gpointer user_data)
{
  WorkerData *data = user_data;

  tell_progress (data->pipeline, data->slot, READ_SHARE + COMPUTE_SHARE * done);
}

static gpointer
worker_thread (gpointer data)
{
  g_autofree WorkerData *worker_data = data;
  Pipeline *self = worker_data->pipeline;
  const ReconPipelineSettings *settings = self->settings;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWorker) worker = NULL;
  Slot *slot;

  worker = recon_worker_new_told (worker_data->info, settings->graph, &settings->source_info.shape,
                                  settings->plan->lanes, settings->prepared, settings->done_data, &error);
  if (worker == NULL)
    {
      pipeline_fail (self, g_steal_pointer (&error));
      return NULL;
    }

  recon_worker_set_progress (worker, worker_progress_cb, worker_data);
  while ((slot = recon_queue_pop (self->filled)) != NULL)
    {
      gint64 started = g_get_monotonic_time ();

      worker_data->slot = slot;
      if (!recon_worker_process (worker, &slot->block, slot->data, slot->result, self->cancellable, &error))
        {
          pipeline_fail (self, g_steal_pointer (&error));
          return NULL;
        }
      pipeline_done (self, RECON_STAGE_COMPUTE, &slot->block, started);
      recon_queue_push (self->computed, slot);
    }

  tell_costs (self, worker);
  if (g_atomic_int_dec_and_test (&self->workers_left))
    recon_queue_close (self->computed);

  return NULL;
}

static gboolean
write_block (Pipeline  *self,
             Slot      *slot,
             GError   **error)
{
  const ReconPipelineSettings *settings = self->settings;
  const float *slices = slot->result != NULL ? slot->result : slot->data;
  gint64 started = g_get_monotonic_time ();

  if (!recon_sink_write (settings->sink, &slot->block, slices, self->cancellable, error))
    return FALSE;

  if (settings->ledger != NULL &&
      !recon_ledger_record (settings->ledger, slot->block.first, slot->block.n, error))
    return FALSE;

  tell_progress (self, slot, 0);
  pipeline_done (self, RECON_STAGE_WRITE, &slot->block, started);
  if (settings->tap != NULL)
    settings->tap (&slot->block, slices, settings->tap_data);
  recon_queue_push (self->free_slots, slot);

  return TRUE;
}

/* Runs in the caller's thread: takes blocks as they come and writes them in order. */
static void
write_blocks (Pipeline *self)
{
  g_autoptr (GHashTable) early = g_hash_table_new (NULL, NULL);
  guint next = 0;
  Slot *slot;

  while ((slot = recon_queue_pop (self->computed)) != NULL)
    {
      g_hash_table_insert (early, GUINT_TO_POINTER (slot->sequence), slot);

      while ((slot = g_hash_table_lookup (early, GUINT_TO_POINTER (next))) != NULL)
        {
          g_autoptr (GError) error = NULL;

          g_hash_table_remove (early, GUINT_TO_POINTER (next++));
          if (!write_block (self, slot, &error))
            {
              pipeline_fail (self, g_steal_pointer (&error));
              return;
            }
        }
    }
}

/* A stage that is missing ends the job. */
static void
start_thread (Pipeline    *self,
              GPtrArray   *threads,
              const char  *name,
              GThreadFunc  func,
              gpointer     data)
{
  g_autoptr (GError) cause = NULL;
  GThread *thread = g_thread_try_new (name, func, data, &cause);
  GError *error = NULL;

  if (thread != NULL)
    {
      g_ptr_array_add (threads, thread);
      return;
    }

  if (data != self)
    g_free (data);
  recon_set_thread_error (&error, cause);
  pipeline_fail (self, error);
}

static void
start_threads (Pipeline  *self,
               GPtrArray *threads)
{
  const ReconPipelineSettings *settings = self->settings;

  for (guint i = 0; i < settings->devices->len; i++)
    self->workers_left += (gint) recon_plan_get_n_workers (g_ptr_array_index (settings->devices, i));

  start_thread (self, threads, "read", reader_thread, self);
  for (guint i = 0; i < settings->devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (settings->devices, i);

      for (guint k = 0; k < recon_plan_get_n_workers (info); k++)
        {
          WorkerData *worker_data = g_new (WorkerData, 1);

          *worker_data = (WorkerData) { self, info, NULL };
          start_thread (self, threads, "compute", worker_thread, worker_data);
        }
    }
}

static void
forward_cancel (GCancellable *cancellable,
                gpointer      user_data)
{
  Pipeline *self = user_data;

  pipeline_fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

/**
 * recon_pipeline_run:
 * @settings: what runs
 * @cancellable: (nullable): stops within one block
 * @error: return location
 *
 * Reads, computes and writes all blocks at the same time, and returns when the last one stands on disk. The sink
 * isn't finished.
 *
 * Returns: %FALSE with the first error of any stage
 */
gboolean
recon_pipeline_run (const ReconPipelineSettings  *settings,
                    GCancellable                 *cancellable,
                    GError                      **error)
{
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func (slot_free);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autoptr (ReconQueue) free_slots = recon_queue_new ();
  g_autoptr (ReconQueue) filled = recon_queue_new ();
  g_autoptr (ReconQueue) computed = recon_queue_new ();
  Pipeline self = {
    .settings = settings,
    .cancellable = own,
    .free_slots = free_slots,
    .filled = filled,
    .computed = computed,
  };
  gulong handler = 0;

  for (guint i = 0; i < settings->plan->n_slots; i++)
    {
      Slot *slot = slot_new (settings, error);

      if (slot == NULL)
        return FALSE;
      g_ptr_array_add (slots, slot);
      recon_queue_push (free_slots, slot);
    }

  g_mutex_init (&self.mutex);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel), &self, NULL);

  start_threads (&self, threads);

  write_blocks (&self);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));

  g_cancellable_disconnect (cancellable, handler);
  g_mutex_clear (&self.mutex);
  if (self.error != NULL)
    {
      g_propagate_error (error, self.error);
      return FALSE;
    }

  return TRUE;
}
