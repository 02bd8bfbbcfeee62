/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "client/client.h"

G_BEGIN_DECLS

/* How far a run has come; nothing when none is under way. */
#define RECON_TYPE_RUN_BAR (recon_run_bar_get_type ())
G_DECLARE_FINAL_TYPE (ReconRunBar, recon_run_bar, RECON, RUN_BAR, GtkWidget)

void recon_run_bar_set_run (ReconRunBar    *self,
                            ReconClientJob *run);

G_END_DECLS
