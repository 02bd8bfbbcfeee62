/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/graph.h"
#include "graph/outlet.h"
#include "graph/task.h"

G_BEGIN_DECLS

ReconOutlet  recon_graph_get_source   (ReconGraph    *self,
                                       guint          node,
                                       guint          input);
GArray      *recon_graph_get_users    (ReconGraph    *self,
                                       ReconOutlet    outlet);
guint        recon_graph_count_users  (ReconGraph    *self,
                                       ReconOutlet    outlet,
                                       const guint8  *is_left);
const guint *recon_graph_order        (ReconGraph    *self,
                                       GError       **error);
char       **recon_graph_make_keys    (ReconGraph    *self);

G_END_DECLS
