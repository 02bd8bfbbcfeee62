/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* Where relative paths start from. In a file that is the file's folder; in a configuration that is at work, as on the
 * command line, it is the working directory. Loading and saving translate between the two. */
char *recon_path_from_folder (const char   *path,
                              const char   *folder);
char *recon_path_to_folder   (const char   *path,
                              const char   *folder);

void  recon_config_rebase        (ReconConfig *config,
                                  const char  *folder);
void  recon_config_make_relative (ReconConfig *config,
                                  const char  *folder);

G_END_DECLS
