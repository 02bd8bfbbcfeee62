/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "io/writer.h"

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

/* Slices become one file. What is kept beside it until it is complete, how it gets its final name, and what is left of
 * a writer that was ended meanwhile, is the same for all formats. */
#define RECON_TYPE_FILE_WRITER (recon_file_writer_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconFileWriter, recon_file_writer, RECON, FILE_WRITER, ReconWriter)

struct _ReconFileWriterClass
{
  ReconWriterClass parent_class;

  gboolean has_configuration; /* in a file of its own; else it is part of the format */

  gboolean (*start)          (ReconFileWriter    *self,
                              const ReconVolume  *volume,
                              GError            **error);
  gboolean (*resume)         (ReconFileWriter    *self,
                              const ReconVolume  *volume,
                              const guint8       *finished,
                              GError            **error);
  gboolean (*check_complete) (ReconFileWriter    *self,
                              const char         *path,
                              const ReconVolume  *volume,
                              GError            **error);
  gboolean (*close)          (ReconFileWriter    *self,
                              GError            **error);
};

void        recon_file_writer_set_path    (ReconFileWriter  *self,
                                           const char       *path);
const char *recon_file_writer_get_journal (ReconFileWriter  *self);

G_END_DECLS
