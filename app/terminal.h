/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "graph/job.h"

G_BEGIN_DECLS

/* What a user sees of a job: log lines, a progress line on a terminal or plain lines otherwise, and a log file. */
typedef struct _ReconTerminal ReconTerminal;

ReconTerminal *recon_terminal_new         (gboolean         quiet,
                                           gboolean         verbose);
void           recon_terminal_free        (ReconTerminal   *self);
gboolean       recon_terminal_open_file   (ReconTerminal   *self,
                                           const char      *path,
                                           GError         **error);
ReconLog      *recon_terminal_get_log     (ReconTerminal   *self);
void           recon_terminal_note        (ReconTerminal   *self,
                                           const char      *text);
void           recon_terminal_start       (ReconTerminal   *self,
                                           ReconJob        *job);
void           recon_terminal_stop        (ReconTerminal   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTerminal, recon_terminal_free)

G_END_DECLS
