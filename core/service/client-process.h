/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A worker's process: its end, and what it says on its standard error. Lives until the process has ended.
 *
 * Signals, in the main context in which it was made: "line" (const char *text): of standard error; "ended": it has, and
 * recon_client_process_describe_end() says how. */
#define RECON_TYPE_CLIENT_PROCESS (recon_client_process_get_type ())
G_DECLARE_FINAL_TYPE (ReconClientProcess, recon_client_process, RECON, CLIENT_PROCESS, GObject)

ReconClientProcess *recon_client_process_new     (const char *const   *argv,
                                                  GIOStream          **stream,
                                                  GError             **error);
GPid                recon_client_process_get_pid (ReconClientProcess  *self);
void                recon_client_process_kill    (ReconClientProcess  *self);
void                recon_client_process_leave   (ReconClientProcess  *self);
char               *recon_client_process_describe_end (ReconClientProcess *self);

G_END_DECLS
