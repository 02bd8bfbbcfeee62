/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean   recon_file_pattern_is_numbered   (const char  *path);
gboolean   recon_file_pattern_is_glob       (const char  *path);
GPtrArray *recon_file_pattern_find_numbered (const char  *path,
                                             GError     **error);
GPtrArray *recon_file_pattern_find_glob     (const char  *path,
                                             GError     **error);

G_END_DECLS
