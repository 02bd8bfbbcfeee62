/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/graph-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "config/config-paths.h"
#include "graph/graph-private.h"

/* Graphs as files; relative paths in one start from its folder:
 *
 *   { "nodes": [ { "plugin": "read-scan", "name": "scan", "properties": { "projections": "tomo", "axis": 512 } }, … ],
 *     "edges": [ { "from": { "name": "scan", "port": "flat" }, "to": { "name": "flat-field", "port": "flat" } }, … ] }
 *
 * Names of tasks are "plugin" as in the predecessor's files. Properties that have their default are left out when a
 * graph is written; a port that is left out is the first one. The predecessor's edges are read as well, which count
 * inputs: { "from": "scan", "to": "flat-field", "input": 2 }. */

/* Numbers and yes or no as JSON has them, all else as text. */
static JsonNode *
value_to_json (ReconTask *task,
               guint      row)
{
  const ReconParameterSpec *spec = recon_task_get_row (task, row);
  const ReconValue *value = recon_task_get_value (task, row);
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (value->word == NULL && spec->type == RECON_PARAMETER_BOOLEAN)
    json_node_set_boolean (node, value->boolean);
  else if (value->word == NULL && spec->type == RECON_PARAMETER_INTEGER)
    json_node_set_int (node, value->integer);
  else if (value->word == NULL && spec->type == RECON_PARAMETER_NUMBER)
    json_node_set_double (node, value->number);
  else
    json_node_set_string (node, value->text);

  return node;
}

static JsonObject *
node_to_json (ReconGraph *self,
              guint       number)
{
  ReconTask *task = recon_graph_get_task (self, number);
  JsonObject *object = json_object_new (), *properties = json_object_new ();

  for (guint i = 0; i < recon_task_get_n_rows (task); i++)
    if (strcmp (recon_task_get_value (task, i)->text, recon_task_get_row (task, i)->initial) != 0)
      json_object_set_member (properties, recon_task_get_row (task, i)->key, value_to_json (task, i));

  json_object_set_string_member (object, "plugin", recon_task_get_name (task));
  json_object_set_string_member (object, "name", recon_graph_get_name (self, number));
  json_object_set_object_member (object, "properties", properties);

  return object;
}

static JsonObject *
end_to_json (ReconGraph      *self,
             guint            number,
             const ReconPort *port)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", recon_graph_get_name (self, number));
  json_object_set_string_member (object, "port", port->name);

  return object;
}

/**
 * recon_graph_to_json:
 * @self: a graph
 *
 * Returns: (transfer full): the graph as an object, see above
 */
JsonNode *
recon_graph_to_json (ReconGraph *self)
{
  JsonNode *root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *nodes = json_array_new (), *edges = json_array_new ();

  for (guint i = 0; i < recon_graph_get_n (self); i++)
    {
      ReconTask *task = recon_graph_get_task (self, i);

      json_array_add_object_element (nodes, node_to_json (self, i));
      for (guint k = 0; k < recon_task_get_n_inputs (task); k++)
        {
          const ReconOutlet source = recon_graph_get_source (self, i, k);
          ReconTask *from;
          JsonObject *edge;

          if (source.node < 0)
            continue;
          edge = json_object_new ();
          from = recon_graph_get_task (self, (guint) source.node);
          json_object_set_object_member (edge, "from", end_to_json (self, (guint) source.node,
                                                                    &recon_task_get_info (from)->outputs[source.port]));
          json_object_set_object_member (edge, "to", end_to_json (self, i, &recon_task_get_info (task)->inputs[k]));
          json_array_add_object_element (edges, edge);
        }
    }
  json_object_set_array_member (object, "nodes", nodes);
  json_object_set_array_member (object, "edges", edges);
  json_node_take_object (root, object);

  return root;
}

/* A place in the file, such as "nodes[3]", for messages. */
static gboolean
fail_at (const char  *list,
         guint        number,
         const char  *what,
         GError     **error)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, "%s[%u]: %s", list, number, what);

  return FALSE;
}

static const char *
get_string (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node) : NULL;
}

/* Returns: (transfer full) (nullable): a value as text; %NULL for what is none */
static char *
json_to_text (JsonNode *node)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return g_strdup (json_node_get_string (node));
    case G_TYPE_BOOLEAN:
      return g_strdup (json_node_get_boolean (node) ? "yes" : "no");
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    case G_TYPE_DOUBLE:
      return g_strdup (g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
    default:
      return NULL;
    }
}

