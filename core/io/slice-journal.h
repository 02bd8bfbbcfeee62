/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One slice. */
typedef struct
{
  guint    slice;
  guint64  end;   /* size of the output in bytes after it was written */
  guint64 *sizes; /* of its chunks in bytes, as they are in the file */
} ReconSliceEntry;

/* What was written of an output that is one file, in the order of writing: from it the file can be brought back to what
 * it was after a slice, whatever has come of it since. */
typedef struct
{
  char      *path;
  int        fd;
  guint      n_chunks;      /* of each slice */
  guint64    start;         /* size of the output in bytes, without a slice */
  char      *configuration; /* that stands in the output */
  GPtrArray *entries;       /* (element-type ReconSliceEntry): of an earlier run */
} ReconSliceJournal;

ReconSliceJournal *recon_slice_journal_new    (const char         *path,
                                               guint               n_chunks,
                                               const char         *configuration,
                                               guint64             start,
                                               GError            **error);
ReconSliceJournal *recon_slice_journal_open   (const char         *path,
                                               guint               n_chunks,
                                               const guint8       *finished,
                                               guint               n_slices,
                                               GError            **error);
void               recon_slice_journal_free   (ReconSliceJournal  *self);
gboolean           recon_slice_journal_append (ReconSliceJournal  *self,
                                               guint               slice,
                                               guint64             end,
                                               const guint64      *sizes,
                                               GError            **error);
gboolean           recon_slice_journal_sync   (ReconSliceJournal  *self,
                                               GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSliceJournal, recon_slice_journal_free)

G_END_DECLS
