/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <tiffio.h>

#include "io/reader.h"

G_BEGIN_DECLS

/* How one page of a TIFF file is stored. A chunk is a strip or a tile: what is read and decoded at once. */
typedef struct
{
  guint            width;
  guint            height;
  ReconSampleType  type;
  guint16          compression;  /* COMPRESSION_… of libtiff */
  gboolean         tiled;
  guint            chunk_width;  /* the page's width for strips */
  guint            chunk_height; /* at most the page's height for strips */
  gsize            row_bytes;    /* of a chunk */
} ReconTiffLayout;

gboolean recon_tiff_layout_read     (ReconTiffLayout        *self,
                                     TIFF                   *tiff,
                                     const char             *where,
                                     guint64                 file_bytes,
                                     GError                **error);
gboolean recon_tiff_layout_is_alike (const ReconTiffLayout  *a,
                                     const ReconTiffLayout  *b);
guint    recon_tiff_get_max_ratio   (guint16                 compression);

G_END_DECLS
