/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/executor.h"

#include <string.h>

#include "base/threads.h"
#include "graph/graph-private.h"
#include "graph/layouts.h"
#include "graph/queue.h"
#include "graph/slot.h"

/* One pass of a plan: everything that is fed is made in blocks, which are read, computed and written at the same time.
 * A block travels in a slot, which holds all the host memory that it needs on its way:
 *
 *   free slots → reader → filled slots → workers of the devices → computed slots → writer → free slots
 *
 * The number of slots bounds the memory and the blocks in flight. The reader hands slots out in the order of the
 * images, so whatever the devices do, the block that the writer waits for has a slot already and comes through:
 * the writer can put the blocks in order without a deadlock.
 *
 * The first error of any thread is kept; it cancels the others and closes all queues. */

/* What of the work on a block reading is taken for, and computing. */
#define READ_SHARE    0.05
#define COMPUTE_SHARE 0.9

typedef struct
{
  ReconBlocks               blocks;
  const guint8             *finished;
  const ReconExecutorFuncs *funcs;
  guint8                   *given;  /* for each output: whether it is there before a device computes */
  guint8                   *stays;  /* for each output: whether it is not to be changed or released on the way */

  GCancellable *cancellable;
  ReconQueue   *free_slots;
  ReconQueue   *filled;
  ReconQueue   *computed;
  gint          workers_left;

  GMutex        mutex;
  GError       *error; /* the first one */
} Executor;

typedef struct
{
  Executor              *executor;
  const ReconDeviceInfo *info; /* (nullable) */
  ReconSlot             *slot; /* (nullable): in work */
} WorkerData;

/* Takes the error. */
static void
fail (Executor *self,
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
finish_stage (Executor        *self,
              ReconStage       stage,
              const ReconSlot *slot,
              gint64           start)
{
  static const char *const names[] = { "read", "compute", "write" };

  self->funcs->worked (stage, NULL, names[stage], slot->first, slot->n, start, g_get_monotonic_time (),
                       self->funcs->user_data);
}

/* Only the thread that has the slot does this. */
static void
report_progress (Executor  *self,
                 ReconSlot *slot,
                 double     share)
{
  const double images = slot->n * share;

  self->funcs->progress (images - slot->counted, self->funcs->user_data);
  slot->counted = images;
}

static gboolean
is_finished (Executor *self,
             guint     image)
{
  return self->finished != NULL && self->finished[image];
}

static gpointer
reader_thread (gpointer data)
{
  Executor *self = data;
  const guint n_items = self->blocks.pass->n_items;
  guint sequence = 0;

  for (guint first = 0; first < n_items;)
    {
      g_autoptr (GError) error = NULL;
      gint64 start;
      guint n = 0;
      ReconSlot *slot;

      if (is_finished (self, first))
        {
          first++;
          continue;
        }
      while (n < self->blocks.pass->block && first + n < n_items && !is_finished (self, first + n))
        n++;

      slot = recon_queue_pop (self->free_slots);
      if (slot == NULL)
        return NULL;

      start = g_get_monotonic_time ();
      recon_slot_begin (slot, first, n, sequence++);
      if (!recon_slot_read (slot, self->cancellable, &error))
        {
          fail (self, g_steal_pointer (&error));
          return NULL;
        }
      finish_stage (self, RECON_STAGE_READ, slot, start);
      report_progress (self, slot, READ_SHARE);
      recon_queue_push (self->filled, slot);
      first += n;
    }

  recon_queue_close (self->filled);

  return NULL;
}

static void
worker_progress_cb (double   done,
                    gpointer user_data)
{
  WorkerData *data = user_data;

  report_progress (data->executor, data->slot, READ_SHARE + COMPUTE_SHARE * done);
}

static void
worker_trace_cb (const char *task,
                 gint64      start,
                 gint64      end,
                 gpointer    user_data)
{
  WorkerData *data = user_data;
  const ReconExecutorFuncs *funcs = data->executor->funcs;

  funcs->worked (RECON_STAGE_COMPUTE, task, data->info != NULL ? data->info->name : "host", data->slot->first,
                 data->slot->n, start, end, funcs->user_data);
}

static ReconWorker *
new_worker (WorkerData  *data,
            GError     **error)
{
  Executor *self = data->executor;
  const ReconPass *pass = self->blocks.pass;
  g_autoptr (ReconWorker) worker = recon_worker_new (data->info, error);
  g_auto (ReconDemand) demand = { 0 };

  if (worker == NULL)
    return NULL;

  recon_worker_set_lanes (worker, pass->lanes);
  recon_worker_set_progress (worker, worker_progress_cb, data);
  recon_worker_set_trace (worker, worker_trace_cb, data);
  recon_demand_init (&demand, self->blocks.plan->graph);
  recon_plan_demand (self->blocks.plan, pass, 0, MIN (pass->block, pass->n_items), &demand);

  return recon_worker_prepare (worker, &demand, self->given, self->funcs->prepared, self->funcs->user_data, error)
           ? g_steal_pointer (&worker) : NULL;
}

/* Brings the results to the host, so that the time that takes is the device's; who takes them knows no interleaving. */
static gboolean
fetch_results (Executor   *self,
               ReconSlot  *slot,
               GError    **error)
{
  for (gsize i = 0; i < self->blocks.n_outlets; i++)
    {
      ReconArray *given = slot->arrays[i];

      if (given == NULL || recon_array_is_empty (given))
        continue;
      slot->arrays[i] = recon_array_straighten (given, error);
      recon_array_unref (given);
      if (slot->arrays[i] == NULL || recon_array_read (slot->arrays[i], error) == NULL)
        return FALSE;
    }

  return TRUE;
}

static gpointer
worker_thread (gpointer data)
{
  g_autofree WorkerData *worker_data = data;
  Executor *self = worker_data->executor;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWorker) worker = new_worker (worker_data, &error);
  ReconSlot *slot;

  if (worker == NULL)
    {
      fail (self, g_steal_pointer (&error));
      return NULL;
    }

  while ((slot = recon_queue_pop (self->filled)) != NULL)
    {
      gint64 start = g_get_monotonic_time ();

      worker_data->slot = slot;
      if (!recon_worker_compute (worker, &slot->demand, slot->arrays, self->stays, self->cancellable, &error) ||
          !fetch_results (self, slot, &error))
        {
          fail (self, g_steal_pointer (&error));
          return NULL;
        }
      finish_stage (self, RECON_STAGE_COMPUTE, slot, start);
      recon_queue_push (self->computed, slot);
    }

  if (g_atomic_int_dec_and_test (&self->workers_left))
    recon_queue_close (self->computed);

  return NULL;
}

