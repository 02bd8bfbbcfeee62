/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

/* Some images of a reader in a certain order: the projections, darks or flats of a scan. Immutable. */
typedef struct _ReconFrames ReconFrames;

ReconFrames *recon_frames_new_all  (ReconReader       *reader);
ReconFrames *recon_frames_new      (ReconReader       *reader,
                                    const guint       *index,
                                    guint              n);
ReconFrames *recon_frames_subset   (ReconFrames       *self,
                                    guint              start,
                                    guint              stop,
                                    guint              step);
void         recon_frames_free     (ReconFrames       *self);

ReconReader *recon_frames_get_reader (const ReconFrames  *self);
guint        recon_frames_get_n      (const ReconFrames  *self);
const guint *recon_frames_get_index  (const ReconFrames  *self);
gboolean    *recon_frame_list_parse  (const char         *text,
                                      guint               n_frames,
                                      GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconFrames, recon_frames_free)

G_END_DECLS
