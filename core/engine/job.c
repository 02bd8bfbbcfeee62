/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/plan.h"
#include "engine/worker.h"
#include "error.h"

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

  ReconSource         *source;
  ReconGraph          *graph;
  ReconSink           *sink;
  GPtrArray           *devices;
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
  double               in_work; /* slices' worth of work on what is not done */
  double               work;    /* see ReconJobProgress */
  guint                n_prepared, n_to_prepare;
  const char          *preparing;
  guint                n_kept;
  guint                n_slices;
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
  g_clear_object (&self->source);
  g_clear_pointer (&self->graph, recon_graph_unref);
  g_clear_object (&self->sink);
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

/**
 * recon_job_new:
 * @source: gives the blocks
 * @graph: what is done to them
 * @sink: takes them
 * @devices: (element-type ReconDeviceInfo): devices that share the work; kept alive
 * @memory_limit: bytes of host memory for data in work
 * @log: (nullable): hears what the job has to say
 *
 * Source and sink belong to the job from now on.
 *
 * Returns: (transfer full): a job that waits to be run
 */
ReconJob *
recon_job_new (ReconSource *source,
               ReconGraph  *graph,
               ReconSink   *sink,
               GPtrArray   *devices,
               guint64      memory_limit,
               ReconLog    *log)
{
  ReconJob *self = g_object_new (RECON_TYPE_JOB, NULL);

  self->source = g_object_ref (source);
  self->graph = recon_graph_ref (graph);
  self->sink = g_object_ref (sink);
  self->devices = g_ptr_array_ref (devices);
  self->memory_limit = memory_limit;
  self->log = log != NULL ? g_object_ref (log) : NULL;

  return self;
}

/**
 * recon_job_set_prepare:
 * @self: a job that doesn't run yet
 * @prepare: called in the job's thread before the first block is read: opens the sink's files and gives the ledger,
 *   whose finished slices are not made again
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
 * @tap: called with every block that stands on disk, in a thread of the job, which waits for it
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

/**
 * recon_job_describe:
 * @self: a job
 * @info: (out caller-allocates): what its source gives
 */
void
recon_job_describe (ReconJob        *self,
                    ReconSourceInfo *info)
{
  g_return_if_fail (RECON_IS_JOB (self));

  recon_source_describe (self->source, info);
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
  const Mark mark = { g_get_monotonic_time (), MAX (self->work, self->n_done + self->in_work) };
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
mark_done (ReconJob *self,
           guint     n)
{
  self->n_done += n;
  mark_work (self);
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
stage_done_cb (ReconStage        stage,
               const ReconBlock *block,
               double            seconds,
               gpointer          user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->stage_seconds[stage] += seconds;
  if (stage != RECON_STAGE_WRITE)
    return;

  mark_done (self, block->n);
  memset (self->finished + block->first, 1, block->n);
}

static void
step_cost_cb (const char *name,
              double      seconds,
              gpointer    user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const ReconCost cost = { name, seconds };

  for (guint i = 0; i < self->costs->len; i++)
    {
      ReconCost *known = &g_array_index (self->costs, ReconCost, i);

      if (g_str_equal (known->name, name))
        {
          known->seconds += seconds;
          return;
        }
    }
  g_array_append_val (self->costs, cost);
}

static gboolean
run_blocks (ReconJob      *self,
            ReconLedger   *ledger,
            GCancellable  *cancellable,
            GError       **error)
{
  ReconPlan plan;
  ReconPipelineSettings settings = {
    .source = self->source,
    .graph = self->graph,
    .sink = self->sink,
    .devices = self->devices,
    .plan = &plan,
    .ledger = ledger,
    .done = stage_done_cb,
    .cost = step_cost_cb,
    .progress = progress_cb,
    .prepared = prepared_cb,
    .done_data = self,
    .tap = self->tap,
    .tap_data = self->tap_data,
  };
  g_autofree guint8 *finished = NULL;
  guint n_slices, n_finished = 0;

  recon_source_describe (self->source, &settings.source_info);
  n_slices = settings.source_info.n_slices;
  finished = g_new0 (guint8, n_slices);
  if (ledger != NULL)
    n_finished = recon_ledger_get_finished (ledger, finished, n_slices);
  settings.finished = finished;

  g_mutex_lock (&self->mutex);
  mark_done (self, n_finished);
  self->finished = g_memdup2 (finished, n_slices);
  self->n_slices = n_slices;
  self->state = RECON_JOB_RUNNING;
  g_mutex_unlock (&self->mutex);

  if (n_finished == n_slices)
    return TRUE;

  return recon_plan_make (&plan, &settings.source_info, self->graph, self->devices, self->memory_limit,
                          n_slices - n_finished, self->log, error) &&
         recon_pipeline_run (&settings, cancellable, error);
}

/* What a later job can go on from, as long as ledger and slices stay where they are. */
static void
count_kept (ReconJob    *self,
            ReconLedger *ledger)
{
  ReconSourceInfo info;
  g_autofree guint8 *finished = NULL;
  guint n_kept;

  if (ledger == NULL || !recon_ledger_is_kept (ledger) || !recon_sink_is_kept (self->sink))
    return;

  recon_source_describe (self->source, &info);
  finished = g_new0 (guint8, info.n_slices);
  n_kept = recon_ledger_get_finished (ledger, finished, info.n_slices);

  g_mutex_lock (&self->mutex);
  self->n_kept = n_kept;
  g_mutex_unlock (&self->mutex);
}

static gboolean
run_job (ReconJob      *self,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr (ReconLedger) ledger = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (self->prepare != NULL && !self->prepare (self, self->prepare_data, &ledger, cancellable, error))
    return FALSE;

  /* The ledger is locked until it has its final name: nobody else goes on with it. */
  if (run_blocks (self, ledger, cancellable, error) && recon_source_report (self->source, self->log, error) &&
      recon_sink_finish (self->sink, error) && (ledger == NULL || recon_ledger_close (ledger, error)))
    return TRUE;

  count_kept (self, ledger);

  return FALSE;
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
 * @callback: called in the main context of the caller when the job has ended
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
  ReconSourceInfo info;
  g_autoptr (GMutexLocker) locker = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (RECON_IS_JOB (self));

  recon_source_describe (self->source, &info);
  locker = g_mutex_locker_new (&self->mutex);

  *progress = (ReconJobProgress) {
    .state = self->state,
    .n_slices = info.n_slices,
    .n_done = self->n_done,
    .n_kept = self->n_kept,
    .work = MIN (self->work, info.n_slices),
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
        progress->remaining = MAX (0, (info.n_slices - self->work) / progress->rate -
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

  return slice < self->n_slices && self->finished[slice];
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
