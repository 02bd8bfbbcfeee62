/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/tiff-image.h"

G_BEGIN_DECLS

/* Longest message of libtiff that is passed on. */
#define MAX_FAILURE 300

struct _ReconTiffImage
{
  TIFF            *tiff;
  char            *file;
  guint64          file_bytes;
  guint            page;
  gboolean         several; /* pages, as far as is known */
  ReconTiffLayout  layout;

  char             failure[MAX_FAILURE]; /* the first error of libtiff since the last call, or "" */

  /* The chunk that was decoded last: the number in the page, and how many of its rows are decoded. */
  guint8          *chunk;
  gsize            chunk_size; /* bytes allocated */
  guint32          chunk_index;
  guint            chunk_rows;
};

gboolean _recon_tiff_image_set_failed (ReconTiffImage  *self,
                                       const char      *otherwise,
                                       GError         **error);

G_END_DECLS
