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

G_END_DECLS
