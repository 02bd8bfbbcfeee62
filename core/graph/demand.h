/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/graph.h"
#include "graph/outlet.h"
#include "graph/task.h"

G_BEGIN_DECLS

/* Which region of every output of a graph's nodes is wanted, so that some regions can be made: from the end of the
 * graph backwards. Regions without axes are not wanted. */
typedef struct
{
  ReconGraph  *graph;
  guint        n;       /* nodes */
  ReconRegion *regions; /* n × %RECON_MAX_PORTS */
} ReconDemand;

void               recon_demand_init     (ReconDemand        *self,
                                          ReconGraph         *graph);
void               recon_demand_clear    (ReconDemand        *self);
void               recon_demand_reset    (ReconDemand        *self);
ReconRegion       *recon_demand_at       (const ReconDemand  *self,
                                          ReconOutlet         outlet);
gboolean           recon_demand_has      (const ReconDemand  *self,
                                          ReconOutlet         outlet);
void               recon_demand_add      (ReconDemand        *self,
                                          ReconOutlet         outlet,
                                          const ReconRegion  *region);
gboolean           recon_demand_wants    (const ReconDemand  *self,
                                          guint               node);
gboolean           recon_demand_get_input (const ReconDemand *self,
                                           guint              node,
                                           guint              input,
                                           ReconRegion       *region);
void               recon_demand_spread   (ReconDemand        *self,
                                          gboolean          (*is_given) (ReconOutlet outlet, gpointer user_data),
                                          gpointer            user_data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconDemand, recon_demand_clear)

G_END_DECLS
