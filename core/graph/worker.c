/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/worker.h"

#include <string.h>

#include "graph/graph-private.h"
#include "graph/layouts.h"

/* Between two reports of progress at least. */
#define PROGRESS_USEC 1000

/* A task on the worker's device. */
typedef struct
{
  char      *key;   /* of its parameters and shapes */
  guint      lanes;
  ReconTask *task;  /* prepared */
  gboolean   has_run;
  double     seconds;
} Prepared;

struct _ReconWorker
{
  ReconDevice *device; /* (nullable): none where all tasks work on the host */
  guint        lanes;
  GHashTable  *tasks;  /* Prepared by the names of nodes */
  GPtrArray   *spares; /* arrays whose memory is used again for others of their size */

  ReconWorkerProgressFunc progress; /* (nullable) */
  gpointer                progress_data;
  gint64                  progress_time; /* of the last call */
  ReconWorkerTraceFunc    trace; /* (nullable) */
  gpointer                trace_data;
  ReconWorkerPreparedFunc prepared; /* (nullable) */
  gpointer                prepared_data;
  guint                   n_prepared, n_tasks;

  ReconGraph        *graph;   /* (nullable): the last one */
  ReconLayout       *layouts; /* (nullable): of its outputs */
  guint              layout_lanes;

  const ReconDemand *demand; /* of the region in work */
  ReconArray       **arrays;
  Prepared          *running; /* (nullable): in work */
};

static void
prepared_free (gpointer data)
{
  Prepared *prepared = data;

  g_free (prepared->key);
  g_clear_object (&prepared->task);
  g_free (prepared);
}

/**
 * recon_costs_add:
 * @costs: (element-type ReconCost): the sums so far
 * @name: (transfer none): an interned name
 * @seconds: what is added for it
 */
void
recon_costs_add (GArray     *costs,
                 const char *name,
                 double      seconds)
{
  const ReconCost cost = { name, seconds };

  for (guint i = 0; i < costs->len; i++)
    if (g_array_index (costs, ReconCost, i).name == name)
      {
        g_array_index (costs, ReconCost, i).seconds += seconds;
        return;
      }
  g_array_append_val (costs, cost);
}

/* Whether a node has to work. @given: for each output of each node, whether it is there */
static gboolean
is_made (const ReconDemand *demand,
         const guint8      *given,
         guint              node)
{
  for (guint port = 0; port < RECON_MAX_PORTS; port++)
    if (recon_demand_has (demand, (ReconOutlet) { (int) node, port }) && !given[(gsize) node * RECON_MAX_PORTS + port])
      return TRUE;

  return FALSE;
}

/* What the task's share of the region is taken for: what it has taken so far, or before the first region, that what
 * makes arrays of another shape takes longest. */
static double
get_weight (ReconWorker *self,
            guint        node)
{
  const Prepared *prepared = g_hash_table_lookup (self->tasks, recon_graph_get_name (self->demand->graph, node));

  if (prepared != NULL && prepared->seconds > 0)
    return prepared->seconds;

  return recon_task_has_flag (recon_graph_get_task (self->demand->graph, node), RECON_TASK_IN_PLACE) ? 1 : 4;
}

static void
say_progress (double   done,
              gpointer user_data)
{
  ReconWorker *self = user_data;
  const gint64 now = g_get_monotonic_time ();
  const guint *order;
  double before = 0, all = 0;
  gboolean is_before = TRUE;

  if (self->running != NULL && !self->running->has_run)
    {
      self->running->has_run = TRUE;
      self->n_prepared++;
      if (self->prepared != NULL)
        self->prepared (recon_device_get_info (self->device), self->n_prepared, self->n_tasks, self->prepared_data);
    }
  /* It takes a look at all nodes, of which there may be thousands. */
  if (self->progress == NULL || self->running == NULL ||
      (done < 1 && now - self->progress_time < PROGRESS_USEC) || (done == 1 && self->demand->n > 64))
    return;
  self->progress_time = now;

  order = recon_graph_order (self->demand->graph, NULL);
  for (guint i = 0; i < self->demand->n; i++)
    {
      const Prepared *prepared =
          g_hash_table_lookup (self->tasks, recon_graph_get_name (self->demand->graph, order[i]));
      double weight;

      if (prepared == NULL || !recon_demand_wants (self->demand, order[i]))
        continue;

      weight = get_weight (self, order[i]);
      all += weight;
      if (prepared == self->running)
        {
          before += weight * done;
          is_before = FALSE;
        }
      else if (is_before)
        before += weight;
    }
  if (all > 0)
    self->progress (before / all, self->progress_data);
}

