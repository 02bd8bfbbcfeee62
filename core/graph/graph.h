/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "base/visibility.h"
#include "graph/task-type.h"

RECON_BEGIN_DECLS

/* Tasks joined by their ports. Each is a node with a name of its own. */
#define RECON_TYPE_GRAPH (recon_graph_get_type ())
typedef struct _ReconGraph ReconGraph;

GType        recon_graph_get_type     (void);
ReconGraph  *recon_graph_new          (void);
ReconGraph  *recon_graph_ref          (ReconGraph    *self);
void         recon_graph_unref        (ReconGraph    *self);

guint        recon_graph_add          (ReconGraph    *self,
                                       ReconTask     *task,
                                       const char    *name);
gboolean     recon_graph_connect      (ReconGraph    *self,
                                       guint          from,
                                       const char    *output,
                                       guint          to,
                                       const char    *input,
                                       GError       **error);

guint        recon_graph_get_n        (ReconGraph    *self);
ReconTask   *recon_graph_get_task     (ReconGraph    *self,
                                       guint          node);
const char  *recon_graph_get_name     (ReconGraph    *self,
                                       guint          node);
int          recon_graph_find         (ReconGraph    *self,
                                       const char    *name);
gboolean     recon_graph_shape        (ReconGraph    *self,
                                       ReconLog      *log,
                                       GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGraph, recon_graph_unref)

RECON_END_DECLS
