/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "commands.h"
#include "run-job.h"

int
recon_cmd_run (int    argc,
               char **argv)
{
  return recon_run_job (argc, argv, _ ("Runs the job that a configuration describes, on its own scan or on SCAN."));
}
