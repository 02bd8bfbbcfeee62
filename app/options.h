/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "config/config.h"

G_BEGIN_DECLS

/* The file that is read, or written by init, when none is named. */
#define RECON_DEFAULT_CONFIG "reco.conf"

/* What a command line that carries a configuration came to. */
typedef struct
{
  ReconConfig *config;      /* defaults < configuration file < command line */
  ReconConfig *file;        /* (nullable): defaults < configuration file, where one was read */
  char        *config_path; /* (nullable): the file that was used */
  gboolean     config_named; /* by the command line */
  gboolean    *given; /* by the command line; one per parameter */
} ReconOptions;

gboolean  recon_options_parse              (ReconOptions        *self,
                                            int                 *argc,
                                            char              ***argv,
                                            const char          *summary,
                                            const GOptionEntry  *extra,
                                            ReconLog            *log,
                                            GError             **error);
gboolean  recon_options_parse_without_file (ReconOptions        *self,
                                            int                 *argc,
                                            char              ***argv,
                                            const char          *summary,
                                            const GOptionEntry  *extra,
                                            GError             **error);
char     *recon_options_describe           (void);
void      recon_options_append_wrapped     (GString             *text,
                                            const char          *paragraph);
void      recon_options_clear              (ReconOptions        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconOptions, recon_options_clear)

G_END_DECLS
