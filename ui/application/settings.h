/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The state of windows, nothing that a reconstruction depends on. */

GSettings *recon_settings_new (void);

G_END_DECLS