/* @fed: gets what came to the first input */
static gboolean
feed_target (Executor   *self,
             guint       node,
             ReconSlot  *slot,
             GPtrArray  *fed,
             GError    **error)
{
  ReconTask *task = recon_graph_get_task (self->blocks.plan->graph, node);
  ReconArray *inputs[RECON_MAX_PORTS] = { NULL };
  gboolean success = TRUE;

  for (guint i = 0; success && i < recon_task_get_n_inputs (task); i++)
    {
      const ReconOutlet source = recon_graph_get_source (self->blocks.plan->graph, node, i);

      if (source.node < 0)
        continue;
      inputs[i] = recon_slot_cut (slot, recon_task_get_input (task, i),
                              slot->arrays[recon_outlet_get_place (source)], error);
      success = inputs[i] != NULL;
    }

  success = success && recon_task_process (task, inputs, NULL, self->cancellable, error);
  g_ptr_array_add (fed, inputs[0]);
  for (guint i = 1; i < G_N_ELEMENTS (inputs); i++)
    g_clear_pointer (&inputs[i], recon_array_unref);

  return success;
}

static void
unref_array (gpointer array)
{
  if (array != NULL)
    recon_array_unref (array);
}

static gboolean
write_block (Executor   *self,
             ReconSlot  *slot,
             GError    **error)
{
  ReconPass *pass = self->blocks.pass;
  const gint64 start = g_get_monotonic_time ();
  const gsize kept = (gsize) MAX (pass->kept.node, 0) * RECON_MAX_PORTS + pass->kept.port;
  g_autoptr (GPtrArray) fed = g_ptr_array_new_with_free_func (unref_array);

  if (pass->kept.node >= 0 && !recon_store_write (self->blocks.plan->stores[kept], slot->arrays[kept], error))
    return FALSE;
  for (guint i = 0; i < pass->n_targets; i++)
    if (!feed_target (self, pass->targets[i], slot, fed, error))
      return FALSE;

  report_progress (self, slot, 0);
  finish_stage (self, RECON_STAGE_WRITE, slot, start);
  for (guint i = 0; i < pass->n_targets && self->funcs->fed != NULL; i++)
    self->funcs->fed (pass->targets[i], g_ptr_array_index (fed, i), self->funcs->user_data);
  recon_slot_release (slot);
  recon_queue_push (self->free_slots, slot);

  return TRUE;
}

