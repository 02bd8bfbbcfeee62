/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "compute/device.h"

G_BEGIN_DECLS

/* Runs kernels of the processors' kind: one work item per compute unit, which takes the next of many jobs until there
 * are none left, and has scratch of its own. Such a kernel's last two arguments are the counter of jobs and their
 * end. */
typedef struct
{
  ReconDevice *device;
  guint        n_items;
  cl_mem       counter;
  cl_mem       scratch;
} ReconWorkList;

gsize    recon_work_list_get_bytes (const ReconDeviceInfo  *device,
                                    gsize                   scratch_bytes);
gboolean recon_work_list_init      (ReconWorkList          *self,
                                    ReconDevice            *device,
                                    gsize                   scratch_bytes,
                                    GError                **error);
void     recon_work_list_clear     (ReconWorkList          *self);
gboolean recon_work_list_run       (ReconWorkList          *self,
                                    cl_kernel               kernel,
                                    guint                   counter_index,
                                    guint                   n_jobs,
                                    guint                   jobs_per_launch,
                                    GCancellable           *cancellable,
                                    GError                **error);

G_END_DECLS
