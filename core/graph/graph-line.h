/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/graph-json.h"

G_BEGIN_DECLS

ReconGraph *recon_graph_from_line (const char *const  *words,
                                   ReconTaskNewFunc    new_task,
                                   GError            **error);

G_END_DECLS