/* Runs in the caller's thread: takes blocks as they come and writes them in order. */
static void
write_blocks (Executor *self)
{
  g_autoptr (GHashTable) early = g_hash_table_new (NULL, NULL);
  guint next = 0;
  ReconSlot *slot;

  while ((slot = recon_queue_pop (self->computed)) != NULL)
    {
      g_hash_table_insert (early, GUINT_TO_POINTER (slot->sequence), slot);

      while ((slot = g_hash_table_lookup (early, GUINT_TO_POINTER (next))) != NULL)
        {
          g_autoptr (GError) error = NULL;

          g_hash_table_remove (early, GUINT_TO_POINTER (next++));
          if (!write_block (self, slot, &error))
            {
              fail (self, g_steal_pointer (&error));
              return;
            }
        }
    }
}

/* A stage that is missing ends the job. */
static void
start_thread (Executor    *self,
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
  fail (self, error);
}

static void
start_threads (Executor  *self,
               GPtrArray *threads)
{
  GPtrArray *devices = self->blocks.plan->devices;

  for (guint i = 0; i < devices->len; i++)
    self->workers_left += (gint) recon_plan_get_n_workers (g_ptr_array_index (devices, i));
  self->workers_left = MAX (self->workers_left, 1);

  start_thread (self, threads, "read", reader_thread, self);
  for (guint i = 0; i < MAX (devices->len, 1); i++)
    {
      const ReconDeviceInfo *info = devices->len > 0 ? g_ptr_array_index (devices, i) : NULL;

      for (guint k = 0; k < (info != NULL ? recon_plan_get_n_workers (info) : 1); k++)
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
  fail (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

static void
classify_outlets (Executor *self)
{
  self->blocks.layouts = recon_layouts_choose (self->blocks.plan->graph, self->blocks.pass->lanes);
  self->stays = recon_plan_make_stays (self->blocks.plan, self->blocks.pass);
  self->given = g_new0 (guint8, self->blocks.n_outlets + 1);
  for (gsize i = 0; i < self->blocks.n_outlets; i++)
    self->given[i] = recon_plan_is_read (self->blocks.plan, self->blocks.pass, recon_outlet_at (i));
}

static gboolean
run_threads (Executor      *self,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GPtrArray) slots = g_ptr_array_new ();
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  gboolean success = TRUE;
  gulong handler = 0;

  for (guint i = 0; success && i < self->blocks.pass->n_slots; i++)
    {
      ReconSlot *slot = recon_slot_new (&self->blocks, error);

      success = slot != NULL;
      if (success)
        {
          g_ptr_array_add (slots, slot);
          recon_queue_push (self->free_slots, slot);
        }
    }

  if (success)
    {
      if (cancellable != NULL)
        handler = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel), self, NULL);
      start_threads (self, threads);
      write_blocks (self);
      for (guint i = 0; i < threads->len; i++)
        g_thread_join (g_ptr_array_index (threads, i));
      g_cancellable_disconnect (cancellable, handler);
    }
  for (guint i = 0; i < slots->len; i++)
    recon_slot_free (g_ptr_array_index (slots, i));

  return success;
}

/**
 * recon_executor_run:
 * @plan: a plan
 * @pass: one of its passes, sized, whose forerunners have run
 * @finished: (nullable): a flag for each image: those that need not be made
 * @funcs: who wants to know how it goes on
 * @cancellable: (nullable): stops within one block
 * @error: return location
 *
 * Reads, computes and writes all blocks at the same time, and returns when the last one has been taken. Sinks are
 * neither begun nor ended.
 *
 * Returns: %FALSE with the first error of any stage
 */
gboolean
recon_executor_run (ReconPlan                 *plan,
                    ReconPass                 *pass,
                    const guint8              *finished,
                    const ReconExecutorFuncs  *funcs,
                    GCancellable              *cancellable,
                    GError                   **error)
{
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autoptr (ReconQueue) free_slots = recon_queue_new ();
  g_autoptr (ReconQueue) filled = recon_queue_new ();
  g_autoptr (ReconQueue) computed = recon_queue_new ();
  Executor self = {
    .blocks = { plan, pass, (gsize) recon_graph_get_n (plan->graph) * RECON_MAX_PORTS, NULL },
    .finished = finished,
    .funcs = funcs,
    .cancellable = own,
    .free_slots = free_slots,
    .filled = filled,
    .computed = computed,
  };
  gboolean success;

  g_mutex_init (&self.mutex);
  classify_outlets (&self);
  success = run_threads (&self, cancellable, error);
  g_mutex_clear (&self.mutex);
  g_free (self.blocks.layouts);
  g_free (self.given);
  g_free (self.stays);
  if (success && self.error != NULL)
    {
      g_propagate_error (error, self.error);
      return FALSE;
    }

  return success;
}
