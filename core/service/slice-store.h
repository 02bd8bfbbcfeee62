/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image.h"

G_BEGIN_DECLS

/* The newest finished slices of all jobs, as float32. Any thread may use it. */
typedef struct _ReconSliceStore ReconSliceStore;

ReconSliceStore *recon_slice_store_new    (void);
ReconSliceStore *recon_slice_store_ref    (ReconSliceStore  *self);
void             recon_slice_store_unref  (ReconSliceStore  *self);

void             recon_slice_store_set_budget (ReconSliceStore *self,
                                               guint64          bytes);
void             recon_slice_store_add    (ReconSliceStore  *self,
                                           guint             job,
                                           guint             first,
                                           guint             n,
                                           guint             height,
                                           guint             width,
                                           const float      *slices);
ReconImage      *recon_slice_store_find   (ReconSliceStore  *self,
                                           guint             job,
                                           guint             slice);
void             recon_slice_store_forget (ReconSliceStore  *self,
                                           guint             job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSliceStore, recon_slice_store_unref)

G_END_DECLS
