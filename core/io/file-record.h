/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Shows whether some files are those of an earlier time, without reading them. */
typedef struct
{
  char    *place;    /* a file, or the folder of the first of several; links are resolved */
  guint64  n_files;
  guint64  bytes;    /* of all */
  gint64   modified; /* when the one was modified that was modified last, ns since 1970 */
  char    *sizes;    /* checksum of names and sizes */
  char    *times;    /* checksum of names, sizes and times of modification */
} ReconFileRecord;

ReconFileRecord *recon_file_record_new             (GPtrArray             *files);
void             recon_file_record_free            (ReconFileRecord       *self);
char            *recon_file_record_describe_change (const ReconFileRecord *earlier,
                                                    const ReconFileRecord *now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconFileRecord, recon_file_record_free)

G_END_DECLS
