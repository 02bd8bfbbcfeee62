/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the parts of the program are: in a build tree or in an installed prefix. */

char *recon_program_folder (void);
char *recon_program_find   (const char *name);

G_END_DECLS
