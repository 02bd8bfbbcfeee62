/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "commands.h"
#include "config/text.h"
#include "graph/graph-json.h"
#include "options.h"
#include "run-graph.h"
#include "tasks/tasks.h"
#include "tomography/graph-job.h"

/* `reconstruct graph run|check|show FILE`: graphs that are kept in files. */

/* @show: whether to print how the graph is worked off, too */
static int
check_graph (ReconGraph    *graph,
             ReconConfig   *compute,
             gboolean       show,
             ReconTerminal *terminal)
{
  g_autoptr (GError) error = NULL;
  const guint n = recon_graph_get_n (graph);
  g_autofree char *text = NULL;

  if (!recon_graph_job_check (graph, recon_terminal_get_log (terminal), &error) ||
      (text = recon_graph_job_describe (graph, compute, &error)) == NULL)
    return recon_run_fail (terminal, g_steal_pointer (&error));

  if (show)
    g_print ("%s", text);
  else
    g_print (ngettext ("The graph of %u task can run.\n", "The graph of %u tasks can run.\n", n), n);

  return 0;
}

static gboolean
check_verb (const char  *verb,
            GError     **error)
{
  static const char *const verbs[] = { "run", "check", "show", NULL };
  const char *nearest;

  if (verb != NULL && g_strv_contains (verbs, verb))
    return TRUE;

  nearest = verb != NULL ? recon_nearest_word (verb, (const char **) verbs) : NULL;
  if (nearest != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("A graph can't be told to '%s'; did you mean '%s'?"), verb,
                 nearest);
  else
    g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                         _ ("Say what to do with which graph: graph run FILE, graph check FILE or graph show FILE."));

  return FALSE;
}

int
recon_cmd_graph (int    argc,
                 char **argv)
{
  g_auto (ReconGraphRequest) request = { 0 };
  g_auto (ReconSwitches) ahead = { 0 };
  g_auto (GStrv) words = NULL;
  const GOptionEntry entries[] = {
    RECON_GRAPH_ENTRIES (request),
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, N_ ("run|check|show FILE") },
    G_OPTION_ENTRY_NULL
  };
  const char *summary = _ ("Runs, checks or shows a graph of tasks that is kept in a file (JSON), such as\n"
                           "'reconstruct tomo --print-graph' prints it. Of the options below those of the\n"
                           "section compute count.");
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (ReconTerminal) terminal = NULL;
  g_autoptr (ReconGraph) graph = NULL;
  g_autoptr (GError) error = NULL;

  recon_switches_look_ahead (&ahead, argc, argv);
  terminal = recon_terminal_new (ahead.quiet, ahead.verbose);
  if (!recon_options_parse_without_file (&options, &argc, &argv,
                                         summary, entries, &error) ||
      (request.switches.log_file != NULL && !recon_terminal_open_file (terminal, request.switches.log_file, &error)) ||
      !check_verb (words != NULL ? words[0] : NULL, &error))
    return recon_run_fail (terminal, g_steal_pointer (&error));
  if (words[1] == NULL || words[2] != NULL)
    {
      g_set_error (&error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("Name one file: graph %s FILE."), words[0]);
      return recon_run_fail (terminal, g_steal_pointer (&error));
    }

  graph = recon_graph_load (words[1], recon_task_new, &error);
  if (graph == NULL)
    return recon_run_fail (terminal, g_steal_pointer (&error));

  if (strcmp (words[0], "run") == 0)
    return recon_run_graph (graph, options.config, &request, terminal);

  return check_graph (graph, options.config, strcmp (words[0], "show") == 0, terminal);
}
