/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/graph.h"

#include <glib/gi18n-lib.h>

#include "error.h"

typedef struct
{
  ReconStepNewFunc new_step;
  gpointer         settings;
  GDestroyNotify   free_settings;
} Node;

struct _ReconGraph
{
  gatomicrefcount  ref_count;
  GArray          *nodes;
};

static void
clear_node (gpointer data)
{
  Node *node = data;

  if (node->free_settings != NULL)
    node->free_settings (node->settings);
}

/**
 * recon_graph_new:
 *
 * Returns: (transfer full): a graph without steps
 */
ReconGraph *
recon_graph_new (void)
{
  ReconGraph *self = g_new0 (ReconGraph, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  g_array_set_clear_func (self->nodes, clear_node);

  return self;
}

ReconGraph *
recon_graph_ref (ReconGraph *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
recon_graph_unref (ReconGraph *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->nodes);
  g_free (self);
}

/**
 * recon_graph_append:
 * @self: a graph
 * @new_step: makes the step from its settings
 * @settings: (transfer full): what @new_step is called with
 * @free_settings: (nullable): frees @settings with the graph
 *
 * Puts a step behind those that are there.
 */
void
recon_graph_append (ReconGraph       *self,
                    ReconStepNewFunc  new_step,
                    gpointer          settings,
                    GDestroyNotify    free_settings)
{
  Node node = { new_step, settings, free_settings };

  g_array_append_val (self->nodes, node);
}

/**
 * recon_graph_make_steps:
 * @self: a graph
 *
 * Returns: (transfer full) (element-type ReconStep): new steps in order, for one device
 */
GPtrArray *
recon_graph_make_steps (ReconGraph *self)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const Node *node = &g_array_index (self->nodes, Node, i);

      g_ptr_array_add (steps, node->new_step (node->settings));
    }

  return steps;
}

/**
 * recon_graph_requisition:
 * @self: a graph
 * @device: where it would run
 * @input: shape of an item as the source gives it
 * @lanes: slices of a group
 * @need: (out caller-allocates): what it takes
 * @error: return location
 *
 * Asks every step in turn, before anything is allocated or read.
 *
 * Returns: %FALSE if a step can't take what the one before it gives, or a size is beyond any memory
 */
gboolean
recon_graph_requisition (ReconGraph             *self,
                         const ReconDeviceInfo  *device,
                         const ReconShape       *input,
                         guint                   lanes,
                         ReconGraphNeed         *need,
                         GError                **error)
{
  g_autoptr (GPtrArray) steps = recon_graph_make_steps (self);
  ReconShape shape = *input;
  gsize bytes;

  *need = (ReconGraphNeed) { 0 };
  if (!recon_shape_get_bytes (&shape, &bytes))
    goto too_large;
  need->item_bytes = need->largest_bytes = bytes;

  for (guint i = 0; i < steps->len; i++)
    {
      ReconRequisition step_need = { 0 };

      if (!recon_step_requisition (g_ptr_array_index (steps, i), device, &shape, lanes, &step_need, error))
        return FALSE;

      shape = step_need.output;
      if (!recon_shape_get_bytes (&shape, &bytes))
        goto too_large;

      if (!step_need.in_place)
        {
          need->makes_output = TRUE;
          if (!g_size_checked_add (&need->item_bytes, need->item_bytes, bytes))
            goto too_large;
        }
      need->largest_bytes = MAX (need->largest_bytes, bytes);
      need->device_bytes += step_need.device_bytes;
      need->host_bytes += step_need.host_bytes;
    }
  need->output = shape;

  return TRUE;

too_large:
  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("A slice of %u × %u values is larger than any memory."),
               shape.width, shape.height);
  return FALSE;
}
