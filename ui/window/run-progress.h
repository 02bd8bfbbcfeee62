/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"

G_BEGIN_DECLS

/* How far a run has come, as users read it. */

char *recon_run_progress_describe (ReconClientJob *job);
char *recon_format_seconds        (double          seconds);

char *recon_run_progress_format   (guint           n_done,
                                   guint           n_slices,
                                   double          work,
                                   double          rate,
                                   double          remaining);

G_END_DECLS
