/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/trace.h"

G_BEGIN_DECLS

void recon_trace_add (ReconTrace    *self,
                      const char    *what,
                      const char    *where,
                      guint          first,
                      guint          n,
                      gint64         start,
                      gint64         end);

G_END_DECLS
