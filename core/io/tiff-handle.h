/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>

#include "io/plain-rows.h"
#include "io/tiff-image.h"

G_BEGIN_DECLS

/* Shows whether a file was written anew. */
typedef struct
{
  guint64 device;
  guint64 inode;
  guint64 bytes;
  gint64  seconds; /* of the last change */
  gint64  nanoseconds;
} ReconFileStamp;

/* What one thread has open of a series of TIFF files: nothing, or one file, by libtiff or plainly or both. */
typedef struct
{
  guint           file; /* its number in the series */
  ReconTiffImage *image;
  ReconFileStamp  stamp; /* of the file when the image was opened */
  gboolean        has_stamp;
  int             fd;
  ReconScratch    scratch;
} ReconTiffHandle;

ReconTiffHandle *recon_tiff_handle_new       (void);
void             recon_tiff_handle_free      (ReconTiffHandle       *self);

gboolean         recon_tiff_handle_open      (ReconTiffHandle       *self,
                                              guint                  file,
                                              const char            *path,
                                              GError               **error);
gboolean         recon_tiff_handle_has_image (ReconTiffHandle       *self,
                                              guint                  file);
int              recon_tiff_handle_get_fd    (ReconTiffHandle       *self,
                                              guint                  file,
                                              const char            *path,
                                              ReconFileStamp        *stamp);
gboolean         recon_file_stamp_equal      (const ReconFileStamp  *a,
                                              const ReconFileStamp  *b);

G_END_DECLS
