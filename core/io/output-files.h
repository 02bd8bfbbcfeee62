/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void      recon_set_write_error    (GError     **error,
                                    const char  *path,
                                    int          code,
                                    const char  *detail);
gboolean  recon_folder_make        (const char  *folder,
                                    GPtrArray   *made,
                                    GError     **error);
void      recon_folder_unmake      (GPtrArray   *made);
gboolean  recon_file_check_target  (const char  *path,
                                    GError     **error);
gboolean  recon_file_sync          (int          fd,
                                    const char  *path,
                                    GError     **error);
gboolean  recon_file_create        (const char  *path,
                                    GError     **error);
gboolean  recon_file_move          (const char  *from,
                                    const char  *to,
                                    GError     **error);
gboolean  recon_file_move_optional (const char  *from,
                                    const char  *to,
                                    GError     **error);
gboolean  recon_file_remove        (const char  *path,
                                    GError     **error);
gboolean  recon_file_store         (const char  *path,
                                    const char  *text,
                                    GError     **error);

G_END_DECLS
