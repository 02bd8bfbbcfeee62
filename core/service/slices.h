/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/image.h"
#include "io/contents.h"
#include "tomography/describe.h"

G_BEGIN_DECLS

/* The newest finished slices of all jobs, in memory, as float32. Any thread may use it. */
typedef struct _ReconSliceStore ReconSliceStore;

ReconSliceStore *recon_slice_store_new         (void);
ReconSliceStore *recon_slice_store_ref         (ReconSliceStore            *self);
void             recon_slice_store_unref       (ReconSliceStore            *self);

void             recon_slice_store_set_budget  (ReconSliceStore            *self,
                                                guint64                     bytes);
void             recon_slice_store_add         (ReconSliceStore            *self,
                                                guint                       job,
                                                guint                       first,
                                                guint                       n,
                                                guint                       height,
                                                guint                       width,
                                                const float                *slices);
ReconImage      *recon_slice_store_find        (ReconSliceStore            *self,
                                                guint                       job,
                                                guint                       slice);
void             recon_slice_store_forget      (ReconSliceStore            *self,
                                                guint                       job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSliceStore, recon_slice_store_unref)

/* Finished slices of a job, out of its output. */
gboolean         recon_slice_file_stands_alone (const ReconTomographyInfo  *info);
ReconImage      *recon_slice_file_read         (ReconConfig                *config,
                                                const ReconTomographyInfo  *info,
                                                guint                       index,
                                                gboolean                    done,
                                                GError                    **error);

/* Images out of files. */
ReconImage      *recon_frames_read_image       (ReconFrames                *frames,
                                                guint                       index,
                                                GError                    **error);

G_END_DECLS
