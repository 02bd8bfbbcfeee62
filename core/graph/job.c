/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/job-private.h"
#include "graph/sink.h"

G_DEFINE_FINAL_TYPE (ReconJob, recon_job, G_TYPE_OBJECT)

static void
recon_job_finalize (GObject *object)
{
  ReconJob *self = RECON_JOB (object);

  if (self->prepare_destroy != NULL)
    self->prepare_destroy (self->prepare_data);
  if (self->tap_destroy != NULL)
    self->tap_destroy (self->tap_data);
  g_clear_pointer (&self->graph, recon_graph_unref);
  g_clear_pointer (&self->trace, recon_trace_unref);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_object (&self->log);
  g_free (self->finished);
  g_array_unref (self->marks);
  g_array_unref (self->costs);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (recon_job_parent_class)->finalize (object);
}

static void
recon_job_class_init (ReconJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_job_finalize;
}

static void
recon_job_init (ReconJob *self)
{
  g_mutex_init (&self->mutex);
  self->marks = g_array_new (FALSE, FALSE, sizeof (ReconJobMark));
  self->costs = g_array_new (FALSE, FALSE, sizeof (ReconCost));
}

static int
find_sink (ReconGraph *graph)
{
  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    if (RECON_IS_SINK (recon_graph_get_task (graph, i)))
      return (int) i;

  return -1;
}

/**
 * recon_job_new:
 * @graph: what is to be made, with its shapes known, and at least one sink
 * @devices: (element-type ReconDeviceInfo): devices that share the work; kept alive
 * @memory_limit: bytes of host memory for data in work
 * @log: (nullable): for what the job has to say
 *
 * The graph belongs to the job from now on.
 *
 * Returns: (transfer full): a job that waits to be run
 */
ReconJob *
recon_job_new (ReconGraph *graph,
               GPtrArray  *devices,
               guint64     memory_limit,
               ReconLog   *log)
{
  ReconJob *self = g_object_new (RECON_TYPE_JOB, NULL);

  g_return_val_if_fail (find_sink (graph) >= 0, NULL);

  self->graph = recon_graph_ref (graph);
  self->sink = (guint) find_sink (graph);
  self->n_slices = (guint) recon_task_get_input (recon_graph_get_task (graph, self->sink), 0)->axes[0].size;
  self->devices = g_ptr_array_ref (devices);
  self->memory_limit = memory_limit;
  self->log = log != NULL ? g_object_ref (log) : NULL;

  return self;
}

/**
 * recon_job_get_graph:
 * @self: a job
 *
 * Returns: (transfer none): what it runs
 */
ReconGraph *
recon_job_get_graph (ReconJob *self)
{
  return self->graph;
}

/**
 * recon_job_get_n_slices:
 * @self: a job
 *
 * Returns: the number of images that its first sink gets
 */
guint
recon_job_get_n_slices (ReconJob *self)
{
  return self->n_slices;
}

/**
 * recon_job_set_rules:
 * @self: a job that doesn't run yet
 * @resume: whether to go on with what an earlier job has left
 * @strict: whether the job fails if tasks warn of what they have processed
 */
void
recon_job_set_rules (ReconJob    *self,
                     ReconResume  resume,
                     gboolean     strict)
{
  self->resume = resume;
  self->strict = strict;
}

/**
 * recon_job_set_trace:
 * @self: a job that doesn't run yet
 * @trace: where to note what every task and stage did when
 */
void
recon_job_set_trace (ReconJob   *self,
                     ReconTrace *trace)
{
  self->trace = recon_trace_ref (trace);
}

/**
 * recon_job_set_prepare:
 * @self: a job that doesn't run yet
 * @prepare: called in the job's thread before the sinks begin
 * @user_data: (closure): for @prepare
 * @destroy: (nullable): frees @user_data
 */
void
recon_job_set_prepare (ReconJob            *self,
                       ReconJobPrepareFunc  prepare,
                       gpointer             user_data,
                       GDestroyNotify       destroy)
{
  g_return_if_fail (RECON_IS_JOB (self));
  g_return_if_fail (self->prepare == NULL);

  self->prepare = prepare;
  self->prepare_data = user_data;
  self->prepare_destroy = destroy;
}

/**
 * recon_job_set_tap:
 * @self: a job that doesn't run yet
 * @tap: (scope notified) (nullable): called with every block that stands on disk, in a thread of the job, which waits
 *   for it
 * @user_data: (closure): for @tap
 * @destroy: (nullable): frees @user_data
 */
void
recon_job_set_tap (ReconJob       *self,
                   ReconTapFunc    tap,
                   gpointer        user_data,
                   GDestroyNotify  destroy)
{
  g_return_if_fail (RECON_IS_JOB (self));
  g_return_if_fail (self->tap == NULL);

  self->tap = tap;
  self->tap_data = user_data;
  self->tap_destroy = destroy;
}

static void
set_state (ReconJob      *self,
           ReconJobState  state)
{
  g_mutex_lock (&self->mutex);
  self->state = state;
  if (state == RECON_JOB_PREPARING)
    self->started = g_get_monotonic_time ();
  else if (state != RECON_JOB_RUNNING)
    self->ended = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

/**
 * recon_job_run:
 * @self: a job that hasn't run yet
 * @cancellable: (nullable): stops the job within one block
 * @error: return location
 *
 * Runs the job in this thread and threads of its own. What a failed or cancelled job has finished stands under a
 * temporary name beside the ledger, for a later job to go on from; #ReconJobProgress counts it.
 *
 * Returns: %FALSE if it failed or was cancelled
 */
gboolean
recon_job_run (ReconJob      *self,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr (GError) own_error = NULL;
  gboolean success;

  g_return_val_if_fail (RECON_IS_JOB (self), FALSE);
  g_return_val_if_fail (self->state == RECON_JOB_QUEUED, FALSE);

  set_state (self, RECON_JOB_PREPARING);
  success = _recon_job_work (self, cancellable, &own_error);
  if (!success)
    _recon_job_stop (self);
  if (success)
    set_state (self, RECON_JOB_DONE);
  else
    set_state (self, g_error_matches (own_error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? RECON_JOB_CANCELLED
                                                                                    : RECON_JOB_FAILED);
  if (!success)
    g_propagate_error (error, g_steal_pointer (&own_error));

  return success;
}

static void
run_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (recon_job_run (RECON_JOB (source_object), cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * recon_job_run_async:
 * @self: a job that hasn't run yet
 * @cancellable: (nullable): stops the job within one block
 * @callback: (scope async) (nullable): called in the main context of the caller when the job has ended
 * @user_data: (closure): for @callback
 *
 * See recon_job_run().
 */
void
recon_job_run_async (ReconJob            *self,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (RECON_IS_JOB (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, recon_job_run_async);
  /* A job that finished in spite of a late cancel has finished. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_thread);
}

/**
 * recon_job_run_finish:
 * @self: a job
 * @result: what recon_job_run_async() gave
 * @error: return location
 *
 * Returns: %FALSE with the error of a stage, or with %G_IO_ERROR_CANCELLED
 */
gboolean
recon_job_run_finish (ReconJob      *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
