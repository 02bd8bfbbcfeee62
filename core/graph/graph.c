/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/graph-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"

typedef struct
{
  char        *name;
  ReconTask   *task;
  ReconOutlet  sources[RECON_MAX_PORTS]; /* of each input */
  GArray      *users[RECON_MAX_PORTS];   /* (nullable): ReconInlet, of each output */
} Node;

struct _ReconGraph
{
  gatomicrefcount  ref_count;
  GPtrArray       *nodes;
  GHashTable      *names; /* of the nodes: their numbers */
  guint           *order; /* (nullable): once it was found */
};

G_DEFINE_BOXED_TYPE (ReconGraph, recon_graph, recon_graph_ref, recon_graph_unref)

static void
node_free (gpointer data)
{
  Node *node = data;

  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    g_clear_pointer (&node->users[i], g_array_unref);
  g_free (node->name);
  g_clear_object (&node->task);
  g_free (node);
}

static Node *
get_node (ReconGraph *self,
          guint       node)
{
  return g_ptr_array_index (self->nodes, node);
}

/**
 * recon_graph_new:
 *
 * Returns: (transfer full): a graph without tasks
 */
ReconGraph *
recon_graph_new (void)
{
  ReconGraph *self = g_new0 (ReconGraph, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

/**
 * recon_graph_ref:
 * @self: a graph
 *
 * Returns: (transfer full): the graph, with one more owner
 */
ReconGraph *
recon_graph_ref (ReconGraph *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * recon_graph_unref:
 * @self: (transfer full): a graph
 *
 * Gives up a reference; the last one frees the graph.
 */
void
recon_graph_unref (ReconGraph *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->nodes);
  g_free (self->order);
  g_free (self);
}

/**
 * recon_graph_add:
 * @self: a graph
 * @task: (transfer full): a task, whose first owner this is
 * @name: (nullable): a name of its own in the graph; %NULL for that of the task, with a number if need be
 *
 * Returns: the number of the node that it becomes, counted from 0
 */
guint
recon_graph_add (ReconGraph *self,
                 ReconTask  *task,
                 const char *name)
{
  Node *node = g_new0 (Node, 1);

  node->task = task;
  node->name = g_strdup (name != NULL ? name : recon_task_get_name (task));
  for (guint i = 2; name == NULL && g_hash_table_contains (self->names, node->name); i++)
    {
      g_free (node->name);
      node->name = g_strdup_printf ("%s-%u", recon_task_get_name (task), i);
    }
  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    node->sources[i].node = -1;

  g_ptr_array_add (self->nodes, node);
  g_hash_table_insert (self->names, node->name, GUINT_TO_POINTER (self->nodes->len - 1));
  g_clear_pointer (&self->order, g_free);

  return self->nodes->len - 1;
}

static gboolean
find_port (ReconGraph       *self,
           guint             node,
           const ReconPort  *ports,
           const char       *name,
           const char       *kind,
           guint            *port,
           GError          **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  int found = name != NULL ? recon_task_find_port (ports, name) : 0;

  if (found >= 0 && ports != NULL && ports[found].name != NULL)
    {
      *port = (guint) found;
      return TRUE;
    }

  for (guint i = 0; ports != NULL && ports[i].name != NULL; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? ", " : "", ports[i].name);
  if (all->len == 0)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("%s (%s) has no %s."), get_node (self, node)->name,
                 recon_task_get_name (get_node (self, node)->task), kind);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("%s (%s) has no %s '%s', but: %s."),
                 get_node (self, node)->name, recon_task_get_name (get_node (self, node)->task), kind, name, all->str);

  return FALSE;
}

/**
 * recon_graph_connect:
 * @self: a graph
 * @from: a node
 * @output: (nullable): name of one of its outputs; %NULL for the first
 * @to: another node
 * @input: (nullable): name of one of its inputs; %NULL for the first
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if there is no such port, or something comes to the input already
 */
