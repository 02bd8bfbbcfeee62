/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

/* What belongs to a dataset of frames by what standards and facilities write near it. The lock is held around all of
 * these. */

char      *recon_hdf5_join              (const char  *group,
                                         const char  *name);
gboolean   recon_hdf5_has_class         (hid_t        root,
                                         const char  *group,
                                         const char  *nx_class);
gboolean   recon_hdf5_is_no_group       (hid_t        root,
                                         const char  *path);
char      *recon_hdf5_find_signal       (hid_t        root,
                                         const char  *group);
char      *recon_hdf5_find_default      (hid_t        root,
                                         const char  *group);

char      *recon_hdf5_nearby_find_entry  (hid_t          root,
                                          const char    *dataset);
GPtrArray *recon_hdf5_nearby_keys        (hid_t          root,
                                          const char    *entry,
                                          const char    *dataset,
                                          const char    *name);
GPtrArray *recon_hdf5_nearby_angles      (hid_t          root,
                                          const char    *entry,
                                          const char    *dataset,
                                          guint         *n_certain);
void       recon_contents_convert_angles (ReconContents *self,
                                          hid_t          root,
                                          const char    *path,
                                          double        *angles,
                                          gsize          n_angles);

gboolean recon_dxchange_is_in (hid_t           root,
                               const char     *group);
gboolean recon_dxchange_read  (hid_t           root,
                               const char     *file,
                               const char     *group,
                               ReconContents  *contents,
                               GError        **error);

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
