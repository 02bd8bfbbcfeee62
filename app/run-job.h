/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/resume.h"
#include "graph/job.h"
#include "terminal.h"

G_BEGIN_DECLS

#define RECON_TRUST_INPUTS_HELP \
  N_ ("With --resume: the input holds the same images, though its files look changed")

int      recon_run_job           (int             argc,
                                  char          **argv,
                                  const char     *summary);
int      recon_run_in_loop       (ReconJob       *job,
                                  ReconTerminal  *terminal,
                                  const char     *output,
                                  const char     *trace_path);
int      recon_run_fail          (ReconTerminal  *terminal,
                                  GError         *error);
gboolean recon_run_choose_resume (gboolean        resume,
                                  gboolean        trust_inputs,
                                  ReconResume    *result,
                                  GError        **error);

G_END_DECLS