static gboolean
set_properties (ReconTask   *task,
                JsonObject  *properties,
                GError     **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init (&iter, properties);
  while (json_object_iter_next (&iter, &key, &node))
    {
      g_autofree char *text = json_to_text (node);

      if (text == NULL)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("The value of '%s' is neither text nor a number."),
                       key);
          return FALSE;
        }
      if (!recon_task_set (task, key, text, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_node (ReconGraph        *self,
          JsonNode          *node,
          guint              number,
          ReconTaskNewFunc   new_task,
          GError           **error)
{
  g_autoptr (ReconTask) task = NULL;
  JsonObject *object;
  const char *plugin, *name;
  JsonNode *properties;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail_at ("nodes", number, _ ("This is no object with a \"plugin\"."), error);
  object = json_node_get_object (node);
  plugin = get_string (object, "plugin");
  name = get_string (object, "name");
  if (plugin == NULL)
    return fail_at ("nodes", number, _ ("There is no \"plugin\", the name of a task."), error);
  if (json_object_has_member (object, "name") && (name == NULL || *name == '\0'))
    return fail_at ("nodes", number, _ ("The \"name\" is no text."), error);
  if (name != NULL && recon_graph_find (self, name) >= 0)
    {
      g_autofree char *text = g_strdup_printf (_ ("There is another node named '%s'. Each needs a name of its own."),
                                               name);

      return fail_at ("nodes", number, text, error);
    }

  properties = json_object_get_member (object, "properties");
  task = new_task (plugin, error);
  if (task != NULL && properties != NULL && !JSON_NODE_HOLDS_OBJECT (properties))
    return fail_at ("nodes", number, _ ("The \"properties\" are no object."), error);
  if (task == NULL || (properties != NULL && !set_properties (task, json_node_get_object (properties), error)))
    {
      g_prefix_error (error, "nodes[%u]%s%s: ", number, name != NULL ? " " : "", name != NULL ? name : "");
      return FALSE;
    }
  recon_graph_add (self, g_steal_pointer (&task), name);

  return TRUE;
}

/* One end of an edge: a name, or an object of name and port. */
static gboolean
read_end (ReconGraph   *self,
          JsonObject   *edge,
          const char   *which,
          guint         number,
          guint        *node,
          const char  **port,
          GError      **error)
{
  JsonNode *end = json_object_get_member (edge, which);
  g_autofree char *text = NULL;
  const char *name = NULL;
  int found;

  *port = NULL;
  if (end != NULL && JSON_NODE_HOLDS_OBJECT (end))
    {
      name = get_string (json_node_get_object (end), "name");
      *port = get_string (json_node_get_object (end), "port");
      if (*port == NULL && json_object_has_member (json_node_get_object (end), "port"))
        {
          text = g_strdup_printf (_ ("The \"port\" of \"%s\" is no text. Give the name of one, or leave it out for the "
                                     "first."), which);
          return fail_at ("edges", number, text, error);
        }
    }
  else if (end != NULL)
    name = get_string (edge, which);

  if (name == NULL)
    {
      text = g_strdup_printf (_ ("There is no \"%s\", the name of a node."), which);
      return fail_at ("edges", number, text, error);
    }
  found = recon_graph_find (self, name);
  if (found < 0)
    {
      text = g_strdup_printf (_ ("There is no node named '%s'."), name);
      return fail_at ("edges", number, text, error);
    }
  *node = (guint) found;

  return TRUE;
}

/* The predecessor counts inputs: "input": 1, of the edge or of its "to". */
static gboolean
read_input_number (ReconGraph   *self,
                   JsonObject   *edge,
                   guint         number,
                   guint         to,
                   const char  **port,
                   GError      **error)
{
  ReconTask *task = recon_graph_get_task (self, to);
  const guint n = recon_task_get_n_inputs (task);
  JsonNode *end = json_object_get_member (edge, "to");
  JsonObject *holder = JSON_NODE_HOLDS_OBJECT (end) && json_object_has_member (json_node_get_object (end), "input")
                         ? json_node_get_object (end) : edge;
  JsonNode *input = json_object_get_member (holder, "input");
  g_autofree char *text = NULL;

  if (input == NULL)
    return TRUE;
  if (*port == NULL && JSON_NODE_HOLDS_VALUE (input) && json_node_get_value_type (input) == G_TYPE_INT64 &&
      json_node_get_int (input) >= 0 && json_node_get_int (input) < n)
    {
      *port = recon_task_get_info (task)->inputs[json_node_get_int (input)].name;
      return TRUE;
    }

  if (*port != NULL)
    text = g_strdup (_ ("There is a \"port\" of \"to\" and an \"input\". Leave one out."));
  else
    text = g_strdup_printf (ngettext ("The \"input\" of %s is no whole number from 0 on; it has %u input.",
                                      "The \"input\" of %s is no whole number from 0 on; it has %u inputs.", n),
                            recon_graph_get_name (self, to), n);

  return fail_at ("edges", number, text, error);
}

static gboolean
add_edge (ReconGraph  *self,
          JsonNode    *node,
          guint        number,
          GError     **error)
{
  const char *output, *input;
  JsonObject *edge;
  guint from, to;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail_at ("edges", number, _ ("This is no object of \"from\" and \"to\"."), error);

  edge = json_node_get_object (node);
  if (!read_end (self, edge, "from", number, &from, &output, error) ||
      !read_end (self, edge, "to", number, &to, &input, error) ||
      !read_input_number (self, edge, number, to, &input, error))
    return FALSE;
  if (recon_graph_connect (self, from, output, to, input, error))
    return TRUE;

  g_prefix_error (error, "edges[%u]: ", number);
  return FALSE;
}

static JsonArray *
get_list (JsonObject  *object,
          const char  *member,
          GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("There is no list \"%s\". A graph has \"nodes\", the tasks, and \"edges\", which join them."),
               member);
  return NULL;
}

/**
 * recon_graph_from_json:
 * @node: a graph as JSON
 * @new_task: (scope call): makes tasks by name
 * @error: return location
 *
 * Returns: (transfer full): the graph; %NULL with #RECON_ERROR_CONFIG, which names the place
 */
ReconGraph *
recon_graph_from_json (JsonNode          *node,
                       ReconTaskNewFunc   new_task,
                       GError           **error)
{
  g_autoptr (ReconGraph) self = recon_graph_new ();
  JsonArray *nodes, *edges;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("This is no object of \"nodes\" and \"edges\"."));
      return NULL;
    }

  nodes = get_list (json_node_get_object (node), "nodes", error);
  edges = nodes != NULL ? get_list (json_node_get_object (node), "edges", error) : NULL;
  if (edges == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (nodes); i++)
    if (!add_node (self, json_array_get_element (nodes, i), i, new_task, error))
      return NULL;
  for (guint i = 0; i < json_array_get_length (edges); i++)
    if (!add_edge (self, json_array_get_element (edges, i), i, error))
      return NULL;

  return g_steal_pointer (&self);
}

