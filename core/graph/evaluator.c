/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/evaluator.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "graph/graph-private.h"
#include "graph/layouts.h"

/* What an output of a node was when it was last made. */
typedef struct
{
  char       *key; /* of the node, see recon_graph_make_keys() */
  ReconArray *array;
} Kept;

struct _ReconEvaluator
{
  ReconWorker *worker;
  gboolean     keeping;
  guint64      limit;    /* bytes of arrays */
  gboolean     is_given; /* whether the user has set the limit; otherwise it is what is free */
  GHashTable  *kept;     /* Kept by "node:port" */
  ReconWorkerPreparedFunc prepared; /* (nullable) */
  gpointer     prepared_data;
};

/* One call of recon_evaluator_get(). */
typedef struct
{
  ReconGraph  *graph;
  char       **keys;
  ReconDemand  demand;
  ReconArray **arrays; /* for each output of each node */
  guint8      *stays;
  gsize        n;
} Call;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->key);
  recon_array_unref (kept->array);
  g_free (kept);
}

/**
 * recon_evaluator_new:
 * @device: (nullable): where tasks work that need one; not used by anybody else as long as the evaluator is there
 * @lanes: rows of a group, for tasks that work on groups
 *
 * Returns: (transfer full): an evaluator that has made nothing yet
 */
ReconEvaluator *
recon_evaluator_new (ReconDevice *device,
                     guint        lanes)
{
  ReconEvaluator *self = g_new0 (ReconEvaluator, 1);

  self->worker = recon_worker_new_for (device);
  recon_worker_set_lanes (self->worker, lanes);
  self->keeping = TRUE;
  self->limit = G_MAXUINT64;
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);

  return self;
}

void
recon_evaluator_free (ReconEvaluator *self)
{
  g_hash_table_unref (self->kept);
  recon_worker_free (self->worker);
  g_free (self);
}

/* @is_given: by the user; otherwise it is what is free now, and what is kept does not count */
void
recon_evaluator_set_limit (ReconEvaluator *self,
                           guint64         bytes,
                           gboolean        is_given)
{
  self->limit = bytes;
  self->is_given = is_given;
}

/* Whether arrays are kept for the next call; tables and kernels always are. */
void
recon_evaluator_set_keeping (ReconEvaluator *self,
                             gboolean        keeping)
{
  self->keeping = keeping;
}

/* Who wants to know that kernels are compiled, see recon_worker_prepare(). */
void
recon_evaluator_set_prepared (ReconEvaluator          *self,
                              ReconWorkerPreparedFunc  func,
                              gpointer                 user_data)
{
  self->prepared = func;
  self->prepared_data = user_data;
}

/* Forgets all arrays, as after a file has changed. */
void
recon_evaluator_drop (ReconEvaluator *self)
{
  g_hash_table_remove_all (self->kept);
}

static char *
make_name (ReconGraph  *graph,
           ReconOutlet  outlet)
{
  return g_strdup_printf ("%s:%u", recon_graph_get_name (graph, (guint) outlet.node), outlet.port);
}

