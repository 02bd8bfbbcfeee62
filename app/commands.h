/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sub-commands, one file each: cmd-init.c, cmd-tomo.c, … Arguments start with the command's own name.
 * They return the exit status: 0, 1 for a failure at run time, 2 for wrong usage or configuration, 130 after
 * Ctrl-C. */
int recon_cmd_init    (int argc, char **argv);
int recon_cmd_tomo    (int argc, char **argv);
int recon_cmd_run     (int argc, char **argv);
int recon_cmd_info    (int argc, char **argv);
int recon_cmd_devices (int argc, char **argv);
int recon_cmd_phantom (int argc, char **argv);
int recon_cmd_gui     (int argc, char **argv);
int recon_cmd_worker  (int argc, char **argv);

/* Prints "reconstruct: text" to standard error; takes the error. Returns 2 if the request was wrong, else 1. */
int recon_cmd_fail    (GError *error);

G_END_DECLS
