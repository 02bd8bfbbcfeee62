/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "steps/step.h"

G_BEGIN_DECLS

/* What is done to a block between source and sink: steps in order, each taking what the one before gives.
 * The graph holds how to make each step; every device gets steps of its own. Immutable once a job has it. */
typedef struct _ReconGraph ReconGraph;

typedef ReconStep *(*ReconStepNewFunc) (gconstpointer settings);

ReconGraph *recon_graph_new         (void);
ReconGraph *recon_graph_ref         (ReconGraph        *self);
void        recon_graph_unref       (ReconGraph        *self);

void        recon_graph_append      (ReconGraph        *self,
                                     ReconStepNewFunc   new_step,
                                     gpointer           settings,
                                     GDestroyNotify     free_settings);
GPtrArray  *recon_graph_make_steps  (ReconGraph        *self);

/* What one item costs on its way through a graph. */
typedef struct
{
  ReconShape output;
  gboolean   makes_output;  /* the output is another buffer than the input */
  gsize      item_bytes;    /* device memory an item takes at most, input and output included */
  gsize      largest_bytes; /* largest single buffer of an item */
  gsize      device_bytes;  /* tables */
  gsize      host_bytes;
} ReconGraphNeed;

gboolean    recon_graph_requisition (ReconGraph             *self,
                                     const ReconDeviceInfo  *device,
                                     const ReconShape       *input,
                                     guint                   lanes,
                                     ReconGraphNeed         *need,
                                     GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGraph, recon_graph_unref)

G_END_DECLS
