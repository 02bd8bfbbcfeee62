/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The program that draws pictures, for OpenGL or OpenGL ES. A context must be current. */
guint    recon_gl_program_build (gboolean   use_es,
                                 GError   **error);
gboolean recon_gl_is_software   (void);

G_END_DECLS
