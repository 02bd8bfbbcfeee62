/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "base/visibility.h"

RECON_BEGIN_DECLS

/* What was done when and where, as browsers show it (chrome://tracing, ui.perfetto.dev): the "trace event format" of
 * Chromium, one complete event per piece of work. May be used by several threads. */
#define RECON_TYPE_TRACE (recon_trace_get_type ())
typedef struct _ReconTrace ReconTrace;

GType       recon_trace_get_type (void);
ReconTrace *recon_trace_new      (const char    *path);
ReconTrace *recon_trace_ref      (ReconTrace    *self);
void        recon_trace_unref    (ReconTrace    *self);

gboolean    recon_trace_write    (ReconTrace    *self,
                                  GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTrace, recon_trace_unref)

RECON_END_DECLS
