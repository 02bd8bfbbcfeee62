/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/writer.h"

G_BEGIN_DECLS

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
