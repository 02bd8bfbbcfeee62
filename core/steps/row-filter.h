/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "steps/filter.h"

G_BEGIN_DECLS

/* Filters rows of one length in host memory. Used by one thread at a time, which it helps with threads of its own. */
typedef struct _ReconRowFilter ReconRowFilter;

ReconRowFilter *recon_row_filter_new       (const ReconFilterSettings  *settings,
                                            guint                       width,
                                            GError                    **error);
void            recon_row_filter_free      (ReconRowFilter             *self);
gsize           recon_row_filter_get_bytes (const ReconFilterSettings  *settings,
                                            guint                       width);
void            recon_row_filter_apply     (ReconRowFilter             *self,
                                            float                      *rows,
                                            gsize                       n_rows,
                                            GCancellable               *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconRowFilter, recon_row_filter_free)

G_END_DECLS
