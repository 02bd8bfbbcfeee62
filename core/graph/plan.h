/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "graph/demand.h"
#include "graph/store.h"

G_BEGIN_DECLS

/* One way through the data: images of what is fed (a sink's input, or an array that is to be kept) are made in blocks,
 * each from the region of every source that it needs. */
typedef struct
{
  guint   *targets;    /* nodes that are fed: sinks of the same input, or one task that reduces */
  guint    n_targets;
  ReconOutlet kept;    /* or the output that is kept; its node is -1 where there are targets */
  guint    n_items;    /* images, along the slowest axis of what is fed; or parts of what is kept */
  guint    axis;       /* along which what is kept is cut */
  gboolean has_groups; /* whether any task works on groups of rows */
  guint    lanes;      /* rows of a group */
  guint    block;      /* images of a full block */
  guint    n_slots;    /* blocks in flight */
  guint64  host_bytes; /* host memory for all of that, tables included */
} ReconPass;

/* How a graph is worked off: passes, one after the other. An array that a later pass needs whole for every block, or
 * that is a reduction of all blocks, is made by an earlier pass and kept. */
typedef struct
{
  ReconGraph  *graph;
  GPtrArray   *passes;  /* ReconPass */
  GPtrArray   *devices; /* ReconDeviceInfo */
  gboolean    *is_kept; /* for each output of each node */
  gboolean    *in_file; /* likewise: of those, whether there is no room for it in memory */
  ReconStore **stores;  /* (nullable): likewise, once there is one */
  guint64      kept_bytes; /* of what is kept in memory */
  guint64      memory_limit;
} ReconPlan;

guint      recon_plan_get_n_workers (const ReconDeviceInfo  *device);
ReconPlan *recon_plan_new           (ReconGraph             *graph,
                                     GPtrArray              *devices,
                                     guint64                 memory_limit,
                                     GError                **error);
void       recon_plan_free          (ReconPlan              *self);
gboolean   recon_plan_size_pass     (ReconPlan              *self,
                                     ReconPass              *pass,
                                     guint                   n_left,
                                     ReconLog               *log,
                                     GError                **error);
void       recon_plan_demand        (ReconPlan              *self,
                                     const ReconPass        *pass,
                                     guint                   first,
                                     guint                   n,
                                     ReconDemand            *demand);
char      *recon_plan_describe      (ReconPlan              *self,
                                     GError                **error);
gboolean   recon_plan_is_kept       (ReconPlan              *self,
                                     const ReconPass        *pass,
                                     ReconOutlet             outlet);
guint8    *recon_plan_make_stays    (ReconPlan              *self,
                                     const ReconPass        *pass);
gboolean   recon_plan_is_read       (ReconPlan              *self,
                                     const ReconPass        *pass,
                                     ReconOutlet             outlet);
gboolean   recon_plan_is_result     (ReconPlan              *self,
                                     const ReconPass        *pass,
                                     ReconOutlet             outlet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconPlan, recon_plan_free)

G_END_DECLS
