/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "commands.h"
#include "run-job.h"

int
recon_cmd_tomo (int    argc,
                char **argv)
{
  return recon_run_job (argc, argv,
                        _ ("Reconstructs the slices of a parallel-beam tomography scan: of SCAN, a folder or a\n"
                           "file in which projections, darks, flats and angles are found, or of the one that\n"
                           "the configuration describes. Options win over what is found."));
}
