/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much a command shows, and where it logs. */
typedef struct
{
  gboolean  quiet;
  gboolean  verbose;
  char     *log_file; /* (nullable) */
} ReconSwitches;

/* Their options. */
#define RECON_SWITCH_ENTRIES(switches)                                                                                \
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &(switches).quiet, N_ ("Show warnings and errors only"), NULL },              \
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &(switches).verbose, N_ ("Show every detail"), NULL },                      \
  { "log-file", 0, 0, G_OPTION_ARG_FILENAME, &(switches).log_file, N_ ("Append what is said to a file"), N_ ("FILE") }

void recon_switches_look_ahead (ReconSwitches  *self,
                                int             argc,
                                char          **argv);
void recon_switches_clear      (ReconSwitches  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconSwitches, recon_switches_clear)

G_END_DECLS
