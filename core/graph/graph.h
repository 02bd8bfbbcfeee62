/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/task.h"

G_BEGIN_DECLS

/* Tasks joined by their ports. Each is a node with a name of its own. */
typedef struct _ReconGraph ReconGraph;

/* An output of a node. */
typedef struct
{
  int   node; /* -1 where there is none */
  guint port;
} ReconOutlet;

/* An input of a node. */
typedef struct
{
  guint node;
  guint input;
} ReconInlet;

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
ReconOutlet  recon_graph_get_source   (ReconGraph    *self,
                                       guint          node,
                                       guint          input);
GArray      *recon_graph_get_users    (ReconGraph    *self,
                                       ReconOutlet    outlet);

const guint *recon_graph_order        (ReconGraph    *self,
                                       GError       **error);
gboolean     recon_graph_shape        (ReconGraph    *self,
                                       ReconLog      *log,
                                       GError       **error);
char       **recon_graph_make_keys    (ReconGraph    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGraph, recon_graph_unref)

G_END_DECLS
