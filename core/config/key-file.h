/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From a path to a GKeyFile, with errors that say what is wrong at which line. */

char     *recon_key_file_read    (const char  *path,
                                  gsize       *length,
                                  GError     **error);
char     *recon_key_file_to_text (const char  *data,
                                  gsize        length,
                                  const char  *name,
                                  GError     **error);
GKeyFile *recon_key_file_parse   (const char  *text,
                                  const char  *name,
                                  GError     **error);

/* Where things stand in a key file, which GKeyFile does not tell. Lines count from 1. */
typedef struct
{
  char  *group;
  char  *key; /* (nullable): %NULL for the line of the group itself */
  guint  line;
} ReconKeyLine;

GPtrArray *recon_key_lines_new (const char *data);

G_END_DECLS
