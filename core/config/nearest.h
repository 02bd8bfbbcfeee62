/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody who mistyped a name may have meant. */

guint       recon_edit_distance (const char        *a,
                                 const char        *b);
gboolean    recon_names_similar (const char        *a,
                                 const char        *b);
const char *recon_nearest_word  (const char        *word,
                                 const char *const *words);

G_END_DECLS
