/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "service/client.h"

G_BEGIN_DECLS

/* How far a run has come, as users read it. */

char *recon_run_progress_describe (ReconClientJob *job);
void  recon_run_progress_show     (ReconClientJob *job,
                                   GtkProgressBar *bar);
char *recon_format_seconds        (double          seconds);

G_END_DECLS
