/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/tiff-layout.h"

G_BEGIN_DECLS

/* One open TIFF file, at one of its pages. Pages count from 0. */
typedef struct _ReconTiffImage ReconTiffImage;

/* Images of a file that has one page only: their samples lie one behind the other from the first on. */
typedef struct
{
  guint    n_claimed;
  guint    n_present;
  guint64  offset; /* of the first image, in the file */
  guint64  image_bytes;
  gboolean swapped;
} ReconTiffHidden;

gboolean               recon_tiff_image_is_tiff       (const char      *file);
ReconTiffImage        *recon_tiff_image_open          (const char      *file,
                                                       GError         **error);
void                   recon_tiff_image_free          (ReconTiffImage  *self);

const ReconTiffLayout *recon_tiff_image_get_layout    (ReconTiffImage  *self);
guint64                recon_tiff_image_get_directory (ReconTiffImage  *self);
gboolean               recon_tiff_image_is_last       (ReconTiffImage  *self);
gboolean               recon_tiff_image_find_hidden   (ReconTiffImage  *self,
                                                       ReconTiffHidden *hidden);
char                  *recon_tiff_image_describe      (ReconTiffImage  *self);
const char            *recon_tiff_image_get_description (ReconTiffImage *self);

gboolean               recon_tiff_image_next          (ReconTiffImage  *self,
                                                       GError         **error);
gboolean               recon_tiff_image_go_to         (ReconTiffImage  *self,
                                                       guint            page,
                                                       guint64          directory,
                                                       GError         **error);
gboolean               recon_tiff_image_read_rows     (ReconTiffImage  *self,
                                                       guint            row,
                                                       guint            n_rows,
                                                       guint            column,
                                                       guint            n_columns,
                                                       float           *pixels,
                                                       gsize            row_pitch,
                                                       GError         **error);
gboolean               recon_tiff_image_find_plain_rows (ReconTiffImage *self,
                                                         guint64        *offset);
int                    recon_tiff_image_get_fd        (ReconTiffImage  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTiffImage, recon_tiff_image_free)

G_END_DECLS
