/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/graph.h"
#include "log.h"
#include "steps/source.h"

G_BEGIN_DECLS

/* How a job is cut into blocks. */
typedef struct
{
  ReconShape input;
  ReconShape output;
  gboolean   makes_output;
  guint      lanes;        /* slices of a group */
  guint      block_slices; /* slices of a full block, a multiple of lanes */
  guint      n_slots;      /* blocks in flight */
  gsize      input_bytes;  /* of one slice */
  guint64    host_bytes;   /* host memory for all of that, tables included */
  gsize      output_bytes; /* of one slice; 0 if the output is the input's buffer */
} ReconPlan;

guint    recon_plan_get_n_workers (const ReconDeviceInfo *device);
gboolean recon_plan_make       (ReconPlan              *self,
                                const ReconSourceInfo  *source,
                                ReconGraph             *graph,
                                GPtrArray              *devices,
                                guint64                 memory_limit,
                                guint                   n_slices,
                                ReconLog               *log,
                                GError                **error);

G_END_DECLS
