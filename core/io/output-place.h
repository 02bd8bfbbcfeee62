/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  recon_output_place_try      (const char  *path,
                                       GError     **error);
gboolean  recon_output_place_get_free (const char  *path,
                                       guint64     *bytes);

G_END_DECLS
