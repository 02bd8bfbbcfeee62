/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5-mapping.h"
#include "io/hdf5-view.h"

G_BEGIN_DECLS

/* A box of a virtual dataset that a source should fill which isn't there. */
typedef struct
{
  const char   *reason; /* what is missing, in sentences; belongs to the ReconHdf5Sources */
  ReconHdf5Box  box;
} ReconHdf5Gap;

/* What a virtual dataset is put together from, to the last source where those are virtual themselves. */
typedef struct
{
  GArray     *gaps;      /* (element-type ReconHdf5Gap) */
  GPtrArray  *files;     /* (element-type filename): all files that were found, each once */
  guint       n_sources; /* datasets, each counted once */
  guint       n_missing; /* those of them that cannot be read */
  double      covered;   /* the part of the dataset that has a source, at most 1; others read as the fill value */
  GHashTable *found;     /* owns the reasons */
} ReconHdf5Sources;

ReconHdf5Sources *recon_hdf5_sources_find         (hid_t                    dataset,
                                                   const char              *path,
                                                   GError                 **error);
void              recon_hdf5_sources_free         (ReconHdf5Sources        *self);

/* What of it is needed: hdf5-gaps.c. */
gboolean          recon_hdf5_sources_check_all    (hid_t                    dataset,
                                                   const char              *path,
                                                   GError                 **error);
gboolean          recon_hdf5_sources_check_some   (hid_t                    dataset,
                                                   const char              *path,
                                                   GError                 **error);
gboolean          recon_hdf5_sources_check_any    (const ReconHdf5Sources  *self,
                                                   const char              *path,
                                                   GError                 **error);
gboolean          recon_hdf5_sources_check_images (const ReconHdf5Sources  *self,
                                                   const char              *path,
                                                   const ReconHdf5View     *view,
                                                   const guint             *frames,
                                                   guint                    n_frames,
                                                   guint                    row,
                                                   guint                    n_rows,
                                                   GError                 **error);
char             *recon_hdf5_sources_describe     (const ReconHdf5Sources  *self,
                                                   const char              *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconHdf5Sources, recon_hdf5_sources_free)

G_END_DECLS
