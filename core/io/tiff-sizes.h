/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/tiff-image.h"

G_BEGIN_DECLS

/* A size and type of images, and how many files have it. */
typedef struct
{
  ReconTiffLayout  layout; /* of the first page of the first file */
  char            *where;  /* that page, for messages */
  guint            n_files;
} ReconTiffSize;

GArray  *recon_tiff_sizes_new       (void);
guint    recon_tiff_sizes_count     (GArray          *sizes,
                                     ReconTiffImage  *image);
gboolean recon_tiff_sizes_check     (GArray          *sizes,
                                     guint            size,
                                     ReconTiffImage  *image,
                                     GError         **error);
guint    recon_tiff_sizes_find_main (GArray          *sizes);
gboolean recon_tiff_sizes_settle    (GArray          *sizes,
                                     const char      *path,
                                     guint            main_size,
                                     GPtrArray       *warnings,
                                     GError         **error);
char    *recon_tiff_dimensions_read (const char      *description,
                                     guint64         *n_images);

G_END_DECLS
