/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sub-commands, one file each: cmd-init.c, cmd-tomo.c, … Arguments start with the command's own name.
 * They return the exit status: 0, 1 for a failure at run time, 2 for wrong usage or configuration, 3 if there
 * is no telling where the rotation axis is, 130 after Ctrl-C. */
#define RECON_EXIT_NO_AXIS     3
#define RECON_EXIT_INTERRUPTED 130

int recon_cmd_init    (int argc, char **argv);
int recon_cmd_tomo    (int argc, char **argv);
int recon_cmd_run     (int argc, char **argv);
int recon_cmd_axis    (int argc, char **argv);
int recon_cmd_info    (int argc, char **argv);
int recon_cmd_devices (int argc, char **argv);
int recon_cmd_phantom (int argc, char **argv);
int recon_cmd_graph   (int argc, char **argv);
int recon_cmd_launch  (int argc, char **argv);
int recon_cmd_tasks   (int argc, char **argv);
int recon_cmd_gui     (int argc, char **argv);
int recon_cmd_worker  (int argc, char **argv);

/* Prints "reconstruct: text" to standard error; takes the error. Returns 2 if the request was wrong, 3 if the axis
 * could not be found, else 1. */
int recon_cmd_fail    (GError *error);

G_END_DECLS
