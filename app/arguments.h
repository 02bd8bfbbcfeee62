/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* What a command line says about the configuration. */
typedef struct
{
  GArray *given;       /* parameters and their texts, in order */
  char   *config_path; /* (nullable): the file of -c */
} ReconArguments;

gboolean            recon_arguments_take        (ReconArguments        *self,
                                                 int                   *argc,
                                                 char                 **argv,
                                                 const GOptionEntry    *extra,
                                                 GError               **error);
gboolean            recon_arguments_apply       (const ReconArguments  *self,
                                                 ReconConfig           *config,
                                                 GError               **error);
void                recon_arguments_note_given  (const ReconArguments  *self,
                                                 gboolean              *given);
const GOptionEntry *recon_arguments_get_entries (void);
void                recon_arguments_clear       (ReconArguments        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconArguments, recon_arguments_clear)

G_END_DECLS
