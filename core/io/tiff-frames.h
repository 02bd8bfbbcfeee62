/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/series-choice.h"
#include "io/tiff-image.h"

G_BEGIN_DECLS

/* ReconTiffFrame.plain */
#define RECON_TIFF_NOT_KNOWN 0
#define RECON_TIFF_NOT_PLAIN 1 /* no samples begin there: it is in the header */

/* Where an image is. */
typedef struct
{
  guint64 directory; /* in the file */
  guint64 plain;     /* its samples in the file, if they lie there as they do in memory */
  guint   file;
  guint   page;
  guint   size;   /* which of those that the files have */
  guint   hidden; /* 1 where no page of its own says so: only @plain does; 2 if its bytes are swapped too */
} ReconTiffFrame;

/* All images of a series of files. */
typedef struct
{
  GArray          *list;        /* (element-type ReconTiffFrame) */
  ReconTiffLayout  layout;      /* of the first page; only size and type are those of all pages */
  gsize            chunk_bytes; /* of the largest strip or tile */
  guint            n_claimed;   /* images of a stack that is cut off, or 0 */
} ReconTiffFrames;

gboolean recon_tiff_frames_find     (ReconTiffFrames  *self,
                                     ReconSeries      *series,
                                     const char       *path,
                                     GPtrArray        *warnings,
                                     GError          **error);
void     recon_tiff_frames_clear    (ReconTiffFrames  *self);
char    *recon_tiff_dimensions_read (const char       *description,
                                     guint64          *n_images);

G_END_DECLS
