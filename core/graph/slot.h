/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/plan.h"

G_BEGIN_DECLS

/* What the blocks of a pass have in common. */
typedef struct
{
  ReconPlan   *plan;
  ReconPass   *pass;
  gsize        n_outlets;
  ReconLayout *layouts; /* of each output */
} ReconBlocks;

/* What a block travels in: all the host memory that it needs on its way. */
typedef struct
{
  const ReconBlocks *blocks;
  guint              first, n; /* images */
  guint              sequence; /* blocks count from 0 in the order of reading */
  ReconDemand        demand;
  gpointer          *memory;   /* (nullable) for each output of each node: from recon_host_memory_new() */
  ReconArray       **arrays;   /* likewise: of the block */
  double             counted;  /* images' worth of work on the block that were reported */
} ReconSlot;

ReconSlot  *recon_slot_new     (const ReconBlocks     *blocks,
                                GError               **error);
void        recon_slot_free    (ReconSlot             *self);
void        recon_slot_begin   (ReconSlot             *self,
                                guint                  first,
                                guint                  n,
                                guint                  sequence);
gboolean    recon_slot_read    (ReconSlot             *self,
                                GCancellable          *cancellable,
                                GError               **error);
ReconArray *recon_slot_cut     (ReconSlot             *self,
                                const ReconArrayInfo  *info,
                                ReconArray            *array,
                                GError               **error);
void        recon_slot_release (ReconSlot             *self);

G_END_DECLS
