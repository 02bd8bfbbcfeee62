/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan.h"
#include "steps/step.h"

G_BEGIN_DECLS

/* The dark and the flats of some slices, in memory that recon_device_wrap() takes: n × width each. */
typedef struct
{
  guint  n;
  float *dark;       /* (nullable): none of the three where the scan isn't corrected */
  float *flat;       /* (nullable) */
  float *flat_after; /* (nullable): only where flats are interpolated */
} ReconReferences;

ReconReferences *recon_references_read         (ReconScan              *scan,
                                                guint                   slice,
                                                guint                   n,
                                                GCancellable           *cancellable,
                                                GError                **error);
void             recon_references_free         (ReconReferences        *self);
void             recon_references_lend         (const ReconReferences  *self,
                                                ReconBlock             *block);
gboolean         recon_references_correct      (const ReconReferences  *self,
                                                ReconStep              *flat_field,
                                                const ReconShape       *shape,
                                                float                  *pixels,
                                                GCancellable           *cancellable,
                                                GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconReferences, recon_references_free)

G_END_DECLS
