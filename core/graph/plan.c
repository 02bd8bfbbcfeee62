/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/plan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "graph/graph-private.h"

/* Which passes a graph takes; plan-size.c cuts them into blocks. */

static void
pass_free (gpointer data)
{
  ReconPass *pass = data;

  g_free (pass->targets);
  g_free (pass);
}

void
recon_plan_free (ReconPlan *self)
{
  for (gsize i = 0; i < (gsize) recon_graph_get_n (self->graph) * RECON_MAX_PORTS; i++)
    g_clear_pointer (&self->stores[i], recon_store_free);
  g_free (self->stores);
  g_free (self->is_kept);
  g_free (self->in_file);
  g_ptr_array_unref (self->passes);
  g_ptr_array_unref (self->devices);
  recon_graph_unref (self->graph);
  g_free (self);
}

static gboolean *
get_kept (ReconPlan   *self,
          ReconOutlet  outlet)
{
  return &self->is_kept[recon_outlet_get_place (outlet)];
}

/* Who asks: what a pass makes to be kept is not there for itself. */
typedef struct
{
  ReconPlan       *plan;
  const ReconPass *pass;
} Asking;

static gboolean
is_kept (ReconOutlet outlet,
         gpointer    user_data)
{
  const Asking *asking = user_data;

  return recon_plan_is_kept (asking->plan, asking->pass, outlet);
}

/**
 * recon_plan_is_kept:
 * @self: a plan
 * @pass: one of its passes
 * @outlet: an output
 *
 * Returns: whether an earlier pass has made all of it
 */
gboolean
recon_plan_is_kept (ReconPlan       *self,
                    const ReconPass *pass,
                    ReconOutlet      outlet)
{
  return *get_kept (self, outlet) && (pass->kept.node != outlet.node || pass->kept.port != outlet.port);
}

/**
 * recon_plan_is_read:
 * @self: a plan
 * @pass: one of its passes
 * @outlet: an output
 *
 * Returns: whether it is there before a device computes: a source reads it, or it is kept
 */
gboolean
recon_plan_is_read (ReconPlan       *self,
                    const ReconPass *pass,
                    ReconOutlet      outlet)
{
  return recon_task_get_n_inputs (recon_graph_get_task (self->graph, (guint) outlet.node)) == 0 ||
         recon_plan_is_kept (self, pass, outlet);
}

/* Returns: (transfer full): for each output of each node, whether it is not to be changed on the way: it is kept, or
 * somebody is fed with it */
guint8 *
recon_plan_make_stays (ReconPlan       *self,
                       const ReconPass *pass)
{
  const gsize n = (gsize) recon_graph_get_n (self->graph) * RECON_MAX_PORTS;
  guint8 *stays = g_new (guint8, n + 1);

  for (gsize i = 0; i < n; i++)
    stays[i] = (guint8) self->is_kept[i];
  for (guint i = 0; i < pass->n_targets; i++)
    for (guint input = 0; input < RECON_MAX_PORTS; input++)
      {
        const ReconOutlet source = recon_graph_get_source (self->graph, pass->targets[i], input);

        if (source.node >= 0)
          stays[recon_outlet_get_place (source)] = TRUE;
      }

  return stays;
}

static gboolean
is_fed (ReconPlan       *self,
        const ReconPass *pass,
        ReconOutlet      outlet)
{
  if (pass->kept.node >= 0)
    return pass->kept.node == outlet.node && pass->kept.port == outlet.port;

  for (guint i = 0; i < pass->n_targets; i++)
    for (guint input = 0; input < recon_task_get_n_inputs (recon_graph_get_task (self->graph, pass->targets[i]));
         input++)
      {
        const ReconOutlet source = recon_graph_get_source (self->graph, pass->targets[i], input);

        if (source.node == outlet.node && source.port == outlet.port)
          return TRUE;
      }

  return FALSE;
}

/**
 * recon_plan_is_result:
 * @self: a plan
 * @pass: one of its passes
 * @outlet: an output
 *
 * Returns: whether a device writes it into memory of its own for who is fed: it is not made in place of what was read
 */
gboolean
recon_plan_is_result (ReconPlan       *self,
                      const ReconPass *pass,
                      ReconOutlet      outlet)
{
  ReconTask *task = recon_graph_get_task (self->graph, (guint) outlet.node);

  return is_fed (self, pass, outlet) && !recon_plan_is_read (self, pass, outlet) &&
         !(outlet.port == 0 && recon_task_has_flag (task, RECON_TASK_IN_PLACE));
}

