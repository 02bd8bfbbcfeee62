/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/array.h"
#include "graph/graph.h"

G_BEGIN_DECLS

ReconLayout *recon_layouts_choose       (ReconGraph         *graph,
                                         guint               lanes);
gboolean     recon_layouts_choose_input (ReconGraph         *graph,
                                         const ReconLayout  *layouts,
                                         guint               lanes,
                                         const guint8       *kept,
                                         const guint8       *is_left,
                                         guint               node,
                                         guint               input,
                                         ReconLayout        *layout);

G_END_DECLS
