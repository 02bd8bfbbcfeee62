/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/config.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"
#include "config/text.h"

static void
set_member (JsonObject     *object,
            ReconConfig    *config,
            ReconParameter  parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  ReconParameterType type = recon_config_is_automatic (config, parameter) ? RECON_PARAMETER_TEXT : spec->type;
  g_autofree char *text = NULL;

  switch (type)
    {
    case RECON_PARAMETER_BOOLEAN:
      json_object_set_boolean_member (object, spec->key, recon_config_get_boolean (config, parameter));
      break;
    case RECON_PARAMETER_INTEGER:
      json_object_set_int_member (object, spec->key, recon_config_get_integer (config, parameter));
      break;
    case RECON_PARAMETER_SIZE:
      json_object_set_int_member (object, spec->key, (gint64) recon_config_get_size (config, parameter));
      break;
    case RECON_PARAMETER_NUMBER:
      json_object_set_double_member (object, spec->key, recon_config_get_number (config, parameter));
      break;
    case RECON_PARAMETER_CHOICE:
    case RECON_PARAMETER_TEXT:
    case RECON_PARAMETER_PATH:
    case RECON_PARAMETER_BOX:
    default:
      text = recon_config_format (config, parameter);
      json_object_set_string_member (object, spec->key, text);
    }
}

/**
 * recon_config_to_json:
 * @self: a configuration
 *
 * Returns: (transfer full): an object with a member per group, each an object with a member per key. Numbers,
 *   whole numbers, sizes in bytes and booleans have their JSON types, all else is text; so is the word of an
 *   automatic value.
 */
JsonNode *
recon_config_to_json (ReconConfig *self)
{
  g_autoptr (JsonObject) root = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (RECON_IS_CONFIG (self), node);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameter parameter = recon_parameter_nth (i);
      const char *section = recon_parameter_get_spec (parameter)->section;

      if (!json_object_has_member (root, section))
        json_object_set_object_member (root, section, json_object_new ());
      set_member (json_object_get_object_member (root, section), self, parameter);
    }

  json_node_set_object (node, root);

  return node;
}

/* A JSON value as the parser of texts takes it. */
static char *
value_to_text (JsonNode *value)
{
  GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;

  if (type == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));

  if (type == G_TYPE_DOUBLE)
    return recon_number_to_text (json_node_get_double (value));

  return json_to_string (value, FALSE);
}

static gboolean
parse_member (ReconConfig     *config,
              const char      *group,
              const char      *key,
              JsonNode        *value,
              GError         **error)
{
  ReconParameter parameter;
  ReconParameterType type;
  g_autofree char *text = NULL;

  if (!recon_parameter_find (group, key, &parameter))
    {
      const char *nearest = recon_parameter_nearest (group, key);
      g_autofree char *shown = recon_text_abridge (key);

      if (nearest != NULL)
        return recon_fail (error, RECON_ERROR_CONFIG, _ ("There is no parameter %s.%s; did you mean %s?"), group, shown,
                           nearest);

      return recon_fail (error, RECON_ERROR_CONFIG, _ ("There is no parameter %s.%s."), group, shown);
    }

  text = value_to_text (value);
  type = recon_parameter_get_spec (parameter)->type;
  if ((type == RECON_PARAMETER_TEXT || type == RECON_PARAMETER_PATH) &&
      (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING))
    {
      g_autofree char *shown = recon_text_abridge (text);

      return recon_fail (error, RECON_ERROR_CONFIG, _ ("%s.%s is %s. It must be a JSON string."), group, key, shown);
    }

  return recon_config_parse (config, parameter, text, error);
}

static gboolean
parse_group (ReconConfig  *config,
             const char   *group,
             JsonNode     *node,
             GError      **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (recon_section_find (group) == NULL)
    {
      g_autofree const char **names = recon_section_get_names ();
      g_autofree char *known = g_strjoinv (", ", (char **) names);
      g_autofree char *shown = recon_text_abridge (group);

      return recon_fail (error, RECON_ERROR_CONFIG, _ ("There is no group of parameters '%s'; there are %s."), shown,
                         known);
    }

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return recon_fail (error, RECON_ERROR_CONFIG, _ ("The JSON member '%s' must be an object of parameters."), group);

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    if (!parse_member (config, group, key, value, error))
      return FALSE;

  return TRUE;
}

/**
 * recon_config_set_json:
 * @self: a configuration
 * @node: an object like that of recon_config_to_json()
 * @error: return location
 *
 * Sets the parameters that @node has. Texts are good for every type and are read as those of a file. On
 * failure nothing is set.
 *
 * Returns: %FALSE with %RECON_ERROR_CONFIG if a member is unknown, or its value is not acceptable
 */
gboolean
recon_config_set_json (ReconConfig  *self,
                       JsonNode     *node,
                       GError      **error)
{
  g_autoptr (ReconConfig) scratch = NULL;
  JsonObjectIter iter;
  const char *group;
  JsonNode *value;

  g_return_val_if_fail (RECON_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (node != NULL, FALSE);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("A configuration in JSON must be an object with a member per group of parameters."));

  scratch = recon_config_copy (self);
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &group, &value))
    if (!parse_group (scratch, group, value, error))
      return FALSE;

  recon_config_assign (self, scratch);

  return TRUE;
}