/* The images [first, first + n) of an array, whole otherwise. */
static void
init_images (ReconRegion          *region,
             const ReconArrayInfo *info,
             guint                 axis,
             guint                 n_items,
             guint                 first,
             guint                 n)
{
  recon_region_init_whole (region, info);
  if (info->axes[axis].size == n_items)
    {
      region->axes[axis].first = first;
      region->axes[axis].n = n;
    }
}

/**
 * recon_plan_demand:
 * @self: a plan
 * @pass: one of its passes
 * @first: the first image of what is fed
 * @n: number of images
 * @demand: (inout): initialised for the graph: becomes what is wanted of every output
 */
void
recon_plan_demand (ReconPlan       *self,
                   const ReconPass *pass,
                   guint            first,
                   guint            n,
                   ReconDemand     *demand)
{
  Asking asking = { self, pass };
  ReconRegion region;

  recon_demand_reset (demand);
  if (pass->kept.node >= 0)
    {
      ReconTask *task = recon_graph_get_task (self->graph, (guint) pass->kept.node);

      init_images (&region, recon_task_get_output (task, pass->kept.port), pass->axis, pass->n_items, first, n);
      recon_demand_add (demand, pass->kept, &region);
    }
  for (guint i = 0; i < pass->n_targets; i++)
    {
      ReconTask *task = recon_graph_get_task (self->graph, pass->targets[i]);

      for (guint input = 0; input < recon_task_get_n_inputs (task); input++)
        {
          if (recon_task_get_input (task, input) == NULL)
            continue;
          init_images (&region, recon_task_get_input (task, input), 0, pass->n_items, first, n);
          recon_demand_add (demand, recon_graph_get_source (self->graph, pass->targets[i], input), &region);
        }
    }
  recon_demand_spread (demand, is_kept, &asking);
}

static gboolean add_pass (ReconPlan   *self,
                          int          target,
                          ReconOutlet  kept,
                          GError     **error);

/* What reduces gives its output only when it has got everything. */
static gboolean
keep_reductions (ReconPlan   *self,
                 ReconPass   *pass,
                 ReconDemand *demand,
                 gboolean    *changed,
                 GError     **error)
{
  *changed = FALSE;
  for (guint node = 0; node < demand->n; node++)
    for (guint port = 0; port < RECON_MAX_PORTS; port++)
      {
        const ReconOutlet outlet = { (int) node, port };

        if (!recon_demand_has (demand, outlet) || *get_kept (self, outlet) ||
            !recon_task_has_flag (recon_graph_get_task (self->graph, node), RECON_TASK_REDUCES))
          continue;

        for (guint i = 0; i < recon_task_get_n_outputs (recon_graph_get_task (self->graph, node)); i++)
          *get_kept (self, (ReconOutlet) { (int) node, i }) = TRUE;
        if (!add_pass (self, (int) node, (ReconOutlet) { -1, 0 }, error))
          return FALSE;
        *changed = TRUE;
      }

  return TRUE;
}

/* What every block needs in the same region is made once and kept; of what depends on each other, the last. */
static gboolean
keep_constants (ReconPlan   *self,
                ReconPass   *pass,
                ReconDemand *demand,
                gboolean    *changed,
                GError     **error)
{
  const guint *order = recon_graph_order (self->graph, NULL);
  g_auto (ReconDemand) last = { 0 };

  *changed = FALSE;
  if (pass->n_items < 2)
    return TRUE;

  recon_demand_init (&last, self->graph);
  recon_plan_demand (self, pass, pass->n_items - 1, 1, &last);
  for (guint i = demand->n; i-- > 0 && !*changed;)
    for (guint port = 0; port < RECON_MAX_PORTS && !*changed; port++)
      {
        const ReconOutlet outlet = { (int) order[i], port };

        if (!recon_demand_has (demand, outlet) || *get_kept (self, outlet) ||
            !recon_region_equal (recon_demand_at (demand, outlet), recon_demand_at (&last, outlet)))
          continue;

        *get_kept (self, outlet) = TRUE;
        if (!add_pass (self, -1, outlet, error))
          return FALSE;
        *changed = TRUE;
      }

  return TRUE;
}

static gboolean
set_count (ReconPass             *pass,
           ReconTask             *task,
           const ReconArrayInfo  *info,
           GError               **error)
{
  if (info->axes[pass->axis].size > G_MAXINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s has to do with %" G_GUINT64_FORMAT " images, more than fit."), recon_task_get_name (task),
                   info->axes[pass->axis].size);
      return FALSE;
    }
  pass->n_items = (guint) info->axes[pass->axis].size;

  return TRUE;
}

