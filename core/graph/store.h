/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/array.h"

G_BEGIN_DECLS

/* A whole array that is kept while a job runs, because it is needed again and again, or in another order: in memory, or
 * in a file without a name in the folder for temporary files. */
typedef struct _ReconStore ReconStore;

ReconStore *recon_store_new        (const ReconArrayInfo  *info,
                                    gboolean               in_file,
                                    GError               **error);
void        recon_store_free       (ReconStore            *self);

gboolean    recon_store_write      (ReconStore            *self,
                                    ReconArray            *part,
                                    GError               **error);
gboolean    recon_store_read       (ReconStore            *self,
                                    ReconArray            *part,
                                    GError               **error);
ReconArray *recon_store_get_array  (ReconStore            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconStore, recon_store_free)

G_END_DECLS
