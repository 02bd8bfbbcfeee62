/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "log/log-record.h"

G_BEGIN_DECLS

/* What the worker has said: the newest 10 000 lines, filtered by level. Property "n-unseen" (uint, notifies): warnings
 * and errors that came while the pane was hidden. */
#define RECON_TYPE_LOG_PANE (recon_log_pane_get_type ())
G_DECLARE_FINAL_TYPE (ReconLogPane, recon_log_pane, RECON, LOG_PANE, GtkWidget)

GtkWidget *recon_log_pane_new    (void);
void       recon_log_pane_append (ReconLogPane *self,
                                  int           level,
                                  gint64        time,
                                  const char   *text);
char      *recon_log_pane_format (ReconLogPane *self,
                                  guint         n_newest);

void       recon_log_pane_append_heading (ReconLogPane *self,
                                          gint64        time,
                                          const char   *text);

G_END_DECLS
