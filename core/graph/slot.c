/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/slot.h"

#include "graph/graph-private.h"

void
recon_slot_release (ReconSlot *self)
{
  const ReconBlocks *blocks = self->blocks;

  for (gsize i = 0; i < blocks->n_outlets; i++)
    g_clear_pointer (&self->arrays[i], recon_array_unref);
}

void
recon_slot_free (ReconSlot *self)
{
  const ReconBlocks *blocks = self->blocks;

  recon_slot_release (self);
  for (gsize i = 0; i < blocks->n_outlets; i++)
    recon_host_memory_free (self->memory[i]);
  recon_demand_clear (&self->demand);
  g_free (self->memory);
  g_free (self->arrays);
  g_free (self);
}

/* What is kept in memory is used where it lies. */
static ReconArray *
get_kept (const ReconBlocks *blocks,
          gsize              place)
{
  return recon_plan_is_kept (blocks->plan, blocks->pass, recon_outlet_at (place))
           ? recon_store_get_array (blocks->plan->stores[place]) : NULL;
}

static ReconArray *
new_array (ReconSlot *self,
           gsize      place)
{
  const ReconOutlet outlet = recon_outlet_at (place);
  ReconTask *task = recon_graph_get_task (self->demand.graph, (guint) outlet.node);

  return recon_array_new_for_host (recon_task_get_output (task, outlet.port), recon_demand_at (&self->demand, outlet),
                                   self->blocks->layouts[place], self->memory[place]);
}

/* Memory for what is read, and for the results, of a block in the middle of the pass, which is the largest. */
ReconSlot *
recon_slot_new (const ReconBlocks  *blocks,
                GError            **error)
{
  ReconSlot *self = g_new0 (ReconSlot, 1);
  const guint n = MIN (blocks->pass->block, blocks->pass->n_items);

  self->blocks = blocks;
  self->memory = g_new0 (gpointer, blocks->n_outlets + 1);
  self->arrays = g_new0 (ReconArray *, blocks->n_outlets + 1);
  recon_demand_init (&self->demand, blocks->plan->graph);
  recon_plan_demand (blocks->plan, blocks->pass, (blocks->pass->n_items - n) / 2, n, &self->demand);
  for (gsize i = 0; i < blocks->n_outlets; i++)
    {
      const ReconOutlet outlet = recon_outlet_at (i);

      if (!recon_demand_has (&self->demand, outlet) || get_kept (blocks, i) != NULL ||
          (!recon_plan_is_read (blocks->plan, blocks->pass, outlet) &&
           !recon_plan_is_result (blocks->plan, blocks->pass, outlet)))
        continue;

      self->arrays[i] = new_array (self, i);
      self->memory[i] = recon_host_memory_new (recon_array_get_bytes (self->arrays[i]), error);
      if (self->memory[i] == NULL)
        {
          recon_slot_free (self);
          return NULL;
        }
    }
  recon_slot_release (self);

  return self;
}

/* The arrays of a block, empty. */
void
recon_slot_begin (ReconSlot *self,
                  guint      first,
                  guint      n,
                  guint      sequence)
{
  const ReconBlocks *blocks = self->blocks;

  self->first = first;
  self->n = n;
  self->sequence = sequence;
  recon_plan_demand (blocks->plan, blocks->pass, first, n, &self->demand);
  for (gsize i = 0; i < blocks->n_outlets; i++)
    if (recon_demand_has (&self->demand, recon_outlet_at (i)))
      {
        if (get_kept (blocks, i) != NULL)
          self->arrays[i] = recon_array_new_view (get_kept (blocks, i));
        else if (self->memory[i] != NULL)
          self->arrays[i] = new_array (self, i);
      }
}

/* All outputs of a source in one go, and what is kept in files. */
gboolean
recon_slot_read (ReconSlot     *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const ReconBlocks *blocks = self->blocks;
  ReconGraph *graph = blocks->plan->graph;

  for (guint node = 0; node < self->demand.n; node++)
    {
      ReconArray **arrays = self->arrays + (gsize) node * RECON_MAX_PORTS;
      ReconStore **stores = blocks->plan->stores + (gsize) node * RECON_MAX_PORTS;
      ReconArray *outputs[RECON_MAX_PORTS] = { NULL };
      gboolean reads = FALSE;

      for (guint port = 0; port < RECON_MAX_PORTS; port++)
        {
          if (!recon_demand_has (&self->demand, (ReconOutlet) { (int) node, port }))
            continue;

          if (!recon_plan_is_kept (blocks->plan, blocks->pass, (ReconOutlet) { (int) node, port }))
            reads = (outputs[port] = arrays[port]) != NULL || reads;
          else if (recon_store_get_array (stores[port]) == NULL &&
                   !recon_store_read (stores[port], arrays[port], error))
            return FALSE;
        }

      if (reads && recon_task_get_n_inputs (recon_graph_get_task (graph, node)) == 0 &&
          !recon_task_process (recon_graph_get_task (graph, node), NULL, outputs, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/* Returns: (transfer full): the images of the block, of what may be more: an array that is kept, or what somebody else
 * needs as well; %NULL on error */
ReconArray *
recon_slot_cut (ReconSlot             *self,
                const ReconArrayInfo  *info,
                ReconArray            *array,
                GError               **error)
{
  g_autoptr (ReconArray) part = NULL;
  ReconRegion images;

  recon_region_init_whole (&images, info);
  if (info->axes[0].size == self->blocks->pass->n_items)
    {
      images.axes[0].first = self->first;
      images.axes[0].n = self->n;
    }
  if (recon_region_equal (recon_array_get_region (array), &images))
    return recon_array_ref (array);

  part = recon_array_new (info, &images, RECON_PLAIN);

  return recon_array_copy (part, array, error) ? g_steal_pointer (&part) : NULL;
}
