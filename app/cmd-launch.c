/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "base/error.h"
#include "commands.h"
#include "graph/graph-line.h"
#include "options.h"
#include "run-graph.h"
#include "tasks/tasks.h"

/* `reconstruct launch TASK KEY=VALUE… ! TASK …`: a graph that is written as one line. */

int
recon_cmd_launch (int    argc,
                  char **argv)
{
  g_auto (ReconGraphRequest) request = { 0 };
  g_auto (ReconSwitches) ahead = { 0 };
  g_auto (GStrv) words = NULL;
  gboolean print_graph = FALSE;
  const GOptionEntry entries[] = {
    { "print-graph", 0, 0, G_OPTION_ARG_NONE, &print_graph,
      N_ ("Print the graph (JSON) for 'reconstruct graph run', and run nothing"), NULL },
    RECON_GRAPH_ENTRIES (request),
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, N_ ("TASK [KEY=VALUE…] [! TASK …]") },
    G_OPTION_ENTRY_NULL
  };
  const char *summary = _ ("Runs tasks one after the other: each takes what the one before '!' has made. Several\n"
                           "inputs stand in brackets, in the order of the task's ports:\n\n"
                           "  reconstruct launch read path='scan/*.tif' ! write path=scan.h5:/images\n"
                           "  reconstruct launch [TASK, TASK ! TASK] ! TASK …\n\n"
                           "'reconstruct tasks' lists the tasks, 'reconstruct tasks NAME' explains one. Of the\n"
                           "options below those of the section compute count.");
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (ReconTerminal) terminal = NULL;
  g_autoptr (ReconGraph) graph = NULL;
  g_autoptr (GError) error = NULL;

  recon_switches_look_ahead (&ahead, argc, argv);
  terminal = recon_terminal_new (ahead.quiet, ahead.verbose);
  if (!recon_options_parse_without_file (&options, &argc, &argv, summary, entries, &error) ||
      (request.switches.log_file != NULL &&
       !recon_terminal_open_file (terminal, request.switches.log_file, &error)))
    return recon_run_fail (terminal, g_steal_pointer (&error));
  if (words == NULL || (words[1] == NULL && *g_strstrip (words[0]) == '\0'))
    g_set_error_literal (&error, RECON_ERROR, RECON_ERROR_CONFIG,
                         _ ("Say which tasks to run: launch read path=… ! … ! write. 'reconstruct tasks' lists them."));
  else
    graph = recon_graph_from_line ((const char *const *) words, recon_task_new, &error);
  if (graph == NULL)
    return recon_run_fail (terminal, g_steal_pointer (&error));

  if (!print_graph)
    return recon_run_graph (graph, options.config, &request, terminal);

  recon_print_graph (graph);
  return 0;
}
