/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was done when and where, as browsers show it (chrome://tracing, ui.perfetto.dev): the "trace event format" of
 * Chromium, one complete event per piece of work. May be used by several threads. */
typedef struct _ReconTrace ReconTrace;

ReconTrace *recon_trace_new   (const char    *path);
ReconTrace *recon_trace_ref   (ReconTrace    *self);
void        recon_trace_unref (ReconTrace    *self);

void        recon_trace_add   (ReconTrace    *self,
                               const char    *what,
                               const char    *where,
                               guint          first,
                               guint          n,
                               gint64         start,
                               gint64         end);
gboolean    recon_trace_write (ReconTrace    *self,
                               GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTrace, recon_trace_unref)

G_END_DECLS
