/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"
#include "config/choices.h"
#include "tasks/block.h"

G_BEGIN_DECLS

/* What a row is multiplied by in the frequency domain, and what continues it. */
typedef struct
{
  ReconFilterKind filter;
  ReconPadding    padding;
  double          cutoff; /* butterworth: fraction of the Nyquist frequency */
  guint           order;  /* butterworth */
} ReconFilterSettings;

guint      recon_filter_padded_width    (guint                      width);
guint      recon_filter_border_width    (guint                      width);
void       recon_filter_response        (const ReconFilterSettings *settings,
                                         guint                      padded_width,
                                         float                     *response);

/* Filters blocks on a processor, which it keeps busy with one work item per compute unit. */
typedef struct _ReconCpuFilter ReconCpuFilter;

ReconCpuFilter *recon_cpu_filter_new       (ReconDevice                *device,
                                            const ReconFilterSettings  *settings,
                                            guint                       width,
                                            guint                       lanes,
                                            GError                    **error);
void            recon_cpu_filter_free      (ReconCpuFilter             *self);
gsize           recon_cpu_filter_get_bytes (const ReconDeviceInfo      *device,
                                            guint                       width,
                                            guint                       lanes);
gboolean        recon_cpu_filter_apply     (ReconCpuFilter             *self,
                                            cl_mem                      data,
                                            const ReconBlock           *block,
                                            GCancellable               *cancellable,
                                            GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconCpuFilter, recon_cpu_filter_free)

/* Filters blocks on a GPU. */
typedef struct _ReconGpuFilter ReconGpuFilter;

ReconGpuFilter *recon_gpu_filter_new       (ReconDevice                *device,
                                            const ReconFilterSettings  *settings,
                                            guint                       width,
                                            guint                       lanes,
                                            GError                    **error);
void            recon_gpu_filter_free      (ReconGpuFilter             *self);
gsize           recon_gpu_filter_get_bytes (const ReconFilterSettings  *settings,
                                            guint                       width,
                                            guint                       lanes);
gboolean        recon_gpu_filter_apply     (ReconGpuFilter             *self,
                                            cl_mem                      data,
                                            const ReconBlock           *block,
                                            GCancellable               *cancellable,
                                            GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGpuFilter, recon_gpu_filter_free)

G_END_DECLS
