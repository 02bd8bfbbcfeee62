/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "graph/graph-private.h"
#include "graph/layouts.h"
#include "graph/plan.h"

/* How a graph is worked off, for people. */

static void
describe_node (ReconGraph *graph,
               guint       node,
               GString    *text)
{
  ReconTask *task = recon_graph_get_task (graph, node);
  const ReconTaskInfo *info = recon_task_get_info (task);

  g_string_append_printf (text, "%s: %s\n", recon_graph_get_name (graph, node), info->name);
  for (guint i = 0; i < recon_task_get_n_inputs (task); i++)
    {
      const ReconOutlet source = recon_graph_get_source (graph, node, i);

      if (source.node >= 0)
        g_string_append_printf (text, "  %s ← %s.%s\n", info->inputs[i].name,
                                recon_graph_get_name (graph, (guint) source.node),
                                recon_task_get_info (recon_graph_get_task (graph, (guint) source.node))
                                    ->outputs[source.port].name);
    }
  for (guint i = 0; i < recon_task_get_n_outputs (task); i++)
    if (recon_task_get_output (task, i) != NULL)
      {
        g_autofree char *array = recon_array_info_describe (recon_task_get_output (task, i));

        g_string_append_printf (text, "  %s: %s\n", info->outputs[i].name, array);
      }
}

/* What of an output a full block has, and where that is. */
static void
describe_region (ReconPlan          *plan,
                 const ReconPass    *pass,
                 const ReconDemand  *demand,
                 ReconOutlet         outlet,
                 ReconLayout         layout,
                 GString            *text)
{
  ReconTask *task = recon_graph_get_task (plan->graph, (guint) outlet.node);
  const ReconArrayInfo *info = recon_task_get_output (task, outlet.port);
  const ReconRegion *region = recon_demand_at (demand, outlet);
  const gboolean in_place = outlet.port == 0 && recon_task_has_flag (task, RECON_TASK_IN_PLACE);
  const gboolean is_kept = recon_plan_is_kept (plan, pass, outlet);
  g_autofree char *size = NULL;
  gsize bytes;

  g_string_append_printf (text, "    %s.%s:", recon_graph_get_name (plan->graph, (guint) outlet.node),
                          recon_task_get_info (task)->outputs[outlet.port].name);
  for (guint i = 0; i < region->n_axes; i++)
    g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT, i > 0 ? " × " : " ", info->axes[i].name,
                            region->axes[i].n);
  if (recon_region_get_bytes (region, info->type, layout.lanes, &bytes))
    size = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_string_append_printf (text, ", %s, %s%s\n", size != NULL ? size : "?",
                          is_kept                             ? _ ("kept throughout")
                          : recon_plan_is_read (plan, pass, outlet) ? _ ("read")
                          : in_place                          ? _ ("in place")
                                                              : _ ("computed"),
                          layout.is_interleaved ? _ (", rows of a group interleaved for the next task") : "");
}

static gboolean
describe_pass (ReconPlan  *plan,
               guint       number,
               GString    *text,
               GError    **error)
{
  ReconPass *pass = g_ptr_array_index (plan->passes, number);
  g_auto (ReconDemand) demand = { 0 };
  g_autofree ReconLayout *layouts = NULL;
  g_autofree char *size = NULL;

  if (!recon_plan_size_pass (plan, pass, pass->n_items, NULL, error))
    return FALSE;

  g_string_append_printf (text, _ ("\nPass %u of %u: %u images of"), number + 1, plan->passes->len, pass->n_items);
  if (pass->kept.node >= 0)
    g_string_append_printf (text, _ (" %s, which is kept for later passes"),
                            recon_graph_get_name (plan->graph, (guint) pass->kept.node));
  for (guint i = 0; i < pass->n_targets; i++)
    g_string_append_printf (text, "%s %s", i > 0 ? "," : "", recon_graph_get_name (plan->graph, pass->targets[i]));
  size = g_format_size_full (pass->host_bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_string_append_printf (text, _ ("\n  blocks of %u images, %u in flight, %s of memory; a block has\n"), pass->block,
                          pass->n_slots, size);

  layouts = recon_layouts_choose (plan->graph, pass->lanes);
  recon_demand_init (&demand, plan->graph);
  recon_plan_demand (plan, pass, 0, MIN (pass->block, pass->n_items), &demand);
  for (guint node = 0; node < demand.n; node++)
    for (guint port = 0; port < RECON_MAX_PORTS; port++)
      if (recon_demand_has (&demand, (ReconOutlet) { (int) node, port }))
        describe_region (plan, pass, &demand, (ReconOutlet) { (int) node, port },
                         layouts[(gsize) node * RECON_MAX_PORTS + port], text);

  return TRUE;
}

/**
 * recon_plan_describe:
 * @self: a plan
 * @error: return location
 *
 * Returns: (transfer full): all nodes with their arrays, and the passes with what a block takes; %NULL with
 *   #RECON_ERROR_MEMORY or the error of a task
 */
char *
recon_plan_describe (ReconPlan  *self,
                     GError    **error)
{
  const guint *order = recon_graph_order (self->graph, error);
  g_autoptr (GString) text = g_string_new (NULL);

  if (order == NULL)
    return NULL;

  for (guint i = 0; i < recon_graph_get_n (self->graph); i++)
    describe_node (self->graph, order[i], text);
  for (guint i = 0; i < self->passes->len; i++)
    if (!describe_pass (self, i, text, error))
      return NULL;

  return g_string_free (g_steal_pointer (&text), FALSE);
}
