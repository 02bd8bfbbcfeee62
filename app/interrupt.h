/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Work in another thread. */
typedef gboolean (*ReconWorkFunc) (gpointer       data,
                                   GCancellable  *cancellable,
                                   GError       **error);

gboolean recon_work_until_interrupted (ReconWorkFunc   work,
                                       gpointer        data,
                                       GError        **error);

G_END_DECLS
