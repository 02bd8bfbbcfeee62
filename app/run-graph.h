/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "graph/graph.h"
#include "run-job.h"
#include "switches.h"

G_BEGIN_DECLS

/* What the commands that run graphs have in common. */
typedef struct
{
  ReconSwitches  switches;
  gboolean       resume;
  gboolean       trust_inputs;
  char          *trace; /* (nullable) */
} ReconGraphRequest;

/* Its options. */
#define RECON_GRAPH_ENTRIES(request)                                                                                  \
  { "resume", 0, 0, G_OPTION_ARG_NONE, &(request).resume, N_ ("Go on with what an interrupted run has left"), NULL }, \
  { "trust-inputs", 0, 0, G_OPTION_ARG_NONE, &(request).trust_inputs, RECON_TRUST_INPUTS_HELP, NULL },                \
  { "trace", 0, 0, G_OPTION_ARG_FILENAME, &(request).trace,                                                           \
    N_ ("Write what was done when, for chrome://tracing or ui.perfetto.dev"), N_ ("FILE") },                          \
  RECON_SWITCH_ENTRIES ((request).switches)

void recon_graph_request_clear (ReconGraphRequest *self);

int  recon_run_graph           (ReconGraph        *graph,
                                ReconConfig       *compute,
                                ReconGraphRequest *request,
                                ReconTerminal     *terminal);
void recon_print_graph         (ReconGraph        *graph);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconGraphRequest, recon_graph_request_clear)

G_END_DECLS
