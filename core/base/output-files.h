/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean   recon_set_write_error    (GError        **error,
                                     const char     *path,
                                     int             code,
                                     const char     *detail);
gboolean   recon_file_exists        (int             folder,
                                     const char     *path);
gboolean   recon_file_leads_nowhere (const char     *path);
gboolean   recon_file_check_target  (const char     *path,
                                     GError        **error);
int        recon_file_open_new      (int             folder,
                                     const char     *path,
                                     GError        **error);
int        recon_file_open_old      (int             folder,
                                     const char     *path,
                                     int             flags);
gboolean   recon_file_sync          (int             fd,
                                     const char     *path,
                                     GError        **error);
gboolean   recon_file_move          (const char     *from,
                                     const char     *to,
                                     GError        **error);
gboolean   recon_file_move_in       (int             from_folder,
                                     const char     *from,
                                     int             to_folder,
                                     const char     *to,
                                     gboolean        replace,
                                     GError        **error);
void       recon_file_drop_old_name (const char     *from,
                                     const char     *to);
gboolean   recon_file_remove        (int             folder,
                                     const char     *path,
                                     GError        **error);
gboolean   recon_file_write         (int             fd,
                                     const char     *path,
                                     gconstpointer   data,
                                     gsize           length,
                                     GError        **error);
gboolean   recon_file_store         (int             folder,
                                     const char     *path,
                                     const char     *text,
                                     GError        **error);

/* Folders: output-folders.c. */
gboolean   recon_folder_make           (const char  *folder,
                                        GPtrArray   *made,
                                        GError     **error);
void       recon_folder_unmake         (GPtrArray   *made);
int        recon_folder_open           (const char  *path,
                                        gboolean     follow,
                                        GError     **error);
GPtrArray *recon_folder_list           (int          folder);
gboolean   recon_output_place_try      (const char  *path,
                                        GError     **error);
gboolean   recon_output_place_get_free (const char  *path,
                                        guint64     *bytes);

G_END_DECLS