/**
 * recon_worker_new:
 * @info: (nullable): the device; %NULL if all tasks work on the host
 * @error: return location
 *
 * Returns: (transfer full): a worker without tasks; %NULL with #RECON_ERROR_DEVICE
 */
ReconWorker *
recon_worker_new (const ReconDeviceInfo  *info,
                  GError                **error)
{
  g_autoptr (ReconDevice) device = NULL;

  if (info != NULL && (device = recon_device_open (info, error)) == NULL)
    return NULL;

  return recon_worker_new_for (device);
}

/**
 * recon_worker_new_for:
 * @device: (nullable): an open device, which nobody else uses meanwhile
 *
 * Returns: (transfer full): a worker without tasks
 */
ReconWorker *
recon_worker_new_for (ReconDevice *device)
{
  ReconWorker *self = g_new0 (ReconWorker, 1);

  self->device = device != NULL ? g_object_ref (device) : NULL;
  self->lanes = 1;
  self->tasks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, prepared_free);
  self->spares = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_array_unref);
  if (device != NULL)
    recon_device_set_progress (device, say_progress, self);

  return self;
}

void
recon_worker_free (ReconWorker *self)
{
  if (self->device != NULL)
    recon_device_set_progress (self->device, NULL, NULL);
  g_hash_table_unref (self->tasks);
  g_ptr_array_unref (self->spares);
  g_clear_object (&self->device);
  g_clear_pointer (&self->graph, recon_graph_unref);
  g_free (self->layouts);
  g_free (self);
}

ReconDevice *
recon_worker_get_device (ReconWorker *self)
{
  return self->device;
}

/* How many rows are computed at a time, by tasks that work on groups of rows. */
void
recon_worker_set_lanes (ReconWorker *self,
                        guint        lanes)
{
  self->lanes = lanes;
}

static char *
make_key (ReconGraph *graph,
          guint       node)
{
  ReconTask *task = recon_graph_get_task (graph, node);
  GString *key = g_string_new (recon_task_get_name (task));

  for (guint i = 0; i < recon_task_get_n_rows (task); i++)
    g_string_append_printf (key, " %s", recon_task_get_value (task, i)->text);
  for (guint i = 0; i < recon_task_get_n_inputs (task); i++)
    {
      const ReconArrayInfo *input = recon_task_get_input (task, i);
      g_autofree char *text = input != NULL ? recon_array_info_describe (input) : g_strdup ("-");
      const char *geometry = input != NULL && input->geometry != NULL ? recon_geometry_describe (input->geometry)
                                                                      : NULL;

      g_string_append_printf (key, " %s %s", text, geometry != NULL ? geometry : "-");
    }

  return g_string_free (key, FALSE);
}

/* Returns: (transfer none): the node's task, prepared; %NULL on error */
static Prepared *
get_prepared (ReconWorker *self,
              ReconGraph  *graph,
              guint        node,
              const char  *key,
              GError     **error)
{
  ReconTask *task = recon_graph_get_task (graph, node);
  const char *name = recon_graph_get_name (graph, node);
  Prepared *prepared = g_hash_table_lookup (self->tasks, name);
  const gboolean on_host = recon_task_has_flag (task, RECON_TASK_ON_HOST);

  if (prepared != NULL && prepared->lanes == self->lanes && (key == NULL || strcmp (prepared->key, key) == 0))
    return prepared;

  prepared = g_new0 (Prepared, 1);
  prepared->key = key != NULL ? g_strdup (key) : make_key (graph, node);
  prepared->lanes = self->lanes;
  prepared->has_run = on_host;
  prepared->task = recon_task_copy (task);
  if (!recon_task_prepare (prepared->task, on_host ? NULL : self->device, self->lanes, error))
    {
      prepared_free (prepared);
      return NULL;
    }
  g_hash_table_replace (self->tasks, g_strdup (name), prepared);

  return prepared;
}