/* The parser begins with the place, "<data>:2:21: Parse error: ", and leaves the file to others. */
static void
set_json_error (const char    *path,
                const GError  *cause,
                GError       **error)
{
  const char *what = cause != NULL ? cause->message : _ ("it is empty");
  const char *place = strchr (what, ':'), *reason = strstr (what, "error: ");

  if (place != NULL && reason != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("%s is no JSON: line %u: %s. Correct that line, or the one before."), path,
                 (guint) g_ascii_strtoull (place + 1, NULL, 10), reason + strlen ("error: "));
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("%s is no JSON: %s. Give a file such as 'reconstruct tomo' prints as a graph."), path, what);
}

/* Absolute paths name the same files wherever the program runs, and in the ledger. */
static void
make_absolute (ReconGraph *self,
               const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (whole);

  for (guint node = 0; node < recon_graph_get_n (self); node++)
    {
      ReconTask *task = recon_graph_get_task (self, node);

      for (guint i = 0; i < recon_task_get_n_rows (task); i++)
        if (recon_task_get_row (task, i)->type == RECON_PARAMETER_PATH)
          {
            g_autofree char *text = recon_path_from_folder (recon_task_get_value (task, i)->text, folder);

            recon_task_set (task, recon_task_get_row (task, i)->key, text, NULL);
          }
    }
}

/**
 * recon_graph_load:
 * @path: a file
 * @new_task: (scope call): makes tasks by name
 * @error: return location
 *
 * Relative paths in the file start from its folder; in the graph they are absolute.
 *
 * Returns: (transfer full): the graph; %NULL with #RECON_ERROR_INPUT if the file can't be read, or with
 *   #RECON_ERROR_CONFIG, which names the place in it
 */
ReconGraph *
recon_graph_load (const char        *path,
                  ReconTaskNewFunc   new_task,
                  GError           **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = NULL;
  ReconGraph *self;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("The graph can't be read: %s. Give a file such as 'reconstruct tomo' prints as a graph."),
                   cause->message);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length, &cause) || json_parser_get_root (parser) == NULL)
    {
      set_json_error (path, cause, error);
      return NULL;
    }

  self = recon_graph_from_json (json_parser_get_root (parser), new_task, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  else
    make_absolute (self, path);

  return self;
}
