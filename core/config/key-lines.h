/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where things stand in a key file, which GKeyFile does not tell. Lines count from 1. */
typedef struct
{
  char  *group;
  char  *key; /* (nullable): %NULL for the line of the group itself */
  guint  line;
} ReconKeyLine;

GPtrArray *recon_key_lines_new      (const char  *data);
guint      recon_key_lines_find_bad (const char  *data,
                                     char       **text);

G_END_DECLS
