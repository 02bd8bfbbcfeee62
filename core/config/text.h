/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How values are written in files and on the command line, in the C locale whatever the user's is. */

char     *recon_number_to_text   (double      value);
gboolean  recon_number_from_text (const char *text,
                                  double     *value);
char     *recon_size_to_text     (guint64     bytes);
gboolean  recon_size_from_text   (const char *text,
                                  guint64    *bytes);
char     *recon_text_abridge     (const char *text);

/* What somebody who mistyped a name may have meant. */

guint       recon_edit_distance (const char        *a,
                                 const char        *b);
gboolean    recon_names_similar (const char        *a,
                                 const char        *b);
const char *recon_nearest_word  (const char        *word,
                                 const char *const *words);

G_END_DECLS