gboolean
recon_graph_connect (ReconGraph  *self,
                     guint        from,
                     const char  *output,
                     guint        to,
                     const char  *input,
                     GError     **error)
{
  Node *source, *target;
  guint out_port, in_port;

  g_return_val_if_fail (from < self->nodes->len && to < self->nodes->len, FALSE);

  source = get_node (self, from);
  target = get_node (self, to);
  if (!find_port (self, from, recon_task_get_info (source->task)->outputs, output, _ ("output"), &out_port, error) ||
      !find_port (self, to, recon_task_get_info (target->task)->inputs, input, _ ("input"), &in_port, error))
    return FALSE;

  if (target->sources[in_port].node >= 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("The input '%s' of %s is connected twice: to %s and to %s. Leave one out."),
                   recon_task_get_info (target->task)->inputs[in_port].name, target->name,
                   get_node (self, (guint) target->sources[in_port].node)->name, source->name);
      return FALSE;
    }

  target->sources[in_port] = (ReconOutlet) { (int) from, out_port };
  if (source->users[out_port] == NULL)
    source->users[out_port] = g_array_new (FALSE, FALSE, sizeof (ReconInlet));
  g_array_append_val (source->users[out_port], ((ReconInlet) { to, in_port }));
  g_clear_pointer (&self->order, g_free);

  return TRUE;
}

/**
 * recon_graph_get_n:
 * @self: a graph
 *
 * Returns: how many nodes it has; their numbers are below
 */
guint
recon_graph_get_n (ReconGraph *self)
{
  return self->nodes->len;
}

/**
 * recon_graph_get_task:
 * @self: a graph
 * @node: number of a node
 *
 * Returns: (transfer none): its task
 */
ReconTask *
recon_graph_get_task (ReconGraph *self,
                      guint       node)
{
  return get_node (self, node)->task;
}

/**
 * recon_graph_get_name:
 * @self: a graph
 * @node: number of a node
 *
 * Returns: (transfer none): its name
 */
const char *
recon_graph_get_name (ReconGraph *self,
                      guint       node)
{
  return get_node (self, node)->name;
}

/**
 * recon_graph_find:
 * @self: a graph
 * @name: name of a node
 *
 * Returns: its number; -1 if there is none
 */
int
recon_graph_find (ReconGraph *self,
                  const char *name)
{
  gpointer node;

  return g_hash_table_lookup_extended (self->names, name, NULL, &node) ? (int) GPOINTER_TO_UINT (node) : -1;
}

/**
 * recon_graph_get_source:
 * @self: a graph
 * @node: a node
 * @input: one of its inputs
 *
 * Returns: where that comes from; its node is -1 if nothing is connected
 */
ReconOutlet
recon_graph_get_source (ReconGraph *self,
                        guint       node,
                        guint       input)
{
  return get_node (self, node)->sources[input];
}

/**
 * recon_graph_get_users:
 * @self: a graph
 * @outlet: an output
 *
 * Returns: (transfer none) (nullable) (element-type ReconInlet): the inputs that are connected to it; %NULL if there is
 *   none
 */
GArray *
recon_graph_get_users (ReconGraph  *self,
                       ReconOutlet  outlet)
{
  return get_node (self, (guint) outlet.node)->users[outlet.port];
}

/* Returns: how many tasks that have still to work (a flag for each node) use an output */
guint
recon_graph_count_users (ReconGraph   *self,
                         ReconOutlet   outlet,
                         const guint8 *is_left)
{
  GArray *users = recon_graph_get_users (self, outlet);
  guint n = 0;

  for (guint i = 0; users != NULL && i < users->len; i++)
    n += is_left[g_array_index (users, ReconInlet, i).node];

  return n;
}

/* The nodes that are left form a circle, or follow one: any of them leads back to one that was seen. */
static void
set_circle_error (ReconGraph    *self,
                  const guint8  *placed,
                  GError       **error)
{
  g_autofree guint8 *seen = g_new0 (guint8, self->nodes->len);
  g_autoptr (GString) text = g_string_new (NULL);
  guint node = 0, start;

  while (placed[node])
    node++;
  while (!seen[node])
    {
      guint input = 0;

      seen[node] = 1;
      while (get_node (self, node)->sources[input].node < 0 || placed[get_node (self, node)->sources[input].node])
        input++;
      node = (guint) get_node (self, node)->sources[input].node;
    }

  start = node;
  g_string_append (text, get_node (self, start)->name);
  do
    {
      guint input = 0;

      while (get_node (self, node)->sources[input].node < 0 || placed[get_node (self, node)->sources[input].node])
        input++;
      node = (guint) get_node (self, node)->sources[input].node;
      g_string_prepend (text, " → ");
      g_string_prepend (text, get_node (self, node)->name);
    }
  while (node != start);

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("The graph runs in a circle: %s. Each task can only use what was made before it."), text->str);
}

/**
 * recon_graph_order:
 * @self: a graph
 * @error: return location
 *
 * Returns: (transfer none) (array): the numbers of all nodes, each behind those that it depends on; %NULL with
 *   #RECON_ERROR_CONFIG if the graph has a circle
 */