/* What is kept is cut along the slowest axis of which parts can be made by themselves; in one piece without
 * such. */
static gboolean
choose_axis (ReconPlan             *self,
             ReconPass             *pass,
             ReconTask             *task,
             const ReconArrayInfo  *info,
             GError               **error)
{
  for (pass->axis = 0; pass->axis < info->n_axes; pass->axis++)
    {
      ReconRegion part;

      if (!set_count (pass, task, info, error))
        return FALSE;
      init_images (&part, info, pass->axis, pass->n_items, 0, 1);
      recon_task_round (task, pass->kept.port, &part);
      if (pass->n_items == 1 || part.axes[pass->axis].n < pass->n_items)
        return TRUE;
    }
  pass->axis = 0;
  pass->n_items = 1;

  return TRUE;
}

static gboolean
set_items (ReconPlan   *self,
           ReconPass   *pass,
           GError     **error)
{
  ReconTask *task = recon_graph_get_task (self->graph, pass->kept.node >= 0 ? (guint) pass->kept.node
                                                                            : pass->targets[0]);

  if (pass->kept.node >= 0)
    return choose_axis (self, pass, task, recon_task_get_output (task, pass->kept.port), error);

  return set_count (pass, task, recon_task_get_input (task, 0), error);
}

/* Adds the pass behind those that it needs. */
static gboolean
add_pass (ReconPlan   *self,
          int          target,
          ReconOutlet  kept,
          GError     **error)
{
  ReconPass *pass = g_new0 (ReconPass, 1);
  g_auto (ReconDemand) demand = { 0 };
  gboolean changed = TRUE;

  pass->kept = kept;
  if (target >= 0)
    {
      pass->targets = g_new (guint, 1);
      pass->targets[pass->n_targets++] = (guint) target;
    }
  recon_demand_init (&demand, self->graph);
  if (!set_items (self, pass, error))
    {
      pass_free (pass);
      return FALSE;
    }
  while (changed)
    {
      gboolean success;

      recon_plan_demand (self, pass, 0, 1, &demand);
      success = keep_reductions (self, pass, &demand, &changed, error);
      if (success && !changed)
        success = keep_constants (self, pass, &demand, &changed, error);
      if (!success)
        {
          pass_free (pass);
          return FALSE;
        }
    }
  g_ptr_array_add (self->passes, pass);

  return TRUE;
}

/* Whether everything that a pass takes as kept has been made by @made, passes before it. */
static gboolean
is_ready (ReconPlan       *self,
          const ReconPass *pass,
          GPtrArray       *made)
{
  g_auto (ReconDemand) demand = { 0 };

  recon_demand_init (&demand, self->graph);
  recon_plan_demand (self, pass, 0, 1, &demand);
  for (guint node = 0; node < demand.n; node++)
    for (guint port = 0; port < RECON_MAX_PORTS; port++)
      {
        const ReconOutlet outlet = { (int) node, port };
        gboolean is_made = FALSE;

        if (!recon_demand_has (&demand, outlet) || !recon_plan_is_kept (self, pass, outlet))
          continue;
        for (guint i = 0; i < made->len && !is_made; i++)
          {
            const ReconPass *other = g_ptr_array_index (made, i);

            is_made = (other->kept.node == outlet.node && other->kept.port == outlet.port) ||
                      (other->n_targets == 1 && other->targets[0] == node);
          }
        if (!is_made)
          return FALSE;
      }

  return TRUE;
}

/* What is found to be kept for one sink serves another that was there before. */
static void
order_passes (ReconPlan *self)
{
  GPtrArray *ordered = g_ptr_array_new_with_free_func (pass_free);
  guint i = 0;

  while (i < self->passes->len)
    {
      if (!is_ready (self, g_ptr_array_index (self->passes, i), ordered))
        {
          i++;
          continue;
        }
      g_ptr_array_add (ordered, g_ptr_array_steal_index (self->passes, i));
      i = 0;
    }
  g_assert (self->passes->len == 0);
  g_ptr_array_unref (self->passes);
  self->passes = ordered;
}

