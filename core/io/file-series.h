/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean   recon_file_series_is_pattern (const char         *path);
gboolean   recon_file_series_has_suffix (const char         *name,
                                         const char *const  *suffixes);
GPtrArray *recon_file_series_find       (const char         *path,
                                         const char         *kind,
                                         const char *const  *suffixes,
                                         GError            **error);
int        recon_natural_compare        (const char         *a,
                                         const char         *b);
void       recon_natural_sort           (GPtrArray          *names);

G_END_DECLS
