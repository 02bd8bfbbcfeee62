/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "graph/evaluator.h"
#include "graph/executor.h"
#include "graph/graph-private.h"
#include "graph/job-setup.h"
#include "graph/plan.h"
#include "graph/sink.h"
#include "graph/trace-private.h"

/* The rate is that of the last blocks, so that it follows a disk or a device that slows down. */
#define RATE_WINDOW_SECONDS 20

/* Between two of them at least. */
#define MARK_USEC (G_USEC_PER_SEC / 4)

typedef struct
{
  gint64 time;
  double work;
} Mark;

struct _ReconJob
{
  GObject parent_instance;

  ReconGraph          *graph;
  guint                sink;     /* the node whose images are the job's */
  guint                n_slices; /* how many it gets; the graph itself may be at work in the job's thread */
  GPtrArray           *devices;
  ReconResume          resume;
  gboolean             strict;   /* whether warnings about what was processed make an error */
  ReconTrace          *trace;    /* (nullable) */
  guint64              memory_limit;
  ReconLog            *log;
  ReconJobPrepareFunc  prepare;
  gpointer             prepare_data;
  GDestroyNotify       prepare_destroy;
  ReconTapFunc         tap;
  gpointer             tap_data;
  GDestroyNotify       tap_destroy;

  GMutex               mutex; /* guards what follows */
  ReconJobState        state;
  gint64               started;
  gint64               ended;
  guint                n_done;
  double               n_worked; /* images of all passes that are done */
  double               in_work; /* images' worth of work on what is not done */
  double               work;    /* see ReconJobProgress */
  guint                n_prepared, n_to_prepare;
  const char          *preparing;
  guint                n_kept;
  double               share;     /* of the images of all passes, those of the sink that count */
  gboolean             is_main;   /* whether the pass at work is the one of that sink */
  guint8              *finished; /* (nullable): n_slices flags, once the job runs */
  GArray              *marks;
  double               stage_seconds[RECON_N_STAGES];
  GArray              *costs; /* ReconCost of each step, all devices together */
};

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
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
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
 * recon_job_set_resume:
 * @self: a job that doesn't run yet
 * @resume: whether to go on with what an earlier job has left
 */
void
recon_job_set_resume (ReconJob    *self,
                      ReconResume  resume)
{
  self->resume = resume;
}

/**
 * recon_job_set_strict:
 * @self: a job that doesn't run yet
 * @strict: whether the job fails if tasks warn of what they have processed
 */