/* What is kept lies in memory, unless that takes more than half of the limit. */
static void
choose_stores (ReconPlan *self)
{
  for (guint node = 0; node < recon_graph_get_n (self->graph); node++)
    for (guint port = 0; port < RECON_MAX_PORTS; port++)
      {
        const gsize place = (gsize) node * RECON_MAX_PORTS + port;
        const ReconArrayInfo *info = recon_task_get_output (recon_graph_get_task (self->graph, node), port);
        ReconRegion whole;
        gsize bytes;

        if (!self->is_kept[place] || info == NULL)
          continue;
        recon_region_init_whole (&whole, info);
        if (recon_region_get_bytes (&whole, info->type, 1, &bytes) && bytes <= self->memory_limit / 2 &&
            self->kept_bytes + bytes <= self->memory_limit / 2)
          self->kept_bytes += bytes;
        else
          self->in_file[place] = TRUE;
      }
}

/* Whether two sinks can be fed in one pass: what both need is the same region for the same images. */
static gboolean
can_merge (ReconPlan       *self,
           const ReconPass *first,
           const ReconPass *second)
{
  g_auto (ReconDemand) one = { 0 };
  g_auto (ReconDemand) other = { 0 };
  gboolean share = FALSE;

  if (first->n_targets == 0 || second->n_targets == 0 || first->n_items != second->n_items ||
      recon_task_has_flag (recon_graph_get_task (self->graph, first->targets[0]), RECON_TASK_REDUCES) ||
      recon_task_has_flag (recon_graph_get_task (self->graph, second->targets[0]), RECON_TASK_REDUCES))
    return FALSE;

  recon_demand_init (&one, self->graph);
  recon_demand_init (&other, self->graph);
  recon_plan_demand (self, first, first->n_items / 2, 1, &one);
  recon_plan_demand (self, second, first->n_items / 2, 1, &other);
  for (guint i = 0; i < one.n * RECON_MAX_PORTS; i++)
    if (one.regions[i].n_axes > 0 && other.regions[i].n_axes > 0)
      {
        if (!recon_region_equal (&one.regions[i], &other.regions[i]))
          return FALSE;
        share = TRUE;
      }

  return share;
}

static void
merge_passes (ReconPlan *self)
{
  for (guint i = 0; i < self->passes->len; i++)
    for (guint k = self->passes->len - 1; k > i; k--)
      {
        ReconPass *first = g_ptr_array_index (self->passes, i);
        ReconPass *second = g_ptr_array_index (self->passes, k);

        if (!can_merge (self, first, second))
          continue;

        /* The later place: everything that either needs is kept by then. */
        second->targets = g_renew (guint, second->targets, first->n_targets + second->n_targets);
        memmove (second->targets + first->n_targets, second->targets, second->n_targets * sizeof (guint));
        memcpy (second->targets, first->targets, first->n_targets * sizeof (guint));
        second->n_targets += first->n_targets;
        g_ptr_array_remove_index (self->passes, i);
        merge_passes (self);
        return;
      }
}

/**
 * recon_plan_new:
 * @graph: a graph that knows its shapes
 * @devices: (element-type ReconDeviceInfo): the devices that share the work; at least one, unless all tasks work on
 *   the host
 * @memory_limit: bytes of host memory for data in work, tables included
 * @error: return location
 *
 * Returns: (transfer full): how the graph is worked off; %NULL with #RECON_ERROR_CONFIG if nothing takes what it makes
 */
ReconPlan *
recon_plan_new (ReconGraph  *graph,
                GPtrArray   *devices,
                guint64      memory_limit,
                GError     **error)
{
  g_autoptr (ReconPlan) self = g_new0 (ReconPlan, 1);
  const gsize n_outlets = (gsize) recon_graph_get_n (graph) * RECON_MAX_PORTS;

  self->graph = recon_graph_ref (graph);
  self->devices = g_ptr_array_ref (devices);
  self->memory_limit = memory_limit;
  self->passes = g_ptr_array_new_with_free_func (pass_free);
  self->is_kept = g_new0 (gboolean, n_outlets + 1);
  self->in_file = g_new0 (gboolean, n_outlets + 1);
  self->stores = g_new0 (ReconStore *, n_outlets + 1);

  for (guint node = 0; node < recon_graph_get_n (graph); node++)
    if (recon_task_get_n_outputs (recon_graph_get_task (graph, node)) == 0 &&
        !add_pass (self, (int) node, (ReconOutlet) { -1, 0 }, error))
      return NULL;

  if (self->passes->len == 0)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("The graph makes nothing: no task takes its results. End it with one such as write."));
      return NULL;
    }
  order_passes (self);
  merge_passes (self);
  choose_stores (self);

  return g_steal_pointer (&self);
}
