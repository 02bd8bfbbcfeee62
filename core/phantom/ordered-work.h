/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Fills the buffer of item @index; called by several threads, in any order. */
typedef void     (*ReconProduceFunc) (guint           index,
                                      gpointer        buffer,
                                      gpointer        user_data);

/* Called by the thread that called recon_ordered_work(), in the order of the items. */
typedef gboolean (*ReconConsumeFunc) (guint           index,
                                      gconstpointer   buffer,
                                      gpointer        user_data,
                                      GError        **error);

gboolean recon_ordered_work (guint              n_items,
                             gsize              bytes,
                             ReconProduceFunc   produce,
                             ReconConsumeFunc   consume,
                             gpointer           user_data,
                             GCancellable      *cancellable,
                             GError           **error);

G_END_DECLS
