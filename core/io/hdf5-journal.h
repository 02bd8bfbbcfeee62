/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was written of a compressed dataset, in the order of writing: sizes of the chunks of each slice. From it the
 * structure of the file can be made again, whatever has become of that on the disk. */
typedef struct _ReconHdf5Journal ReconHdf5Journal;

/* One slice. */
typedef struct
{
  guint    slice;
  guint64  end;   /* size of the file in bytes after it was written */
  guint64 *sizes; /* of its chunks in bytes, as they are in the file */
} ReconHdf5Entry;

ReconHdf5Journal     *recon_hdf5_journal_new               (const char        *path,
                                                            guint              n_chunks,
                                                            const char        *configuration,
                                                            guint64            start,
                                                            GError           **error);
ReconHdf5Journal     *recon_hdf5_journal_open              (const char        *path,
                                                            guint              n_chunks,
                                                            const guint8      *finished,
                                                            guint              n_slices,
                                                            GError           **error);
void                  recon_hdf5_journal_free              (ReconHdf5Journal  *self);
const char           *recon_hdf5_journal_get_configuration (ReconHdf5Journal  *self);
guint64               recon_hdf5_journal_get_start         (ReconHdf5Journal  *self);
const GPtrArray      *recon_hdf5_journal_get_entries       (ReconHdf5Journal  *self);
gboolean              recon_hdf5_journal_append            (ReconHdf5Journal  *self,
                                                            guint              slice,
                                                            guint64            end,
                                                            const guint64     *sizes,
                                                            GError           **error);
gboolean              recon_hdf5_journal_sync              (ReconHdf5Journal  *self,
                                                            GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconHdf5Journal, recon_hdf5_journal_free)

G_END_DECLS
