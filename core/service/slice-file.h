/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image.h"
#include "io/contents.h"
#include "tomography.h"

G_BEGIN_DECLS

/* Images out of files. */
ReconImage *recon_frames_read_image       (ReconFrames                *frames,
                                           guint                       index,
                                           GError                    **error);

/* Finished slices of a job, out of its output. */
gboolean    recon_slice_file_stands_alone (const ReconTomographyInfo  *info);
ReconImage *recon_slice_file_read         (ReconConfig                *config,
                                           const ReconTomographyInfo  *info,
                                           guint                       index,
                                           gboolean                    done,
                                           GError                    **error);

G_END_DECLS
