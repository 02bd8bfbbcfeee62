/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tasks/filter.h"

G_BEGIN_DECLS

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
                                            guint                       n_angles,
                                            guint                       n,
                                            guint                       n_padded,
                                            GCancellable               *cancellable,
                                            GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconGpuFilter, recon_gpu_filter_free)

G_END_DECLS
