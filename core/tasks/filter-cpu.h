/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tasks/filter.h"

G_BEGIN_DECLS

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
                                            guint                       n_angles,
                                            guint                       n,
                                            guint                       n_padded,
                                            GCancellable               *cancellable,
                                            GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconCpuFilter, recon_cpu_filter_free)

G_END_DECLS
