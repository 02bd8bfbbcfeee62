/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int recon_run_job (int          argc,
                   char       **argv,
                   const char  *summary);

G_END_DECLS
