/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

char    *recon_nxtomo_find (hid_t           root,
                            const char     *group,
                            GPtrArray      *objects,
                            GPtrArray      *others,
                            gboolean       *is_default);
gboolean recon_nxtomo_read_dataset (hid_t           root,
                                    const char     *file,
                                    const char     *dataset,
                                    ReconContents  *contents,
                                    GError        **error);
gboolean recon_nxtomo_read (hid_t           root,
                            const char     *file,
                            const char     *entry,
                            ReconContents  *contents,
                            GError        **error);

/* nxtomo-frames.c */
gboolean recon_nxtomo_sort_frames (ReconReader    *reader,
                                   const double   *keys,
                                   const double   *control,
                                   ReconContents  *contents,
                                   GError        **error);

/* nxtomo-detector.c */
gboolean recon_nxtomo_has_frames  (hid_t           root,
                                   const char     *entry);
char    *recon_nxtomo_find_frames (hid_t           root,
                                   const char     *file,
                                   const char     *entry,
                                   ReconContents  *contents,
                                   GError        **error);

G_END_DECLS
