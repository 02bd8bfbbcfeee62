/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "graph/evaluator.h"
#include "graph/graph-private.h"
#include "graph/job-private.h"
#include "graph/sink.h"

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
open_store (ReconJob     *self,
            ReconPlan    *plan,
            ReconOutlet   outlet,
            GError      **error)
{
  ReconTask *task = recon_graph_get_task (self->graph, (guint) outlet.node);
  const gsize place = recon_outlet_get_place (outlet);

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
  const guint n_left = finished != NULL ? count_unfinished (finished, pass->n_items) : pass->n_items;
  ReconExecutorFuncs funcs;

  if (n_left == 0)
    return TRUE;
  _recon_job_get_funcs (self, &funcs);
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
  _recon_job_mark_work (self);
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

void
_recon_job_stop (ReconJob *self)
{
  for (guint i = 0; i < recon_graph_get_n (self->graph); i++)
    {
      ReconTask *task = recon_graph_get_task (self->graph, i);

      if (RECON_IS_SINK (task))
        RECON_SINK_GET_CLASS (task)->stop (RECON_SINK (task));
    }
}

gboolean
_recon_job_work (ReconJob      *self,
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
