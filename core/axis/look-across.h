/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "config/config.h"

G_BEGIN_DECLS

gboolean recon_axis_look_across (ReconConfig   *config,
                                 gboolean      *found,
                                 GCancellable  *cancellable,
                                 GError       **error);

G_END_DECLS