const guint *
recon_graph_order (ReconGraph  *self,
                   GError     **error)
{
  const guint n = self->nodes->len;
  g_autofree guint8 *placed = g_new0 (guint8, n + 1);
  g_autofree guint *n_missing = g_new0 (guint, n + 1);
  g_autofree guint *order = NULL;
  guint n_placed = 0;

  if (self->order != NULL)
    return self->order;

  order = g_new (guint, n + 1);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < RECON_MAX_PORTS; k++)
      n_missing[i] += get_node (self, i)->sources[k].node >= 0;
  for (guint i = 0; i < n; i++)
    if (n_missing[i] == 0)
      order[n_placed++] = i;

  for (guint i = 0; i < n_placed; i++)
    {
      placed[order[i]] = 1;
      for (guint port = 0; port < RECON_MAX_PORTS; port++)
        {
          GArray *users = get_node (self, order[i])->users[port];

          for (guint k = 0; users != NULL && k < users->len; k++)
            if (--n_missing[g_array_index (users, ReconInlet, k).node] == 0)
              order[n_placed++] = g_array_index (users, ReconInlet, k).node;
        }
    }

  if (n_placed < n)
    {
      set_circle_error (self, placed, error);
      return NULL;
    }
  self->order = g_steal_pointer (&order);

  return self->order;
}

static gboolean
shape_node (ReconGraph  *self,
            guint        number,
            ReconLog    *log,
            GError     **error)
{
  Node *node = get_node (self, number);
  const ReconArrayInfo *inputs[RECON_MAX_PORTS] = { NULL };
  const ReconPort *ports = recon_task_get_info (node->task)->inputs;

  for (guint i = 0; i < recon_task_get_n_inputs (node->task); i++)
    {
      const ReconOutlet source = node->sources[i];

      if (source.node >= 0)
        inputs[i] = recon_task_get_output (get_node (self, (guint) source.node)->task, source.port);
      if (inputs[i] != NULL || (ports[i].flags & RECON_PORT_OPTIONAL) != 0)
        continue;

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Nothing comes to the input '%s' of %s: %s. Connect it."), ports[i].name, node->name,
                   ports[i].help);
      return FALSE;
    }

  if (recon_task_shape (node->task, inputs, log, error))
    return TRUE;
  g_prefix_error (error, "%s: ", node->name);

  return FALSE;
}

/**
 * recon_graph_shape:
 * @self: a graph
 * @log: (nullable): to say what sources find
 * @error: return location
 *
 * Asks every task in turn what comes out of what goes in, before anything is computed.
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if the graph has a circle or an input without a connection, or the error of
 *   a task that can't take what it is given
 */
gboolean
recon_graph_shape (ReconGraph  *self,
                   ReconLog    *log,
                   GError     **error)
{
  const guint *order = recon_graph_order (self, error);

  if (order == NULL)
    return FALSE;

  for (guint i = 0; i < self->nodes->len; i++)
    if (!shape_node (self, order[i], log, error))
      return FALSE;

  return TRUE;
}

/**
 * recon_graph_make_keys:
 * @self: a graph that knows its shapes
 *
 * Returns: (transfer full) (array zero-terminated=1): for each node a text that is equal for those that give the same
 *   numbers: of the task and its parameters, the geometry where that matters, and all that it depends on
 */
char **
recon_graph_make_keys (ReconGraph *self)
{
  const guint n = self->nodes->len;
  char **keys = g_new0 (char *, n + 1);

  g_return_val_if_fail (self->order != NULL, keys);

  for (guint i = 0; i < n; i++)
    {
      const guint node = self->order[i];
      ReconTask *task = get_node (self, node)->task;
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
      g_autofree char *own = recon_task_describe (task);

      g_checksum_update (checksum, (const guchar *) own, -1);
      for (guint k = 0; k < recon_task_get_n_inputs (task); k++)
        {
          const ReconOutlet source = get_node (self, node)->sources[k];
          const ReconArrayInfo *input = recon_task_get_input (task, k);
          const gboolean uses_geometry = recon_task_has_flag (task, RECON_TASK_USES_GEOMETRY) && input != NULL &&
                                         input->geometry != NULL;
          const char *geometry = uses_geometry ? recon_geometry_describe (input->geometry) : NULL;
          g_autofree char *text = g_strdup_printf ("\n%u %u %s %s", k, source.port,
                                                   source.node >= 0 ? keys[source.node] : "-",
                                                   geometry != NULL ? geometry : "-");

          g_checksum_update (checksum, (const guchar *) text, -1);
        }
      keys[node] = g_strdup (g_checksum_get_string (checksum));
    }

  return keys;
}
