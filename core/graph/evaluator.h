/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/worker.h"

G_BEGIN_DECLS

/* Regions of a graph's outputs on demand, again and again while parameters change. What a node has made is kept, under
 * the node's name, and serves again as long as nothing that it depends on has changed; so are tables and kernels. The
 * graph may be another one each time. Used by one thread at a time. */
typedef struct _ReconEvaluator ReconEvaluator;

ReconEvaluator *recon_evaluator_new        (ReconDevice     *device,
                                            guint            lanes);
void            recon_evaluator_free       (ReconEvaluator  *self);

void            recon_evaluator_set_limit  (ReconEvaluator  *self,
                                            guint64          bytes,
                                            gboolean         is_given);
void            recon_evaluator_set_keeping (ReconEvaluator *self,
                                             gboolean        keeping);
void            recon_evaluator_set_prepared (ReconEvaluator          *self,
                                              ReconWorkerPreparedFunc  func,
                                              gpointer                 user_data);
ReconArray     *recon_evaluator_get        (ReconEvaluator     *self,
                                            ReconGraph         *graph,
                                            ReconOutlet         outlet,
                                            const ReconRegion  *region,
                                            GCancellable       *cancellable,
                                            GError            **error);
void            recon_evaluator_drop       (ReconEvaluator  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconEvaluator, recon_evaluator_free)

G_END_DECLS
