/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "commands.h"
#include "graph/task.h"
#include "options.h"
#include "tasks/tasks.h"

/* `reconstruct tasks [NAME] [--json]`: what can stand in a graph. */

static void
print_ports (const char      *title,
             const ReconPort *ports)
{
  if (ports == NULL || ports[0].name == NULL)
    return;

  g_print ("\n%s\n", title);
  for (; ports->name != NULL; ports++)
    g_print ("  %-14s %s%s\n", ports->name, _ (ports->help),
             ports->flags & RECON_PORT_OPTIONAL ? _ (" (may be left out)") : "");
}

static void
print_task (ReconTask *task)
{
  const ReconTaskInfo *info = recon_task_get_info (task);
  const guint n = recon_task_get_n_rows (task);

  g_print ("%s: %s\n", info->name, _ (info->summary));
  if (info->source != NULL)
    g_print (_ ("Source: %s\n"), info->source);
  print_ports (_ ("Inputs, in this order"), info->inputs);
  print_ports (_ ("Outputs"), info->outputs);

  if (n > 0)
    g_print (_ ("\nParameters\n"));
  for (guint i = 0; i < n; i++)
    {
      const ReconParameterSpec *spec = recon_task_get_row (task, i);
      g_autofree char *description = recon_parameter_spec_describe (spec);
      g_autoptr (GString) text = g_string_new (NULL);

      recon_options_append_wrapped (text, _ (spec->help));
      recon_options_append_wrapped (text, description);
      g_print ("  %s\n%s", spec->key, text->str);
    }
  for (const char *const *alias = info->aliases; alias != NULL && *alias != NULL; alias++)
    {
      const char *equal = strchr (*alias, '=');

      g_print (_ ("  %.*s\n      Another name of %s\n"), (int) (equal - *alias), *alias, equal + 1);
    }
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  if (text == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_words (JsonBuilder       *builder,
           const char        *name,
           const char *const *words)
{
  if (words == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *words != NULL; words++)
    json_builder_add_string_value (builder, *words);
  json_builder_end_array (builder);
}

static void
add_ports (JsonBuilder     *builder,
           const char      *name,
           const ReconPort *ports)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; ports != NULL && ports->name != NULL; ports++)
    {
      json_builder_begin_object (builder);
      add_text (builder, "name", ports->name);
      add_text (builder, "help", ports->help);
      json_builder_set_member_name (builder, "optional");
      json_builder_add_boolean_value (builder, (ports->flags & RECON_PORT_OPTIONAL) != 0);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_parameter (JsonBuilder              *builder,
               const ReconParameterSpec *spec)
{
  static const char *const types[] = {
    "boolean", "integer", "number", "choice", "text", "path", "size", "box",
  };

  json_builder_begin_object (builder);
  add_text (builder, "name", spec->key);
  add_text (builder, "type", types[spec->type]);
  add_text (builder, "default", spec->initial);
  if (spec->minimum < spec->maximum)
    {
      json_builder_set_member_name (builder, "minimum");
      json_builder_add_double_value (builder, spec->minimum);
      json_builder_set_member_name (builder, "maximum");
      json_builder_add_double_value (builder, spec->maximum);
    }
  add_text (builder, "unit", spec->unit);
  add_words (builder, "words", spec->words);
  add_words (builder, "choices", spec->choices);
  add_words (builder, "aliases", spec->aliases);
  add_text (builder, "applies", spec->applies);
  add_text (builder, "help", spec->help);
  json_builder_end_object (builder);
}

static void
add_task (JsonBuilder *builder,
          ReconTask   *task)
{
  const ReconTaskInfo *info = recon_task_get_info (task);

  json_builder_begin_object (builder);
  add_text (builder, "name", info->name);
  add_text (builder, "title", info->title);
  add_text (builder, "summary", info->summary);
  add_text (builder, "source", info->source);
  add_ports (builder, "inputs", info->inputs);
  add_ports (builder, "outputs", info->outputs);
  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_array (builder);
  for (guint i = 0; i < recon_task_get_n_rows (task); i++)
    add_parameter (builder, recon_task_get_row (task, i));
  json_builder_end_array (builder);
  add_words (builder, "aliases", info->aliases);
  json_builder_end_object (builder);
}

static void
print_json (GPtrArray *tasks,
            gboolean   one)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  if (!one)
    json_builder_begin_array (builder);
  for (guint i = 0; i < tasks->len; i++)
    add_task (builder, g_ptr_array_index (tasks, i));
  if (!one)
    json_builder_end_array (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

/* Returns: (transfer full) (element-type ReconTask): all tasks that users may put into graphs */
static GPtrArray *
list_tasks (void)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;
  g_autofree GType *types = recon_tasks_list (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ReconTask) task = g_object_new (types[i], NULL);

      if (!recon_task_has_flag (task, RECON_TASK_HIDDEN))
        g_ptr_array_add (tasks, g_steal_pointer (&task));
    }

  return tasks;
}

int
recon_cmd_tasks (int    argc,
                 char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[NAME]"));
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print everything as JSON"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Lists the tasks that graphs are made of, or explains one: what comes in, "
                                            "what goes out,\nand its parameters."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return recon_cmd_fail (g_steal_pointer (&error));
  if (argc > 2)
    return recon_cmd_fail (g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                                        _ ("tasks takes one name, but was given \"%s\" as well."), argv[2]));

  if (argc == 2)
    {
      ReconTask *task = recon_task_new (argv[1], &error);

      if (task == NULL)
        return recon_cmd_fail (g_steal_pointer (&error));
      tasks = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (tasks, task);
    }
  else
    tasks = list_tasks ();

  if (json)
    print_json (tasks, argc == 2);
  else if (argc == 2)
    print_task (g_ptr_array_index (tasks, 0));
  else
    for (guint i = 0; i < tasks->len; i++)
      {
        const ReconTaskInfo *info = recon_task_get_info (g_ptr_array_index (tasks, i));

        g_print ("  %-16s %s\n", info->name, _ (info->summary));
      }

  return 0;
}