/**
 * recon_worker_prepare:
 * @self: a worker
 * @demand: what will be wanted, in a graph that knows its shapes
 * @given: for each output of each node (node × %RECON_MAX_PORTS + port) whether it will be there
 * @func: (nullable): called before the first task is prepared, and when each has run once
 * @user_data: (closure): for @func
 * @error: return location
 *
 * Makes tables and compiles kernels for all tasks that have to work, where they are not there yet from before.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or #RECON_ERROR_MEMORY
 */
gboolean
recon_worker_prepare (ReconWorker              *self,
                      const ReconDemand        *demand,
                      const guint8             *given,
                      ReconWorkerPreparedFunc   func,
                      gpointer                  user_data,
                      GError                  **error)
{
  ReconGraph *graph = demand->graph;
  const guint *order = recon_graph_order (graph, error);

  if (order == NULL)
    return FALSE;

  self->prepared = func;
  self->prepared_data = user_data;
  self->n_prepared = self->n_tasks = 0;
  for (guint i = 0; i < demand->n; i++)
    if (is_made (demand, given, order[i]) &&
        !recon_task_has_flag (recon_graph_get_task (graph, order[i]), RECON_TASK_ON_HOST))
      self->n_tasks++;
  if (func != NULL && self->device != NULL)
    func (recon_device_get_info (self->device), 0, self->n_tasks, user_data);

  for (guint i = 0; i < demand->n; i++)
    {
      g_autofree char *key = NULL;

      if (!is_made (demand, given, order[i]))
        continue;
      key = make_key (graph, order[i]);
      if (get_prepared (self, graph, order[i], key, error) == NULL)
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_worker_give_spare:
 * @self: a worker
 * @array: (transfer full): an array that is not needed any more
 *
 * Has the next region use its memory, if that makes an array of the same size: the system takes long to give new memory
 * (for 25 MB 10 ms, as long as a filter takes). What was not used is released with the region.
 */
void
recon_worker_give_spare (ReconWorker *self,
                         ReconArray  *array)
{
  g_ptr_array_add (self->spares, array);
}

static ReconArray *
new_array (ReconWorker          *self,
           const ReconArrayInfo *info,
           const ReconRegion    *region,
           ReconLayout           layout)
{
  for (guint i = 0; i < self->spares->len; i++)
    if (recon_array_reuse (g_ptr_array_index (self->spares, i), info, region, layout))
      return g_ptr_array_steal_index_fast (self->spares, i);

  return recon_array_new (info, region, layout);
}

/* Returns: (transfer full): what comes to an input, in the region that is needed; %NULL on error */
static ReconArray *
get_input (ReconWorker        *self,
           guint               node,
           guint               input,
           const ReconRegion  *needed,
           ReconLayout         layout,
           gboolean            is_changed,
           GError            **error)
{
  ReconGraph *graph = self->demand->graph;
  const ReconOutlet source = recon_graph_get_source (graph, node, input);
  ReconArray *array = self->arrays[recon_outlet_get_place (source)];
  g_autoptr (ReconArray) copy = NULL;

  if (!is_changed && recon_region_equal (recon_array_get_region (array), needed) &&
      recon_layout_serves (recon_array_get_layout (array), layout))
    return recon_array_ref (array);

  copy = new_array (self, recon_task_get_input (recon_graph_get_task (graph, node), input), needed, layout);

  return recon_array_copy (copy, array, error) ? g_steal_pointer (&copy) : NULL;
}

typedef struct
{
  ReconArray *inputs[RECON_MAX_PORTS];
  ReconArray *outputs[RECON_MAX_PORTS];
} Ports;

static void
ports_clear (Ports *self)
{
  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    {
      g_clear_pointer (&self->inputs[i], recon_array_unref);
      g_clear_pointer (&self->outputs[i], recon_array_unref);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ports, ports_clear)

static gboolean
gather_inputs (ReconWorker   *self,
               guint          node,
               const guint8  *is_left,
               const guint8  *kept,
               Ports         *ports,
               GError       **error)
{
  ReconGraph *graph = self->demand->graph;
  ReconTask *task = recon_graph_get_task (graph, node);

  for (guint i = 0; i < recon_task_get_n_inputs (task); i++)
    {
      ReconLayout layout;
      ReconRegion needed;
      gboolean is_changed;

      if (!recon_demand_get_input (self->demand, node, i, &needed))
        continue;

      is_changed = recon_layouts_choose_input (graph, self->layouts, self->lanes, kept, is_left, node, i, &layout);
      ports->inputs[i] = get_input (self, node, i, &needed, layout, is_changed, error);
      if (ports->inputs[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
make_outputs (ReconWorker  *self,
              guint         node,
              const guint8 *kept,
              Ports        *ports)
{
  ReconGraph *graph = self->demand->graph;
  ReconTask *task = recon_graph_get_task (graph, node);

  for (guint i = 0; i < recon_task_get_n_outputs (task); i++)
    {
      const ReconOutlet outlet = { (int) node, i };
      const gsize place = (gsize) node * RECON_MAX_PORTS + i;
      ReconLayout layout = self->layouts[place];

      /* What is there from before is not made again. */
      if (!recon_demand_has (self->demand, outlet) ||
          (self->arrays[place] != NULL && !recon_array_is_empty (self->arrays[place])))
        continue;

      if (kept[place] && !layout.is_interleaved)
        layout = RECON_PLAIN;
      if (i == 0 && recon_task_has_flag (task, RECON_TASK_IN_PLACE))
        ports->outputs[i] = recon_array_ref (ports->inputs[0]);
      else if (self->arrays[place] != NULL)
        ports->outputs[i] = recon_array_ref (self->arrays[place]);
      else
        ports->outputs[i] = new_array (self, recon_task_get_output (task, i), recon_demand_at (self->demand, outlet),
                                       layout);
    }
}

/* What is made in place lies as the task that follows has it. */
static void
reshape_in_place (ReconWorker *self,
                  guint        node,
                  Ports       *ports)
{
  ReconGraph *graph = self->demand->graph;
  ReconTask *task = recon_graph_get_task (graph, node);
  const ReconOutlet outlet = { (int) node, 0 };

  if (recon_task_has_flag (task, RECON_TASK_IN_PLACE) && ports->outputs[0] != NULL)
    recon_array_reshape (ports->outputs[0], recon_task_get_output (task, 0), recon_demand_at (self->demand, outlet),
                         (ReconLayout) { recon_array_get_layout (ports->inputs[0]).lanes,
                                         self->layouts[(gsize) node * RECON_MAX_PORTS].is_interleaved });
}

static gboolean
run_node (ReconWorker   *self,
          guint          node,
          guint8        *is_left,
          const guint8  *kept,
          GCancellable  *cancellable,
          GError       **error)
{
  ReconGraph *graph = self->demand->graph;
  ReconTask *task = recon_graph_get_task (graph, node);
  const gint64 start = g_get_monotonic_time ();
  g_auto (Ports) ports = { 0 };
  gint64 end;

  self->running = get_prepared (self, graph, node, NULL, error);
  if (self->running == NULL || !gather_inputs (self, node, is_left, kept, &ports, error))
    return FALSE;
  make_outputs (self, node, kept, &ports);

  /* What was given up is not needed twice. */
  is_left[node] = FALSE;
  for (guint i = 0; i < recon_task_get_n_inputs (task); i++)
    {
      const ReconOutlet source = recon_graph_get_source (graph, node, i);

      if (source.node >= 0 && !kept[recon_outlet_get_place (source)] &&
          recon_graph_count_users (graph, source, is_left) == 0)
        g_clear_pointer (&self->arrays[recon_outlet_get_place (source)], recon_array_unref);
    }

  if (!recon_task_process (self->running->task, ports.inputs, ports.outputs, cancellable, error))
    {
      g_prefix_error (error, "%s: ", recon_graph_get_name (graph, node));
      return FALSE;
    }
  reshape_in_place (self, node, &ports);
  say_progress (1, self);

  for (guint i = 0; i < recon_task_get_n_outputs (task); i++)
    if (ports.outputs[i] != NULL)
      {
        ReconArray **array = &self->arrays[(gsize) node * RECON_MAX_PORTS + i];

        g_clear_pointer (array, recon_array_unref);
        *array = g_steal_pointer (&ports.outputs[i]);
      }

  end = g_get_monotonic_time ();
  self->running->seconds += (double) (end - start) / G_USEC_PER_SEC;
  if (self->trace != NULL)
    self->trace (g_intern_string (recon_task_get_name (task)), start, end, self->trace_data);

  return TRUE;
}

/**
 * recon_worker_compute:
 * @self: a prepared worker
 * @demand: what is wanted
 * @arrays: (inout): for each output of each node (node × %RECON_MAX_PORTS + port) an array or %NULL: those that are
 *   there are used, or filled if they hold nothing yet; those that are wanted at the end are there afterwards, what was
 *   on the way is released as soon as it was used
 * @kept: for each of them, whether it stays, unchanged
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes one region. When it returns, whether it succeeds or not, the device does not use host memory any more that was
 * given with @arrays.
 *
 * Returns: %FALSE with the error of a task, behind its name
 */
gboolean
recon_worker_compute (ReconWorker        *self,
                      const ReconDemand  *demand,
                      ReconArray        **arrays,
                      const guint8       *kept,
                      GCancellable       *cancellable,
                      GError            **error)
{
  const guint *order = recon_graph_order (demand->graph, error);
  g_autofree guint8 *is_left = NULL;
  g_autofree guint8 *given = NULL;
  gboolean success = order != NULL;

  if (!success)
    return FALSE;

  if (self->graph != demand->graph || self->layout_lanes != self->lanes)
    {
      g_clear_pointer (&self->graph, recon_graph_unref);
      g_free (self->layouts);
      self->graph = recon_graph_ref (demand->graph);
      self->layouts = recon_layouts_choose (self->graph, self->lanes);
      self->layout_lanes = self->lanes;
    }
  self->demand = demand;
  self->arrays = arrays;
  /* Room for a result that is still to be written is no result. */
  given = g_new (guint8, (gsize) demand->n * RECON_MAX_PORTS + 1);
  for (gsize i = 0; i < (gsize) demand->n * RECON_MAX_PORTS; i++)
    given[i] = arrays[i] != NULL && !recon_array_is_empty (arrays[i]);
  is_left = g_new0 (guint8, demand->n + 1);
  for (guint i = 0; i < demand->n; i++)
    is_left[i] = is_made (demand, given, i);
  for (guint i = 0; success && i < demand->n; i++)
    if (is_left[order[i]])
      success = run_node (self, order[i], is_left, kept, cancellable, error);

  /* What was put into the queue before a failure may still use the memory, which its owner may free. */
  if (!success && self->device != NULL)
    recon_device_wait (self->device, NULL);
  g_ptr_array_set_size (self->spares, 0);
  self->running = NULL;
  self->demand = NULL;

  return success;
}

/**
 * recon_worker_set_progress:
 * @self: a worker
 * @func: (nullable): called as parts of a region get done
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

void
recon_worker_set_trace (ReconWorker          *self,
                        ReconWorkerTraceFunc  func,
                        gpointer              user_data)
{
  self->trace = func;
  self->trace_data = user_data;
}