void
recon_job_set_strict (ReconJob *self,
                      gboolean  strict)
{
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

static void
mark_work (ReconJob *self)
{
  const Mark mark = { g_get_monotonic_time (), MAX (self->work, self->share * (self->n_worked + self->in_work)) };
  guint old = 0;

  self->work = mark.work;
  if (self->marks->len > 1 &&
      g_array_index (self->marks, Mark, self->marks->len - 2).time > mark.time - MARK_USEC)
    g_array_set_size (self->marks, self->marks->len - 1);
  g_array_append_val (self->marks, mark);

  while (old + 2 < self->marks->len &&
         g_array_index (self->marks, Mark, old + 1).time < mark.time - RATE_WINDOW_SECONDS * G_USEC_PER_SEC)
    old++;
  if (old > 0)
    g_array_remove_range (self->marks, 0, old);
}

static void
progress_cb (double   slices,
             gpointer user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->in_work += slices;
  if (slices > 0)
    mark_work (self);
}

static void
prepared_cb (const ReconDeviceInfo *info,
             guint                  n_prepared,
             guint                  n_steps,
             gpointer               user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (n_prepared == 0)
    self->n_to_prepare += n_steps;
  else
    self->n_prepared++;
  self->preparing = self->n_prepared < self->n_to_prepare ? g_intern_string (info->name) : NULL;

  /* The time that this took says nothing about the rate. */
  if (self->preparing == NULL)
    {
      g_array_set_size (self->marks, 0);
      mark_work (self);
    }
}

static void
worked_cb (ReconStage  stage,
           const char *task,
           const char *where,
           guint       first,
           guint       n,
           gint64      start,
           gint64      end,
           gpointer    user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const double seconds = (double) (end - start) / G_USEC_PER_SEC;

  /* Of computing, tasks say more. */
  if (self->trace != NULL && (task != NULL || stage != RECON_STAGE_COMPUTE))
    recon_trace_add (self->trace, task != NULL ? task : where, where, first, n, start, end);
  if (task != NULL)
    {
      recon_costs_add (self->costs, task, seconds);
      return;
    }

  self->stage_seconds[stage] += seconds;
  if (stage != RECON_STAGE_WRITE)
    return;

  self->n_worked += n;
  if (self->is_main)
    {
      self->n_done += n;
      memset (self->finished + first, 1, n);
    }
  mark_work (self);
}

static void
fed_cb (guint       node,
        ReconArray *array,
        gpointer    user_data)
{
  ReconJob *self = user_data;
  const ReconRegion *region = recon_array_get_region (array);
  const float *images;

  if (node != self->sink || recon_array_get_type_of (array) != RECON_ARRAY_FLOAT32)
    return;
  /* It has been read by the sink: nothing is fetched, and nothing can fail. */
  images = recon_array_read (array, NULL);
  if (images != NULL)
    self->tap ((guint) region->axes[0].first, recon_array_get_n (array, 0), recon_array_get_n (array, 1),
               recon_array_get_n (array, 2), images, self->tap_data);
}

typedef struct
{
  ReconJob       *job;
  ReconOutlet     outlet;
  ReconEvaluator *evaluator; /* (nullable): until it is needed */
} Ahead;

/* An image of what a sink will get, one by one: only tables are kept. */
static ReconArray *
evaluate (const ReconRegion  *region,
          gpointer            user_data,
          GCancellable       *cancellable,
          GError            **error)
{
  Ahead *ahead = user_data;
  ReconJob *self = ahead->job;
  g_autoptr (ReconDevice) device = NULL;

  if (ahead->evaluator == NULL)
    {
      if (self->devices->len > 0 &&
          (device = recon_device_open (g_ptr_array_index (self->devices, 0), error)) == NULL)
        return NULL;
      ahead->evaluator = recon_evaluator_new (device, RECON_MIN_LANES);
      recon_evaluator_set_keeping (ahead->evaluator, FALSE);
    }

  return recon_evaluator_get (ahead->evaluator, self->graph, ahead->outlet, region, cancellable, error);
}

/* Returns: (transfer full): flags of the images that stand already; %NULL on error */
static guint8 *
begin_sink (ReconJob      *self,
            guint          node,
            GCancellable  *cancellable,
            GError       **error)
{
  ReconTask *task = recon_graph_get_task (self->graph, node);
  Ahead ahead = { self, recon_graph_get_source (self->graph, node, 0), NULL };
  const ReconSinkStart start = { self->resume, self->log, evaluate, &ahead };
  g_autofree guint8 *finished = g_new0 (guint8, recon_task_get_input (task, 0)->axes[0].size);
  gboolean success = RECON_SINK_GET_CLASS (task)->begin (RECON_SINK (task), &start, finished, cancellable, error);

  g_clear_pointer (&ahead.evaluator, recon_evaluator_free);

  return success ? g_steal_pointer (&finished) : NULL;
}

static guint
count_unfinished (const guint8 *finished,
                  guint         n)
{
  guint n_left = 0;

  for (guint i = 0; i < n; i++)
    n_left += !finished[i];

  return n_left;
}

/* The images that all sinks of a pass have. */
static guint8 *
unite_finished (ReconPass  *pass,
                guint8    **finished)
{
  guint8 *all = g_new (guint8, pass->n_items);

  if (finished[pass->targets[0]] == NULL)
    {
      memset (all, 0, pass->n_items);
      return all;
    }

  memset (all, 1, pass->n_items);
  for (guint i = 0; i < pass->n_targets; i++)
    for (guint k = 0; k < pass->n_items; k++)
      all[k] = all[k] && finished[pass->targets[i]][k];

  return all;
}

/* Room for what a pass keeps. */
static gboolean
open_store (ReconJob    *self,
            ReconPlan   *plan,
            ReconOutlet  outlet,
            GError     **error)
{
  ReconTask *task = recon_graph_get_task (self->graph, (guint) outlet.node);
  const gsize place = (gsize) outlet.node * RECON_MAX_PORTS + outlet.port;

  plan->stores[place] = recon_store_new (recon_task_get_output (task, outlet.port), plan->in_file[place], error);
  if (plan->stores[place] != NULL && plan->in_file[place])
    recon_log_info (self->log, "%s is kept in a temporary file in %s, as it is needed as a whole",
                    recon_graph_get_name (self->graph, (guint) outlet.node), g_get_tmp_dir ());

  return plan->stores[place] != NULL;
}

/* What a reduction came to. */
static gboolean
keep_reduction (ReconJob      *self,
                ReconPlan     *plan,
                guint          node,
                GCancellable  *cancellable,
                GError       **error)
{
  ReconTask *task = recon_graph_get_task (self->graph, node);
  ReconArray *outputs[RECON_MAX_PORTS] = { NULL };
  gboolean success = TRUE;

  for (guint i = 0; i < recon_task_get_n_outputs (task); i++)
    {
      ReconRegion whole;

      recon_region_init_whole (&whole, recon_task_get_output (task, i));
      outputs[i] = recon_array_new (recon_task_get_output (task, i), &whole, RECON_PLAIN);
    }
  success = recon_task_finish (task, outputs, cancellable, error);
  for (guint i = 0; i < recon_task_get_n_outputs (task); i++)
    {
      const ReconOutlet outlet = { (int) node, i };

      success = success && open_store (self, plan, outlet, error) &&
                recon_store_write (plan->stores[(gsize) node * RECON_MAX_PORTS + i], outputs[i], error);
      recon_array_unref (outputs[i]);
    }

  return success;
}

static gboolean
run_pass (ReconJob      *self,
          ReconPlan     *plan,
          ReconPass     *pass,
          const guint8  *finished,
          GCancellable  *cancellable,
          GError       **error)
{
  const ReconExecutorFuncs funcs = {
    .worked = worked_cb,
    .progress = progress_cb,
    .prepared = prepared_cb,
    .fed = self->tap != NULL ? fed_cb : NULL,
    .user_data = self,
  };
  const guint n_left = finished != NULL ? count_unfinished (finished, pass->n_items) : pass->n_items;

  if (n_left == 0)
    return TRUE;
  if ((pass->kept.node >= 0 && !open_store (self, plan, pass->kept, error)) ||
      !recon_plan_size_pass (plan, pass, n_left, self->log, error) ||
      !recon_executor_run (plan, pass, finished, &funcs, cancellable, error))
    return FALSE;

  return pass->kept.node >= 0 || RECON_IS_SINK (recon_graph_get_task (self->graph, pass->targets[0])) ||
         keep_reduction (self, plan, pass->targets[0], cancellable, error);
}

static gboolean
has_target (const ReconPass *pass,
            guint            node)
{
  for (guint i = 0; i < pass->n_targets; i++)
    if (pass->targets[i] == node)
      return TRUE;

  return FALSE;
}

/* @finished: (nullable) for each node: flags of the images that its sink has */
static void
begin_work (ReconJob   *self,
            ReconPlan  *plan,
            guint8    **finished)
{
  const guint n_slices = recon_job_get_n_slices (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  double n_all = 0;

  for (guint i = 0; i < plan->passes->len; i++)
    n_all += ((ReconPass *) g_ptr_array_index (plan->passes, i))->n_items;
  self->share = n_slices / n_all;
  self->finished = g_memdup2 (finished[self->sink], n_slices);
  self->n_done = n_slices - count_unfinished (self->finished, n_slices);
  self->n_worked = self->n_done;
  mark_work (self);
  self->state = RECON_JOB_RUNNING;
}

static gboolean
run_passes (ReconJob      *self,
            ReconPlan     *plan,
            guint8       **finished,
            GCancellable  *cancellable,
            GError       **error)
{
  gboolean is_needed = FALSE;

  for (guint i = 0; i < recon_graph_get_n (self->graph); i++)
    {
      ReconTask *task = recon_graph_get_task (self->graph, i);

      is_needed = is_needed ||
                  (finished[i] != NULL &&
                   count_unfinished (finished[i], (guint) recon_task_get_input (task, 0)->axes[0].size) > 0);
    }

  begin_work (self, plan, finished);
  for (guint i = 0; is_needed && i < plan->passes->len; i++)
    {
      ReconPass *pass = g_ptr_array_index (plan->passes, i);
      g_autofree guint8 *all = pass->n_targets > 0 ? unite_finished (pass, finished) : NULL;

      g_mutex_lock (&self->mutex);
      self->is_main = has_target (pass, self->sink);
      g_mutex_unlock (&self->mutex);
      if (!run_pass (self, plan, pass, all, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/* What a later job can go on from, as long as ledger and slices stay where they are. */
static void
count_kept (ReconJob *self)
{
  ReconSink *sink = RECON_SINK (recon_graph_get_task (self->graph, self->sink));
  const guint n_kept = RECON_SINK_GET_CLASS (sink)->count_kept (sink);

  g_mutex_lock (&self->mutex);
  self->n_kept = n_kept;
  g_mutex_unlock (&self->mutex);
}

/* Whether the memory is enough, before anything is opened. */
static gboolean
check_sizes (ReconJob   *self,
             ReconPlan  *plan,
             GError    **error)
{
  for (guint i = 0; i < plan->passes->len; i++)
    {
      ReconPass *pass = g_ptr_array_index (plan->passes, i);

      if (!recon_plan_size_pass (plan, pass, pass->n_items, NULL, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
report_and_end (ReconJob  *self,
                GError   **error)
{
  g_autoptr (ReconLog) counting = recon_log_new_for (self->log);

  for (guint i = 0; i < recon_graph_get_n (self->graph); i++)
    if (!recon_task_report (recon_graph_get_task (self->graph, i), counting, error))
      return FALSE;
  if (self->strict && !recon_log_check (counting, error))
    return FALSE;
  for (guint i = 0; i < recon_graph_get_n (self->graph); i++)
    {
      ReconTask *task = recon_graph_get_task (self->graph, i);

      if (RECON_IS_SINK (task) && !RECON_SINK_GET_CLASS (task)->end (RECON_SINK (task), error))
        return FALSE;
    }

  return TRUE;
}

static void
free_finished (guint8 **finished,
               guint    n)
{
  for (guint i = 0; i < n; i++)
    g_free (finished[i]);
  g_free (finished);
}

static void
stop_sinks (ReconJob *self)
{
  for (guint i = 0; i < recon_graph_get_n (self->graph); i++)
    {
      ReconTask *task = recon_graph_get_task (self->graph, i);

      if (RECON_IS_SINK (task))
        RECON_SINK_GET_CLASS (task)->stop (RECON_SINK (task));
    }
}

static gboolean
run_job (ReconJob      *self,
         GCancellable  *cancellable,
         GError       **error)
{
  const guint n = recon_graph_get_n (self->graph);
  g_autoptr (ReconPlan) plan = NULL;
  guint8 **finished;
  gboolean success = TRUE;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      (self->prepare != NULL && !self->prepare (self, self->prepare_data, cancellable, error)))
    return FALSE;

  plan = recon_plan_new (self->graph, self->devices, self->memory_limit, error);
  if (plan == NULL || !check_sizes (self, plan, error))
    return FALSE;

  finished = g_new0 (guint8 *, n + 1);
  for (guint i = 0; success && i < n; i++)
    if (RECON_IS_SINK (recon_graph_get_task (self->graph, i)))
      success = (finished[i] = begin_sink (self, i, cancellable, error)) != NULL;

  success = success && run_passes (self, plan, finished, cancellable, error) && report_and_end (self, error);
  free_finished (finished, n);
  if (!success)
    count_kept (self);

  return success;
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
  success = run_job (self, cancellable, &own_error);
  if (!success)
    stop_sinks (self);
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

/**
 * recon_job_get_progress:
 * @self: a job
 * @progress: (out caller-allocates): where it stands
 *
 * May be called from any thread at any time.
 */
void
recon_job_get_progress (ReconJob         *self,
                        ReconJobProgress *progress)
{
  const guint n_slices = recon_job_get_n_slices (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 now = g_get_monotonic_time ();

  *progress = (ReconJobProgress) {
    .state = self->state,
    .n_slices = n_slices,
    .n_done = self->n_done,
    .n_kept = self->n_kept,
    .work = MIN (self->work, n_slices),
    .n_prepared = self->n_prepared,
    .n_to_prepare = self->n_to_prepare,
    .preparing = self->preparing,
    .remaining = -1,
    .read_seconds = self->stage_seconds[RECON_STAGE_READ],
    .compute_seconds = self->stage_seconds[RECON_STAGE_COMPUTE],
    .write_seconds = self->stage_seconds[RECON_STAGE_WRITE],
  };
  if (self->started != 0)
    progress->elapsed = (double) ((self->ended != 0 ? self->ended : now) - self->started) / G_USEC_PER_SEC;

  if (self->marks->len > 1)
    {
      const Mark *first = &g_array_index (self->marks, Mark, 0);
      const Mark *last = &g_array_index (self->marks, Mark, self->marks->len - 1);

      /* Of the first moments nothing can be said. */
      if (last->time - first->time > MARK_USEC || (self->n_done > 0 && last->time > first->time))
        progress->rate = (last->work - first->work) * (double) G_USEC_PER_SEC / (double) (last->time - first->time);
      if (progress->rate > 0)
        progress->remaining = MAX (0, (n_slices - self->work) / progress->rate -
                                          (double) (now - last->time) / G_USEC_PER_SEC);
    }
}

/**
 * recon_job_is_finished:
 * @self: a job
 * @slice: index of a slice
 *
 * May be called from any thread at any time.
 *
 * Returns: whether the slice stands on disk, made by this job or by the one that it resumes
 */
gboolean
recon_job_is_finished (ReconJob *self,
                       guint     slice)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (RECON_IS_JOB (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);

  return self->finished != NULL && slice < recon_job_get_n_slices (self) && self->finished[slice];
}

/**
 * recon_job_format_costs:
 * @self: a job
 *
 * Stages work at the same time: the job takes hardly longer than the slowest one. Computing is counted per worker.
 *
 * Returns: (transfer full): a line that says how long each stage was at work, and which was the slowest
 */
char *
recon_job_format_costs (ReconJob *self)
{
  const char *const names[] = { _ ("reading"), _ ("computing"), _ ("writing") };
  g_autoptr (GMutexLocker) locker = NULL;
  GString *text = g_string_new (NULL);
  double seconds[RECON_N_STAGES];
  guint slowest = 0, n_workers = 0;

  g_return_val_if_fail (RECON_IS_JOB (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  for (guint i = 0; i < self->devices->len; i++)
    n_workers += recon_plan_get_n_workers (g_ptr_array_index (self->devices, i));
  for (guint i = 0; i < RECON_N_STAGES; i++)
    {
      seconds[i] = self->stage_seconds[i] / (i == RECON_STAGE_COMPUTE ? n_workers : 1);
      if (seconds[i] > seconds[slowest])
        slowest = i;
    }

  for (guint i = 0; i < RECON_N_STAGES; i++)
    {
      g_string_append_printf (text, "%s%s %.2f s", i > 0 ? ", " : "", names[i], seconds[i]);
      for (guint k = 0; i == RECON_STAGE_COMPUTE && k < self->costs->len; k++)
        {
          const ReconCost *cost = &g_array_index (self->costs, ReconCost, k);

          g_string_append_printf (text, "%s%s %.2f%s", k == 0 ? " (" : ", ", cost->name,
                                  cost->seconds / n_workers, k + 1 == self->costs->len ? ")" : "");
        }
    }
  g_string_append_printf (text, _ ("; %s was the slowest"), names[slowest]);

  return g_string_free (text, FALSE);
}
