/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* Whole projections of a scan, one after the other, corrected without a device: to look at, not to reconstruct. */
typedef struct
{
  ReconScan       *scan;
  float           *dark;   /* (nullable): n_rows × width, where the scan is corrected */
  float           *flat;   /* (nullable): likewise */
  guint            n_rows;
  guint            width;
  float           *pixels; /* n_rows × width: absorptivity of the projection that was read last; maybe not finite */
} ReconFrameLook;

ReconFrameLook *recon_frame_look_new  (ReconScan       *scan,
                                       GCancellable    *cancellable,
                                       GError         **error);
gboolean        recon_frame_look_read (ReconFrameLook  *self,
                                       guint            angle,
                                       GCancellable    *cancellable,
                                       GError         **error);
void            recon_frame_look_free (ReconFrameLook  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconFrameLook, recon_frame_look_free)

G_END_DECLS
