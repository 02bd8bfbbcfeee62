/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean *recon_frame_list_parse (const char  *text,
                                  guint        n_frames,
                                  GError     **error);

G_END_DECLS
