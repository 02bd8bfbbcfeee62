/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A word to a user who looks at another window. */
void recon_notify (GApplication *application,
                   const char   *title,
                   const char   *body);

G_END_DECLS
