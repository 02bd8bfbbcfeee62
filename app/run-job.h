/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/job.h"
#include "terminal.h"

G_BEGIN_DECLS

int recon_run_job     (int            argc,
                       char         **argv,
                       const char    *summary);
int recon_run_in_loop (ReconJob      *job,
                       ReconTerminal *terminal,
                       const char    *output,
                       const char    *trace_path);
int recon_run_fail    (ReconTerminal *terminal,
                       GError        *error);

G_END_DECLS
