/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FILE:[FIRST:STOP], some of the angles of a file: from the FIRST to the one before STOP, counted from 0. */
char    *recon_angle_lines_split  (const char    *path,
                                   gsize         *first,
                                   gsize         *stop);
gboolean recon_angle_lines_select (const char    *path,
                                   gsize          first,
                                   gsize          stop,
                                   double        *angles,
                                   gsize         *n_angles,
                                   GError       **error);
gboolean recon_angle_lines_find   (const double  *angles,
                                   gsize          n_angles,
                                   gsize          n_wanted,
                                   gsize         *first);

G_END_DECLS
