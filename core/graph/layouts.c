/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/layouts.h"

#include "graph/graph-private.h"
#include "graph/task.h"

/* How arrays lie in memory between tasks, which each say what they take and give. */

/**
 * recon_layouts_choose:
 * @graph: a graph
 * @lanes: rows of a group
 *
 * Returns: (transfer full): how each output of each node (node × %RECON_MAX_PORTS + port) lies in memory: in groups
 *   where a task that follows needs that, or passes it on in place
 */
ReconLayout *
recon_layouts_choose (ReconGraph *graph,
                      guint       lanes)
{
  const guint n = recon_graph_get_n (graph);
  const guint *order = recon_graph_order (graph, NULL);
  ReconLayout *layouts = g_new (ReconLayout, (gsize) n * RECON_MAX_PORTS + 1);

  for (guint i = n; i-- > 0;)
    for (guint port = 0; port < RECON_MAX_PORTS; port++)
      {
        const ReconOutlet outlet = { (int) order[i], port };
        const ReconPort *ports = recon_task_get_info (recon_graph_get_task (graph, order[i]))->outputs;
        ReconLayout *layout = &layouts[(gsize) order[i] * RECON_MAX_PORTS + port];
        GArray *users = recon_graph_get_users (graph, outlet);

        *layout = RECON_PLAIN;
        if (port < recon_task_get_n_outputs (recon_graph_get_task (graph, order[i])) &&
            (ports[port].flags & RECON_PORT_INTERLEAVED) != 0)
          *layout = (ReconLayout) { lanes, TRUE };
        for (guint k = 0; users != NULL && k < users->len; k++)
          {
            const ReconInlet user = g_array_index (users, ReconInlet, k);
            ReconTask *task = recon_graph_get_task (graph, user.node);

            if ((recon_task_get_info (task)->inputs[user.input].flags & RECON_PORT_GROUPS) != 0 ||
                (user.input == 0 && recon_task_has_flag (task, RECON_TASK_IN_PLACE) &&
                 layouts[(gsize) user.node * RECON_MAX_PORTS].lanes > 1))
              layout->lanes = lanes;
          }
      }

  return layouts;
}

/**
 * recon_layouts_choose_input:
 * @graph: a graph
 * @layouts: of its outputs, see recon_layouts_choose()
 * @lanes: rows of a group
 * @kept: for each output of each node, whether it is not to be changed
 * @is_left: for each node, whether it has still to work
 * @node: the node whose turn it is
 * @input: one of its inputs, to which something is connected
 * @layout: (out): how the task wants it to lie
 *
 * Returns: whether the task needs a copy for itself, as it changes in place what is of use to others
 */
gboolean
recon_layouts_choose_input (ReconGraph        *graph,
                            const ReconLayout *layouts,
                            guint              lanes,
                            const guint8      *kept,
                            const guint8      *is_left,
                            guint              node,
                            guint              input,
                            ReconLayout       *layout)
{
  ReconTask *task = recon_graph_get_task (graph, node);
  const ReconOutlet source = recon_graph_get_source (graph, node, input);
  const ReconPortFlags flags = recon_task_get_info (task)->inputs[input].flags;
  const gboolean in_place = input == 0 && recon_task_has_flag (task, RECON_TASK_IN_PLACE);
  const gsize made = (gsize) node * RECON_MAX_PORTS;

  *layout = RECON_PLAIN;
  layout->is_interleaved = (flags & RECON_PORT_INTERLEAVED) != 0;
  if ((flags & (RECON_PORT_INTERLEAVED | RECON_PORT_GROUPS)) != 0)
    layout->lanes = lanes;
  else if (in_place && !kept[made])
    layout->lanes = layouts[made].lanes;

  return in_place && (kept[recon_outlet_get_place (source)] ||
                      recon_graph_count_users (graph, source, is_left) > 1);
}
