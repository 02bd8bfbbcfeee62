/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* All that is known about a run that failed, to read and to copy. */
#define RECON_TYPE_FAILURE_WINDOW (recon_failure_window_get_type ())
G_DECLARE_FINAL_TYPE (ReconFailureWindow, recon_failure_window, RECON, FAILURE_WINDOW, AdwWindow)

GtkWidget *recon_failure_window_new (GtkWindow  *parent,
                                     const char *message,
                                     const char *details);

G_END_DECLS
