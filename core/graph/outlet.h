/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RECON_MAX_PORTS 8

/* An output of a node. */
typedef struct
{
  int   node; /* -1 where there is none */
  guint port;
} ReconOutlet;

/* Its place among all outputs of all nodes, of which each has room for %RECON_MAX_PORTS. */
static inline gsize
recon_outlet_get_place (ReconOutlet self)
{
  return (gsize) self.node * RECON_MAX_PORTS + self.port;
}

static inline ReconOutlet
recon_outlet_at (gsize place)
{
  return (ReconOutlet) { (int) (place / RECON_MAX_PORTS), place % RECON_MAX_PORTS };
}

/* An input of a node. */
typedef struct
{
  guint node;
  guint input;
} ReconInlet;

G_END_DECLS
