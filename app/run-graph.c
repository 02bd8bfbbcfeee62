/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run-graph.h"

#include "graph/graph-json.h"
#include "tasks/write-slices.h"
#include "tomography/graph-job.h"

void
recon_graph_request_clear (ReconGraphRequest *self)
{
  recon_switches_clear (&self->switches);
  g_clear_pointer (&self->trace, g_free);
}

/* Where the first sink writes, for the summary. */
static const char *
get_output (ReconGraph *graph)
{
  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    if (RECON_IS_WRITE_SLICES (recon_graph_get_task (graph, i)))
      return recon_writer_get_path (recon_write_slices_get_writer (
          RECON_WRITE_SLICES (recon_graph_get_task (graph, i))));

  return "-";
}

/**
 * recon_run_graph:
 * @graph: a graph
 * @compute: what it runs on: its section compute counts
 * @request: how
 * @terminal: where to show it
 *
 * Returns: the exit status
 */
int
recon_run_graph (ReconGraph        *graph,
                 ReconConfig       *compute,
                 ReconGraphRequest *request,
                 ReconTerminal     *terminal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconJob) job = NULL;
  ReconResume resume;

  if (recon_run_choose_resume (request->resume, request->trust_inputs, &resume, &error))
    job = recon_graph_job_new (graph, compute, resume, recon_terminal_get_log (terminal), &error);
  if (job == NULL)
    return recon_run_fail (terminal, g_steal_pointer (&error));

  return recon_run_in_loop (job, terminal, get_output (graph), request->trace);
}

/* As JSON, for 'reconstruct graph run'. */
void
recon_print_graph (ReconGraph *graph)
{
  g_autoptr (JsonNode) json = recon_graph_to_json (graph);
  g_autofree char *text = json_to_string (json, TRUE);

  g_print ("%s\n", text);
}
