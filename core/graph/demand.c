/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/demand.h"

#include <string.h>

#include "graph/graph-private.h"

void
recon_demand_init (ReconDemand *self,
                   ReconGraph  *graph)
{
  self->graph = recon_graph_ref (graph);
  self->n = recon_graph_get_n (graph);
  self->regions = g_new0 (ReconRegion, (gsize) self->n * RECON_MAX_PORTS);
}

void
recon_demand_clear (ReconDemand *self)
{
  g_clear_pointer (&self->graph, recon_graph_unref);
  g_clear_pointer (&self->regions, g_free);
}

/* Nothing is wanted any more. */
void
recon_demand_reset (ReconDemand *self)
{
  memset (self->regions, 0, (gsize) self->n * RECON_MAX_PORTS * sizeof *self->regions);
}

ReconRegion *
recon_demand_at (const ReconDemand *self,
                 ReconOutlet        outlet)
{
  return &self->regions[recon_outlet_get_place (outlet)];
}

gboolean
recon_demand_has (const ReconDemand *self,
                  ReconOutlet        outlet)
{
  return outlet.node >= 0 && recon_demand_at (self, outlet)->n_axes > 0;
}

/**
 * recon_demand_add:
 * @self: a demand
 * @outlet: an output
 * @region: a part of it that is wanted, besides what is already: the smallest region that holds both becomes wanted
 */
void
recon_demand_add (ReconDemand       *self,
                  ReconOutlet        outlet,
                  const ReconRegion *region)
{
  ReconRegion *own = recon_demand_at (self, outlet);

  if (own->n_axes > 0)
    recon_region_unite (own, region);
  else
    *own = *region;
}

/* Returns: whether anything of a node's outputs is wanted */
gboolean
recon_demand_wants (const ReconDemand *self,
                    guint              node)
{
  for (guint port = 0; port < RECON_MAX_PORTS; port++)
    if (recon_demand_has (self, (ReconOutlet) { (int) node, port }))
      return TRUE;

  return FALSE;
}

/**
 * recon_demand_get_input:
 * @self: a demand that was spread
 * @node: a node of which something is wanted
 * @input: one of its inputs
 * @region: (out caller-allocates): what it needs there
 *
 * Returns: %FALSE if nothing is connected, or what is connected gives nothing
 */
gboolean
recon_demand_get_input (const ReconDemand *self,
                        guint              node,
                        guint              input,
                        ReconRegion       *region)
{
  ReconTask *task = recon_graph_get_task (self->graph, node);

  *region = (ReconRegion) { 0 };
  if (recon_task_get_input (task, input) == NULL)
    return FALSE;

  for (guint port = 0; port < RECON_MAX_PORTS; port++)
    {
      const ReconOutlet outlet = { (int) node, port };
      ReconRegion needed;

      if (!recon_demand_has (self, outlet))
        continue;

      recon_task_demand (task, port, recon_demand_at (self, outlet), input, &needed);
      if (region->n_axes > 0)
        recon_region_unite (region, &needed);
      else
        *region = needed;
    }

  return region->n_axes > 0;
}

/**
 * recon_demand_spread:
 * @self: a demand of which the ends are set
 * @is_given: (nullable): whether an output is there already, and nothing has to be made for it
 * @user_data: (closure): for @is_given
 *
 * Sets what is wanted of everything that the ends are made of.
 */
void
recon_demand_spread (ReconDemand *self,
                     gboolean   (*is_given) (ReconOutlet outlet, gpointer user_data),
                     gpointer     user_data)
{
  const guint *order = recon_graph_order (self->graph, NULL);

  g_return_if_fail (order != NULL);

  for (guint i = self->n; i-- > 0;)
    {
      const guint node = order[i];
      gboolean is_made = FALSE;

      for (guint port = 0; port < RECON_MAX_PORTS; port++)
        {
          const ReconOutlet outlet = { (int) node, port };

          if (!recon_demand_has (self, outlet) || (is_given != NULL && is_given (outlet, user_data)))
            continue;

          recon_task_round (recon_graph_get_task (self->graph, node), port, recon_demand_at (self, outlet));
          is_made = TRUE;
        }

      for (guint input = 0; is_made && input < recon_task_get_n_inputs (recon_graph_get_task (self->graph, node));
           input++)
        {
          ReconRegion region;

          if (recon_demand_get_input (self, node, input, &region))
            recon_demand_add (self, recon_graph_get_source (self->graph, node, input), &region);
        }
    }
}