static void
call_clear (Call *call)
{
  recon_demand_clear (&call->demand);
  for (gsize i = 0; call->arrays != NULL && i < call->n; i++)
    g_clear_pointer (&call->arrays[i], recon_array_unref);
  g_free (call->arrays);
  g_free (call->stays);
  g_strfreev (call->keys);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

typedef struct
{
  ReconEvaluator *self;
  Call           *call;
} Search;

/* Whether an output is there from an earlier call; takes it then. */
static gboolean
take_kept (ReconOutlet outlet,
           gpointer    user_data)
{
  Search *search = user_data;
  Call *call = search->call;
  g_autofree char *name = make_name (call->graph, outlet);
  Kept *kept = g_hash_table_lookup (search->self->kept, name);
  ReconArray **array = &call->arrays[recon_outlet_get_place (outlet)];

  if (kept == NULL || strcmp (kept->key, call->keys[outlet.node]) != 0 ||
      !recon_region_contains (recon_array_get_region (kept->array), recon_demand_at (&call->demand, outlet)) ||
      (recon_array_get_layout (kept->array).is_interleaved &&
       !recon_region_equal (recon_array_get_region (kept->array), recon_demand_at (&call->demand, outlet))))
    return FALSE;

  if (*array == NULL)
    *array = recon_array_ref (kept->array);

  return TRUE;
}

static gboolean
check_memory (ReconEvaluator  *self,
              const Call      *call,
              GError         **error)
{
  g_autofree char *bytes_text = NULL;
  g_autofree char *limit_text = NULL;
  g_autofree ReconLayout *layouts = recon_layouts_choose (call->graph, RECON_MIN_LANES);
  gsize total = 0;

  for (gsize i = 0; i < call->n && total < G_MAXSIZE; i++)
    {
      const ReconOutlet outlet = recon_outlet_at (i);
      const gboolean is_new = call->arrays[i] == NULL;
      ReconArrayInfo const *info;
      gsize bytes;

      if (!recon_demand_has (&call->demand, outlet) || (!is_new && !self->is_given))
        continue;

      info = recon_task_get_output (recon_graph_get_task (call->graph, (guint) outlet.node), outlet.port);
      if (!recon_region_get_bytes (recon_demand_at (&call->demand, outlet), info->type,
                                   layouts[i].is_interleaved ? layouts[i].lanes : 1, &bytes) ||
          !g_size_checked_add (&total, total, bytes))
        total = G_MAXSIZE;
    }
  if (total <= self->limit)
    return TRUE;

  bytes_text = g_format_size_full (total, G_FORMAT_SIZE_IEC_UNITS);
  limit_text = g_format_size_full (self->limit, G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
               self->is_given
                 ? _ ("The preview takes %s of memory, but the memory limit is %s. Raise --memory-limit, or use crop, "
                      "bin or fewer angles.")
                 : _ ("The preview takes %s of memory, but only %s are free. Close other programs, or use crop, bin or "
                      "fewer angles."),
               bytes_text, limit_text);

  return FALSE;
}

static void
keep_arrays (ReconEvaluator *self,
             Call           *call)
{
  for (gsize i = 0; i < call->n; i++)
    {
      const ReconOutlet outlet = recon_outlet_at (i);
      Kept *kept;

      if (call->arrays[i] == NULL || recon_array_is_empty (call->arrays[i]))
        continue;

      kept = g_new (Kept, 1);
      kept->key = g_strdup (call->keys[outlet.node]);
      kept->array = recon_array_ref (call->arrays[i]);
      g_hash_table_replace (self->kept, make_name (call->graph, outlet), kept);
    }
}

/* What a node that will be made anew has left from before is of no use: its room is. Room of another size than what
 * comes in its place is released before. */
static void
drop_old (ReconEvaluator *self,
          const Call     *call)
{
  for (gsize i = 0; i < call->n; i++)
    {
      const ReconOutlet outlet = recon_outlet_at (i);

      if (recon_demand_has (&call->demand, outlet) && call->arrays[i] == NULL)
        {
          const ReconArrayInfo *info =
              recon_task_get_output (recon_graph_get_task (call->graph, (guint) outlet.node), outlet.port);
          g_autofree char *name = make_name (call->graph, outlet);
          Kept *kept = g_hash_table_lookup (self->kept, name);
          gsize bytes;

          if (kept != NULL &&
              recon_region_get_bytes (recon_demand_at (&call->demand, outlet), info->type,
                                      recon_array_get_layout (kept->array).lanes, &bytes) &&
              bytes == recon_array_get_bytes (kept->array))
            recon_worker_give_spare (self->worker, recon_array_ref (kept->array));
          g_hash_table_remove (self->kept, name);
        }
    }
}

/* What is kept may be larger, and lie in groups of rows. Returns: (transfer full): the region, plain */
static ReconArray *
cut_out (const ReconArrayInfo  *info,
         const ReconRegion     *region,
         ReconArray            *array,
         GError               **error)
{
  g_autoptr (ReconArray) part = NULL;

  if (recon_region_equal (recon_array_get_region (array), region) && recon_array_get_layout (array).lanes == 1)
    return recon_array_ref (array);

  part = recon_array_new (info, region, RECON_PLAIN);

  return recon_array_copy (part, array, error) ? g_steal_pointer (&part) : NULL;
}

/**
 * recon_evaluator_get:
 * @self: an evaluator
 * @graph: a graph that knows its shapes
 * @outlet: one of its outputs
 * @region: a part of it
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Returns: (transfer full): the region, as plain rows; not to be changed. %NULL with #RECON_ERROR_MEMORY,
 *   %G_IO_ERROR_CANCELLED or the error of a task
 */
ReconArray *
recon_evaluator_get (ReconEvaluator     *self,
                     ReconGraph         *graph,
                     ReconOutlet         outlet,
                     const ReconRegion  *region,
                     GCancellable       *cancellable,
                     GError            **error)
{
  g_auto (Call) call = { .graph = graph };
  Search search = { self, &call };
  g_autofree guint8 *given = NULL;

  call.keys = recon_graph_make_keys (graph);
  call.n = (gsize) recon_graph_get_n (graph) * RECON_MAX_PORTS;
  call.arrays = g_new0 (ReconArray *, call.n);
  call.stays = g_new (guint8, call.n);
  memset (call.stays, self->keeping, call.n);
  recon_demand_init (&call.demand, graph);
  recon_demand_add (&call.demand, outlet, region);
  recon_demand_spread (&call.demand, take_kept, &search);

  if (!check_memory (self, &call, error))
    return NULL;
  drop_old (self, &call);
  given = g_new (guint8, call.n);
  for (gsize i = 0; i < call.n; i++)
    given[i] = call.arrays[i] != NULL;

  if (!recon_worker_prepare (self->worker, &call.demand, given, self->prepared, self->prepared_data, error) ||
      !recon_worker_compute (self->worker, &call.demand, call.arrays, call.stays, cancellable, error))
    return NULL;
  if (self->keeping)
    keep_arrays (self, &call);

  return cut_out (recon_task_get_output (recon_graph_get_task (graph, (guint) outlet.node), outlet.port), region,
                  call.arrays[recon_outlet_get_place (outlet)], error);
}
