/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base/visibility.h"
#include "graph/graph.h"

RECON_BEGIN_DECLS

/* Makes a task by its name. */
typedef ReconTask *(*ReconTaskNewFunc) (const char  *name,
                                        GError     **error);

JsonNode   *recon_graph_to_json   (ReconGraph        *self);
ReconGraph *recon_graph_from_json (JsonNode          *node,
                                   ReconTaskNewFunc   new_task,
                                   GError           **error);
ReconGraph *recon_graph_load      (const char        *path,
                                   ReconTaskNewFunc   new_task,
                                   GError           **error);

RECON_END_DECLS
